import * as vscode from 'vscode';
import { type CodeAction, codeActions, fixAllKind, offersKind } from '../editor/code-actions.ts';
import { fixAll } from '../editor/fix-all.ts';
import type { Edit } from '../rules/rule.ts';
import { diagnosticOf } from './diagnostics.ts';
import { isLinted, pythonDocuments, rangeOf } from './documents.ts';
import type { LiveLint } from './live-lint.ts';

/** The light bulb, fix all on save, and the command for it. */
export function offerCodeActions(live: LiveLint): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, context, token) {
      const kinds = context.only === undefined ? null : [context.only.value];
      if (!offersKind(kinds)) return [];
      const result = await live.currentResult(document);
      if (result === null || token.isCancellationRequested) return [];
      const span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
      return codeActions(result, span, kinds).map((action) => {
        const problem = action.problem === null ? undefined : result.problems[action.problem];
        const shown = translated(document, action);
        if (problem !== undefined) shown.diagnostics = [diagnosticOf(document, problem)];
        return shown;
      });
    },
  };
  const providedCodeActionKinds = [
    vscode.CodeActionKind.QuickFix,
    vscode.CodeActionKind.Empty.append(fixAllKind),
  ];
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(pythonDocuments, provider, { providedCodeActionKinds }),
    vscode.commands.registerCommand('freezelint.fixAll', () => fixActiveDocument(live)),
  );
}

function translated(document: vscode.TextDocument, action: CodeAction): vscode.CodeAction {
  const { title, kind, command } = action;
  const shown = new vscode.CodeAction(title, vscode.CodeActionKind.Empty.append(kind));
  shown.isPreferred = action.preferred;
  if (command === null) shown.edit = workspaceEdit(document, action.edits);
  else shown.command = { title, command: `freezelint.${command.name}`, arguments: [command.code] };
  return shown;
}

export function workspaceEdit(document: vscode.TextDocument, edits: readonly Edit[]): vscode.WorkspaceEdit {
  const changes = new vscode.WorkspaceEdit();
  for (const { span, content } of edits) changes.replace(document.uri, rangeOf(document, span), content);
  return changes;
}

async function fixActiveDocument(live: LiveLint): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !isLinted(document)) return;
  const result = await live.currentResult(document);
  const { edits } = result === null ? { edits: [] } : fixAll(result);
  if (edits.length > 0) {
    await vscode.workspace.applyEdit(workspaceEdit(document, edits));
  } else {
    // An answer to somebody who asked, gone by itself.
    vscode.window.setStatusBarMessage(vscode.l10n.t('Freezelint: nothing here can be fixed safely'), 4000);
  }
}
