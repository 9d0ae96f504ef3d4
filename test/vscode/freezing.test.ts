import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, closeEditors, codeActions, openPython, untilFindings } from './findings.ts';
import { acceptQuickPickOf } from './until.ts';

const PROGRAM = `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc = nn.Linear(512, 5)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
for epoch in range(6):
    model.train()
    optimizer.step()
`;

describe('Freezing by commands', () => {
  afterEach(closeEditors);

  /** Opens a program with the cursor behind `text`. */
  async function openAt(program: string, text: string): Promise<vscode.TextEditor> {
    const editor = await openPython(program);
    const position = editor.document.positionAt(program.indexOf(text) + text.length);
    editor.selection = new vscode.Selection(position, position);
    return editor;
  }

  async function textAfter(
    program: string,
    cursor: string,
    command: string,
    given?: object,
  ): Promise<string> {
    const { document } = await openAt(program, cursor);
    await vscode.commands.executeCommand(`freezelint.${command}`, given && { uri: document.uri, ...given });
    return document.getText();
  }

  it('freezes the module that a caller names, without asking', async () => {
    const text = await textAfter(
      'from torchvision import models\nmodel = models.resnet18()\n',
      'resnet18()',
      'freezeLayers',
      {
        path: 'model.layer1',
      },
    );
    assert.equal(
      text,
      'from torchvision import models\nmodel = models.resnet18()\nfor param in model.layer1.parameters():\n    param.requires_grad = False\n',
    );
  });

  it('unfreezes the module that a caller names, as the file writes it', async () => {
    const text = await textAfter(PROGRAM, 'Linear(512, 5)', 'unfreezeLayers', { path: 'model.layer4.1' });
    assert.equal(
      text,
      PROGRAM.replace(
        'optimizer =',
        'for parameter in model.layer4[1].parameters():\n    parameter.requires_grad = True\noptimizer =',
      ),
    );
  });

  it('changes nothing for a module that is not there', async () => {
    assert.equal(
      await textAfter(PROGRAM, 'Linear(512, 5)', 'freezeLayers', { path: 'model.layer9' }),
      PROGRAM,
    );
  });

  it('freezes the entry in focus when its list is accepted', async () => {
    const { document } = await openAt(
      'from torchvision import models\nmodel = models.resnet18()\n',
      'resnet18()',
    );
    await acceptQuickPickOf('freezelint.freezeLayers');
    assert.match(
      document.getText(),
      /for param in model\.parameters\(\):\n {4}param\.requires_grad = False\n/,
    );
  });

  it('freezes all but the head', async () => {
    const text = await textAfter(
      'from torchvision import models\nmodel = models.resnet18()\n',
      'resnet18()',
      'freezeAllButHead',
    );
    assert.match(
      text,
      /for param in model\.parameters\(\):\n {4}param\.requires_grad = False\nfor param in model\.fc\.parameters\(\):\n {4}param\.requires_grad = True\n/,
    );
  });

  it('freezes the statistics of frozen BatchNorm layers after train()', async () => {
    const text = await textAfter(PROGRAM, 'lr=0.1)', 'freezeStatistics');
    assert.match(text, / {4}model\.train\(\)\n {4}for frozen in \(model\.bn1, .*\):\n {8}frozen\.eval\(\)\n/);
  });

  it('filters the optimizer at the cursor', async () => {
    const all = PROGRAM.replace('[p for p in model.parameters() if p.requires_grad]', 'model.parameters()');
    const text = await textAfter(all, 'torch.optim', 'filterOptimizer');
    assert.match(
      text,
      /SGD\(\[parameter for parameter in model\.parameters\(\) if parameter\.requires_grad\], lr=0\.1\)/,
    );
  });

  it('rebuilds the optimizer at the cursor', async () => {
    const text = await textAfter(
      `${PROGRAM}model.layer4.requires_grad_(True)\n`,
      'requires_grad_(True)',
      'rebuildOptimizer',
    );
    assert.match(text, /requires_grad_\(True\)\noptimizer = torch\.optim\.SGD\(\[.*\], lr=0\.1\)\n$/);
  });

  it('writes a schedule into the loop over epochs', async () => {
    const { document } = await openAt(PROGRAM, 'lr=0.1)');
    await acceptQuickPickOf('freezelint.unfreezeGradually');
    assert.match(
      document.getText(),
      /for epoch in range\(6\):\n {4}if epoch == 1:\n {8}for parameter in model\.layer4\.parameters\(\):\n {12}parameter\.requires_grad = True\n {8}optimizer\.add_param_group\(\{"params": model\.layer4\.parameters\(\)\}\)\n {4}elif epoch == 2:/,
    );
    await untilFindings(document, (all) =>
      all.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error),
    );
  });

  it('is offered as refactorings where a model is mentioned', async () => {
    const { document } = await openAt(PROGRAM, 'Linear');
    const at = document.positionAt(PROGRAM.indexOf('model.fc'));
    const kind = vscode.CodeActionKind.RefactorRewrite.append('freezelint');
    const actions = await codeActions(document, new vscode.Range(at, at), kind);
    assert.deepEqual(
      actions.map(({ title }) => title),
      [
        'Freeze layers of `model`…',
        'Unfreeze layers of `model`…',
        'Freeze all of `model` but `model.fc`',
        'Freeze the BatchNorm statistics of `model` too',
        'Unfreeze `model` gradually…',
      ],
    );
    await apply(actions[2]!);
    assert.match(document.getText(), /model\.fc = .*\nfor parameter in model\.parameters\(\):/);
    const others = await codeActions(
      document,
      new vscode.Range(at, at),
      vscode.CodeActionKind.RefactorExtract,
    );
    assert.deepEqual(others, []);
  });
});
