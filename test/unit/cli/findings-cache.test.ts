import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { analyse } from '../../../src/analysis/analyse.ts';
import { rules } from '../../../src/rules/registry.ts';
import { CommandLine } from './command-line.ts';

const MAIN = `import torch
from nets import net

net.requires_grad = False
`;
const NETS = `from torch import nn

net = nn.Linear(2, 2)
`;

describe('the cache of freezelint check', () => {
  let commandLine: CommandLine;
  let analysed: number;
  const engine = {
    analyse: (...args: Parameters<typeof analyse>) => {
      analysed++;
      return analyse(...args);
    },
    rules,
  };
  const check = async (args: readonly string[] = [], build = 'one') => {
    analysed = 0;
    const { stdout, stderr, exitCode } = await commandLine.run(['check', '.', ...args], { engine, build });
    return { stdout, stderr, exitCode, analysed };
  };
  const inFolder = (name: string): string => path.join(commandLine.folder, name);
  const stored = (): string => inFolder('.freezelint_cache/findings.json');

  beforeEach(async () => {
    commandLine = await CommandLine.create({
      'main.py': MAIN,
      'nets.py': NETS,
      'broken.py': 'import torch\ntorch.nn.(\n',
      'train.ipynb': notebook(MAIN),
    });
  });
  afterEach(() => commandLine.remove());

  it('says the same again without analysing anything', async () => {
    const first = await check();
    assert.match(first.stdout, /main\.py:4:1: error FRZ101/);
    assert.match(first.stdout, /train\.ipynb:cell 1:4:1: error FRZ101/);
    assert.match(first.stderr, /broken\.py:2:1: syntax error/);
    assert.ok(first.analysed >= 4, `${first.analysed} files are analysed`);
    assert.deepEqual(await check(), { ...first, analysed: 0 });
  });

  it('gives the same records, with fixes and related places in other files', async () => {
    await writeFile(
      inFolder('main.py'),
      'import torch\nfrom nets import net\n\nnet.requires_grad_(False)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n' +
        'net.requires_grad_(True)\nnet.requires_grad = False\nnet(torch.ones(2)).sum().backward()\noptimizer.step()\n',
    );
    const json = ['--output-format', 'json'];
    const first = await check(json);
    assert.match(first.stdout, /"fixes":\s*\[\s*\{/);
    assert.deepEqual(await check(json), { ...first, analysed: 0 });
    // Which findings are shown depends on the arguments, what was found does not.
    assert.equal((await check()).analysed, 0);
  });

  it('analyses what has changed, and what imports it', async () => {
    await check();
    await writeFile(inFolder('nets.py'), NETS.replace('nn.Linear(2, 2)', 'nn.Parameter(torch.ones(2))'));
    const { stdout, analysed } = await check();
    assert.equal(analysed, 3);
    assert.doesNotMatch(stdout, /FRZ101/);
  });

  it('counts for one configuration and one build only', async () => {
    const { analysed } = await check();
    assert.equal((await check(['--ignore', 'FRZ103'])).analysed, analysed);
    await check();
    assert.equal((await check([], 'two')).analysed, analysed);
  });

  it('is neither read nor written with --no-cache, --fix and --diff', async () => {
    for (const option of ['--no-cache', '--fix', '--diff']) {
      assert.ok((await check([option])).analysed >= 4);
      await assert.rejects(access(stored()), { code: 'ENOENT' });
    }
  });

  it('is done without where it cannot be read', async () => {
    const first = await check();
    for (const text of ['', '{}', '{"build":"one","files":{"a":3}}']) {
      await writeFile(stored(), text);
      assert.deepEqual(await check(), first);
    }
    assert.notEqual(await readFile(stored(), 'utf-8'), '');
    assert.equal(await readFile(inFolder('.freezelint_cache/.gitignore'), 'utf-8'), '*\n');
  });

  it('is done without where it cannot be written', async () => {
    await writeFile(inFolder('.freezelint_cache'), '');
    assert.match((await check()).stdout, /FRZ101/);
  });
});

function notebook(source: string): string {
  return JSON.stringify({
    cells: [{ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }],
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
