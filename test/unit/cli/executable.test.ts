import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rules } from '../../../src/rules/registry.ts';
import { CommandLine, type Outcome } from './command-line.ts';

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** Runs the real program, with the real rules, as a process of its own. */
async function execute(folder: string, args: readonly string[], stdin = ''): Promise<Outcome> {
  const child = spawn(process.execPath, ['--import', loader, program, ...args], { cwd: folder });
  child.stdin.end(stdin);
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, stdout, stderr };
}

const buggy = `import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
for param in model.parameters():
    param.requires_grad(False)
`;

describe('the executable', () => {
  let commandLine: CommandLine;
  beforeEach(async () => {
    commandLine = await CommandLine.create({ 'train.py': buggy, 'fine.py': 'import torch\n' });
  });
  afterEach(async () => {
    await commandLine.remove();
  });

  it('reports a freezing bug as JSON and exits 1', async () => {
    const { stdout, stderr, exitCode } = await execute(commandLine.folder, [
      'check',
      '.',
      '--output-format',
      'json',
    ]);
    assert.equal(stderr, '');
    const [record, ...others] = JSON.parse(stdout);
    assert.deepEqual(others, []);
    assert.equal(record.code, 'FRZ206');
    assert.equal(record.filename, 'train.py');
    assert.equal(record.location.row, 6);
    assert.equal(exitCode, 1);
  });

  it('repairs it, and is then content', async () => {
    const { stdout, exitCode } = await execute(commandLine.folder, ['check', '.', '--fix']);
    assert.match(stdout, /Fixed 1 problem in 1 file\./);
    assert.equal(exitCode, 0);
    const repaired = await readFile(path.join(commandLine.folder, 'train.py'), 'utf-8');
    assert.equal(repaired, buggy.replace('param.requires_grad(False)', 'param.requires_grad_(False)'));
    assert.equal((await execute(commandLine.folder, ['check', 'train.py'])).exitCode, 0);
  });

  it('reads stdin', async () => {
    const { stdout, exitCode } = await execute(commandLine.folder, ['check', '-'], buggy);
    assert.match(stdout, /^-:6:\d+: error FRZ206/);
    assert.equal(exitCode, 1);
  });

  it('exits 2 on wrong use', async () => {
    const { stdout, stderr, exitCode } = await execute(commandLine.folder, ['check', '--nonsense']);
    assert.equal(stdout, '');
    assert.match(stderr, /--nonsense/);
    assert.equal(exitCode, 2);
  });

  it('explains every rule', async () => {
    const { stdout, exitCode } = await execute(commandLine.folder, ['rule', '--all']);
    assert.equal(exitCode, 0);
    for (const { code, name } of rules) assert.ok(stdout.includes(`# ${name} (${code})\n`), code);
  });
});
