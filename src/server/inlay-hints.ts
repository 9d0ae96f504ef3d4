import type { Connection, Position, Range } from 'vscode-languageserver/node';
import { inlayHints } from '../editor/inlay-hints.ts';
import type { LiveLint } from './live-lint.ts';
import type { Settings } from './settings.ts';
import { wordingFor } from './wording.ts';

/** Behind statements that set requires_grad: how many tensors they reach. */
export function answerInlayHints(connection: Connection, live: LiveLint, settings: Settings): void {
  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }, token) => {
    if (!(await settings.inEditor(uri)).inlayHints) return [];
    const linted = await live.current(uri);
    const lint = linted?.lint;
    if (!lint || token.isCancellationRequested) return [];
    return inlayHints(lint.result.trace, wordingFor(lint, false)).flatMap(({ offset, text, tooltip }) => {
      const location = lint.source.locationOf({ start: offset, end: offset });
      if (location?.uri !== uri || !contains(range, location.range.start)) return [];
      return [{ position: location.range.start, label: text, tooltip, paddingLeft: true }];
    });
  });
}

const contains = ({ start, end }: Range, position: Position): boolean =>
  !isBefore(position, start) && !isBefore(end, position);

const isBefore = (left: Position, right: Position): boolean =>
  left.line < right.line || (left.line === right.line && left.character < right.character);
