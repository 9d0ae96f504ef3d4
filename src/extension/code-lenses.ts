import * as vscode from 'vscode';
import { codeLenses } from '../editor/code-lenses.ts';
import { pythonDocuments, rangeOf } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import type { ObservedPrograms } from './observed-programs.ts';
import { wordingFor } from './wording.ts';

/** The lines above optimizers and models that say what they train. */
export function offerCodeLenses(live: LiveLint, programs: ObservedPrograms): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      const mode = vscode.workspace
        .getConfiguration('freezelint', document)
        .get<string>('codeLens', 'informative');
      if (mode === 'off') return [];
      const known = await programs.of(document);
      if (known === null || token.isCancellationRequested) return [];
      const { observed, program } = known;
      const chosen = mode === 'always' ? 'always' : 'informative';
      return codeLenses(observed, chosen, wordingFor(document, program)).map(
        ({ span, text }) => new vscode.CodeLens(rangeOf(document, span), { title: text, command: '' }),
      );
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(pythonDocuments, provider),
    // An imported file or a setting may have changed, of which the editor does not know.
    live.onDidLint(() => changed.fire()),
  );
}
