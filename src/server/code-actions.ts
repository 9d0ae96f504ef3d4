import {
  type ClientCapabilities,
  type CodeAction as ClientCodeAction,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { type CodeAction, codeActions, offersKind } from '../editor/code-actions.ts';
import type { Edit } from '../rules/rule.ts';
import type { DiagnosticWriter } from './diagnostics.ts';
import type { LiveLint } from './live-lint.ts';
import { rulePageUri } from './rule-pages.ts';
import type { Source } from './source.ts';

export const explainCommand = 'freezelint.explainRule';

/** Quick fixes, the action that fixes all, and the command that shows a rule's page. */
export class CodeActionAnswers {
  readonly #live: LiveLint;
  readonly #writer: DiagnosticWriter;
  #takesLiterals = false;
  #takesVersions = false;
  #showsDocuments = false;

  constructor(live: LiveLint, writer: DiagnosticWriter) {
    this.#live = live;
    this.#writer = writer;
  }

  initialize({ textDocument, window, workspace }: ClientCapabilities): void {
    this.#takesLiterals = textDocument?.codeAction?.codeActionLiteralSupport !== undefined;
    this.#takesVersions = workspace?.workspaceEdit?.documentChanges === true;
    this.#showsDocuments = window?.showDocument?.support === true;
  }

  listen(connection: Connection): void {
    connection.onCodeAction(async ({ textDocument: { uri }, range, context }, token) => {
      const kinds = context.only ?? null;
      // Clients from before there were kinds of actions know commands only.
      if (!this.#takesLiterals || !offersKind(kinds)) return [];
      const linted = await this.#live.current(uri);
      if (token.isCancellationRequested) {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      }
      if (linted?.result == null) return [];
      const { source, result } = linted;
      const span = source.spanOf(uri, range);
      if (span === null) return [];
      return codeActions(result, span, kinds).flatMap((action) => {
        const shown = this.#translated(source, action);
        const problem = action.problem === null ? undefined : result.problems[action.problem];
        if (shown && problem) shown.diagnostics = [this.#writer.one(source, problem)];
        return shown ?? [];
      });
    });
    connection.onExecuteCommand(async ({ command, arguments: [code] = [] }) => {
      const page = command === explainCommand ? rulePageUri(String(code)) : null;
      if (page !== null) await connection.window.showDocument({ uri: page });
      return null;
    });
  }

  /** Null for what this client cannot do, or has no place in a notebook's cells. */
  #translated(
    source: Source,
    { title, kind, preferred, command, edits }: CodeAction,
  ): ClientCodeAction | null {
    const shown = { title, kind, ...(preferred ? { isPreferred: true } : {}) };
    if (command === null) {
      const edit = this.#workspaceEdit(source, edits);
      return edit && { ...shown, edit };
    }
    // The study view is in VS Code only.
    if (command.name !== 'explainRule' || !this.#showsDocuments || rulePageUri(command.code) === null)
      return null;
    return { ...shown, command: { title, command: explainCommand, arguments: [command.code] } };
  }

  #workspaceEdit(source: Source, edits: readonly Edit[]): WorkspaceEdit | null {
    const changes = source.editsOf(edits);
    if (changes === null) return null;
    if (!this.#takesVersions) {
      return { changes: Object.fromEntries([...changes].map(([{ uri }, made]) => [uri, [...made]])) };
    }
    return {
      documentChanges: [...changes].map(([{ uri, version }, made]) => ({
        textDocument: { uri, version },
        edits: [...made],
      })),
    };
  }
}
