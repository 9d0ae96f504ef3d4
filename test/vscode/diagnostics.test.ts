import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeEditors,
  described,
  findings,
  openPython,
  openSample,
  ruleCode,
  untilFindings,
} from './findings.ts';
import { openByCommand, untilOpen } from './until.ts';

describe('Diagnostics', () => {
  afterEach(closeEditors);

  /** What is planted in the sample workspace: rule and underlined text, in the order of the file. */
  const planted: Readonly<Record<string, readonly string[]>> = {
    'train.py': ['FRZ101 model.requires_grad'],
    'model.py': ['FRZ103 require_grad', 'FRZ301 model.fc', 'FRZ601 model.train()'],
    'finetune_schedule.py': ['FRZ401 parameter.requires_grad', 'FRZ601 model.train()', 'FRZ403 trainable'],
    'linear_probe.py': [
      'FRZ408 model.parameters()',
      'FRZ602 encoder.eval()',
      'FRZ206 parameter.requires_grad',
    ],
  };
  for (const [file, expected] of Object.entries(planted)) {
    it(`finds the planted bugs of ${file} when it is opened`, async () => {
      const { document } = await openSample(file);
      await untilFindings(document, (found) => found.length >= expected.length);
      assert.deepEqual(described(document), expected);
    });
  }

  it('come and go with the edits that make and undo a bug', async () => {
    const editor = await openPython('from torchvision import models\n\nmodel = models.resnet18()\n');
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), 'model.requires_grad = False\n'));
    const [found] = await untilFindings(editor.document, (all) => all.length === 1);
    assert.equal(ruleCode(found!), 'FRZ101');
    assert.equal(found!.range.start.line, 3);
    await editor.edit((edit) => edit.delete(new vscode.Range(3, 0, 4, 0)));
    await untilFindings(editor.document, (all) => all.length === 0);
  });

  it('move with the code when lines are typed above it', async () => {
    const editor = await openSample('train.py');
    const [before] = await untilFindings(editor.document, (all) => all.length === 1);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n\n'));
    await untilFindings(
      editor.document,
      ([moved]) => moved?.range.start.line === before!.range.start.line + 2,
    );
  });

  it('vanish with the document when it is closed', async () => {
    // A file of its own: what an extension opened stays open.
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'closed.py');
    const text = 'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n';
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    await openByCommand(file);
    const document = vscode.window.activeTextEditor!.document;
    await untilFindings(document, (all) => all.length === 1);
    await closeEditors();
    await untilFindings(document, (all) => all.length === 0);
    assert.ok(document.isClosed);
    await vscode.workspace.fs.delete(file);
  });

  it('vanish when the document becomes one of another language, and come back with Python', async () => {
    const { document } = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n',
    );
    await untilFindings(document, (all) => all.length === 1);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await untilFindings(document, (all) => all.length === 0);
    await vscode.languages.setTextDocumentLanguage(document, 'python');
    await untilFindings(document, (all) => all.length === 1);
  });

  it('fade a comment that silences nothing', async () => {
    const { document } = await openPython('import torch\n\nx = 1  # freezelint: ignore[FRZ101]\n');
    const [found] = await untilFindings(document, (all) => all.length === 1);
    assert.equal(ruleCode(found!), 'FRZ901');
    assert.deepEqual(found!.tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  it('follow what an imported file says while it is typed, and when it is written', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const helper = vscode.Uri.joinPath(folder.uri, 'freezing.py');
    const program = vscode.Uri.joinPath(folder.uri, 'program.py');
    const trains = 'import torch\n\n\ndef prepare(model):\n    model.requires_grad_(True)\n';
    await vscode.workspace.fs.writeFile(helper, new TextEncoder().encode(trains));
    await vscode.workspace.fs.writeFile(
      program,
      new TextEncoder().encode(
        'import torch\nfrom freezing import prepare\n\nmodel = torch.nn.Linear(4, 2)\nprepare(model)\n' +
          'optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)\n',
      ),
    );
    const { document } = await vscode.window.showTextDocument(program);
    const editor = await vscode.window.showTextDocument(helper, { viewColumn: vscode.ViewColumn.Beside });
    const start = editor.document.getText().indexOf('True');
    const range = new vscode.Range(editor.document.positionAt(start), editor.document.positionAt(start + 4));
    await editor.edit((edit) => edit.replace(range, 'False'));
    const [empty] = await untilFindings(document, (all) => all.length === 1);
    assert.equal(ruleCode(empty!), 'FRZ305');
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(range.start, range.end.translate(0, 1)), 'True'),
    );
    await untilFindings(document, (all) => all.length === 0);
    await editor.document.save();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.writeFile(helper, new TextEncoder().encode(trains.replace('True', 'False')));
    await untilFindings(document, (all) => all.length === 1);
    await vscode.workspace.fs.delete(helper);
    await untilFindings(document, (all) => all.length === 0);
    await closeEditors();
    await vscode.workspace.fs.delete(program);
  });

  it('stay away from Python that does not use torch', async () => {
    const plain = await openPython('model.requires_grad = False\n');
    const torch = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n',
    );
    // Once the second document has its finding, the first has had its turn.
    await untilFindings(torch.document, (all) => all.length === 1);
    assert.deepEqual(findings(plain.document.uri), []);
  });

  it('are withheld on a line while it is half typed', async () => {
    const editor = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n',
    );
    await untilFindings(editor.document, (all) => all.length === 1);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 22), '('));
    await untilFindings(editor.document, (all) => all.length === 0);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 28), ')'));
    await untilFindings(editor.document, (all) => all.length === 1);
  });

  it('lead to the page of their rule, which needs no network, and point at the other end', async () => {
    const { document } = await openSample('finetune_schedule.py');
    const found = await untilFindings(document, (all) => all.length === 3);
    const code = found[0]!.code as { readonly target: vscode.Uri };
    assert.equal(code.target.scheme, 'command');
    assert.equal(code.target.path, 'freezelint.explainRule');
    assert.deepEqual(JSON.parse(code.target.query), ['FRZ401']);
    const [related] = found[0]!.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), document.uri.toString());
    assert.match(document.lineAt(related.location.range.start).text, /^ {4}optimizer = /);
  });

  it('stay away from the other side of a diff', async () => {
    const text = 'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n';
    const scheme = 'freezelint-test-old';
    const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: () => text,
    });
    const old = vscode.Uri.from({ scheme, path: '/train.py' });
    const { document } = await openPython(text);
    await vscode.commands.executeCommand('vscode.diff', old, document.uri);
    const edited = new vscode.WorkspaceEdit();
    edited.insert(document.uri, new vscode.Position(3, 0), 'model.layer4.requires_grad = True\n');
    await vscode.workspace.applyEdit(edited);
    // By then the old side has had its turn, too.
    await untilFindings(document, (all) => all.length === 2);
    assert.equal((await untilOpen(old)).languageId, 'python');
    assert.deepEqual(findings(old), []);
    provider.dispose();
  });

  it('survive half-typed code', async () => {
    const editor = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n\ndef train(',
    );
    const [found] = await untilFindings(editor.document, (all) => all.length === 1);
    assert.equal(ruleCode(found!), 'FRZ101');
  });
});
