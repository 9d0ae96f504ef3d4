import assert from 'node:assert/strict';
import { CommandLine } from './command-line.ts';

const deck = `format: freezelint-deck/1
id: test-deck
title: Test
minutes: 1
items:
  - id: why-freeze
    kind: explain
    level: beginner
    prompt: Why freeze?
    hint: Think of the weights.
    concepts:
      - {id: weights-fixed, text: The weights stay, accept: [[weight], [fixed]]}
      - {id: saves-time, text: It is faster, accept: [[faster]]}
`;

let commandLine: CommandLine;
const run = (...args: string[]) => commandLine.run(args);

beforeEach(async () => {
  commandLine = await CommandLine.create({ 'deck.yaml': deck });
});
afterEach(async () => {
  await commandLine.remove();
});

describe('freezelint', () => {
  it('tells its version', async () => {
    assert.deepEqual(await run('--version'), { exitCode: 0, stdout: 'freezelint 1.2.3\n', stderr: '' });
  });

  it('helps, in general and with each command', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      assert.match((await run(...args)).stdout, /Commands:\n {2}check/);
    }
    for (const command of ['check', 'trace', 'rule', 'deck', 'server']) {
      const { stdout, exitCode } = await run(command, '--help');
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`Usage: freezelint ${command} `));
      assert.equal((await run('help', command)).stdout, stdout);
    }
  });

  it('names every option in the help of its command', async () => {
    const { stdout } = await run('check', '--help');
    for (const option of [
      'output-format',
      'fix',
      'unsafe-fixes',
      'select',
      'ignore',
      'torch-version',
      'diff',
      'statistics',
      'no-cache',
      'exit-zero',
      'stdin-filename',
    ]) {
      assert.ok(stdout.includes(`  --${option}`), option);
    }
  });

  it('refuses commands it does not have', async () => {
    for (const args of [['lint'], ['constructor'], [], ['help', 'lint']]) {
      const { exitCode, stderr } = await run(...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, /^freezelint: .*\nTry `freezelint --help`\.\n$/);
    }
  });
});

describe('freezelint rule', () => {
  it("prints a rule's page as Markdown, by code or name", async () => {
    const { stdout, exitCode } = await run('rule', 'FRZ101');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^# no-wrong \(FRZ101\)\n\nThe word wrong \| is wrong\.\n/);
    assert.match(stdout, /## Example\n\n```python\nimport torch\n\nwrong = 1\n```\n\n## Use instead\n/);
    assert.equal((await run('rule', 'no-wrong')).stdout, stdout);
    assert.equal((await run('rule', 'frz101')).stdout, stdout);
  });

  it('prints it as JSON', async () => {
    const record = JSON.parse((await run('rule', 'FRZ408', '--output-format', 'json')).stdout);
    assert.equal(record.code, 'FRZ408');
    assert.equal(record.severity, 'hint');
    assert.equal(record.documentation.whatItDoes, 'Finds a word.');
    assert.match(record.markdown, /^# no-mild/);
  });

  it('prints all rules', async () => {
    assert.equal((await run('rule', '--all')).stdout.match(/^# /gm)?.length, 3);
    const records = JSON.parse((await run('rule', '--all', '--output-format', 'json')).stdout);
    assert.deepEqual(
      records.map(({ code }: { code: string }) => code),
      ['FRZ101', 'FRZ102', 'FRZ408'],
    );
  });

  it('refuses what names no rule or several', async () => {
    for (const args of [[], ['FRZ999'], ['FRZ1'], ['ALL'], ['--all', 'FRZ101']]) {
      assert.equal((await run('rule', ...args)).exitCode, 2);
    }
  });
});

describe('freezelint deck', () => {
  it('finds a deck sound', async () => {
    assert.deepEqual(await run('deck', 'check', 'deck.yaml'), {
      exitCode: 0,
      stdout: 'The deck is sound.\n',
      stderr: '',
    });
  });

  it('reports mistakes with file, line and key, in every file', async () => {
    await commandLine.write('bad.yaml', deck.replace('beginner', 'novice'));
    const { stdout, stderr, exitCode } = await run('deck', 'check', 'missing.yaml', 'bad.yaml', 'deck.yaml');
    assert.match(stdout, /^bad\.yaml:8:\d+: items\[0\]\.level: .*\n$/);
    assert.equal(stderr, 'missing.yaml: no such file or folder\n');
    assert.equal(exitCode, 2);
    assert.equal((await run('deck', 'check', 'bad.yaml')).exitCode, 1);
  });

  it('grades an answer', async () => {
    const grade = ['deck', 'grade', 'deck.yaml', 'why-freeze', '--output-format', 'json'];
    const expected = {
      concepts: [
        { id: 'weights-fixed', found: true, matched: ['weights', 'fixed'] },
        { id: 'saves-time', found: false, matched: [] },
      ],
      score: 1,
    };
    const answer = 'The weights are fixed.';
    assert.deepEqual(JSON.parse((await run(...grade, '--answer', answer)).stdout), expected);
    const fromStdin = await commandLine.run([...grade, '--answer', '-'], { stdin: answer });
    assert.deepEqual(JSON.parse(fromStdin.stdout), expected);
  });

  it('grades for people, too', async () => {
    const { stdout } = await run('deck', 'grade', 'deck.yaml', 'why-freeze', '--answer', 'It is faster');
    assert.equal(stdout, '✗ weights-fixed\n✓ saves-time (faster)\n1 of 2 concepts\n');
  });

  it('refuses wrong use', async () => {
    for (const args of [
      [],
      ['check'],
      ['burn'],
      ['grade', 'deck.yaml', '--answer', 'x'],
      ['grade', 'deck.yaml', 'why-freeze'],
      ['grade', 'deck.yaml', 'other', '--answer', 'x'],
    ]) {
      const { exitCode, stdout, stderr } = await run('deck', ...args);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^freezelint deck: /);
    }
  });
});

describe('freezelint server', () => {
  it('becomes the language server, with what editors pass and without', async () => {
    for (const args of [[], ['--stdio'], ['--stdio', '--clientProcessId=7']]) {
      assert.match((await run('server', ...args)).stderr, /the server is started/);
    }
  });

  it('takes nothing else', async () => {
    const { stderr, exitCode } = await run('server', 'train.py');
    assert.match(stderr, /freezelint server: .*"train\.py"/);
    assert.equal(exitCode, 2);
    assert.equal((await run('server', '--socket=1234')).exitCode, 2);
  });
});
