import assert from 'node:assert/strict';
import { freezeActions } from '../../../src/editor/freeze-actions.ts';
import { freezeContext } from '../../../src/editor/freeze-context.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { applied, withCursor } from './gesture.ts';

const PROGRAM = `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(6):
    model.train()
    optimizer.step()
print("done")
`;

describe('Freeze refactorings', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const actionsAt = (marked: string) => {
    const { text, offset } = withCursor(marked);
    const context = freezeContext(parser.parse(text), offset);
    const actions = context ? freezeActions(context, offset) : [];
    for (const { edit } of actions) if (edit) applied(parser, text, edit);
    return actions.map(({ title, command }) => (command ? `${title} → ${command.name}` : title));
  };

  it('are about the model that the statement mentions', () => {
    assert.deepEqual(actionsAt(PROGRAM.replace('model.fc =', 'model.fc| =')), [
      'Freeze layers of `model`… → freezeLayers',
      'Unfreeze layers of `model`… → unfreezeLayers',
      'Freeze all of `model` but `model.fc`',
      'Freeze the BatchNorm statistics of `model` too',
      'Unfreeze `model` gradually… → unfreezeGradually',
    ]);
  });

  it('leave out what would change nothing', () => {
    assert.deepEqual(actionsAt('from torchvision import models\nmodel = models.resnet18()|\n'), [
      'Freeze layers of `model`… → freezeLayers',
      'Freeze all of `model` but `model.fc`',
    ]);
  });

  it('filter the optimizer at its construction and rebuild it elsewhere', () => {
    assert.ok(
      actionsAt(PROGRAM.replace('SGD', 'S|GD')).includes('Give `optimizer` the trainable parameters only'),
    );
    const rebuilt = PROGRAM.replace('for epoch', 'model.layer4.requires_grad_(True)|\nfor epoch');
    assert.ok(actionsAt(rebuilt).includes('Rebuild `optimizer` here'));
  });

  it('are not offered on other lines', () => {
    assert.deepEqual(actionsAt(PROGRAM.replace('print(', 'pr|int(')), []);
    assert.deepEqual(actionsAt(PROGRAM.replace('import torch', 'im|port torch')), []);
    assert.deepEqual(actionsAt('class A:\n    x| = 1\n'), []);
  });
});
