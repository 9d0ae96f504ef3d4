import { type ClientCapabilities, type Connection, MarkupKind } from 'vscode-languageserver/node';
import { hoverAt } from '../editor/hover.ts';
import type { LiveLint } from './live-lint.ts';
import type { Settings } from './settings.ts';
import { wordingFor } from './wording.ts';

/** What is frozen, when somebody asks about a model, a parameter, an optimizer or a write of requires_grad. */
export class HoverAnswers {
  readonly #live: LiveLint;
  readonly #settings: Settings;
  #takesMarkdown = false;

  constructor(live: LiveLint, settings: Settings) {
    this.#live = live;
    this.#settings = settings;
  }

  initialize({ textDocument }: ClientCapabilities): void {
    this.#takesMarkdown = textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true;
  }

  listen(connection: Connection): void {
    connection.onHover(async ({ textDocument: { uri }, position }, token) => {
      if (!(await this.#settings.inEditor(uri)).hover) return null;
      const known = await this.#live.observed(uri);
      if (known === null || token.isCancellationRequested) return null;
      const { lint, observed } = known;
      const span = lint.source.spanOf(uri, { start: position, end: position });
      const found = span && hoverAt(observed, span.start, wordingFor(lint, this.#takesMarkdown));
      const range = found && lint.source.locationOf(found.span)?.range;
      if (!found || !range) return null;
      const kind = this.#takesMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText;
      return { contents: { kind, value: found.markdown }, range };
    });
  }
}
