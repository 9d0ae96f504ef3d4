import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  apply,
  closeEditors,
  codeActions,
  findings,
  openPython,
  openSample,
  ruleCode,
  untilFindings,
} from './findings.ts';

describe('Quick fixes', () => {
  afterEach(closeEditors);

  /** The actions on offer at the finding of the rule, which is waited for. */
  async function actionsAt(document: vscode.TextDocument, code: string): Promise<vscode.CodeAction[]> {
    const isWanted = (each: vscode.Diagnostic): boolean => ruleCode(each) === code;
    for (;;) {
      const found = await untilFindings(document, (all) => all.some(isWanted));
      const { range } = found.find(isWanted)!;
      const actions = await codeActions(document, range, vscode.CodeActionKind.QuickFix);
      // Being asked makes Freezelint lint the text as it is; what was shown may have been from before a revert.
      if (findings(document.uri).find(isWanted)?.range.isEqual(range)) return actions;
    }
  }

  it('freeze the parameters where the flag was set on the module', async () => {
    const { document } = await openSample('train.py');
    const [first] = await actionsAt(document, 'FRZ101');
    assert.ok(first);
    assert.equal(first.isPreferred, true);
    const before = document.getText();
    await apply(first);
    assert.equal(
      document.getText(),
      before.replace('model.requires_grad = False', 'model.requires_grad_(False)'),
    );
    // The backbone is frozen now, and train() leaves its BatchNorm layers following the batches.
    await untilFindings(document, (all) => all.map(ruleCode).join() === 'FRZ601');
  });

  it('correct the spelling of the flag', async () => {
    const { document } = await openSample('model.py');
    const [first] = await actionsAt(document, 'FRZ103');
    assert.ok(first);
    const before = document.getText();
    await apply(first);
    assert.equal(document.getText(), before.replace('parameter.require_grad =', 'parameter.requires_grad ='));
    await untilFindings(document, (all) => all.every((each) => ruleCode(each) !== 'FRZ103'));
  });

  for (const [file, code] of [
    ['model.py', 'FRZ301'],
    ['finetune_schedule.py', 'FRZ401'],
    ['finetune_schedule.py', 'FRZ403'],
    ['linear_probe.py', 'FRZ206'],
    ['linear_probe.py', 'FRZ408'],
    ['linear_probe.py', 'FRZ602'],
  ] as const) {
    it(`remove the ${code} of ${file} and add no other finding`, async () => {
      const { document } = await openSample(file);
      const [first] = await actionsAt(document, code);
      assert.ok(first, 'there is a fix');
      const others = (await untilFindings(document, () => true))
        .map(ruleCode)
        .filter((each) => each !== code);
      await apply(first);
      const left = await untilFindings(document, (all) => all.every((each) => ruleCode(each) !== code));
      assert.deepEqual(left.map(ruleCode), others);
    });
  }

  it('offer to ignore the finding on its line', async () => {
    const { document } = await openSample('train.py');
    const ignore = (await actionsAt(document, 'FRZ101')).find((action) =>
      action.title.includes('on this line'),
    );
    assert.ok(ignore);
    await apply(ignore);
    await untilFindings(document, (all) => all.length === 0);
    assert.match(document.getText(), /model\.requires_grad = False +# .*FRZ101/);
  });

  it('offer to ignore the rule in the whole file', async () => {
    const { document } = await openSample('train.py');
    const ignore = (await actionsAt(document, 'FRZ101')).find(({ title }) => title.endsWith('in this file'));
    assert.ok(ignore);
    await apply(ignore);
    await untilFindings(document, (all) => all.length === 0);
    assert.match(document.getText(), /^# freezelint: ignore-file\[FRZ101\]$/m);
  });

  it('offer the page, the card and a report at the end', async () => {
    const { document } = await openSample('train.py');
    const commands = (await actionsAt(document, 'FRZ101')).slice(-3).map(({ command }) => command);
    assert.deepEqual(
      commands.map((each) => [each?.command, each?.arguments]),
      ['explainRule', 'learnWhy', 'reportFalseAlarm'].map((name) => [`freezelint.${name}`, ['FRZ101']]),
    );
  });

  it('repair all findings of one rule in the file', async () => {
    const { document } = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\nmodel.fc.requires_grad = True\n',
    );
    await untilFindings(document, (all) => all.length === 2);
    const all = (await actionsAt(document, 'FRZ101')).find(
      ({ title }) => title === 'Fix all 2 of FRZ101 in this file',
    );
    assert.ok(all);
    await apply(all);
    await untilFindings(document, (left) => left.length === 0);
    assert.match(document.getText(), /model\.requires_grad_\(False\)\nmodel\.fc\.requires_grad_\(True\)\n$/);
  });

  it('are not among actions of other kinds', async () => {
    const { document } = await openSample('train.py');
    const [found] = await untilFindings(document, (all) => all.length === 1);
    for (const kind of [vscode.CodeActionKind.SourceOrganizeImports, vscode.CodeActionKind.RefactorExtract]) {
      assert.deepEqual(await codeActions(document, found!.range, kind), []);
    }
  });

  it('offer nothing where nothing is wrong', async () => {
    const { document } = await openSample('train.py');
    await untilFindings(document, (all) => all.length === 1);
    assert.deepEqual(await codeActions(document, new vscode.Range(0, 0, 0, 3)), []);
  });

  it('apply to Windows line endings without changing them', async () => {
    const editor = await openPython(
      'from torchvision import models\r\nmodel = models.resnet18()\r\nmodel.requires_grad = False\r\n',
    );
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    const [first] = await actionsAt(editor.document, 'FRZ101');
    assert.ok(first);
    await apply(first);
    assert.equal(
      editor.document.getText(),
      'from torchvision import models\r\nmodel = models.resnet18()\r\nmodel.requires_grad_(False)\r\n',
    );
  });
});

describe('Fix all', () => {
  afterEach(closeEditors);

  it('applies the safe fixes and leaves those that change the training', async () => {
    const { document } = await openSample('linear_probe.py');
    const found = await untilFindings(document, (all) => all.length === 3);
    assert.deepEqual(found.map(ruleCode), ['FRZ408', 'FRZ602', 'FRZ206']);
    await vscode.commands.executeCommand('editor.action.fixAll');
    const left = await untilFindings(document, (all) => all.length === 2);
    assert.deepEqual(left.map(ruleCode), ['FRZ408', 'FRZ602']);
    assert.match(document.getText(), /parameter\.requires_grad_\(False\)/);
  });

  it('runs when a file is saved, where the settings say so', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'saved.py');
    const loop = 'for p in model.parameters():\n    p.requires_grad';
    const text = `from torchvision import models\nmodel = models.resnet18()\n${loop}(False)\n`;
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    const editorSettings = vscode.workspace.getConfiguration('editor');
    const { Workspace } = vscode.ConfigurationTarget;
    await editorSettings.update('codeActionsOnSave', { 'source.fixAll.freezelint': 'explicit' }, Workspace);
    const editor = await vscode.window.showTextDocument(file);
    await untilFindings(editor.document, (all) => all.length === 1);
    await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), '# typed\n'));
    assert.ok(await editor.document.save());
    await editorSettings.update('codeActionsOnSave', undefined, Workspace);
    const saved = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    assert.equal(saved, `${text.replace('requires_grad(', 'requires_grad_(')}# typed\n`);
    await closeEditors();
    await vscode.workspace.fs.delete(file);
  });

  it('is offered under its own name, for a setting on save', async () => {
    const { document } = await openSample('linear_probe.py');
    await untilFindings(document, (all) => all.length === 3);
    const everything = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await codeActions(
      document,
      everything,
      vscode.CodeActionKind.SourceFixAll.append('freezelint'),
    );
    assert.deepEqual(
      actions.map((action) => action.kind?.value),
      ['source.fixAll.freezelint'],
    );
  });

  it('offers nothing where no fix is safe', async () => {
    const { document } = await openSample('train.py');
    await untilFindings(document, (all) => all.length === 1);
    const everything = new vscode.Range(0, 0, document.lineCount, 0);
    assert.deepEqual(await codeActions(document, everything, vscode.CodeActionKind.SourceFixAll), []);
  });
});
