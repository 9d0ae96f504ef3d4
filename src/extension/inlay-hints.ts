import * as vscode from 'vscode';
import { inlayHints } from '../editor/inlay-hints.ts';
import { pythonDocuments } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import { wordingFor } from './wording.ts';

/** Behind statements that set requires_grad: how many tensors they reach. */
export function offerInlayHints(live: LiveLint): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range, token) {
      if (!vscode.workspace.getConfiguration('freezelint', document).get('inlayHints', false)) return [];
      const state = await live.currentState(document);
      if (state?.kind !== 'linted' || token.isCancellationRequested) return [];
      const shown = inlayHints(state.result.trace, wordingFor(document, state.program));
      return shown.flatMap(({ offset, text, tooltip }) => {
        const position = document.positionAt(offset);
        if (!range.contains(position)) return [];
        const hint = new vscode.InlayHint(position, text);
        hint.paddingLeft = true;
        hint.tooltip = tooltip;
        return [hint];
      });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerInlayHintsProvider(pythonDocuments, provider),
    live.onDidLint(() => changed.fire()),
  );
}
