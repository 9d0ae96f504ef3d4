import * as vscode from 'vscode';
import { lintedDocumentOf } from './documents.ts';

/** A place in a document that is linted, or in a cell of a notebook that is. */
export interface Cursor {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
}

/** The cursor of the editor that has the focus; of a notebook in which none has, that of the selected cell. */
export function cursorInFront(): Cursor | null {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  if (activeTextEditor) return isLinted(activeTextEditor.document) ? cursorOf(activeTextEditor) : null;
  const index = activeNotebookEditor?.selection.start ?? 0;
  if (!activeNotebookEditor || index >= activeNotebookEditor.notebook.cellCount) return null;
  const { document } = activeNotebookEditor.notebook.cellAt(index);
  return isLinted(document) ? cursorInDocument(document) : null;
}

/** The cursor in a document, which is shown if it is a file that no editor shows. */
export async function cursorIn(uri: vscode.Uri): Promise<Cursor> {
  const isWanted = (document: vscode.TextDocument): boolean => document.uri.toString() === uri.toString();
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (activeTextEditor && isWanted(activeTextEditor.document)) return cursorOf(activeTextEditor);
  const visible = visibleTextEditors.find(({ document }) => isWanted(document));
  if (visible) return cursorOf(visible);
  const cell = vscode.workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find(({ document }) => isWanted(document));
  return cell ? cursorInDocument(cell.document) : cursorOf(await vscode.window.showTextDocument(uri));
}

const isLinted = (document: vscode.TextDocument): boolean => lintedDocumentOf(document) !== null;

const cursorOf = ({ document, selection }: vscode.TextEditor): Cursor => {
  return { document, position: selection.active };
};

/** A cell that is scrolled away has no editor: then the end of its text. */
function cursorInDocument(document: vscode.TextDocument): Cursor {
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  return editor
    ? cursorOf(editor)
    : { document, position: document.lineAt(document.lineCount - 1).range.end };
}
