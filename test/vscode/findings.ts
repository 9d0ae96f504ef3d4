import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Our diagnostics of a document, in the order of the text. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.source?.toLowerCase() === 'freezelint')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** The rule code of a diagnostic, with or without a link behind it. */
export function ruleCode(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** Each finding as `FRZ101 <underlined text>`. */
export function described(document: vscode.TextDocument): string[] {
  return findings(document.uri).map(
    (diagnostic) => `${ruleCode(diagnostic)} ${document.getText(diagnostic.range)}`,
  );
}

/** Waits until the findings of the document satisfy `accept`; fails with those it saw last. */
export async function untilFindings(
  document: vscode.TextDocument,
  accept: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  const limitMs = 60_000;
  return new Promise((resolve, reject) => {
    const finish = () => {
      const found = findings(document.uri);
      if (!accept(found)) return;
      clearTimeout(limit);
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(finish);
    const limit = setTimeout(() => {
      listener.dispose();
      reject(
        new Error(`not the findings waited for; they are: ${described(document).join(' | ') || 'none'}`),
      );
    }, limitMs);
    finish();
  });
}

/** Starts the extension and its features, if they have not started by themselves. */
export async function activate(): Promise<void> {
  const extension = vscode.extensions.getExtension('freezelint.freezelint');
  assert.ok(extension);
  await extension.activate();
  await vscode.commands.executeCommand('freezelint.restart');
}

/** Opens a file of the sample workspace in an editor. */
export async function openSample(name: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name));
}

/** Opens an editor on a new, unsaved Python document. */
export async function openPython(content: string): Promise<vscode.TextEditor> {
  for (;;) {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    const editor = await vscode.window.showTextDocument(document);
    // A race of VS Code's own: a new document may get the name of one that is being closed, and is emptied with it.
    if (document.getText() !== '' || content === '') return editor;
  }
}

/** Throws away whatever the editors hold and closes them. */
export async function closeEditors(): Promise<void> {
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** The quick fixes and other actions on offer at a range. */
export async function codeActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    kind?.value,
  );
}

/** Applies the edits of a code action, as choosing it in the menu does. */
export async function apply(action: vscode.CodeAction): Promise<void> {
  assert.ok(action.edit, `${action.title} has edits`);
  assert.ok(await vscode.workspace.applyEdit(action.edit), `${action.title} is applied`);
}
