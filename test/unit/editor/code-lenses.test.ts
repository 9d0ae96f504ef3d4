import assert from 'node:assert/strict';
import { codeLenses, type LensMode } from '../../../src/editor/code-lenses.ts';
import { LineIndex } from '../../../src/python/positions.ts';
import { headOnly, observe } from './observe.ts';

describe('CodeLens', () => {
  async function lenses(text: string, mode: LensMode): Promise<string[]> {
    const { program, wording } = await observe(text);
    const lines = new LineIndex(text);
    return codeLenses(program, mode, wording).map(
      ({ span, text: shown }) => `${lines.positionAt(span.start).row + 1}: ${shown}`,
    );
  }
  const whole = `import torch
from torchvision import models


def main():
    model = models.resnet18()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer
`;

  it('stands above an optimizer that leaves something out', async () => {
    assert.deepEqual(await lenses(headOnly, 'informative'), [
      '9: updates 2 of 62 tensors · 5,130 of 11.2M parameters: fc.*',
    ]);
  });

  it('counts the parameters of a head that takes its size from the one before', async () => {
    const text = headOnly.replace('512, 10', 'model.fc.in_features, 10');
    assert.deepEqual(await lenses(text, 'informative'), [
      '9: updates 2 of 62 tensors · 5,130 of 11.2M parameters: fc.*',
    ]);
  });

  it('stands above an optimizer that holds something frozen', async () => {
    const text = headOnly.replace('[p for p in model.parameters() if p.requires_grad]', 'model.parameters()');
    assert.deepEqual(await lenses(text, 'informative'), [
      '9: updates 2 of 62 tensors · 5,130 of 11.2M parameters: fc.* · also holds 60 frozen',
    ]);
  });

  it('is silent above an optimizer that updates everything, unless always asked for', async () => {
    assert.deepEqual(await lenses(whole, 'informative'), []);
    assert.deepEqual(await lenses(whole, 'always'), [
      '6: at the end of main(): all 62 tensors · 11.7M parameters train',
      '7: updates all 62 tensors · 11.7M parameters',
    ]);
  });

  it('is silent above an optimizer that is not fully known, and says so when always asked for', async () => {
    const text = `import torch\nfrom helpers import build\nmodel = build()\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n`;
    assert.deepEqual(await lenses(text, 'informative'), []);
    assert.deepEqual(await lenses(text, 'always'), [
      '3: at the end: what trains is unknown',
      '4: what it updates is unknown',
    ]);
  });

  it('names the model of each part where an optimizer serves several', async () => {
    const text = `import torch
from torch import nn

encoder = nn.Linear(4, 4)
head = nn.Linear(4, 2)
encoder.weight.requires_grad = False
optimizer = torch.optim.SGD([encoder.bias, *head.parameters()], lr=0.1)
`;
    assert.deepEqual(await lenses(text, 'informative'), [
      '7: updates 3 of 4 tensors · 14 of 30 parameters: encoder.bias, head.*',
    ]);
  });
});
