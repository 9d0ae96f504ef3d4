import * as vscode from 'vscode';

/** Puts code at the cursor of the editor that the learner used last, on lines of its own; without one, into a new editor. */
export async function insertCode(code: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor?.document.languageId !== 'python') return openCode(code);
  const { line } = editor.selection.active;
  const before = editor.document.lineAt(line).text;
  const indent = /^\s*/.exec(before)?.[0] ?? '';
  const isBlank = before.trim() === '';
  const text = code
    .trimEnd()
    .split('\n')
    .map((row) => (row === '' ? row : indent + row))
    .join('\n');
  const at = isBlank ? new vscode.Position(line, 0) : editor.document.lineAt(line).range.end;
  const place = isBlank ? editor.document.lineAt(line).range : new vscode.Range(at, at);
  await editor.edit((edit) => edit.replace(place, isBlank ? text : `\n${text}`));
  await vscode.window.showTextDocument(editor.document, {
    viewColumn: editor.viewColumn ?? vscode.ViewColumn.One,
  });
}

/** Opens code in a new, unsaved Python editor. */
export async function openCode(code: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: code });
  await vscode.window.showTextDocument(document);
}
