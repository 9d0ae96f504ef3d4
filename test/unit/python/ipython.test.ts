import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainPython } from '../../../src/python/ipython.ts';

describe('IPython syntax', () => {
  const plain = (...lines: string[]) => plainPython(lines.join('\n')).text.split('\n');

  it('is blanked line by line: magics, shell commands, help', () => {
    assert.deepEqual(plain('%matplotlib inline', '!pip install torch', '?model', 'model.fc?', 'x = 1'), [
      '0                 ',
      '0                 ',
      '0     ',
      '0        ',
      'x = 1',
    ]);
    assert.deepEqual(plain('if x:', '    !ls', 'model??'), ['if x:', '    0  ', '0      ']);
  });

  it('is blanked where it goes on after a backslash', () => {
    assert.deepEqual(plain('!pip install \\', '    torch', 'x = 1'), [
      '0             ',
      '         ',
      'x = 1',
    ]);
  });

  it('without a sign is blanked where it can be no expression', () => {
    assert.deepEqual(plain('pip install torch', 'cd data/', 'ls = 1', 'cat - x(1)', 'mv'), [
      '0                ',
      '0       ',
      'ls = 1',
      'cat - x(1)',
      'mv',
    ]);
  });

  it('that runs Python code keeps that code', () => {
    assert.deepEqual(plain('%time model.fit()', '%time for x in y: pass', '%timeit f()'), [
      '0;    model.fit()',
      '0                     ',
      '0          ',
    ]);
    assert.deepEqual(plain('%%time', 'x = 1'), ['      ', 'x = 1']);
    assert.deepEqual(plain('%%capture out', '!ls', 'x = 1'), ['             ', '0  ', 'x = 1']);
  });

  it('that runs no Python takes the whole cell', () => {
    assert.deepEqual(plain('', '%%bash', 'rm -rf "x'), ['', '      ', '         ']);
  });

  it('that runs code of other files says so', () => {
    assert.deepEqual(plain('%run other.py', '%load_ext autoreload'), [
      'exec(_)      ',
      '0                   ',
    ]);
  });

  it('on the right of an assignment becomes a value that nobody knows', () => {
    assert.deepEqual(plain('files = !ls *.py', 'a, b = %sx x', 'x != 1', 'x %= 2', 'x = y'), [
      'files = _       ',
      'a, b = _    ',
      'x != 1',
      'x %= 2',
      'x = y',
    ]);
  });

  it('is not looked for inside strings, brackets and continued lines', () => {
    const lines = [
      's = """',
      '%d',
      '!x',
      '""" + "it\'s" # (',
      't = ("a"',
      '  % x)',
      'u = 1 \\',
      '  % 2',
      "v = '''a'''",
      "w = ''",
    ];
    assert.deepEqual(plain(...lines, '%magic'), [...lines, '0     ']);
  });

  it('keeps every offset, whatever the cell holds', () => {
    const words = [
      '%',
      '!',
      '?',
      '%%time',
      '\n',
      '\r\n',
      ' ',
      'x',
      '=',
      '(',
      ')',
      '"',
      "'''",
      '\\',
      '#',
      '😀',
    ];
    const cells = fc.array(fc.constantFrom(...words)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(cells, (cell) => {
        const { text, blanked } = plainPython(cell);
        assert.equal(text.length, cell.length);
        for (let offset = 0; offset < cell.length; offset++) {
          const inside = blanked.some(({ start, end }) => start <= offset && offset < end);
          if (!inside || /[\r\n]/.test(cell[offset] ?? '')) assert.equal(text[offset], cell[offset]);
        }
      }),
    );
  });
});
