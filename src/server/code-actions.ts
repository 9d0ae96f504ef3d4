import {
  type ClientCapabilities,
  type CodeAction as ClientCodeAction,
  CodeActionTriggerKind,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import {
  type CodeAction,
  codeActions,
  fixAllKind,
  notebookFixAll,
  notebookFixAllKind,
  quickFixKind,
  wants,
} from '../editor/code-actions.ts';
import { freezeActions, refactorKind } from '../editor/freeze-actions.ts';
import { freezeContext } from '../editor/freeze-context.ts';
import type { Span } from '../python/syntax.ts';
import type { Edit } from '../rules/rule.ts';
import type { DiagnosticWriter } from './diagnostics.ts';
import type { Lint, LiveLint } from './live-lint.ts';
import { rulePageUri } from './rule-pages.ts';
import type { Source } from './source.ts';

export const explainCommand = 'freezelint.explainRule';

export const offeredKinds = [quickFixKind, fixAllKind, notebookFixAllKind, refactorKind];

/** Quick fixes, the action that fixes all, refactorings, and the command that shows a rule's page. */
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
      if (!this.#takesLiterals || !offeredKinds.some((kind) => wants(kinds, kind))) return [];
      const linted = await this.#live.current(uri);
      if (token.isCancellationRequested) {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      }
      const lint = linted?.lint;
      const span = lint?.source.spanOf(uri, range);
      if (!lint || !span) return [];
      const { source, result } = lint;
      const cell = source.cellOf(uri);
      const isWhole = cell !== null && kinds !== null && wants(kinds, notebookFixAllKind);
      const whole = isWhole ? notebookFixAll(result) : null;
      const actions = [...codeActions(result, span, kinds, cell), ...(whole ? [whole] : [])];
      const quick = actions.flatMap((action) => {
        const shown = this.#translated(source, action);
        const problem = action.problem === null ? undefined : result.problems[action.problem];
        if (shown && problem) shown.diagnostics = [this.#writer.one(source, problem)];
        return shown ?? [];
      });
      // Whoever only moves the cursor asks for nothing, and nothing is run on paper for it.
      const isAutomatic = context.triggerKind === CodeActionTriggerKind.Automatic && span.start === span.end;
      return isAutomatic || !wants(kinds, refactorKind)
        ? quick
        : [...quick, ...this.#refactorings(lint, span)];
    });
    connection.onExecuteCommand(async ({ command, arguments: [code] = [] }) => {
      const page = command === explainCommand ? rulePageUri(String(code)) : null;
      if (page !== null) await connection.window.showDocument({ uri: page });
      return null;
    });
  }

  /** Those that are an edit; what has to ask for more is in VS Code only. */
  #refactorings({ source, result, program }: Lint, { start }: Span): ClientCodeAction[] {
    const context = freezeContext(result.module, start, program);
    if (!context) return [];
    return freezeActions(context, start).flatMap(({ title, edit }) => {
      const changes = edit && this.#workspaceEdit(source, [edit]);
      return changes ? [{ title, kind: refactorKind, edit: changes }] : [];
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
