import assert from 'node:assert/strict';
import { hoverAt } from '../../../src/editor/hover.ts';
import { headOnly, observe } from './observe.ts';

describe('the hover', () => {
  /** The Markdown on the first `word` at or after `where`, which is a piece of the text. */
  async function hover(text: string, where: string, word = where): Promise<string | null> {
    const { program, wording } = await observe(text);
    const offset = text.indexOf(word, text.indexOf(where));
    const found = hoverAt(program, offset, wording);
    if (found) assert.ok(found.span.start <= offset && offset < found.span.end);
    return found?.markdown ?? null;
  }

  it('on a model tells what of it trains, by which line, and in which optimizer', async () => {
    assert.equal(
      await hover(headOnly, 'model.layer4', 'model'),
      '`model` ResNet — 2 of 62 tensors · 5,130 of 11.2M parameters train\n\n' +
        '- `conv1.*, bn1.*, layer1.*, +3`: frozen by [line 7], in no optimizer\n' +
        '- `fc.*`: trainable as made, in `optimizer`',
    );
  });

  it('tells the state at its own line', async () => {
    assert.match((await hover(headOnly, 'model.fc = ', 'model')) ?? '', /frozen: all 62 tensors/);
    assert.match((await hover(headOnly, 'model = models', 'model')) ?? '', /all 62 tensors .* train/);
  });

  it('on a submodule is about that part', async () => {
    assert.equal(
      await hover(headOnly, 'model.layer4', 'layer4'),
      '`model.layer4` Sequential — frozen: all 15 tensors · 8.4M parameters\n\n' +
        'frozen by [line 7], in no optimizer',
    );
  });

  it('follows an index into a Sequential, and shows a single parameter', async () => {
    const text = `${headOnly}print(model.layer1[0].conv1.weight)\n`;
    assert.match(
      (await hover(text, 'model.layer1[0]', '0]')) ?? '',
      /^`model\.layer1\.0` BasicBlock — frozen/,
    );
    assert.equal(
      await hover(text, 'conv1.weight', 'weight'),
      '`model.layer1.0.conv1.weight` [64, 64, 3, 3] · 36,864 parameters\n\nfrozen by [line 7], in no optimizer',
    );
  });

  it('on an optimizer tells what it updates, and what trains without one', async () => {
    assert.match(
      (await hover(headOnly, 'optimizer.step')) ?? '',
      /^`optimizer` SGD — built at \[line 9\]\n\nupdates 2 of 62 tensors · 5,130 of 11\.2M parameters: `fc\.\*`$/,
    );
    const last = headOnly.slice(0, headOnly.lastIndexOf('optimizer.step'));
    assert.match(
      (await hover(`${last}print(optimizer)\n`, 'print(', 'optimizer')) ?? '',
      /15 tensors train in no optimizer: `layer4\.\*`/,
    );
  });

  it('on a write of requires_grad counts what it reaches', async () => {
    assert.equal(
      await hover(headOnly, 'parameter.requires_grad = False', 'requires_grad'),
      'Freezes 62 tensors · 11.7M parameters',
    );
    assert.equal(
      await hover(headOnly, 'parameter.requires_grad = True', 'requires_grad'),
      'Unfreezes 15 tensors · 8.4M parameters',
    );
  });

  it('says unknown where it depends on what nobody knows', async () => {
    const text = `from torchvision import models\nimport sys\nmodel = models.resnet18()\nif sys.argv:\n    model.requires_grad_(False)\nprint(model)\n`;
    assert.equal(await hover(text, 'print(', 'model'), '`model` ResNet — unknown here');
  });

  it('tells the state of a model out of sight, by what the program asks of its names', async () => {
    const made = 'import timm\nmodel = timm.create_model("resnet50")\n';
    assert.equal(
      await hover(`${made}model.requires_grad_(False)\nprint(model)\n`, 'print(', 'model'),
      '`model` — frozen\n\nfrozen by [line 3]',
    );
    const loop = 'for name, p in model.named_parameters():\n    p.requires_grad = "fc" in name\n';
    assert.equal(
      await hover(`${made}${loop}print(model)\n`, 'print(', 'model'),
      '`model` — partly frozen\n\n- name contains "fc": trainable by [line 4]\n- name does not contain "fc": frozen by [line 4]',
    );
    const inside = `from torch import nn\nfrom encoders import Encoder\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.encoder = Encoder()\n        self.fc = nn.Linear(4, 2)\n    def forward(self, x):\n        return self.fc(self.encoder(x))\nmodel = Net()\nmodel.encoder.requires_grad_(False)\nprint(model)\n`;
    assert.equal(
      await hover(inside, 'print(', 'model'),
      '`model` Net — partly frozen\n\n- `encoder.*`: frozen by [line 11]\n- `fc.*`: trainable as made',
    );
  });

  it('shows what all rounds of a long loop agree on', async () => {
    const text = `from torchvision import models\nmodel = models.resnet18()\nfor p in model.parameters():\n    p.requires_grad = False\n    print(model)\n`;
    const shown = (await hover(text, 'print(', 'model')) ?? '';
    assert.match(shown, /partly unknown here/);
    assert.match(shown, /- `conv1\.\*`: frozen by \[line 4\]$/m);
    assert.match(shown, /: unknown$/m);
  });

  it('is silent on everything else', async () => {
    assert.equal(await hover(headOnly, 'import'), null);
    assert.equal(await hover(headOnly, 'models.resnet18', 'models'), null);
    assert.equal(await hover(headOnly, 'model.parameters()', 'parameters'), null);
    assert.equal(await hover(headOnly, 'lr=0.1', '0.1'), null);
    assert.equal(await hover('x = 1\n\n\n', 'x = 1'), null);
  });

  it('says nothing where the code runs later, or again and again', async () => {
    const text = `${headOnly}later = lambda: model\nwhile model.training:\n    break\n`;
    assert.equal(await hover(text, 'lambda: model', 'model'), null);
    assert.equal(await hover(text, 'while model', 'model'), null);
  });
});
