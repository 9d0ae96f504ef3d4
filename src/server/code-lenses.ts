import type { Connection } from 'vscode-languageserver/node';
import { codeLenses } from '../editor/code-lenses.ts';
import type { LiveLint } from './live-lint.ts';
import type { Settings } from './settings.ts';
import { wordingFor } from './wording.ts';

/** The lines above optimizers and models that say what they train. */
export function answerCodeLenses(connection: Connection, live: LiveLint, settings: Settings): void {
  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    const { codeLens: mode } = await settings.inEditor(uri);
    if (mode === 'off') return [];
    const known = await live.observed(uri);
    if (known === null || token.isCancellationRequested) return [];
    const { lint, observed } = known;
    return codeLenses(observed, mode, wordingFor(lint, false)).flatMap(({ span, text }) => {
      const location = lint.source.locationOf(span);
      return location?.uri === uri ? [{ range: location.range, command: { title: text, command: '' } }] : [];
    });
  });
}
