import * as vscode from 'vscode';
import { codeLenses } from '../editor/code-lenses.ts';
import { pythonDocumentsAndCells } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import type { ObservedPrograms } from './observed-programs.ts';
import { settingsAt } from './settings.ts';
import { wordingFor } from './wording.ts';

/** The lines above optimizers and models that say what they train. */
export function offerCodeLenses(live: LiveLint, programs: ObservedPrograms): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      const mode = settingsAt(document).codeLens;
      if (mode === 'off') return [];
      const known = await programs.of(document);
      if (known === null || token.isCancellationRequested) return [];
      const { observed, program, documents } = known;
      return codeLenses(observed, mode, wordingFor(documents, program)).flatMap(({ span, text }) => {
        const range = documents.rangeIn(document, span);
        return range ? [new vscode.CodeLens(range, { title: text, command: '' })] : [];
      });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(pythonDocumentsAndCells, provider),
    // An imported file or a setting may have changed, of which the editor does not know.
    live.onDidLint(() => changed.fire()),
  );
}
