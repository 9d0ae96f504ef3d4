import assert from 'node:assert/strict';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
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
  const read = (name: string) => readFile(path.join(commandLine.folder, name), 'utf-8');

  describe('exits', () => {
    it('0 where there is nothing to report', async () => {
      await setUp({ 'a.py': 'import torch\n' });
      assert.deepEqual(await check('a.py'), {
        exitCode: 0,
        stdout: 'No problems found in 1 file.\n',
        stderr: '',
      });
    });

    it('1 for an error and for a warning', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n', 'b.py': 'import torch\ndoubtful\n' });
      assert.equal((await check('a.py')).exitCode, 1);
      assert.equal((await check('b.py')).exitCode, 1);
    });

    it('0 for milder findings, which are shown only when selected', async () => {
      await setUp({ 'a.py': 'import torch\nmild\n' });
      assert.equal((await check('a.py')).stdout, 'No problems found in 1 file.\n');
      for (const select of ['FRZ408', 'ALL', 'no-mild']) {
        const { exitCode, stdout } = await check('a.py', '--select', select);
        assert.equal(exitCode, 0);
        assert.match(stdout, /^a\.py:2:1: hint FRZ408 mild found\n/);
      }
    });

    it('0 with --exit-zero, but 2 where something failed', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      assert.equal((await check('a.py', '--exit-zero')).exitCode, 0);
      assert.equal((await check('a.py', 'b.py', '--exit-zero')).exitCode, 2);
    });

    it('2 for wrong use, saying what is wrong, without a report', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      for (const [args, message] of [
        [['--output-format', 'xml'], /--output-format: "xml" is none of concise, full, json, github, sarif/],
        [['--select', 'FRZ999'], /no rule "FRZ999"/],
        [['--ignore', 'E501'], /no rule "E501"/],
        [['--nonsense'], /Unknown option '--nonsense'/],
        [['-', 'a.py'], /"-" cannot be combined/],
      ] as const) {
        const { exitCode, stdout, stderr } = await check(...args);
        assert.equal(exitCode, 2);
        assert.equal(stdout, '');
        assert.match(stderr, message);
        assert.match(stderr, /Try `freezelint check --help`/);
      }
    });

    it('2 for an internal error, which hides no other finding', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      const broken: Rule = {
        ...wordRule('FRZ103', 'x'),
        check: () => {
          throw new Error('no such luck');
        },
      };
      const engine = fakeEngine([broken, wordRule('FRZ101', 'wrong')]);
      const { exitCode, stdout, stderr } = await commandLine.run(['check', 'a.py'], { engine });
      assert.equal(exitCode, 2);
      assert.match(stdout, /FRZ101/);
      assert.equal(stderr, 'a.py: internal error in FRZ103: no such luck\n');
    });
  });

  describe('writes', () => {
    it('a line for each finding, and a summary', async () => {
      await setUp({ 'a.py': 'import torch\n  \nx = [wrong,\n doubtful]\n', 'b.py': 'import torch\nwrong\n' });
      const { stdout } = await check('a.py', 'b.py');
      assert.equal(
        stdout,
        [
          'a.py:3:6: error FRZ101 [*] wrong found',
          'a.py:4:2: warning FRZ102 doubtful found',
          'b.py:2:1: error FRZ101 [*] wrong found',
          'Found 3 problems in 2 files. 2 can be fixed with --fix.',
          '',
        ].join('\n'),
      );
    });

    it('JSON with exactly the agreed fields', async () => {
      await setUp({ 'a.py': 'import torch\nx = "😀", wrong\n' });
      const { stdout, stderr } = await check('a.py', '--output-format', 'json');
      assert.equal(stderr, '');
      const fix = {
        applicability: 'safe',
        message: 'Replace wrong',
        edits: [{ content: 'right', location: { row: 2, column: 11 }, end_location: { row: 2, column: 16 } }],
      };
      assert.deepEqual(JSON.parse(stdout), [
        {
          code: 'FRZ101',
          name: 'no-wrong',
          severity: 'error',
          message: 'wrong found',
          filename: 'a.py',
          location: { row: 2, column: 11 },
          end_location: { row: 2, column: 16 },
          fix,
          fixes: [fix],
          url: 'freezelint:rule/FRZ101',
          related: [
            {
              message: 'the file starts here',
              filename: 'a.py',
              location: { row: 1, column: 1 },
              end_location: { row: 1, column: 2 },
            },
          ],
        },
      ]);
    });

    it('null as the fix of a finding without one, and an empty array for no findings', async () => {
      await setUp({ 'a.py': 'import torch\nmild\n' });
      const { stdout } = await check('a.py', '--output-format', 'json');
      const [record] = JSON.parse(stdout);
      assert.equal(record.severity, 'hint', 'milder findings are in it without being selected');
      assert.equal(record.fix, null);
      assert.deepEqual(record.fixes, []);
      const without = await check('a.py', '--output-format', 'json', '--ignore', 'FRZ408');
      assert.deepEqual(JSON.parse(without.stdout), []);
    });

    it('nothing but the array to stdout in JSON, whatever else there is to say', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n', 'b.py': 'import torch\nx = = 1\n' });
      const { stdout, stderr } = await check('a.py', 'b.py', 'c.py', '--fix', '--output-format', 'json');
      assert.deepEqual(JSON.parse(stdout), []);
      assert.match(stderr, /^c\.py: no such file or folder\nb\.py:2:\d+: syntax error/);
      assert.match(stderr, /Fixed 1 problem in 1 file\.\n$/);
    });

    it('the source with marks below it in the full format', async () => {
      await setUp({ 'a.py': `import torch\n${'\n'.repeat(8)}\tx = wrong\n` });
      const { stdout } = await check('a.py', '--output-format', 'full');
      assert.equal(
        stdout,
        [
          'error FRZ101 [*] wrong found',
          '  --> a.py:10:6',
          '   |',
          '10 |     x = wrong',
          '   |         ^^^^^',
          'note: the file starts here',
          ' --> a.py:1:1',
          '  |',
          '1 | import torch',
          '  | -',
          'fix: Replace wrong',
          '',
          'Found 1 problem in 1 file. 1 can be fixed with --fix. `freezelint rule CODE` explains a rule.',
          '',
        ].join('\n'),
      );
    });

    it('the first lines of a finding that goes over many', async () => {
      await setUp({ 'a.py': 'import torch\nx = [\n  1,\n  2,\n  3,\n  4,\n]\n' });
      const rule: Rule = {
        ...wordRule('FRZ101', 'x'),
        check: ({ module }) => [{ message: 'long', span: { start: 17, end: module.text.length - 1 } }],
      };
      const { stdout } = await commandLine.run(['check', 'a.py', '--output-format', 'full'], {
        engine: fakeEngine([rule]),
      });
      assert.equal(
        stdout.split('\n').slice(1, 12).join('\n'),
        [
          ' --> a.py:2:5',
          '  |',
          '2 | x = [',
          '  |     ^',
          '3 |   1,',
          '  |   ^^',
          '4 |   2,',
          '  |   ^^',
          '5 |   3,',
          '  |   ^^',
          '  | ...',
        ].join('\n'),
      );
    });

    it('colours only where the terminal takes them', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      const colourCode = String.fromCharCode(27);
      assert.ok(!(await check('a.py')).stdout.includes(colourCode));
      assert.ok((await commandLine.run(['check', 'a.py'], { colour: true })).stdout.includes(colourCode));
    });
  });

  describe('goes on after', () => {
    /** Checks a bad file between two good ones, and returns what is said about it. */
    const amongOthers = async (name: string, content: string | Uint8Array) => {
      await setUp({ 'a.py': 'import torch\nwrong\n', 'z.py': 'import torch\nwrong\n', [name]: content });
      const { stdout, stderr, exitCode } = await check('a.py', name, 'z.py');
      assert.match(stdout, /^a\.py:2:1: error FRZ101/m);
      assert.match(stdout, /^z\.py:2:1: error FRZ101/m);
      return { stderr, exitCode };
    };

    it('a file that is not there', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      const { stdout, stderr, exitCode } = await check('missing.py', 'a.py');
      assert.match(stdout, /FRZ101/);
      assert.equal(stderr, 'missing.py: no such file or folder\n');
      assert.equal(exitCode, 2);
    });

    it('links that lead nowhere or in a circle', async () => {
      await setUp({ 'sub/a.py': 'import torch\nwrong\n' });
      await symlink('nowhere.py', path.join(commandLine.folder, 'sub/b.py'));
      await symlink('..', path.join(commandLine.folder, 'sub/up'));
      const { stdout, stderr } = await check('.');
      assert.match(stdout, /^sub\/a\.py:2:1: .*\nFound 1 problem in 1 file\./);
      assert.ok(stderr === '' || stderr === 'sub/b.py: no such file or folder\n', stderr);
    });

    it('a folder that is called like a file', async () => {
      await setUp({ 'odd.py/a.py': 'import torch\nwrong\n', 'odd.ipynb/readme.txt': '' });
      const { stdout, stderr } = await check('.');
      assert.match(stdout, /^odd\.py\/a\.py:2:1: /);
      assert.equal(stderr, '');
    });

    it('a path that the file system refuses', async () => {
      await setUp({ 'a.py': '', 'z.py': 'import torch\nwrong\n' });
      const refused = await check('a.py/inside.py', 'z.py');
      assert.match(refused.stdout, /^z\.py:2:1: error FRZ101/);
      assert.match(refused.stderr, /^a\.py\/inside\.py: /);
      assert.equal(refused.exitCode, 2);
    });

    it('a binary file', async () => {
      const { stderr, exitCode } = await amongOthers('m.py', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
      assert.equal(stderr, 'm.py: binary file (it contains NUL bytes)\n');
      assert.equal(exitCode, 2);
    });

    it('a file in another encoding', async () => {
      const { stderr, exitCode } = await amongOthers('m.py', Buffer.from('# torch \xe9\n', 'latin1'));
      assert.equal(stderr, 'm.py: not valid UTF-8, and no coding comment names another encoding\n');
      assert.equal(exitCode, 2);
    });

    it('a file that names an encoding it does not know', async () => {
      const { stderr } = await amongOthers('m.py', '# coding: klingon\nimport torch\n');
      assert.equal(stderr, 'm.py: unsupported encoding "klingon"\n');
    });

    it('a file with a syntax error, reporting what is sound in it', async () => {
      await setUp({ 'm.py': 'import torch\nwrong = 1\nx = = wrong\nwrong = 2\n' });
      const { stdout, stderr, exitCode } = await check('m.py');
      assert.match(stderr, /^m\.py:3:\d+: syntax error.*; nothing is reported on these lines\n$/);
      assert.match(stdout, /^m\.py:2:1: .*\nm\.py:4:1: .*\nFound 2 problems/);
      assert.equal(exitCode, 2);
    });

    it('a named file with a syntax error even where it does not mention torch', async () => {
      const { stderr, exitCode } = await amongOthers('m.py', 'def broken(:\n    pass\n');
      assert.match(stderr, /^m\.py:1:\d+: syntax error/);
      assert.equal(exitCode, 2);
    });

    it('a file of more than 2 MB, which is no error', async () => {
      const { stderr, exitCode } = await amongOthers(
        'm.py',
        `import torch\nwrong\n#${'x'.repeat(2 ** 21)}\n`,
      );
      assert.equal(stderr, 'm.py: skipped, larger than 2 MB\n');
      assert.equal(exitCode, 1);
    });

    it('a stub, which is no error', async () => {
      const { stderr, exitCode } = await amongOthers('m.pyi', 'import torch\nwrong\n');
      assert.equal(stderr, 'm.pyi: skipped, stub files hold no code to check\n');
      assert.equal(exitCode, 1);
    });

    it('a notebook that is none', async () => {
      const { stderr, exitCode } = await amongOthers('m.ipynb', '{}');
      assert.equal(stderr, 'm.ipynb: no notebook (its JSON has another form)\n');
      assert.equal(exitCode, 2);
    });
  });

  describe('--fix', () => {
    it('applies safe fixes, says so and reports what is left', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\ndoubtful\n', 'b.py': 'import torch\nwrong\nwrong\n' });
      const { stdout, exitCode } = await check('.', '--fix');
      assert.equal(
        stdout,
        [
          'a.py:3:1: warning FRZ102 doubtful found',
          'Fixed 3 problems in 2 files.',
          'Found 1 problem in 1 file.',
          '',
        ].join('\n'),
      );
      assert.equal(exitCode, 1);
      assert.equal(await read('a.py'), 'import torch\nright\ndoubtful\n');
      assert.equal(await read('b.py'), 'import torch\nright\nright\n');
    });

    it('applies behavioural fixes only with --unsafe-fixes', async () => {
      await setUp({ 'a.py': 'import torch\ndoubtful\n' });
      assert.equal((await check('a.py', '--fix')).exitCode, 1);
      assert.equal(await read('a.py'), 'import torch\ndoubtful\n');
      assert.equal((await check('a.py', '--unsafe-fixes')).exitCode, 0);
      assert.equal(await read('a.py'), 'import torch\ncertain\n');
    });

    it('changes nothing the second time', async () => {
      await setUp({ 'a.py': 'import torch\nwrong\n' });
      await check('a.py', '--fix');
      const { stdout } = await check('a.py', '--fix');
      assert.equal(stdout, 'Fixed 0 problems in 0 files.\nNo problems found in 1 file.\n');
    });

    it('keeps byte order mark, line endings and encoding', async () => {
      await setUp({
        'windows.py': '\uFEFFimport torch\r\nwrong\r\n# end',
        'mixed.py': 'import torch\r\nwrong\nx\r\n',
        'latin.py': Buffer.from('# coding: latin-1\nimport torch\nwrong = "\xe9"\n', 'latin1'),
      });
      assert.equal((await check('.', '--fix')).exitCode, 0);
      assert.equal(await read('windows.py'), '\uFEFFimport torch\r\nright\r\n# end');
      assert.equal(await read('mixed.py'), 'import torch\r\nright\nx\r\n');
      const latin = await readFile(path.join(commandLine.folder, 'latin.py'));
      assert.equal(latin.toString('latin1'), '# coding: latin-1\nimport torch\nright = "\xe9"\n');
    });

    it('does not fix what is ignored', async () => {
      const text = 'import torch\nwrong  # freezelint: ignore[FRZ101]\n';
      await setUp({ 'a.py': text });
      await check('a.py', '--fix');
      assert.equal(await read('a.py'), text);
    });

    it('leaves a file alone where its encoding lacks what the fix needs', async () => {
      const text = '# coding: latin-1\nimport torch\nwrong\n';
      await setUp({ 'a.py': text });
      const engine = fakeEngine([wordRule('FRZ101', 'wrong', { fix: '"→"' })]);
      const { stderr, exitCode } = await commandLine.run(['check', 'a.py', '--fix'], { engine });
      assert.equal(stderr, 'a.py: the fix needs "→", which latin-1 does not have\n');
      assert.equal(exitCode, 2);
      assert.equal(await read('a.py'), text);
    });
  });

  describe('-', () => {
    it('reads stdin', async () => {
      await setUp({});
      const { stdout, exitCode } = await commandLine.run(['check', '-'], { stdin: 'import torch\nwrong\n' });
      assert.match(stdout, /^-:2:1: error FRZ101/);
      assert.equal(exitCode, 1);
    });

    it('takes name and configuration from --stdin-filename', async () => {
      await setUp({ 'sub/pyproject.toml': '[tool.freezelint]\nignore = ["FRZ101"]\n' });
      const args = ['check', '-', '--stdin-filename', 'sub/a.py'];
      const { stdout } = await commandLine.run(args, { stdin: 'import torch\nwrong\ndoubtful\n' });
      assert.match(stdout, /^sub\/a\.py:3:1: warning FRZ102 doubtful found\nFound 1 problem/);
    });

    it('prints the repaired text with --fix, and the report to stderr', async () => {
      await setUp({});
      const { stdout, stderr } = await commandLine.run(['check', '-', '--fix'], {
        stdin: 'import torch\nwrong\ndoubtful\n',
      });
      assert.equal(stdout, 'import torch\nright\ndoubtful\n');
      assert.match(stderr, /^-:3:1: warning FRZ102/);
    });

    it('prints the repaired text in the encoding that it came in', async () => {
      await setUp({});
      const stdin = Buffer.from('# coding: latin-1\nimport torch\nwrong # \xe9\n', 'latin1');
      let written = Buffer.alloc(0);
      await commandLine.run(['check', '-', '--fix'], {
        stdin,
        onStdout: (bytes) => {
          written = Buffer.concat([written, bytes]);
        },
      });
      assert.equal(written.toString('latin1'), stdin.toString('latin1').replace('wrong', 'right'));
    });

    it('prints the text as it came with --fix where there is nothing to do', async () => {
      await setUp({});
      const { stdout } = await commandLine.run(['check', '-', '--fix'], { stdin: 'x = 1\r\n' });
      assert.equal(stdout, 'x = 1\r\n');
    });
  });
});
