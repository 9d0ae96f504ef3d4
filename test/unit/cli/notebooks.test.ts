import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fakeEngine, wordRule } from '../lint/fake-engine.ts';
import { CommandLine } from './command-line.ts';

/** A notebook as Jupyter writes it, with Markdown, outputs and words beyond ASCII. */
const notebook = `{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "# Gefrieren ❄\\n"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "metadata": {"tags": ["wrong"]},
   "outputs": [
    {"name": "stdout", "output_type": "stream", "text": ["wrong ü\\n"]}
   ],
   "source": [
    "%matplotlib inline\\n",
    "import torch  # ü\\n",
    "x = '😀', wrong"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": "doubtful\\n"
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": []
  }
 ],
 "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

describe('freezelint check on notebooks', () => {
  let commandLine: CommandLine;
  const setUp = async (files: Record<string, string | Uint8Array>) => {
    commandLine = await CommandLine.create(files);
  };
  afterEach(async () => {
    await commandLine.remove();
  });
  const check = (...args: string[]) => commandLine.run(['check', ...args]);
  const read = (name: string) => readFile(path.join(commandLine.folder, name), 'utf-8');

  it('finds them in folders, and names cell, row and column', async () => {
    await setUp({ 'a/nb.ipynb': notebook, '.ipynb_checkpoints/nb.ipynb': notebook });
    const { stdout, exitCode } = await check('.');
    assert.equal(
      stdout,
      [
        'a/nb.ipynb:cell 2:3:11: error FRZ101 [*] wrong found',
        'a/nb.ipynb:cell 3:1:1: warning FRZ102 doubtful found',
        'Found 2 problems in 1 file. 1 can be fixed with --fix.',
        '',
      ].join('\n'),
    );
    assert.equal(exitCode, 1);
  });

  it('gives the cell of every place in JSON', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const [record] = JSON.parse((await check('nb.ipynb', '--output-format', 'json')).stdout);
    assert.equal(record.cell, 2);
    assert.deepEqual(record.location, { cell: 2, row: 3, column: 11 });
    assert.deepEqual(record.end_location, { cell: 2, row: 3, column: 16 });
    assert.deepEqual(record.fix.edits[0].location, { cell: 2, row: 3, column: 11 });
    assert.deepEqual(record.related[0].location, { cell: 2, row: 1, column: 1 });
  });

  it('shows the code as the notebook has it in the full format', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const engine = fakeEngine([
      { ...wordRule('FRZ101', 'x'), check: () => [{ message: 'here', span: { start: 0, end: 24 } }] },
    ]);
    const { stdout } = await commandLine.run(['check', '--output-format', 'full', '.'], { engine });
    assert.match(stdout, /--> nb\.ipynb:cell 2:1:1\n {2}\|\n1 \| %matplotlib inline\n/);
    assert.match(stdout, /2 \| import torch {2}# ü\n/);
  });

  it('names no lines of the file for GitHub and SARIF, where lines are those of the JSON', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const github = (await check('--output-format', 'github')).stdout;
    assert.match(
      github,
      /^::error title=Freezelint \(FRZ101\),file=nb\.ipynb::nb\.ipynb:cell 2:3:11: FRZ101 wrong found\n/,
    );
    const [result] = JSON.parse((await check('--output-format', 'sarif')).stdout).runs[0].results;
    assert.deepEqual(result.locations, [
      {
        physicalLocation: { artifactLocation: { uri: 'nb.ipynb' } },
        logicalLocations: [{ name: 'cell 2', fullyQualifiedName: 'nb.ipynb:cell 2:3:11' }],
      },
    ]);
    assert.equal(result.fixes, undefined);
  });

  it('writes fixes back and leaves everything else as it was, byte by byte', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const { stdout } = await check('--unsafe-fixes');
    assert.equal(stdout, 'Fixed 2 problems in 1 file.\nNo problems found in 1 file.\n');
    const expected = notebook
      .replace(`"x = '😀', wrong"`, `"x = '😀', right"`)
      .replace('"doubtful\\n"', '"certain\\n"');
    assert.equal(await read('nb.ipynb'), expected);
  });

  it('keeps the manner of the file: indentation, escapes, byte order mark, no final line break', async () => {
    const compact = JSON.stringify(JSON.parse(notebook)).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const tabs = `\uFEFF${JSON.stringify(JSON.parse(notebook), null, '\t').replaceAll('\n', '\r\n')}`;
    await setUp({ 'compact.ipynb': compact, 'tabs.ipynb': tabs });
    const engine = fakeEngine([wordRule('FRZ101', 'wrong', { fix: 'two\nlines = "ä"' })]);
    await commandLine.run(['check', '--fix'], { engine });
    assert.equal(
      await read('compact.ipynb'),
      compact.replace(`'\\ud83d\\ude00', wrong"`, `'\\ud83d\\ude00', two\\n","lines = \\"\\u00e4\\""`),
    );
    assert.equal(
      await read('tabs.ipynb'),
      tabs.replace(`'😀', wrong"`, `'😀', two\\n",\r\n\t\t\t\t"lines = \\"ä\\""`),
    );
  });

  it('offers no fix that goes over the border of a cell', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const edits = [{ span: { start: 40, end: 56 }, content: 'x' }];
    const engine = fakeEngine([
      {
        ...wordRule('FRZ101', 'wrong'),
        check: () => [
          {
            message: 'two cells',
            span: { start: 0, end: 1 },
            fixes: [{ message: 'join', applicability: 'safe', edits }],
          },
        ],
      },
    ]);
    const { stdout } = await commandLine.run(['check', '--fix', '--output-format', 'json'], { engine });
    assert.deepEqual(JSON.parse(stdout)[0].fixes, []);
    assert.equal(await read('nb.ipynb'), notebook);
  });

  it('shows a diff of the file itself', async () => {
    await setUp({ 'nb.ipynb': notebook });
    const { stdout } = await check('--diff');
    assert.match(stdout, /^--- nb\.ipynb\n\+\+\+ nb\.ipynb\n@@/);
    assert.ok(stdout.includes(`\n-    "x = '😀', wrong"\n+    "x = '😀', right"\n`));
    assert.equal(await read('nb.ipynb'), notebook);
  });

  it('reads one from stdin where its name says so', async () => {
    await setUp({});
    const args = ['check', '-', '--stdin-filename', 'nb.ipynb'];
    const { stdout } = await commandLine.run([...args, '--fix'], { stdin: notebook });
    assert.equal(stdout, notebook.replace(`', wrong"`, `', right"`));
    assert.match((await commandLine.run(args, { stdin: notebook })).stdout, /^nb\.ipynb:cell 2:3:11: /);
  });

  it('places syntax errors, and goes on with the other cells', async () => {
    await setUp({ 'nb.ipynb': notebook.replace('"doubtful\\n"', '"x = = 1\\nwrong"') });
    const { stdout, stderr, exitCode } = await check();
    assert.match(stderr, /^nb\.ipynb:cell 3:1:\d: syntax error; nothing is reported on these lines\n$/);
    assert.match(stdout, /^nb\.ipynb:cell 2:3:11: .*\nnb\.ipynb:cell 3:2:1: /);
    assert.equal(exitCode, 2);
  });

  it('says of a file that is none what is wrong, and passes over those of other languages', async () => {
    await setUp({
      'a.ipynb': '{',
      'b.ipynb': '{"cells": 1}',
      'c.ipynb': '{"nbformat": 3, "worksheets": []}',
      'd.ipynb': notebook.replace('"language": "python"', '"language": "julia"'),
    });
    assert.deepEqual(await check(), {
      exitCode: 2,
      stdout: 'No problems found in 0 files.\n',
      stderr: [
        'a.ipynb: no notebook (it is not JSON)',
        'b.ipynb: no notebook (its JSON has another form)',
        'c.ipynb: a notebook of format 3; Jupyter converts it to format 4',
        '',
      ].join('\n'),
    });
  });

  it('skips code of more than 2 MB, but not many images', async () => {
    const large = (where: string) => notebook.replace(where, `${where.slice(0, -1)}${'x'.repeat(2 ** 21)}"`);
    await setUp({ 'code.ipynb': large('"import torch  # ü\\n"'), 'image.ipynb': large('"wrong ü\\n"') });
    const { stdout, stderr } = await check();
    assert.equal(stderr, 'code.ipynb: skipped, larger than 2 MB\n');
    assert.match(stdout, /^image\.ipynb:cell 2:3:11: /);
  });
});
