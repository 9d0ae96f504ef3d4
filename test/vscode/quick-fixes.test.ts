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
