import assert from 'node:assert/strict';
import {
  choiceNamed,
  freezeAllBut,
  headOf,
  layerChoices,
  layerLines,
  setLayers,
} from '../../../src/editor/freeze-layers.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { applied, contextOf, verdictAtEnd, withCursor } from './gesture.ts';

const RESNET = 'from torchvision import models\n\nmodel = models.resnet18()|\n';

describe('Freeze Layers', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const withLayers = (marked: string, paths: readonly string[], trainable = false): string => {
    const context = contextOf(parser, marked);
    const choices = layerChoices(context);
    const chosen = paths.map((path) => {
      const choice = choiceNamed(choices, path);
      assert.ok(choice, path);
      return choice;
    });
    return applied(parser, withCursor(marked).text, setLayers(context, chosen, trainable));
  };

  it('lists the submodules of the model with their sizes and states', () => {
    const choices = layerChoices(
      contextOf(parser, `${RESNET.replace('|', '')}model.layer1.requires_grad_(False)|\n`),
    );
    const shown = choices
      .filter(({ depth }) => depth < 2)
      .map(({ expression, className, size, verdict }) => [expression, className, size, verdict]);
    assert.deepEqual(shown, [
      ['model', 'ResNet', 11_689_512, 'mixed'],
      ['model.conv1', 'Conv2d', 9408, 'trainable'],
      ['model.bn1', 'BatchNorm2d', 128, 'trainable'],
      ['model.layer1', 'Sequential', 147_968, 'frozen'],
      ['model.layer2', 'Sequential', 525_568, 'trainable'],
      ['model.layer3', 'Sequential', 2_099_712, 'trainable'],
      ['model.layer4', 'Sequential', 8_393_728, 'trainable'],
      ['model.fc', 'Linear', 513_000, 'trainable'],
    ]);
    assert.ok(choices.some(({ expression }) => expression === 'model.layer1[0].conv1'));
  });

  it('inserts a loop over the parameters below the statement at the cursor', () => {
    const text = withLayers(RESNET, ['model.layer1']);
    assert.equal(
      text,
      `${RESNET.replace('|', '')}for param in model.layer1.parameters():\n    param.requires_grad = False\n`,
    );
    assert.equal(verdictAtEnd(parser, text, 'model', 'layer1'), 'frozen');
    assert.equal(verdictAtEnd(parser, text, 'model', 'layer2'), 'trainable');
  });

  it('goes through several layers in one loop', () => {
    const text = withLayers(RESNET, ['model.conv1', 'model.layer1', 'model.layer1.0']);
    assert.match(
      text,
      /^for layer in \(model\.conv1, model\.layer1\):\n {4}for param in layer\.parameters\(\):\n {8}param\.requires_grad = False$/m,
    );
    for (const path of ['conv1', 'layer1']) assert.equal(verdictAtEnd(parser, text, 'model', path), 'frozen');
    assert.equal(verdictAtEnd(parser, text, 'model', 'bn1'), 'trainable');
  });

  it('wraps a long list of layers', () => {
    const paths = ['conv1', 'layer1', 'layer2', 'layer3.0.conv1', 'layer3.0.conv2', 'layer3.1.conv1'];
    const text = withLayers(
      RESNET,
      paths.map((path) => `model.${path}`),
    );
    assert.match(text, /^for layer in \(\n {4}model\.conv1,\n {4}model\.layer1,\n/m);
    for (const path of paths) assert.equal(verdictAtEnd(parser, text, 'model', path), 'frozen');
  });

  it('writes the call on the module, or in the loop, where the file does', () => {
    const onModule = withLayers(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.bn1.requires_grad_(False)|\n',
      ['model.conv1', 'model.layer1'],
    );
    assert.match(
      onModule,
      /^model\.conv1\.requires_grad_\(False\)\nmodel\.layer1\.requires_grad_\(False\)$/m,
    );
    const inLoop = withLayers(
      'from torchvision import models\nmodel = models.resnet18()\nfor p in model.bn1.parameters():\n\tp.requires_grad_(False)\n|\n',
      ['model.conv1'],
    );
    assert.match(inLoop, /^for p in model\.conv1\.parameters\(\):\n\tp\.requires_grad_\(False\)$/m);
  });

  it('takes the variable and the indentation of the file, and the place of the cursor inside a function', () => {
    const text = withLayers(
      'from torchvision import models\n\ndef build():\n  model = models.resnet18()\n  for w in model.bn1.parameters():\n    w.requires_grad = False\n  return model|\n',
      ['model.conv1'],
    );
    assert.match(
      text,
      /^ {2}for w in model\.conv1\.parameters\(\):\n {4}w\.requires_grad = False\n {2}return model$/m,
    );
  });

  it('does not write over a variable of the program', () => {
    const text = withLayers(
      'from torchvision import models\nparam = 3\nmodel = models.resnet18()|\nprint(param)\n',
      ['model.conv1'],
    );
    assert.match(text, /^for parameter in model\.conv1\.parameters\(\):$/m);
  });

  it('inserts on a blank line in the block around it', () => {
    const text = withLayers(
      'from torchvision import models\n\ndef build():\n    model = models.resnet18()\n|\n    return model\n',
      ['model.fc'],
    );
    assert.match(
      text,
      /resnet18\(\)\n {4}for param in model\.fc\.parameters\(\):\n {8}param\.requires_grad = False\n {4}return model/,
    );
  });

  it('reaches the layers of lists by number and those of dictionaries by key', () => {
    const marked =
      "from torch import nn\nmodel = nn.Module()\nmodel.blocks = nn.ModuleList([nn.Linear(2, 2)])\nmodel.parts = nn.ModuleDict({'0': nn.Linear(2, 2), 'a': nn.Linear(2, 2), 'b c': nn.Linear(2, 2)})|\n";
    const choices = layerChoices(contextOf(parser, marked));
    assert.deepEqual(
      choices.filter(({ depth }) => depth === 2).map(({ expression }) => expression),
      ['model.blocks[0]', 'model.parts["0"]', 'model.parts.a', 'model.parts["b c"]'],
    );
    assert.match(
      withLayers(marked, ['model.parts.0']),
      /^for param in model\.parts\["0"\]\.parameters\(\):$/m,
    );
  });

  it('takes the place of pass and of an ellipsis', () => {
    const method = (body: string): string =>
      `from torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 2)\n\n    def freeze(self):\n${body}`;
    const loop = '        for param in self.fc.parameters():\n            param.requires_grad = False\n';
    for (const body of ['        pass|\n', '        ...|\n']) {
      assert.equal(withLayers(method(body), ['self.fc']), method(loop));
    }
    const header = method('        pass\n').replace('def freeze', 'def| freeze');
    assert.equal(withLayers(header, ['self.fc']), method(loop));
  });

  it('leaves the docstring of a function first', () => {
    const text = withLayers(
      'from torch import nn\n\ndef freeze(model)|:\n    """Freezes it."""\n\nfreeze(nn.Linear(4, 2))\n',
      ['model'],
    );
    assert.match(text, /"""Freezes it\."""\n {4}for param in model\.parameters\(\):/);
  });

  const branches = (first: string, second: string, third: string, blank = ''): string =>
    `import sys\nfrom torchvision import models\nmodel = models.resnet18()\nif sys.argv:${first}\n    print(1)\n${blank}\nelif sys.path:${second}\n    print(2)\nelse:${third}\n    print(3)\n`;

  it('inserts above an if at the header of any of its branches', () => {
    const above = branches('', '', '').replace(
      'if sys.argv',
      'for param in model.fc.parameters():\n    param.requires_grad = False\nif sys.argv',
    );
    for (const marked of [branches('|', '', ''), branches('', '|', ''), branches('', '', '|')]) {
      assert.equal(withLayers(marked, ['model.fc']), above);
    }
  });

  it('inserts at the end of the block on a blank line or a comment above an elif, an except or a finally', () => {
    assert.equal(
      withLayers(branches('', '', '', '|'), ['model.fc']),
      branches('', '', '', '    for param in model.fc.parameters():\n        param.requires_grad = False'),
    );
    const tried = (blank: string, comment: string): string =>
      `from torchvision import models\nmodel = models.resnet18()\ntry:\n    print(1)\n${blank}\nexcept ValueError:\n    print(2)\n# why${comment}\nfinally:\n    print(3)\n`;
    const loop = '    for param in model.fc.parameters():\n        param.requires_grad = False';
    assert.equal(withLayers(tried('|', ''), ['model.fc']), tried(loop, ''));
    assert.equal(withLayers(tried('', '|'), ['model.fc']), tried('', `\n${loop}`));
  });

  it('keeps Windows line endings', () => {
    const text = withLayers(RESNET.replaceAll('\n', '\r\n'), ['model.fc']);
    assert.match(
      text,
      /resnet18\(\)\r\nfor param in model\.fc\.parameters\(\):\r\n {4}param\.requires_grad = False\r\n$/,
    );
  });

  it('unfreezes what is frozen', () => {
    const text = withLayers(
      'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad_(False)|\n',
      ['model.layer4.1', 'model.fc'],
      true,
    );
    assert.equal(verdictAtEnd(parser, text, 'model', 'layer4'), 'mixed');
    assert.equal(verdictAtEnd(parser, text, 'model', 'layer4.1'), 'trainable');
    assert.equal(verdictAtEnd(parser, text, 'model', 'fc'), 'trainable');
  });

  it('freezes a model out of sight as a whole', () => {
    const context = contextOf(
      parser,
      'import torch\n\ndef train(model):\n    for p in model.parameters():\n        print(p)\n    |\n',
    );
    const choices = layerChoices(context);
    assert.deepEqual(
      choices.map(({ expression, size }) => [expression, size]),
      [['model', null]],
    );
    assert.deepEqual(layerLines(context, choices, false), [
      'for p in model.parameters():',
      '    p.requires_grad = False',
    ]);
  });

  for (const [architecture, head] of [
    ['resnet50', 'model.fc'],
    ['vgg16', 'model.classifier'],
    ['mobilenet_v3_small', 'model.classifier'],
    ['efficientnet_b0', 'model.classifier'],
    ['densenet121', 'model.classifier'],
    ['vit_b_16', 'model.heads'],
    ['swin_t', 'model.head'],
    ['convnext_tiny', 'model.classifier'],
  ] as const) {
    it(`freezes every submodule of ${architecture}, one by one, and all but ${head}`, () => {
      const marked = `import torchvision\nmodel = torchvision.models.${architecture}()|\n`;
      const { text } = withCursor(marked);
      const context = contextOf(parser, marked);
      // Blocks of deep networks are alike; every seventeenth one reaches all kinds.
      const choices = layerChoices(context).filter((_, index) => index % 17 === 0 || index < 3);
      for (const choice of choices) {
        const after = applied(parser, text, setLayers(context, [choice], false));
        if (choice.path !== '')
          assert.equal(verdictAtEnd(parser, after, 'model', choice.path), 'frozen', after);
      }
      const [model] = context.models;
      assert.ok(model);
      const heads = headOf(model);
      assert.deepEqual(
        heads.map(({ expression }) => expression),
        [head],
      );
      const but = applied(parser, text, freezeAllBut(context, 'model', heads));
      assert.equal(verdictAtEnd(parser, but, 'model', ''), 'mixed');
      assert.equal(verdictAtEnd(parser, but, 'model', heads[0]?.path ?? ''), 'trainable');
    });
  }

  it('finds the head of a model of the program, also inside a wrapper', () => {
    const net =
      'import torch\nfrom torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())\n        self.out = nn.Linear(8, 2)\n\nmodel = Net()\n';
    const headsIn = (marked: string): string[] => {
      const [model] = contextOf(parser, marked).models;
      assert.ok(model);
      return headOf(model).map(({ expression }) => expression);
    };
    assert.deepEqual(headsIn(`${net}|\n`), ['model.out']);
    assert.deepEqual(headsIn(`${net}model = nn.DataParallel(model)|\n`), ['model.module.out']);
    assert.deepEqual(headsIn('from torch import nn\nmodel = nn.Linear(4, 2)|\n'), []);
  });

  it('finds the head of a model out of sight where the program puts one in', () => {
    const withPart = (name: string): string =>
      `import timm\nfrom torch import nn\n\nmodel = timm.create_model("resnet50")\nmodel.${name} = nn.Linear(8, 2)|\n`;
    for (const [name, expected] of [
      ['classifier', ['model.classifier']],
      ['adapter', []],
    ] as const) {
      const context = contextOf(parser, withPart(name));
      const [model] = context.models;
      assert.ok(model);
      const heads = headOf(model);
      assert.deepEqual(
        heads.map(({ expression }) => expression),
        expected,
      );
      if (heads.length === 0) continue;
      const text = applied(parser, withCursor(withPart(name)).text, freezeAllBut(context, 'model', heads));
      assert.equal(verdictAtEnd(parser, text, 'model', ''), 'mixed');
      assert.equal(verdictAtEnd(parser, text, 'model', name), 'trainable');
    }
  });
});
