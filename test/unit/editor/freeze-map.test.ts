import assert from 'node:assert/strict';
import { type FreezeMapItem, freezeMapAt, knowsModel } from '../../../src/editor/freeze-map.ts';
import { headOnly, observe } from './observe.ts';

describe('the Freeze Map', () => {
  const mapAt = async (text: string, place: string) => {
    const { program, wording } = await observe(text);
    return freezeMapAt(program, text.indexOf(place), wording);
  };
  const find = (items: readonly FreezeMapItem[], id: string): FreezeMapItem => {
    for (const item of items) {
      if (item.id === id) return item;
      if (id.startsWith(`${item.id}.`)) return find(item.children, id);
    }
    assert.fail(`no ${id} among ${items.map((item) => item.id).join(', ')}`);
  };

  it('has the modules of the model in its order, each with its state, size and optimizer', async () => {
    const { models } = await mapAt(headOnly, 'for parameter in model.layer4');
    const [model, ...others] = models;
    assert.ok(model);
    assert.deepEqual(others, []);
    assert.equal(model.description, '2 of 62 tensors train · 5,130 of 11.2M parameters · ResNet');
    assert.deepEqual(
      model.children.map(({ label, description }) => `${label}: ${description}`),
      [
        'conv1: frozen · 9,408 parameters · Conv2d',
        'bn1: frozen · 128 parameters · BatchNorm2d',
        'layer1: frozen · 147,968 parameters · Sequential',
        'layer2: frozen · 525,568 parameters · Sequential',
        'layer3: frozen · 2.1M parameters · Sequential',
        'layer4: frozen · 8.4M parameters · Sequential',
        'fc: trainable · in optimizer · 5,130 parameters · Linear',
      ],
    );
    assert.equal(find(models, 'model.layer1.0.conv1.weight').description, 'frozen · [64, 64, 3, 3]');
  });

  it('points to the statement that decided, where one did', async () => {
    const { models } = await mapAt(headOnly, 'for parameter in model.layer4');
    const { decidedBy } = find(models, 'model.layer1.0');
    assert.ok(decidedBy);
    assert.equal(headOnly.slice(decidedBy.start, decidedBy.end), 'parameter.requires_grad = False');
    assert.equal(find(models, 'model').decidedBy, null);
    assert.equal(find(models, 'model.fc').decidedBy, null);
  });

  it('is about the state just before its line', async () => {
    const verdictAt = async (place: string) => find((await mapAt(headOnly, place)).models, 'model').verdict;
    assert.equal(await verdictAt('for parameter in model.parameters'), 'trainable');
    assert.equal(await verdictAt('model.fc = '), 'frozen');
    assert.equal(await verdictAt('optimizer = '), 'mixed');
  });

  it('has no model where none is known yet, nor in an empty file', async () => {
    assert.deepEqual(await mapAt(headOnly, 'from torchvision'), { lineStart: 34, scope: null, models: [] });
    assert.deepEqual(await mapAt('# nothing\n', '#'), { lineStart: 0, scope: null, models: [] });
  });

  it('tells the function that its line is in, and shows the larger model first', async () => {
    const text = `from torch import nn


def build():
    small = nn.Linear(2, 2)
    large = nn.Linear(20, 2)
    return small, large
`;
    const { scope, models } = await mapAt(text, 'return');
    assert.equal(scope, 'build');
    assert.deepEqual(
      models.map(({ label }) => label),
      ['large', 'small'],
    );
  });

  it('says unknown of what depends on what nobody knows, and names parts by the tests of the program', async () => {
    const text = `from helpers import build
import sys
model = build()
for name, parameter in model.named_parameters():
    if "head" not in name:
        parameter.requires_grad = False
if sys.argv:
    for parameter in model.parameters():
        parameter.requires_grad = True
print(model)
`;
    const before = find((await mapAt(text, 'if sys.argv')).models, 'model');
    assert.deepEqual(before.children.map(({ label, verdict }) => [label, verdict]).sort(), [
      ['name contains "head"', 'unknown'],
      ['name does not contain "head"', 'frozen'],
    ]);
    const after = find((await mapAt(text, 'print(')).models, 'model');
    assert.equal(after.verdict, 'unknown');
  });

  it('counts the tensors whose state is unknown beside those that train', async () => {
    const text = `import sys
from torchvision import models
model = models.resnet18()
model.requires_grad_(False)
model.fc.requires_grad_(True)
if sys.argv:
    model.layer4.requires_grad_(True)
print(model)
`;
    const model = find((await mapAt(text, 'print(')).models, 'model');
    assert.equal(model.description, '15 unknown · 2 of 62 tensors train · ResNet');
  });

  it('leaves out what a model keeps that nothing uses as a module', async () => {
    const text = `from torch import nn
from encoders import build


class Net(nn.Module):
    def __init__(self, config, encoder):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.encoder = encoder
        self.neck = build(config)
        self.fc = nn.Linear(config.hidden_size, 2)

    def forward(self, x):
        return self.fc(self.encoder(x))

    def parts(self):
        return self.neck.parameters()
`;
    const net = find((await mapAt(text, 'self.fc(')).models, 'self');
    assert.deepEqual(
      net.children.map(({ label, description }) => `${label}: ${description}`),
      ['encoder: unknown', 'neck: unknown', 'fc: trainable · 2 tensors · Linear'],
    );
  });

  it('names the class of a model out of sight, and no function that makes one', async () => {
    const describedAs = async (call: string): Promise<string | undefined> =>
      (await mapAt(`import timm, transformers\nmodel = ${call}\nprint(model)\n`, 'print(')).models[0]
        ?.description;
    const bert = 'transformers.AutoModelForTokenClassification.from_pretrained("bert-base-cased")';
    assert.equal(await describedAs(bert), 'trainable · AutoModelForTokenClassification');
    assert.equal(await describedAs('timm.create_model("resnet50")'), 'trainable');
  });

  it('is worth showing only for programs with a model', async () => {
    const knows = async (text: string) => knowsModel((await observe(text)).program.trace);
    assert.equal(await knows(headOnly), true);
    assert.equal(await knows('def f(model):\n    model.requires_grad_(False)\n'), true);
    assert.equal(await knows('import torch\nx = torch.zeros(3)\n'), false);
  });
});
