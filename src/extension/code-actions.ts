import * as vscode from 'vscode';
import {
  type CodeAction,
  codeActions,
  fixAllKind,
  notebookFixAll,
  notebookFixAllKind,
  offersKind,
} from '../editor/code-actions.ts';
import { fixAll } from '../editor/fix-all.ts';
import { diagnosticOf } from './diagnostics.ts';
import { notebookCells, notebookOf, pythonDocumentsAndCells } from './documents.ts';
import type { LintedProgram, LiveLint } from './live-lint.ts';
import { sayInStatusBar } from './status-bar-message.ts';
import { words } from './wording.ts';

const kindOf = (name: string): vscode.CodeActionKind => vscode.CodeActionKind.Empty.append(name);

/** The light bulb, fix all on save, and the command for it. */
export function offerCodeActions(live: LiveLint): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, context, token) {
      const kinds = context.only === undefined ? null : [context.only.value];
      if (!offersKind(kinds)) return [];
      const program = await live.currentProgram(document);
      if (program === null || token.isCancellationRequested) return [];
      const { result, documents } = program;
      const span = documents.spanOf(document, range);
      return codeActions(result, span, kinds, documents.cellOf(document), words).map((action) => {
        return translated(program, action);
      });
    },
  };
  // On save VS Code asks for it at the first cell, which may hold no Python.
  const notebookProvider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, context, token) {
      const notebook = notebookOf(document);
      if (notebook === undefined || !context.only?.contains(kindOf(notebookFixAllKind))) return [];
      const program = await live.currentProgram(notebook);
      if (program === null || token.isCancellationRequested) return [];
      const action = notebookFixAll(program.result, words);
      return action ? [translated(program, action)] : [];
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(pythonDocumentsAndCells, provider, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, kindOf(fixAllKind)],
    }),
    vscode.languages.registerCodeActionsProvider(notebookCells, notebookProvider, {
      providedCodeActionKinds: [kindOf(notebookFixAllKind)],
    }),
    vscode.commands.registerCommand('freezelint.fixAll', () => fixActiveDocument(live)),
  );
}

function translated({ result, documents }: LintedProgram, action: CodeAction): vscode.CodeAction {
  const { title, kind, command } = action;
  const shown = new vscode.CodeAction(title, kindOf(kind));
  shown.isPreferred = action.preferred;
  if (command === null) shown.edit = documents.workspaceEdit(action.edits);
  else shown.command = { title, command: `freezelint.${command.name}`, arguments: [command.code] };
  const problem = action.problem === null ? undefined : result.problems[action.problem];
  const about = problem && diagnosticOf(documents, problem);
  if (about) shown.diagnostics = [about.diagnostic];
  return shown;
}

async function fixActiveDocument(live: LiveLint): Promise<void> {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  const document = activeNotebookEditor?.notebook ?? activeTextEditor?.document;
  if (document === undefined) return;
  const program = await live.currentProgram(document);
  const { edits } = program === null ? { edits: [] } : fixAll(program.result);
  if (program !== null && edits.length > 0) {
    await vscode.workspace.applyEdit(program.documents.workspaceEdit(edits));
  } else {
    sayInStatusBar(vscode.l10n.t('nothing here can be fixed safely'));
  }
}
