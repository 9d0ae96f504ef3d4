import assert from 'node:assert/strict';
import type { Rule } from '../../../src/rules/rule.ts';
import { fakeEngine, wordRule } from '../lint/fake-engine.ts';
import { CommandLine } from './command-line.ts';

describe('freezelint check', () => {
  let commandLine: CommandLine;
  const setUp = async (files: Record<string, string | Uint8Array>) => {
    commandLine = await CommandLine.create(files);
    return commandLine;
  };
  afterEach(async () => {
    await commandLine.remove();
  });

  const check = (...args: string[]) => commandLine.run(['check', ...args]);

  describe('in folders', () => {
    const names = async (...args: string[]) =>
      (await check(...args)).stdout
        .split('\n')
        .filter((line) => line.includes('FRZ101'))
        .map((line) => line.split(':')[0]);
    const bad = 'import torch\nwrong\n';

    it('finds Python files, in order, from the current folder by default', async () => {
      await setUp({
        'b.py': bad,
        'a/z.py': bad,
        'a/b/c.py': bad,
        'a.txt': bad,
        's.pyi': bad,
      });
      assert.deepEqual(await names(), ['a/b/c.py', 'a/z.py', 'b.py']);
      assert.deepEqual(await names('a'), ['a/b/c.py', 'a/z.py']);
    });

    it('lints each file once', async () => {
      await setUp({ 'a/b.py': bad });
      assert.deepEqual(await names('a/b.py', '.', 'a'), ['a/b.py']);
    });

    it('leaves out folders of others', async () => {
      await setUp({
        'venv/lib/a.py': bad,
        'node_modules/a.py': bad,
        'x/__pycache__/a.py': bad,
        'build/a.py': bad,
        'ok/builder/a.py': bad,
      });
      assert.deepEqual(await names('.'), ['ok/builder/a.py']);
      assert.deepEqual(await names('venv/lib/a.py'), ['venv/lib/a.py']);
      assert.deepEqual(await names('build'), ['build/a.py']);
    });

    it('respects .gitignore files, nested ones and those above', async () => {
      await setUp({
        '.git/HEAD': '',
        '.gitignore': '/data/\n/sub/DATA\n*_generated.py\n!keep_generated.py\n',
        'data/a.py': bad,
        'data/.gitignore': '!*.py',
        'sub/data/a.py': bad,
        'sub/a_generated.py': bad,
        'sub/keep_generated.py': bad,
        'sub/.gitignore': 'local.py\n!b_generated.py\n',
        'sub/local.py': bad,
        'sub/b_generated.py': bad,
        'local.py': bad,
        'sub/Data/a.py': bad,
      });
      const expected = ['sub/Data/a.py', 'sub/b_generated.py', 'sub/data/a.py', 'sub/keep_generated.py'];
      assert.deepEqual(await names('.'), ['local.py', ...expected]);
      assert.deepEqual(await names('sub'), expected);
      assert.deepEqual(await names('sub/local.py'), ['sub/local.py']);
    });

    it('respects negations, and what git forgets with an ignored folder', async () => {
      await setUp({
        '.git/HEAD': '',
        '.gitignore': 'runs/*\n!runs/keep/\n*.tmp.py\n',
        'runs/old/a.py': bad,
        'runs/keep/a.py': bad,
        'runs/keep/b.tmp.py': bad,
        'runs/keep/.gitignore': '!b.tmp.py\n/deep/\n',
        'runs/keep/deep/.gitignore': '!c.py\n',
        'runs/keep/deep/c.py': bad,
        'runs/old/.gitignore': '!a.py\n',
      });
      assert.deepEqual(await names('.'), ['runs/keep/a.py', 'runs/keep/b.tmp.py']);
    });

    it('says when there is nothing', async () => {
      await setUp({ 'readme.txt': '' });
      assert.deepEqual(await check('.'), {
        exitCode: 0,
        stdout: 'No problems found in 0 files.\n',
        stderr: 'No Python files found.\n',
      });
    });
  });

  describe('with a pyproject.toml', () => {
    it('uses the nearest for each file', async () => {
      await setUp({
        'pyproject.toml': '[tool.freezelint.severity]\nFRZ101 = "warning"\n',
        'a.py': 'import torch\nwrong\n',
        'sub/pyproject.toml': '[tool.freezelint]\nselect = ["FRZ408"]\n',
        'sub/b.py': 'import torch\nwrong\nmild\n',
      });
      const { stdout } = await check();
      assert.match(stdout, /^a\.py:2:1: warning FRZ101 .*\nsub\/b\.py:3:1: hint FRZ408 .*\nFound 2/);
    });

    it('lets the command line decide', async () => {
      await setUp({
        'pyproject.toml': '[tool.freezelint]\nignore = ["FRZ101"]\n',
        'a.py': 'import torch\nwrong\ndoubtful\n',
      });
      assert.match((await check('--select', 'FRZ101')).stdout, /^a\.py:2:1: error FRZ101/);
      assert.match((await check('--ignore', 'FRZ102')).stdout, /^No problems/);
    });

    it('leaves out what it excludes, unless it is named', async () => {
      await setUp({
        'pyproject.toml': '[tool.freezelint]\nexclude = ["old/", "*_test.py"]\n',
        'old/a.py': 'import torch\nwrong\n',
        'x/a_test.py': 'import torch\nwrong\n',
      });
      assert.equal((await check()).exitCode, 0);
      assert.equal((await check('old/a.py')).exitCode, 1);
    });

    it('leaves out rules in the files where it says so, whatever is selected', async () => {
      await setUp({
        'pyproject.toml': '[tool.freezelint.per-file-ignores]\n"old_*.py" = ["FRZ1"]\n',
        'a.py': 'import torch\nwrong\n',
        'sub/old_a.py': 'import torch\nwrong\n',
      });
      assert.match((await check('--select', 'FRZ1')).stdout, /^a\.py:2:1: .*\nFound 1 problem/);
      assert.equal((await check('sub/old_a.py')).exitCode, 0, 'named files too');
      const args = ['check', '-', '--stdin-filename', 'sub/old_b.py'];
      assert.equal((await commandLine.run(args, { stdin: 'import torch\nwrong\n' })).exitCode, 0);
    });

    it('hands its version of PyTorch to the rules, unless the command line has another', async () => {
      await setUp({
        'pyproject.toml': '[tool.freezelint]\ntorch-version = "1.13.1"\n',
        'a.py': 'import torch\n',
      });
      const rule: Rule = {
        ...wordRule('FRZ101', 'x'),
        check: ({ torchVersion }) => [{ message: `torch ${torchVersion}`, span: { start: 0, end: 1 } }],
      };
      const version = async (...args: string[]) => {
        const outcome = await commandLine.run(['check', ...args], { engine: fakeEngine([rule]) });
        return /torch \d+/.exec(outcome.stdout)?.[0];
      };
      assert.equal(await version(), 'torch 1');
      assert.equal(await version('--torch-version', '2.1'), 'torch 2');
      await commandLine.write('pyproject.toml', '');
      assert.equal(await version(), 'torch 2');
      assert.match((await check('--torch-version', 'new')).stderr, /"new" is no version such as 2\.1/);
    });

    it('stops at a mistake in it, naming the place', async () => {
      await setUp({
        'a.py': 'import torch\nwrong\n',
        'sub/pyproject.toml': '[tool.freezelint]\nselekt = []\n',
        'sub/b.py': '',
      });
      const { stdout, stderr, exitCode } = await check();
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /sub\/pyproject\.toml:2: tool\.freezelint\.selekt: there is no such key/);
    });
  });
});
