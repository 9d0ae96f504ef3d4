import assert from 'node:assert/strict';
import { modelInSight } from '../../../../src/editor/model-in-sight.ts';
import { type FoldedModel, foldModel } from '../../../../src/learn/visualize/fold-model.ts';
import { observe } from '../../editor/observe.ts';

const RESNET = `import torch
from torch import nn
from torchvision.models import resnet18
model = resnet18()
`;

async function foldAt(text: string, place = ''): Promise<FoldedModel | null> {
  const { program } = await observe(text);
  const sight = modelInSight(program, text.indexOf(place));
  return sight && foldModel(sight.snapshot);
}

/** "layer4: frozen, held" for each block. */
const shown = (folded: FoldedModel | null): string[] =>
  (folded?.start.blocks ?? []).map((block, index) => {
    const { name, note } = folded?.model.blocks[index] ?? {};
    const state = { yes: 'trainable', no: 'frozen', unknown: 'unknown' }[block.trainable];
    const held = { yes: ', held', no: '', unknown: ', perhaps held' }[block.held];
    return `${name}: ${state}${held}${note === null ? '' : ` (${note})`}`;
  });

describe('the model of a file in six blocks', () => {
  it('has what PyTorch registers first and second in one block, and the flags of each', async () => {
    const folded = await foldAt(`${RESNET}
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc = nn.Linear(512, 5)
model.layer3.eval()
optimizer = torch.optim.AdamW(model.fc.parameters())
`);
    assert.deepEqual(shown(folded), [
      'conv1, bn1: frozen',
      'layer1: frozen',
      'layer2: frozen',
      'layer3: frozen',
      'layer4: frozen',
      'fc: trainable, held',
    ]);
    const blocks = folded?.start.blocks ?? [];
    assert.deepEqual(
      blocks.map(({ hasBatchNorm, training }) => (hasBatchNorm ? training : null)),
      ['yes', 'yes', 'yes', 'no', 'yes', null],
    );
    assert.equal(folded?.start.optimizer, 'AdamW');
    assert.deepEqual(folded?.notes, []);
    assert.deepEqual(folded?.model.blocks[0]?.parts, [
      { path: 'conv1', isModule: true },
      { path: 'bn1', isModule: true },
    ]);
  });

  it('is the one just before the line of the cursor', async () => {
    const text = `${RESNET}optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model.requires_grad_(False)
model.fc.requires_grad_(True)
`;
    assert.match(shown(await foldAt(text, 'optimizer ='))[5] ?? '', /fc: trainable, perhaps held/);
    assert.match(shown(await foldAt(text, 'model.fc.'))[5] ?? '', /fc: frozen, held/);
  });

  it('is the one at the end of a function with an optimizer where none is in sight', async () => {
    const { program } = await observe(`${RESNET.replace('model = resnet18()\n', '')}
def build():
    return resnet18()

def main():
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

main()
`);
    const sight = modelInSight(program, 0);
    assert.equal(sight?.scope, 'main');
    assert.equal(sight?.lineStart, null);
  });

  it('takes a backbone apart, and says what a block hides', async () => {
    const folded = await foldAt(`import torch
from torch import nn
from torchvision.models import resnet18
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = resnet18()
        self.head = nn.Linear(1000, 5)
model = Net()
model.backbone.requires_grad_(False)
model.backbone.layer4[1].requires_grad_(True)
optimizer = torch.optim.RMSprop(model.head.parameters())
`);
    assert.deepEqual(shown(folded), [
      'backbone.conv1 … layer1: frozen',
      'backbone.layer2: frozen',
      'backbone.layer3: frozen',
      'backbone.layer4: trainable (6 of 15 tensors train)',
      'backbone.fc: frozen',
      'head: trainable, held',
    ]);
    assert.deepEqual(folded?.notes, ['Its optimizer, RMSprop, is drawn as SGD.']);
  });

  it('leaves open what hangs on something unknown', async () => {
    const folded = await foldAt(`${RESNET}import sys
if len(sys.argv) > 1:
    model.layer4.requires_grad_(False)
`);
    assert.deepEqual(shown(folded).slice(-2), [
      'layer4: unknown, perhaps held',
      'fc: trainable, perhaps held',
    ]);
    assert.deepEqual(folded?.notes, ['No optimizer is in sight there.']);
  });

  it('has fewer blocks for a small model', async () => {
    const folded = await foldAt(`from torch import nn
model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
model[0].requires_grad_(False)
`);
    assert.deepEqual(shown(folded), ['0: frozen, perhaps held', '2: trainable, perhaps held']);
    assert.ok(folded?.start.blocks.every(({ isLinear }) => isLinear));
  });

  it('is none where nothing is known of the model', async () => {
    assert.equal(
      await foldAt('import timm\nmodel = timm.create_model("x")\nmodel.eval()\n', 'model.eval'),
      null,
    );
    assert.equal(await foldAt('import torch\nx = torch.ones(1)\n', 'x ='), null);
  });
});
