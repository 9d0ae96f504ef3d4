import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors } from './findings.ts';
import { until } from './until.ts';

const { Code } = vscode.NotebookCellKind;

/**
 * A cell that is no Python. A Markdown one would do, but VS Code takes 31 seconds to show the notebook after one that has
 * any, more often than not, also without a single extension of ours (measured: 5 of 8 times, else one second). Those are
 * in the tests with the pointer.
 */
export const prose = new vscode.NotebookCellData(Code, 'Fine-tuning', 'plaintext');
export const python = (text: string): vscode.NotebookCellData =>
  new vscode.NotebookCellData(Code, text, 'python');

export async function openNotebook(...cells: vscode.NotebookCellData[]): Promise<vscode.NotebookDocument> {
  const data = new vscode.NotebookData(cells);
  const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

export async function closeNotebooks(): Promise<void> {
  while (vscode.window.activeNotebookEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await closeEditors();
}

export const documentOf = (notebook: vscode.NotebookDocument, index: number): vscode.TextDocument =>
  notebook.cellAt(index).document;

export const textsOf = (notebook: vscode.NotebookDocument): string[] =>
  notebook.getCells().map(({ document }) => document.getText());

/** Puts the cursor behind `text` of a cell, or at the cell's end. */
export async function focusCell(
  notebook: vscode.NotebookDocument,
  index: number,
  text?: string,
): Promise<vscode.TextEditor> {
  const document = documentOf(notebook, index);
  const selections = [new vscode.NotebookRange(index, index + 1)];
  await vscode.window.showNotebookDocument(notebook, { selections });
  await vscode.commands.executeCommand('notebook.cell.edit');
  const editor = await until(vscode.window.onDidChangeActiveTextEditor, () => {
    const { activeTextEditor } = vscode.window;
    return activeTextEditor?.document === document ? activeTextEditor : null;
  });
  const offset =
    text === undefined ? document.getText().length : document.getText().indexOf(text) + text.length;
  const position = document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

export async function changeCells(
  notebook: vscode.NotebookDocument,
  ...edits: vscode.NotebookEdit[]
): Promise<void> {
  const changes = new vscode.WorkspaceEdit();
  changes.set(notebook.uri, edits);
  assert.ok(await vscode.workspace.applyEdit(changes));
}
