import * as vscode from 'vscode';
import { inlayHints } from '../editor/inlay-hints.ts';
import { pythonDocumentsAndCells } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import { settingsAt } from './settings.ts';
import { wordingFor } from './wording.ts';

/** Behind statements that set requires_grad: how many tensors they reach. */
export function offerInlayHints(live: LiveLint): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range, token) {
      if (!settingsAt(document).inlayHints) return [];
      const linted = await live.currentProgram(document);
      if (linted === null || token.isCancellationRequested) return [];
      const { result, documents, program } = linted;
      const shown = inlayHints(result.trace, wordingFor(documents, program));
      return shown.flatMap(({ offset, text, tooltip }) => {
        const position = documents.rangeIn(document, { start: offset, end: offset })?.start;
        if (!position || !range.contains(position)) return [];
        const hint = new vscode.InlayHint(position, text);
        hint.paddingLeft = true;
        hint.tooltip = tooltip;
        return [hint];
      });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerInlayHintsProvider(pythonDocumentsAndCells, provider),
    live.onDidLint(() => changed.fire()),
  );
}
