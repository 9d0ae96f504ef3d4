import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openPython, openSample, untilFindings } from './findings.ts';
import { until, untilActiveTab } from './until.ts';

/** Waits until an editor shows a document that is accepted. */
const untilShown = (accept: (document: vscode.TextDocument) => boolean): Promise<vscode.TextDocument> =>
  until([vscode.window.onDidChangeVisibleTextEditors, vscode.workspace.onDidChangeTextDocument], () =>
    vscode.window.visibleTextEditors.map(({ document }) => document).find(accept),
  );

describe('Looking into Freezelint', () => {
  afterEach(closeEditors);

  it('shows the trace beside the file, read-only, and follows the typing', async () => {
    const editor = await openPython('from torchvision import models\nmodel = models.resnet18()\n');
    await vscode.commands.executeCommand('freezelint.showTrace');
    const isTrace = ({ uri }: vscode.TextDocument) => uri.scheme === 'freezelint-inspection';
    const trace = await untilShown(isTrace);
    assert.match(trace.getText(), /at the end of the program\n\n● model +ResNet +11,689,512 +trainable/);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), 'model.requires_grad_(False)\n'));
    await untilShown((document) => isTrace(document) && /❄ model/.test(document.getText()));
  });

  it('shows the syntax tree', async () => {
    await openSample('train.py');
    await vscode.commands.executeCommand('freezelint.showSyntaxTree');
    const tree = await untilShown(({ uri }) => uri.scheme === 'freezelint-inspection');
    assert.match(tree.getText(), /functionDefinition/);
    assert.match(tree.uri.path, /train\.py \(syntax tree\)$/);
  });

  it('opens its settings', async () => {
    await vscode.commands.executeCommand('freezelint.openSettings');
    await untilActiveTab(/Settings/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('writes a report of a false alarm into a new document', async () => {
    const editor = await openSample('train.py');
    const [found] = await untilFindings(editor.document, (all) => all.length === 1);
    editor.selection = new vscode.Selection(found!.range.start, found!.range.start);
    await vscode.commands.executeCommand('freezelint.reportFalseAlarm', 'FRZ101');
    const report = await untilShown(({ languageId }) => languageId === 'markdown');
    assert.ok(report.isUntitled);
    const text = report.getText();
    assert.match(text, /^# False alarm: FRZ101 requires-grad-on-module$/m);
    assert.match(text, /model\.requires_grad = False/);
    assert.ok(text.includes(`VS Code ${vscode.version}`));
  });

  it('reports nothing where nothing was found', async () => {
    const { document } = await openPython('import torch\n');
    await vscode.commands.executeCommand('freezelint.reportFalseAlarm');
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });
});
