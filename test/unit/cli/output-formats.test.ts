import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from 'sarif';
import { rules } from '../../../src/rules/registry.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { fakeEngine, wordRule } from '../lint/fake-engine.ts';
import { CommandLine } from './command-line.ts';

describe('freezelint check writes', () => {
  let commandLine: CommandLine;
  const setUp = async (files: Record<string, string | Uint8Array>) => {
    commandLine = await CommandLine.create(files);
  };
  afterEach(async () => {
    await commandLine.remove();
  });
  const check = (...args: string[]) => commandLine.run(['check', ...args]);
  const read = (name: string) => readFile(path.join(commandLine.folder, name), 'utf-8');

  describe('for GitHub', () => {
    const github = (...args: string[]) => check('--output-format', 'github', ...args);

    it('a workflow command for each finding, with its severity and place', async () => {
      await setUp({ 'a.py': 'import torch\nx = wrong\ndoubtful\nmild\n' });
      const { stdout, exitCode } = await github('--select', 'ALL');
      assert.deepEqual(stdout.split('\n').slice(0, 3), [
        '::error title=Freezelint (FRZ101),file=a.py,line=2,endLine=2,col=5,endColumn=10::a.py:2:5: FRZ101 wrong found',
        '::warning title=Freezelint (FRZ102),file=a.py,line=3,endLine=3,col=1,endColumn=9::a.py:3:1: FRZ102 doubtful found',
        '::notice title=Freezelint (FRZ408),file=a.py,line=4,endLine=4,col=1,endColumn=5::a.py:4:1: FRZ408 mild found',
      ]);
      assert.equal(exitCode, 1);
      assert.ok(!(await github()).stdout.includes('FRZ408'));
    });

    it('what would end a command or a property, escaped', async () => {
      await setUp({ 'a,b:c%/x.py': 'import torch\n' });
      const rule: Rule = {
        ...wordRule('FRZ101', 'x'),
        check: () => [{ message: '100 %: a,\r\n::error::b', span: { start: 0, end: 1 } }],
      };
      const { stdout } = await commandLine.run(['check', '--output-format', 'github'], {
        engine: fakeEngine([rule]),
      });
      assert.equal(
        stdout.split('\n')[0],
        '::error title=Freezelint (FRZ101),file=a%2Cb%3Ac%25/x.py,line=1,endLine=1,col=1,endColumn=2' +
          '::a,b:c%25/x.py:1:1: FRZ101 100 %25: a,%0D%0A::error::b',
      );
    });

    it('no columns for a finding over several lines, which GitHub would refuse', async () => {
      await setUp({ 'a.py': 'import torch\n\n' });
      const rule: Rule = {
        ...wordRule('FRZ101', 'x'),
        check: () => [{ message: 'long', span: { start: 3, end: 14 } }],
      };
      const { stdout } = await commandLine.run(['check', '--output-format', 'github'], {
        engine: fakeEngine([rule]),
      });
      assert.match(stdout, /^::error title=Freezelint \(FRZ101\),file=a\.py,line=1,endLine=3::a\.py:1:4: /);
    });
  });

  describe('SARIF', () => {
    const sarif = async (...args: string[]): Promise<Log> =>
      JSON.parse((await check('--output-format', 'sarif', ...args)).stdout);

    it('with results that point to rules, places, related places and fixes', async () => {
      await setUp({ 'sub/a b.py': 'import torch\nx = wrong\n' });
      const log = await sarif();
      assert.equal(log.version, '2.1.0');
      assert.equal(log.$schema, 'https://json.schemastore.org/sarif-2.1.0.json');
      const artifactLocation = { uri: 'sub/a%20b.py' };
      const region = { startLine: 2, startColumn: 5, endLine: 2, endColumn: 10 };
      assert.equal(log.runs[0]?.columnKind, 'utf16CodeUnits');
      assert.deepEqual(log.runs[0]?.results, [
        {
          ruleId: 'FRZ101',
          ruleIndex: 0,
          level: 'error',
          message: { text: 'wrong found' },
          locations: [{ physicalLocation: { artifactLocation, region } }],
          relatedLocations: [
            {
              id: 1,
              message: { text: 'the file starts here' },
              physicalLocation: {
                artifactLocation,
                region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
              },
            },
          ],
          fixes: [
            {
              description: { text: 'Replace wrong' },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: [{ deletedRegion: region, insertedContent: { text: 'right' } }],
                },
              ],
            },
          ],
        },
      ]);
    });

    it('with every rule described, also where nothing is found', async () => {
      await setUp({ 'a.py': 'import torch\n' });
      const outcome = await commandLine.run(['check', '--output-format', 'sarif'], {
        engine: fakeEngine(rules),
      });
      const [run] = (JSON.parse(outcome.stdout) as Log).runs;
      assert.deepEqual(run?.results, []);
      assert.equal(run?.tool.driver.version, '1.2.3');
      assert.deepEqual(
        run?.tool.driver.rules?.map(({ id, name }) => [id, name]),
        rules.map(({ code, name }) => [code, name]),
      );
      for (const rule of run?.tool.driver.rules ?? []) {
        assert.ok(rule.shortDescription?.text && rule.fullDescription?.text && rule.help?.text, rule.id);
        assert.match(rule.help.markdown ?? '', new RegExp(`^# .* \\(${rule.id}\\)\n`));
        assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration?.level ?? ''), rule.id);
        assert.ok(URL.canParse(rule.helpUri ?? ''), rule.id);
      }
    });

    it('with the milder findings as notes', async () => {
      await setUp({ 'a.py': 'import torch\nmild\n' });
      const [result] = (await sarif()).runs[0]?.results ?? [];
      assert.equal(result?.level, 'note');
      assert.equal((await check('--output-format', 'sarif')).exitCode, 0);
    });

    it('with addresses for absolute paths', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      const [result] = (await sarif(path.join(commandLine.folder, 'a.py'))).runs[0]?.results ?? [];
      assert.match(
        result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '',
        /^file:\/\/\/.*\/a\.py$/,
      );
    });
  });

  describe('statistics', () => {
    it('of the rules that spoke, the most frequent first', async () => {
      await setUp({
        'a.py': 'import torch\nwrong\ndoubtful\ndoubtful\n',
        'b.py': 'import torch\ndoubtful\n',
      });
      const { stdout, exitCode } = await check('--statistics');
      assert.equal(
        stdout,
        [
          '3  FRZ102  [ ] no-doubtful',
          '1  FRZ101  [*] no-wrong',
          'Found 4 problems in 2 files. 1 can be fixed with --fix.',
          '',
        ].join('\n'),
      );
      assert.equal(exitCode, 1);
      assert.deepEqual(JSON.parse((await check('--statistics', '--output-format', 'json')).stdout), [
        { code: 'FRZ102', name: 'no-doubtful', count: 3, fixable: 0 },
        { code: 'FRZ101', name: 'no-wrong', count: 1, fixable: 1 },
      ]);
    });

    it('not in formats that have no place for them', async () => {
      await setUp({});
      for (const format of ['github', 'sarif']) {
        const { exitCode, stderr } = await check('--statistics', '--output-format', format);
        assert.equal(exitCode, 2);
        assert.match(stderr, /--statistics cannot be written in the format/);
      }
    });
  });

  describe('a diff', () => {
    it('of what fixes would change, and changes nothing', async () => {
      const text = 'import torch\r\nwrong\r\ndoubtful\r\n';
      await setUp({ 'sub/a.py': text, 'b.py': 'import torch\ndoubtful\n' });
      const safe = await check('--diff', '--fix');
      assert.deepEqual(safe, {
        exitCode: 1,
        stdout: [
          '--- sub/a.py',
          '+++ sub/a.py',
          '@@ -1,3 +1,3 @@',
          ' import torch\r',
          '-wrong\r',
          '+right\r',
          ' doubtful\r',
          '',
        ].join('\n'),
        stderr: 'Would fix 1 problem in 1 file.\n',
      });
      const all = await check('--diff', '--unsafe-fixes');
      assert.match(all.stdout, /^--- b\.py\n(?:[^\n]*\n)*--- sub\/a\.py\n(?:[^\n]*\n)*\+certain\r\n$/);
      assert.equal(all.stderr, 'Would fix 3 problems in 2 files.\n');
      assert.equal(await read('sub/a.py'), text);
    });

    it('and exits 0 where there is nothing to change, or with --exit-zero', async () => {
      await setUp({ 'a.py': 'import torch\ndoubtful\n', 'b.py': 'import torch\nwrong\n' });
      assert.deepEqual(await check('--diff', 'a.py'), {
        exitCode: 0,
        stdout: '',
        stderr: 'Would fix 0 problems in 0 files.\n',
      });
      assert.equal((await check('--diff', 'b.py', '--exit-zero')).exitCode, 0);
      assert.equal((await check('--diff', 'b.py', 'missing.py')).exitCode, 2);
    });

    it('of stdin instead of the repaired text', async () => {
      await setUp({});
      const { stdout } = await commandLine.run(['check', '-', '--diff'], { stdin: 'import torch\nwrong' });
      assert.match(stdout, /^--- -\n\+\+\+ -\n@@ -1,2 \+1,2 @@\n import torch\n-wrong\n/);
      assert.match(stdout, /\\ No newline at end of file\n$/);
    });
  });

  it('the same with --no-cache, as there is no cache', async () => {
    await setUp({ 'a.py': 'import torch\nwrong\n' });
    assert.deepEqual(await check('--no-cache'), await check());
  });
});
