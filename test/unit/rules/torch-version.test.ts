import assert from 'node:assert/strict';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';

const freezing = `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(False)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`;

const extending = `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
model[0].requires_grad_(True)
optimizer.add_param_group({"params": model[0].parameters()})
loss = model(torch.randn(3, 4)).sum()
loss.backward()
optimizer.step()
plateau.step(loss)
`;

describe('the configured version of PyTorch', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const codesUnder = (text: string, torchVersion: number): readonly string[] => {
    const result = lint(parser, text, { rules: {}, torchVersion });
    assert.deepEqual(result?.internalErrors, []);
    return result.problems.map(({ code }) => code);
  };

  it('decides whether zero_grad() leaves gradients to a frozen parameter (cases e01, i04)', () => {
    assert.deepEqual(codesUnder(freezing, 1), ['FRZ407']);
    assert.deepEqual(codesUnder(freezing, 2), []);
    const before = freezing.replace('for epoch', 'model[0].requires_grad_(False)\nfor epoch');
    assert.ok(!codesUnder(before, 1).includes('FRZ407'));
  });

  it('decides whether ReduceLROnPlateau raises on a later group (case d11)', () => {
    assert.deepEqual(codesUnder(extending, 1), ['FRZ406']);
    assert.deepEqual(codesUnder(extending, 2), []);
  });
});
