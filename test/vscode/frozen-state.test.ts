import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, closeEditors, openPython, openSample, untilFindings } from './findings.ts';
import { hints, hovers, lenses, set } from './providers.ts';

/** Whether the optimizer holds anything frozen, its import decides. */
const preparedElsewhere = `import torch
from torchvision import models
from preparing import prepare

model = models.resnet18()
prepare(model)
model.fc = torch.nn.Linear(512, 5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
`;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('What is frozen', () => {
  // Else the first question may come before anybody can answer it.
  before(activate);
  afterEach(async () => {
    for (const name of ['hover', 'codeLens', 'inlayHints', 'gutterMarks']) await set(name, undefined);
    await closeEditors();
  });

  it('is told by the hover on a model, with a link to the line that decided it', async () => {
    const { document } = await openSample('finetune_schedule.py');
    const [hover] = await hovers(document, 'model.layer4');
    assert.match(hover?.value ?? '', /^`model` ResNet — 2 of 62 tensors train/);
    const link = /\[line 14\]\(command:(\S+)\?(\S+)\)/.exec(hover?.value ?? '');
    assert.ok(link?.[1] && link[2], hover?.value);
    assert.deepEqual(hover?.isTrusted, { enabledCommands: [link[1]] });
    await vscode.commands.executeCommand(link[1], ...JSON.parse(decodeURIComponent(link[2])));
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 13);
  });

  it('is told in an untitled document, too, and not where the hover is switched off', async () => {
    const { document } = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad_(False)\nprint(model)\n',
    );
    const [hover] = await hovers(document, 'model)');
    assert.match(hover?.value ?? '', /frozen: all 62 tensors · 11\.7M parameters/);
    assert.match(hover?.value ?? '', /\[line 3\]/);
    await set('hover', false);
    assert.deepEqual(await hovers(document, 'model)'), []);
  });

  it('is told by the hovers on a parameter, an optimizer and a statement that sets the flag', async () => {
    const { document } = await openPython(`import torch
from torchvision import models
model = models.resnet18()
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc.weight.requires_grad = True
optimizer = torch.optim.SGD([model.fc.weight], lr=0.1)
optimizer.step()
print(model.conv1.weight)
`);
    const at = async (text: string): Promise<string> => (await hovers(document, text))[0]?.value ?? '';
    assert.match(await at('requires_grad = False'), /^Freezes 62 tensors · 11\.7M parameters$/);
    assert.match(await at('optimizer.step'), /^`optimizer` SGD — built at \[line 7\]/);
    assert.match(
      await at('weight)'),
      /^`model\.conv1\.weight` \[64, 3, 7, 7\] · 9,408 parameters\n\nfrozen by/,
    );
  });

  it('stands in the Freeze Map, whose rows lead to the line that decided', async () => {
    const editor = await openSample('train.py');
    const untouched =
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad_(False)\n\nprint(model)';
    const { document } = await openPython(untouched);
    assert.notEqual(editor.document, document);
    await vscode.commands.executeCommand('cursorBottom');
    await vscode.commands.executeCommand('freezelint.showFreezeMap');
    // Nothing tells when the tree is drawn; pressing Enter on its first row does nothing before that.
    while (vscode.window.activeTextEditor?.selection.active.line !== 2) {
      await vscode.commands.executeCommand('freezelint.freezeMap.focus');
      await vscode.commands.executeCommand('list.focusFirst');
      await vscode.commands.executeCommand('list.select');
    }
    assert.equal(vscode.window.activeTextEditor.document, document);
  });

  it('stands above the optimizers that leave something out', async () => {
    const { document } = await openSample('finetune_schedule.py');
    assert.deepEqual(await lenses(document), [
      '17: updates 2 of 62 tensors: fc.*',
      '40: updates 2 of 62 tensors: fc.*',
    ]);
    await set('codeLens', 'off');
    assert.deepEqual(await lenses(document), []);
    await set('codeLens', 'always');
    assert.ok(
      (await lenses(document)).includes(
        '12: at the end of finetune(): 17 of 62 tensors train: layer4.*, fc.*',
      ),
    );
  });

  it('stands above each optimizer of many files that are opened at once, while what they import is edited', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const at = (name: string) => vscode.Uri.joinPath(folder.uri, name);
    const write = (name: string, text: string) =>
      vscode.workspace.fs.writeFile(at(name), new TextEncoder().encode(text));
    const names = Array.from({ length: 5 }, (_, index) => `opened_${index}.py`);
    const helper = (value: string): string =>
      `def prepare(model):\n    for param in model.parameters():\n        param.requires_grad = ${value}\n`;
    try {
      for (const name of names) await write(name, preparedElsewhere);
      // Asked for while the import is not there, while it comes, and while it changes.
      const documents: vscode.TextDocument[] = [];
      const asked: Promise<string[]>[] = [];
      for (const name of names) {
        const { document } = await vscode.window.showTextDocument(at(name), { preview: false });
        documents.push(document);
        asked.push(lenses(document));
        if (documents.length === 2) await write('preparing.py', helper('False'));
      }
      await Promise.all(asked);
      const untilLenses = async (expected: readonly string[]): Promise<void> => {
        for (const document of documents) {
          // VS Code tells no extension of new lenses.
          while (JSON.stringify(await lenses(document)) !== JSON.stringify(expected)) await pause();
        }
      };
      await untilLenses([
        '8: updates 2 of 62 tensors · 2,565 of 11.2M parameters: fc.* · also holds 60 frozen',
      ]);
      const preparing = await vscode.workspace.openTextDocument(at('preparing.py'));
      for (const value of ['True', 'False', 'True']) {
        const edit = new vscode.WorkspaceEdit();
        edit.replace(preparing.uri, new vscode.Range(0, 0, preparing.lineCount, 0), helper(value));
        assert.ok(await vscode.workspace.applyEdit(edit));
        void Promise.all(documents.map(lenses));
      }
      await untilLenses([]);
    } finally {
      await closeEditors();
      for (const name of [...names, 'preparing.py']) await vscode.workspace.fs.delete(at(name));
    }
  });

  it('is silent above an optimizer that updates everything, and in Python without torch', async () => {
    const { document } = await openSample('train.py');
    await untilFindings(document, (all) => all.length === 1);
    assert.deepEqual(await lenses(document), []);
    const plain = await openPython('model = 1\noptimizer = model\n');
    assert.deepEqual(await lenses(plain.document), []);
    assert.deepEqual(await hovers(plain.document, 'model'), []);
  });

  it('is marked beside the lines that set the flag, while it is typed, without harm', async () => {
    // What is drawn is looked at by the tests with the pointer: no extension is told.
    await set('gutterMarks', true);
    const editor = await openPython(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad_(False)\nmodel.requires_grad = True\n',
    );
    await untilFindings(editor.document, ([found]) => found?.range.start.line === 3);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await untilFindings(editor.document, ([found]) => found?.range.start.line === 4);
  });

  it('is counted behind the statements that set the flag, once that is asked for', async () => {
    const { document } = await openSample('finetune_schedule.py');
    assert.deepEqual(await hints(document), []);
    await set('inlayHints', true);
    assert.deepEqual(await hints(document), ['14: 62 tensors', '23: 15 tensors', '36: 62 tensors']);
  });
});
