import assert from 'node:assert/strict';
import { modelInSight } from '../../../../src/editor/model-in-sight.ts';
import { foldModel } from '../../../../src/learn/visualize/fold-model.ts';
import { sampleModel } from '../../../../src/learn/visualize/pictured-model.ts';
import { presets } from '../../../../src/learn/visualize/presets.ts';
import { pythonOf } from '../../../../src/learn/visualize/python-of.ts';
import { simulate } from '../../../../src/learn/visualize/simulate.ts';
import type { Simulation } from '../../../../src/learn/visualize/simulation.ts';
import { randomSequence } from '../../../visualize/action-sequences.ts';
import { observe } from '../../editor/observe.ts';

/** A new model with the blocks of a state. */
const netOf = ({ blocks }: Simulation): string =>
  [
    'import torch',
    'from torch import nn',
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...sampleModel.blocks.map(
      ({ name }, index) =>
        `        self.${name} = nn.Sequential(nn.Linear(4, 4)${blocks[index]?.hasBatchNorm ? ', nn.BatchNorm1d(4)' : ''})`,
    ),
    'model = Net()',
    '',
  ].join('\n');

/** What is compared: the flags, who is held, and the modes of what has BatchNorm. */
const facts = ({ blocks }: Simulation) =>
  blocks.map(({ trainable, held, hasBatchNorm, training }) => ({
    trainable,
    held,
    training: hasBatchNorm ? training : null,
  }));

describe('the Python of a state', () => {
  it('has three to six lines', () => {
    for (const { start } of presets) {
      const lines = pythonOf(sampleModel, start).split('\n').length;
      assert.ok(lines >= 3 && lines <= 6, pythonOf(sampleModel, start));
    }
    for (let seed = 0; seed < 300; seed++) {
      const { start, actions } = randomSequence(seed);
      const lines = pythonOf(sampleModel, actions.reduce(simulate, start)).split('\n').length;
      assert.ok(lines >= 3 && lines <= 6, `seed ${seed}`);
    }
  });

  it('means that state: the analysis reads it back', async () => {
    const states = Array.from({ length: 60 }, (_, seed) => {
      const { start, actions } = randomSequence(seed);
      return actions.reduce(simulate, start);
    });
    for (const state of [...presets.map(({ start }) => start), ...states]) {
      const text = `${netOf(state)}${pythonOf(sampleModel, state)}\n`;
      const { program } = await observe(text);
      const sight = modelInSight(program, text.length);
      const folded = sight && foldModel(sight.snapshot);
      assert.ok(folded, text);
      assert.deepEqual(facts(folded.start), facts(state), text);
    }
  });

  it('is what one would write by hand', () => {
    assert.deepEqual(
      presets.map(({ start }) => pythonOf(sampleModel, start)),
      [
        [
          'model.requires_grad_(False)',
          'model.head.requires_grad_(True)',
          'optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)',
          'for block in [model.stem, model.layer1, model.layer2, model.layer3, model.layer4]:  # again after each model.train()',
          '    block.eval()',
        ],
        [
          'model.requires_grad_(False)',
          'for block in [model.layer4, model.head]:',
          '    block.requires_grad_(True)',
          'optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)',
          'model.train()',
        ],
        [
          'model.requires_grad_(False)',
          'optimizer = torch.optim.SGD(model.parameters(), lr=0.01)',
          'model.train()',
        ],
        [
          'model.requires_grad_(False)',
          'model.head.requires_grad_(True)',
          'optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)',
          'model.train()',
        ],
      ].map((lines) => lines.join('\n')),
    );
  });

  it('reaches numbered layers and parameters of the model itself', async () => {
    const text = `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(4))
        self.layers = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
        self.head = nn.Linear(4, 2)
net = Net()
net.requires_grad_(False)
net.token.requires_grad_(True)
net.layers[1].requires_grad_(True)
optimizer = torch.optim.AdamW([net.token, *net.layers[0].parameters()])
`;
    const { program } = await observe(text);
    const sight = modelInSight(program, text.length);
    const folded = sight && foldModel(sight.snapshot);
    assert.ok(folded);
    assert.equal(
      pythonOf(folded.model, folded.start),
      [
        'net.requires_grad_(False)',
        'for block in [net.token, net.layers[1]]:',
        '    block.requires_grad_(True)',
        'optimizer = torch.optim.AdamW([p for name, p in net.named_parameters() if name.startswith(("token", "layers.0.",))], lr=0.001)',
        'net.train()',
      ].join('\n'),
    );
  });
});
