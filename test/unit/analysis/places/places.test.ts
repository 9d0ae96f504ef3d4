import assert from 'node:assert/strict';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { freezeTree } from '../../../../src/analysis/places/freeze-tree.ts';
import { placeBefore } from '../../../../src/analysis/places/places.ts';
import type { Snapshot } from '../../../../src/analysis/places/snapshot.ts';
import { ALONE } from '../../../../src/analysis/program.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { testParser } from '../../python-parser.ts';

let parser: PythonParser;
before(async () => {
  parser = await testParser();
});

/** What is known where the text has `|`, and the name of the function it is in. */
function knownAt(marked: string, variables: 'own' | 'visible' = 'own'): [Snapshot | null, string] {
  const offset = marked.indexOf('|');
  const module = parser.parse(marked.replace('|', ''));
  const found = placeBefore(module, offset);
  assert.ok(found);
  const trace = analyse(module, ALONE, { places: [found.place] });
  return [trace.at(found.place, variables), found.scope?.name ?? ''];
}

const flagOf = (snapshot: Snapshot | null, module: string, parameter: string): string =>
  snapshot?.modules.get(module)?.parameters.get(parameter)?.flag ?? 'missing';

const IMPORTS = 'import torch.nn as nn\nfrom torch.optim import SGD\n';

describe('What is known just before an offset', () => {
  it('is what the statements before it left', () => {
    const program = `${IMPORTS}m = nn.Linear(2, 2)\nm.bias.requires_grad = False\nx = 1\n`;
    assert.equal(flagOf(knownAt(program.replace('m.bias', '|m.bias'))[0], 'm', 'bias'), 'trainable');
    assert.equal(flagOf(knownAt(program.replace('x = 1', '|x = 1'))[0], 'm', 'bias'), 'frozen');
    assert.equal(flagOf(knownAt(`${program}|`)[0], 'm', 'bias'), 'frozen');
  });

  it('inside a statement is what was known before it', () => {
    const program = `${IMPORTS}m = nn.Linear(2, 2)\nm.requires_grad_(\n|False)\n`;
    assert.equal(flagOf(knownAt(program)[0], 'm', 'bias'), 'trainable');
  });

  it('is what all rounds of a loop agree on', () => {
    const program = `${IMPORTS}m = nn.Linear(2, 2)\nfor epoch in range(3):\n    |print(epoch)\n    m.bias.requires_grad = False\n`;
    const [snapshot] = knownAt(program);
    assert.equal(flagOf(snapshot, 'm', 'bias'), 'unknown');
    assert.equal(flagOf(snapshot, 'm', 'weight'), 'trainable');
  });

  it('is what all calls of a function agree on, in its own variables', () => {
    const program = `${IMPORTS}def freeze(layer):\n    |layer.requires_grad_(False)\n    return layer\na = freeze(nn.Linear(2, 2))\nb = freeze(a)\n`;
    const [snapshot, scope] = knownAt(program);
    assert.equal(scope, 'freeze');
    assert.deepEqual([...(snapshot?.modules.keys() ?? [])], ['layer']);
    assert.equal(flagOf(snapshot, 'layer', 'bias'), 'unknown');
  });

  it('shows variables around a function where these are asked for', () => {
    const program = `${IMPORTS}m = nn.Linear(2, 2)\ndef train():\n    |pass\ntrain()\n`;
    assert.equal(knownAt(program)[0]?.modules.size, 0);
    assert.equal(flagOf(knownAt(program, 'visible')[0], 'm', 'bias'), 'trainable');
  });

  it('takes comments and blank lines for a part of the block that they are indented like', () => {
    const program = `${IMPORTS}def f():\n    # first\n    m = nn.Linear(2, 2)\n    # last\n# outside\nf()\n`;
    const scopeAt = (comment: string) => knownAt(program.replace(comment, `|${comment}`))[1];
    assert.equal(scopeAt('# first'), 'f');
    assert.equal(scopeAt('# last'), 'f');
    assert.equal(scopeAt('# outside'), '');
    assert.equal(knownAt(program.replace('# last', '|# last'))[0]?.modules.size, 1);
  });

  it('is nothing where no path leads', () => {
    const program = `${IMPORTS}m = nn.Linear(2, 2)\nraise SystemExit\n|print(m)\n`;
    assert.equal(knownAt(program)[0], null);
  });

  it('holds a header and a decorator to be outside the function', () => {
    const program = `${IMPORTS}@decorated\ndef f(model,\n      other):\n    pass\n`;
    for (const part of ['@decorated', 'def f', 'other):']) {
      assert.equal(knownAt(program.replace(part, `|${part}`))[1], '', part);
    }
    assert.equal(knownAt(program.replace('pass', '|pass'))[1], 'f');
  });
});

describe('The ends of functions', () => {
  const endsOf = (text: string) => analyse(parser.parse(text), ALONE, { functionEnds: true }).functionEnds;

  it('have qualified names, and what self keeps', () => {
    const ends = endsOf(
      `${IMPORTS}class Trainer:\n    def __init__(self, model):\n        self.model = model\n        self.model.requires_grad_(False)\n        self.optimizer = SGD(self.model.parameters(), lr=1)\nt = Trainer(nn.Linear(2, 2))\n`,
    );
    assert.deepEqual([...ends.keys()], ['Trainer.__init__']);
    const end = ends.get('Trainer.__init__') ?? null;
    assert.equal(flagOf(end, 'self.model', 'weight'), 'frozen');
    assert.deepEqual(end?.optimizers.get('self.optimizer')?.parameters, ['model.weight', 'model.bias']);
  });

  it('say nothing of flags that the file sets on an instance which only PyTorch calls', () => {
    const net = `${IMPORTS}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(2, 2)\n    def forward(self, x):\n        return self.fc(x)\n`;
    const flagIn = (text: string) => flagOf(endsOf(text).get('Net.forward') ?? null, 'self', 'fc.weight');
    assert.equal(flagIn(net), 'trainable');
    assert.equal(flagIn(`${net}m = Net()\nm.fc.requires_grad_(False)\nm(1)\n`), 'unknown');
  });

  it('leave out functions that have to do with no module', () => {
    assert.deepEqual([...endsOf(`${IMPORTS}def add(a, b):\n    return a + b\nadd(1, 2)\n`).keys()], []);
  });

  it('are where a certain exception leaves them', () => {
    const ends = endsOf(
      `${IMPORTS}def main():\n    m = nn.Linear(2, 2)\n    o = SGD([], lr=1)\n    m.requires_grad_(False)\nmain()\n`,
    );
    assert.equal(flagOf(ends.get('main') ?? null, 'm', 'bias'), 'trainable');
    assert.equal(ends.get('main')?.optimizers.size, 0);
  });
});

describe('A snapshot', () => {
  const topLevel = (text: string): Snapshot => {
    const snapshot = analyse(parser.parse(text)).topLevel;
    assert.ok(snapshot);
    return snapshot;
  };

  it('tells who set a flag, the shape, and which optimizers hold a parameter', () => {
    const text = `${IMPORTS}m = nn.Linear(3, 2)\nm.bias.requires_grad = False\nopt = SGD([m.weight], lr=1)\n`;
    const parameters = topLevel(text).modules.get('m')?.parameters;
    const { writer, shape, size } = parameters?.get('bias') ?? assert.fail('no bias');
    assert.ok(writer && writer !== 'several');
    assert.equal(text.slice(writer.start, writer.end), 'm.bias.requires_grad = False');
    assert.deepEqual([shape, size], [[2], 2]);
    assert.deepEqual(parameters?.get('weight')?.optimizers, ['opt']);
    assert.deepEqual(parameters?.get('bias')?.optimizers, []);
  });

  it('draws a tree with classes and counts', () => {
    const snapshot = topLevel(
      `${IMPORTS}m = nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))\nm[0].requires_grad_(False)\n`,
    );
    const tree = freezeTree(snapshot.modules.get('m') ?? assert.fail('no m'));
    assert.deepEqual([tree.className, tree.verdict, tree.tensors, tree.size], ['Sequential', 'mixed', 4, 11]);
    assert.deepEqual(
      tree.children.map(({ path, className, verdict }) => [path, className, verdict]),
      [
        ['0', 'Linear', 'frozen'],
        ['1', 'Sequential', 'trainable'],
      ],
    );
    assert.deepEqual(
      tree.children[1]?.children.map(({ path, verdict }) => [path, verdict]),
      [
        ['1.0', 'none'],
        ['1.1', 'trainable'],
      ],
    );
    assert.equal(tree.trainableSize, 3);
  });

  it('shows what two models have in common where one of them was chosen', () => {
    const snapshot = topLevel(
      `${IMPORTS}from settings import big\nm = nn.Linear(2, 2) if big else nn.Linear(2, 2, bias=False)\n`,
    );
    assert.equal(snapshot.modules.get('m')?.complete, false);
    assert.equal(flagOf(snapshot, 'm', 'weight'), 'trainable');
    assert.equal(flagOf(snapshot, 'm', 'bias'), 'unknown');
  });

  it('lists the classes of a model whose names are unknown', () => {
    const snapshot = topLevel(
      `${IMPORTS}import timm\nm = timm.create_model("x")\nfor name, p in m.named_parameters():\n    p.requires_grad = "fc" in name\n`,
    );
    assert.deepEqual(
      snapshot.modules.get('m')?.unlisted.map(({ flag, answers }) => [flag, answers[0]?.yes]),
      [
        ['trainable', true],
        ['frozen', false],
      ],
    );
  });

  it('reaches functions inside functions and methods that nothing calls, and knows what these bound', () => {
    for (const [header, indent] of [
      ['def train():', ''],
      ['class Trainer:\n    def train(self):', '    '],
    ] as const) {
      const body = [
        'net = nn.Linear(2, 2)',
        'net.requires_grad_(False)',
        'def closure(layer):',
        '    net.bias.requires_grad = True',
        '    |layer.weight.requires_grad_(False)',
        'return closure',
      ];
      const program = `${IMPORTS}${header}\n${body.map((line) => `${indent}    ${line}\n`).join('')}`;
      const [snapshot, scope] = knownAt(program, 'visible');
      assert.equal(scope, 'closure');
      assert.equal(flagOf(snapshot, 'net', 'bias'), 'trainable');
      // Whoever calls it may have thawed the weight before.
      assert.equal(flagOf(snapshot, 'net', 'weight'), 'unknown');
      assert.equal(snapshot?.modules.get('net')?.complete, true);
    }
  });

  it('holds an exception in a function that nothing calls to be none of the program', () => {
    assert.equal(analyse(parser.parse(`${IMPORTS}def check():\n    raise ValueError("no")\n`)).raises, null);
  });
});
