import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, ruleCode, untilFindings } from './findings.ts';

/** The code of an exercise. Each test has one to itself, since what is written to one is kept. */
function codeOf(kind: string, id: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: 'freezelint-exercise',
    path: `/${kind}/${id}/${id.replaceAll('-', '_')}.py`,
  });
}

async function read(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** The code of the error that reading or writing ends with; null where it ends well. */
async function errorOf(work: Thenable<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof vscode.FileSystemError ? error.code : String(error);
  }
}

async function untilSaved(document: vscode.TextDocument): Promise<void> {
  if (!document.isDirty) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.workspace.onDidSaveTextDocument((saved) => {
      if (saved !== document) return;
      listener.dispose();
      resolve();
    });
  });
}

describe('The code of exercises', () => {
  afterEach(closeEditors);

  it('can be read like a file, and what is not there is not', async () => {
    const uri = codeOf('try', 'freeze-everything');
    const start = await read(uri);
    assert.match(start, /^model = models\.resnet18/m);
    const { size, permissions } = await vscode.workspace.fs.stat(uri);
    assert.equal(size, new TextEncoder().encode(start).byteLength);
    assert.equal(permissions, undefined);
    for (const path of [
      '/try/freeze-everything/other.py',
      '/try/no-such-try/no_such_try.py',
      '/pyproject.toml',
    ]) {
      assert.equal(await errorOf(read(uri.with({ path }))), 'FileNotFound');
    }
  });

  it('keeps what is written, and hands out the solution for reading only', async () => {
    const uri = codeOf('try', 'all-but-the-head');
    const text = `${await read(uri)}model.requires_grad_(False)\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    assert.equal(await read(uri), text);
    const solution = uri.with({ path: '/try/all-but-the-head/solution.py' });
    assert.equal((await vscode.workspace.fs.stat(solution)).permissions, vscode.FilePermission.Readonly);
    assert.equal(await errorOf(vscode.workspace.fs.writeFile(solution, new Uint8Array())), 'NoPermissions');
    assert.equal(await errorOf(vscode.workspace.fs.delete(uri)), 'NoPermissions');
  });

  it('is linted while it is typed, and saves itself', async () => {
    const uri = codeOf('try', 'early-layers');
    const editor = await vscode.window.showTextDocument(uri);
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    assert.ok(await editor.edit((edit) => edit.insert(end, 'model.requires_grad = False\n')));
    const [found] = await untilFindings(editor.document, (all) => all.length === 1);
    assert.equal(found && ruleCode(found), 'FRZ101');
    await untilSaved(editor.document);
    assert.match(await read(uri), /requires_grad = False/);
  });

  it('saves itself before it is closed by its key, so that nobody is asked about the last word', async () => {
    const uri = codeOf('try', 'late-group');
    const editor = await vscode.window.showTextDocument(uri);
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    assert.ok(await editor.edit((edit) => edit.insert(end, '# the last word\n')));
    assert.ok(editor.document.isDirty);
    await vscode.commands.executeCommand('freezelint.closeExercise');
    assert.equal(vscode.window.activeTextEditor, undefined);
    assert.match(await read(uri), /# the last word/);
  });

  it('gives no finding of a challenge away', async () => {
    const uri = codeOf('challenge', 'flowers');
    const { document } = await vscode.window.showTextDocument(uri);
    assert.match(document.getText(), /model\.requires_grad = False/);
    // Another document is linted after it, so that silence means something.
    const other = await vscode.window.showTextDocument(codeOf('try', 'a-new-optimizer'));
    await untilFindings(other.document, (all) => all.length > 0);
    await untilFindings(document, (all) => all.length === 0);
  });

  it('is checked by its command, and a challenge that is solved keeps no finding back', async () => {
    const editor = await vscode.window.showTextDocument(codeOf('challenge', 'autoencoder'));
    const { document } = editor;
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('requires_grad == False'));
    const { range } = document.lineAt(line);
    const bug = document.getText(range);
    await vscode.commands.executeCommand('freezelint.markBug', { lineNumber: line + 1 });
    await untilFindings(document, (all) => all.length === 0);
    await editor.edit((edit) => edit.replace(range, bug.replace('==', '=')));
    await vscode.commands.executeCommand('freezelint.checkExercise');
    await editor.edit((edit) => edit.replace(document.lineAt(line).range, bug));
    await untilFindings(document, (all) => all.some((found) => ruleCode(found) === 'FRZ104'));
  });
});
