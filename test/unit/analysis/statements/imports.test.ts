import assert from 'node:assert/strict';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { Trace } from '../../../../src/analysis/trace.ts';
import { Programs } from '../../../../src/project/programs.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { memoryFiles } from '../../memory-files.ts';
import { testParser } from '../../python-parser.ts';

const NET = `import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, frozen=False):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 2)
        self.body.requires_grad_(not frozen)
`;

describe('imports', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  async function run(main: string, files: Readonly<Record<string, string>>): Promise<Trace> {
    const texts = new Map(Object.entries(files).map(([name, text]) => [`/w/${name}`, text]));
    const program = await new Programs(memoryFiles(texts), parser).of('/w/main.py', `${main}# torch`, '/w');
    return analyse(parser.parse(main), program);
  }

  /** The flags of a global module at the end, `body.weight: frozen` and so on; null where it is not listed in full. */
  async function flags(
    name: string,
    main: string,
    files: Readonly<Record<string, string>>,
  ): Promise<string | null> {
    const module = (await run(main, files)).topLevel?.modules.get(name);
    if (!module?.complete) return null;
    return [...module.parameters].map(([parameter, { flag }]) => `${parameter} ${flag}`).join(', ');
  }

  const FROZEN_BODY = 'body.weight frozen, body.bias frozen, head.weight trainable, head.bias trainable';
  const TRAINABLE = FROZEN_BODY.replaceAll('frozen', 'trainable');

  for (const [title, main] of [
    ['a name', 'from nets import Net\nmodel = Net(frozen=True)\n'],
    ['a name under another name', 'from nets import Net as N\nmodel = N(True)\n'],
    ['a module', 'import nets\nmodel = nets.Net(True)\n'],
    ['a module under another name', 'import nets as n\nmodel = n.Net(True)\n'],
    ['everything', 'from nets import *\nmodel = Net(True)\n'],
    [
      'a name inside a function',
      'def build():\n    from nets import Net\n    return Net(True)\nmodel = build()\n',
    ],
    [
      'a name, or another where that fails',
      'try:\n    from nets import Net\nexcept ImportError:\n    from nets import Net\nmodel = Net(True)\n',
    ],
  ]) {
    it(`of ${title} lead to the class`, async () => {
      assert.equal(await flags('model', main ?? '', { 'nets.py': NET }), FROZEN_BODY);
    });
  }

  it('of everything bring in global models, which own what optimizers hold', async () => {
    const main = 'from nets import *\noptimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)\n';
    const end = (await run(main, { 'nets.py': `${NET}model = Net()\n` })).topLevel;
    assert.deepEqual(end?.optimizers.get('optimizer')?.parameters, ['model.head.weight', 'model.head.bias']);
    assert.equal(end?.modules.get('model')?.complete, true);
  });

  it('go through packages that export what their files define', async () => {
    const files = {
      'pkg/__init__.py': 'from .deep import *\n',
      'pkg/deep.py': 'from .nets import Net\n',
      'pkg/nets.py': NET,
    };
    assert.equal(await flags('model', 'from pkg import Net\nmodel = Net(True)\n', files), FROZEN_BODY);
    assert.equal(await flags('model', 'import pkg.nets\nmodel = pkg.nets.Net(True)\n', files), FROZEN_BODY);
    assert.equal(await flags('model', 'import pkg\nmodel = pkg.Net()\n', files), TRAINABLE);
  });

  it('of a submodule work in the package itself', async () => {
    const files = { 'pkg/__init__.py': 'from . import nets\n', 'pkg/nets.py': NET };
    assert.equal(await flags('model', 'from pkg import nets\nmodel = nets.Net(True)\n', files), FROZEN_BODY);
  });

  it('bring constants, also those that another file sets', async () => {
    const files = { 'nets.py': NET, 'config.py': 'FREEZE = True\n' };
    const main = 'import config\nfrom nets import Net\nmodel = Net(config.FREEZE)\n';
    assert.equal(await flags('model', main, files), FROZEN_BODY);
    const changed =
      'import config\nfrom nets import Net\nconfig.FREEZE = False\nmodel = Net(config.FREEZE)\n';
    assert.equal(await flags('model', changed, files), TRAINABLE);
  });

  it('run a file once: both importers get the same objects', async () => {
    const files = {
      'nets.py': NET,
      'shared.py': 'from nets import Net\nnet = Net()\n',
      'freezing.py': 'import shared\ndef freeze():\n    shared.net.body.requires_grad_(False)\n',
    };
    const main = 'from shared import net\nfrom freezing import freeze\nmodel = net\nfreeze()\n';
    assert.equal(await flags('model', main, files), FROZEN_BODY);
  });

  it('keep classes with the same place in two files apart', async () => {
    const files = { 'a.py': NET, 'b.py': NET.replace('nn.Linear(4, 2)', 'nn.Linear(4, 9)') };
    const main = 'import a, b\nmodel = a.Net(True)\nother = b.Net()\n';
    const { topLevel } = await run(main, files);
    assert.deepEqual(topLevel?.modules.get('model')?.parameters.get('head.weight')?.shape, [2, 4]);
    assert.deepEqual(topLevel?.modules.get('other')?.parameters.get('head.weight')?.shape, [9, 4]);
    assert.equal(topLevel?.modules.get('other')?.parameters.get('body.weight')?.flag, 'trainable');
  });

  it('use the class of the other file as a base', async () => {
    const main =
      'from nets import Net\nclass Mine(Net):\n    def __init__(self):\n        super().__init__(frozen=True)\nmodel = Mine()\n';
    assert.equal(await flags('model', main, { 'nets.py': NET }), FROZEN_BODY);
  });

  it('tell the other file that it is not the main one', async () => {
    const files = { 'nets.py': `${NET}\nif __name__ == "__main__":\n    Net = None\n` };
    assert.equal(await flags('model', 'from nets import Net\nmodel = Net(True)\n', files), FROZEN_BODY);
  });

  it('give the same class on both sides of a branch', async () => {
    const main =
      'import sys\nfrom nets import Net\nif len(sys.argv) > 1:\n    model = Net(True)\nelse:\n    model = Net(True)\nmodel = Net(True)\n';
    assert.equal(await flags('model', main, { 'nets.py': NET }), FROZEN_BODY);
  });

  it('of files that import each other come to an end', async () => {
    const files = {
      'a.py': `from b import *\nfrom b import Net as Base\n${NET}`,
      'b.py': 'from a import *\nimport a\n',
    };
    assert.equal(await flags('model', 'from b import Net\nmodel = Net(True)\n', files), FROZEN_BODY);
    assert.equal(await flags('model', 'from b import Gone\nmodel = Gone(True)\n', files), null);
  });

  it('know nothing of what other files may put into a registry', async () => {
    const files = {
      'registry.py': 'MODELS = {}\ndef register(c):\n    MODELS[c.__name__] = c\n    return c\n',
      'nets.py': NET,
    };
    const main =
      'from registry import MODELS\nfrom nets import Net\nmodel = Net()\nif "Net" in MODELS:\n    model.body.requires_grad_(False)\n';
    assert.equal(await flags('model', main, files), FROZEN_BODY.replaceAll('frozen', 'unknown'));
  });

  it('give up on a file that runs a whole program, and keep what this one does', async () => {
    const files = {
      'long.py': `${'x = 1 + 1\n'.repeat(12_000)}FREEZE = True\n`,
      'nets.py': NET,
    };
    const main = 'from long import FREEZE\nfrom nets import Net\nmodel = Net(FREEZE)\n';
    assert.equal(await flags('model', main, files), FROZEN_BODY.replaceAll('frozen', 'unknown'));
  });

  it('are left aside in a function that would not come to its end with them', async () => {
    const costly = `from torch import nn

def big():
    layers = []
    for i in range(60):
        for k in range(60):
            layers.append(nn.Linear(i + 1, k + 1) if i + k > 3 else nn.Identity())
    return nn.Sequential(*layers)
`;
    const main = `import timm
from nets import big

def train(first):
    if first:
        model = big()
    else:
        model = timm.create_model('mobilenetv3')
    model.requires_grad_(False)
`;
    const trace = await run(main, { 'nets.py': costly });
    assert.equal(trace.isPartial, false);
    const writes = trace
      .eventsOf('flagWritten')
      .filter(({ span }) => span.start > main.indexOf('model.req') - 1);
    assert.equal(writes.length > 0, true);
  });

  it('are as their files leave them on the paths that do not use them', async () => {
    const files = { 'parts.py': `${NET}\nmodel = Net(False)\n` };
    const main = `import settings
from parts import model
if settings.a:
    model.requires_grad_(False)
used = model
`;
    assert.equal(await flags('used', main, files), FROZEN_BODY.replaceAll(/frozen|trainable/g, 'unknown'));
  });
});
