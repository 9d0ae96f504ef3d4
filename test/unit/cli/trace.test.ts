import assert from 'node:assert/strict';
import { CommandLine } from './command-line.ts';

const program = `import torch.nn as nn
from torch.optim import SGD


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 2, bias=False)


def build(model):
    model.body.requires_grad_(False)
    return SGD(model.head.parameters(), lr=0.1)


net = Net()
optimizer = build(net)
net.body.bias.requires_grad = True
`;

let commandLine: CommandLine;
beforeEach(async () => {
  commandLine = await CommandLine.create({ 'train.py': program });
});
afterEach(async () => {
  await commandLine.remove();
});

const run = (...args: string[]) => commandLine.run(['trace', ...args]);
const json = async (...args: string[]) =>
  JSON.parse((await run('--output-format', 'json', ...args)).stdout) as Record<string, unknown>;

describe('freezelint trace', () => {
  it('shows a tree for each model, and what each optimizer holds', async () => {
    const { stdout, stderr, exitCode } = await run('train.py');
    assert.equal(
      stdout,
      `train.py, at the end of the program

◐ net         Net     28 (12 trainable)  mixed
◐ ├ body      Linear  20 (4 trainable)   mixed
❄ │ ├ weight  [4, 4]  16                 frozen     line 13  in no optimizer
● │ └ bias    [4]     4                  trainable  line 19  in no optimizer
● └ head      Linear  8                  trainable  as made  in optimizer

optimizer: SGD of line 14 holds 1 parameter

train.py, at the end of build

◐ model   Net     28 (8 trainable)  mixed
❄ ├ body  Linear  20                frozen     line 13  in no optimizer
● └ head  Linear  8                 trainable  as made  in no optimizer

`,
    );
    assert.equal(stderr, '');
    assert.equal(exitCode, 0);
  });

  it('prints one JSON object a line for each file', async () => {
    const modules = {
      net: {
        class: 'Net',
        complete: true,
        parameters: { 'body.weight': 'frozen', 'body.bias': 'trainable', 'head.weight': 'trainable' },
      },
    };
    const optimizers = {
      optimizer: { line: 14, class: 'SGD', complete: true, parameters: ['net.head.weight'], detached: 0 },
    };
    const parameters = { 'body.weight': 'trainable', 'body.bias': 'trainable', 'head.weight': 'trainable' };
    const frozen = { ...parameters, 'body.weight': 'frozen', 'body.bias': 'frozen' };
    assert.deepEqual(await json('train.py'), {
      file: 'train.py',
      line: null,
      modules,
      optimizers,
      raises: null,
      scopes: {
        'Net.__init__': {
          modules: {
            self: { class: 'Net', complete: true, parameters },
            'self.body': {
              class: 'Linear',
              complete: true,
              parameters: { weight: 'trainable', bias: 'trainable' },
            },
            'self.head': { class: 'Linear', complete: true, parameters: { weight: 'trainable' } },
          },
          optimizers: {},
        },
        build: { modules: { model: { class: 'Net', complete: true, parameters: frozen } }, optimizers: {} },
      },
    });
    await commandLine.write('other.py', 'import torch\n');
    const { stdout } = await run('--output-format', 'json', 'train.py', 'other.py');
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { file: string }).file),
      ['train.py', 'other.py'],
    );
  });

  it('tells the state just before a line, in the function that holds it', async () => {
    const inside = await json('train.py', '--line', '13');
    assert.deepEqual(Object.keys(inside.modules as object), ['model']);
    assert.equal(inside.line, 13);
    const outside = (await json('train.py', '--line', '19')) as {
      modules: { net: { parameters: Record<string, string> } };
    };
    assert.equal(outside.modules.net.parameters['body.bias'], 'frozen');
    assert.match((await run('train.py', '--line', '14')).stdout, /^train\.py, before line 14 in build\n/);
    assert.match(
      (await run('train.py', '--line', '8')).stdout,
      /^train\.py, before line 8 in Net\.__init__\n/,
    );
  });

  it('says where no path leads to a line', async () => {
    await commandLine.write('ends.py', 'import torch\nraise SystemExit(1)\nprint(torch)\n');
    const { stdout, exitCode } = await run('ends.py', '--line', '3');
    assert.match(stdout, /^ends\.py: line 2 raises SystemExit/);
    assert.match(stdout, /^ends\.py, before line 3: the analysis never gets there$/m);
    assert.equal(exitCode, 0);
    assert.deepEqual((await json('ends.py', '--line', '3')).modules, {});
  });

  it('tells the exception that ends the program', async () => {
    await commandLine.write(
      'empty.py',
      'import torch\nm = torch.nn.Linear(2, 2)\no = torch.optim.SGD([], lr=1)\nm.requires_grad_(False)\n',
    );
    const record = await json('empty.py');
    assert.deepEqual(record.raises, { line: 3, error: 'ValueError' });
    assert.deepEqual(record.optimizers, {});
    assert.deepEqual(record.modules, {
      m: { class: 'Linear', complete: true, parameters: { weight: 'trainable', bias: 'trainable' } },
    });
    const { stdout } = await run('empty.py');
    assert.match(stdout, /^empty\.py: line 3 raises ValueError, which ends the program\n/);
  });

  it('shows what is known of a model whose tree is unknown', async () => {
    await commandLine.write(
      'factory.py',
      'import timm, torch\nm = timm.create_model("x")\nfor n, p in m.named_parameters():\n    p.requires_grad = "fc" in n\no = torch.optim.SGD([p for p in m.parameters() if p.requires_grad], lr=1)\n',
    );
    const { stdout } = await run('factory.py');
    assert.match(stdout, /● ├ \(name contains "fc"\) +trainable {2}line 4 {2}in o\n/);
    assert.match(stdout, /❄ └ \(name does not contain "fc"\) +frozen {5}line 4 {2}in no optimizer\n/);
    const record = await json('factory.py');
    assert.deepEqual(record.modules, { m: { class: '', complete: false, parameters: {} } });
    assert.deepEqual(record.optimizers, {
      o: { line: 5, class: 'SGD', complete: false, parameters: [], detached: 0 },
    });
  });

  it('lists behind the events where a budget ran out', async () => {
    await commandLine.write(
      'deep.py',
      `import torch
def f(model):
    return f(model)
for index in range(1000):
    f(torch.nn.Linear(2, 2))
`,
    );
    const lines = (await run('deep.py', '--events')).stdout
      .split('\n')
      .filter((line) => line.includes('budget'));
    assert.deepEqual(lines, [
      'deep.py:4:14 budget: this range is too long to be written out; its length is unknown: range(1000)',
      'deep.py:3:12 budget: recursion goes too deep; what this call does is unknown: f(model)',
    ]);
  });

  it('lists events in order, with place, kind and words', async () => {
    const { stdout } = await run('train.py', '--events');
    const lines = stdout.trimEnd().split('\n');
    assert.ok(
      lines.includes('train.py:13:5 flagWritten: freezes 2 parameters: model.body.requires_grad_(False)'),
      stdout,
    );
    assert.ok(
      lines.includes(
        'train.py:14:12 optimizerBuilt: SGD takes 1 parameter: SGD(model.head.parameters(), lr=0.1)',
      ),
      stdout,
    );
    assert.match(lines.at(-1) ?? '', /^train\.py:19:1 flagWritten: makes trainable 1 parameter: /);
  });

  it('prints the syntax tree and the control flow', async () => {
    const tree = (await run('train.py', '--syntax-tree')).stdout;
    assert.match(tree, /^statement: import 1:1-1:22\n {2}names: path="torch\.nn" alias="nn"\n/);
    assert.match(tree, /^ {2}value: call 17:7-17:12\n {4}callee: name 17:7-17:10 id="Net"$/m);
    const flow = (await run('train.py', '--control-flow')).stdout;
    assert.match(flow, /^top level\n {2}1:\n {5}line 1 {2}import torch\.nn as nn\n/);
    assert.match(flow, /^def Net\.__init__$/m);
  });

  describe('of a notebook', () => {
    const cells = [
      { cell_type: 'markdown', source: '# Training', metadata: {} },
      ...[
        'import torch\n!nvidia-smi\nmodel = torch.nn.Linear(4, 2)',
        'model.weight.requires_grad = False\n\noptimizer = torch.optim.SGD(\n    [model.bias], lr=0.1)',
        'optimizer.add_param_group({"params": model.bias})',
      ].map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null })),
    ];
    const notebook = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
    beforeEach(() => commandLine.write('train.ipynb', notebook));

    it('takes the cells for one program, and tells lines by their cell', async () => {
      const { stdout, stderr } = await run('train.ipynb');
      assert.equal(stderr, '');
      assert.equal(
        stdout,
        `train.ipynb: line 1 of cell 4 raises ValueError, which ends the program

train.ipynb, when it raises

◐ model     Linear  10 (2 trainable)  mixed
❄ ├ weight  [2, 4]  8                 frozen     line 1 of cell 3  in no optimizer
● └ bias    [2]     2                 trainable  as made           in optimizer

optimizer: SGD of line 3 of cell 3 holds 1 parameter

`,
      );
      const events = (await run('train.ipynb', '--events')).stdout;
      assert.match(events, /^train\.ipynb:cell 3:1:1 flagWritten: freezes 1 parameter: /m);
    });

    it('has the cell beside each line in JSON', async () => {
      const optimizer = {
        line: 3,
        cell: 3,
        class: 'SGD',
        complete: true,
        parameters: ['model.bias'],
        detached: 0,
      };
      const parameters = { weight: 'frozen', bias: 'trainable' };
      assert.deepEqual(await json('train.ipynb'), {
        file: 'train.ipynb',
        line: null,
        modules: { model: { class: 'Linear', complete: true, parameters } },
        optimizers: { optimizer },
        raises: { line: 1, cell: 4, error: 'ValueError' },
        scopes: {},
      });
    });

    it('tells the state before a line of a cell', async () => {
      const record = await json('train.ipynb', '--line', '3:1');
      assert.equal(record.cell, 3);
      assert.equal(record.line, 1);
      const parameters = { weight: 'trainable', bias: 'trainable' };
      assert.deepEqual(record.modules, { model: { class: 'Linear', complete: true, parameters } });
      const { stdout } = await run('train.ipynb', '--line', '4:1');
      assert.match(stdout, /^train\.ipynb, before line 1 of cell 4$/m);
    });

    it('says so where there is no such line', async () => {
      for (const [line, said] of [
        ['2', 'lines of a notebook count within a cell; say --line CELL:2'],
        ['1:1', 'there is no code cell 1'],
        ['5:1', 'there is no code cell 5'],
        ['3:9', 'there is no line 9 in cell 3; the last one is 4'],
      ] as const) {
        const { stdout, stderr, exitCode } = await run('train.ipynb', '--line', line);
        assert.deepEqual([stdout, stderr, exitCode], ['', `train.ipynb: ${said}\n`, 2]);
      }
      const { stderr } = await run('train.py', '--line', '2:1');
      assert.equal(stderr, 'train.py: it has no cells; say --line 1\n');
    });

    it('reads one from stdin where its name says so, and refuses other languages', async () => {
      const args = ['trace', '-', '--stdin-filename', 'x.ipynb'];
      const { stdout } = await commandLine.run(args, { stdin: notebook });
      assert.match(stdout, /^x\.ipynb: line 1 of cell 4 raises/);
      const julia = JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: { language_info: { name: 'julia' } },
        cells,
      });
      const refused = await commandLine.run(args, { stdin: julia });
      assert.equal(refused.stderr, 'x.ipynb: a notebook of another language than Python\n');
      assert.equal(refused.exitCode, 2);
    });
  });

  it('reads stdin', async () => {
    const { stdout } = await commandLine.run(['trace', '-', '--stdin-filename', 'x.py'], { stdin: program });
    assert.match(stdout, /^x\.py, at the end of the program\n/);
  });

  it('colours what it shows a terminal', async () => {
    const { stdout } = await commandLine.run(['trace', 'train.py'], { colour: true });
    assert.ok(stdout.includes('\u001b[36m❄ '), stdout);
  });

  it('traces what is sound of a file with syntax errors, and says so', async () => {
    await commandLine.write('broken.py', `${program}x = = 1\n`);
    const { stdout, stderr, exitCode } = await run('broken.py');
    assert.match(stdout, /◐ net/);
    assert.match(stderr, /^broken\.py:20:\d+: syntax error; these lines are left out of the trace\n$/);
    assert.equal(exitCode, 2);
  });

  it('says what is wrong with a file, and traces the others', async () => {
    await commandLine.write('cells.ipynb', '{}');
    const { stdout, stderr, exitCode } = await run('missing.py', 'cells.ipynb', 'train.py');
    assert.match(stderr, /^missing\.py: no such file or folder$/m);
    assert.match(stderr, /^cells\.ipynb: /m);
    assert.match(stdout, /◐ net/);
    assert.equal(exitCode, 2);
  });

  it('says so where a file has nothing to do with torch', async () => {
    await commandLine.write('plain.py', 'x = 1\n');
    const { stdout, stderr, exitCode } = await run('plain.py');
    assert.equal(stderr, 'plain.py: it never mentions torch, so there may be nothing to trace\n');
    assert.equal(stdout, 'plain.py, at the end of the program\nno modules and no optimizers\n\n');
    assert.equal(exitCode, 0);
  });

  it('says so where there is no such line', async () => {
    const { stdout, stderr, exitCode } = await run('train.py', '--line', '200');
    assert.equal(stdout, '');
    assert.equal(stderr, 'train.py: there is no line 200; the last one is 20\n');
    assert.equal(exitCode, 2);
  });

  it('refuses wrong use', async () => {
    for (const args of [
      [],
      ['train.py', '--line', 'x'],
      ['train.py', '--line', '0'],
      ['train.py', '--line', '0:1'],
      ['train.py', '--output-format', 'xml'],
      ['train.py', '--events', '--syntax-tree'],
      ['train.py', '--events', '--line', '3'],
      ['-', 'train.py'],
    ]) {
      const { exitCode, stdout, stderr } = await run(...args);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^freezelint trace: .*\nTry `freezelint trace --help`\.\n$/);
    }
  });
});
