import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineIndex } from '../../../src/python/positions.ts';

describe('LineIndex', () => {
  it('counts rows and columns from 0, in UTF-16 code units', () => {
    const index = new LineIndex('a = "😀"\nb');
    assert.deepEqual(index.positionAt(0), { row: 0, column: 0 });
    assert.deepEqual(index.positionAt(7), { row: 0, column: 7 });
    assert.deepEqual(index.positionAt(9), { row: 1, column: 0 });
    assert.deepEqual(index.positionAt(10), { row: 1, column: 1 });
  });

  it('ends lines at LF, CRLF and a bare CR, as an editor does', () => {
    const text = 'a\nb\r\nc\rd';
    const index = new LineIndex(text);
    assert.equal(index.lineCount, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => {
        const { start, end } = index.lineSpan(row);
        return text.slice(start, end);
      }),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('counts the place between CR and LF as the end of the line', () => {
    assert.deepEqual(new LineIndex('ab\r\nc').positionAt(3), { row: 0, column: 2 });
  });

  it('has an empty last line after a final line end', () => {
    const index = new LineIndex('a\n');
    assert.equal(index.lineCount, 2);
    assert.deepEqual(index.lineSpan(1), { start: 2, end: 2 });
  });

  it('moves places outside the text to its ends', () => {
    const index = new LineIndex('ab\ncd');
    assert.deepEqual(index.positionAt(-5), { row: 0, column: 0 });
    assert.deepEqual(index.positionAt(99), { row: 1, column: 2 });
    assert.equal(index.offsetAt({ row: 0, column: 99 }), 2);
    assert.equal(index.offsetAt({ row: 9, column: 0 }), 5);
    assert.equal(index.offsetAt({ row: -1, column: 3 }), 0);
  });

  it('comes back to the same offset, except between CR and LF', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\r\n', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.nat({ max: 80 }), (text, seed) => {
        const offset = Math.min(seed, text.length);
        const index = new LineIndex(text);
        const inside = text[offset - 1] === '\r' && text[offset] === '\n';
        assert.equal(index.offsetAt(index.positionAt(offset)), inside ? offset - 1 : offset);
      }),
    );
  });

  it('gives the indentation of a line from anywhere in it', () => {
    const index = new LineIndex('a:\n\t  b = c\n');
    assert.equal(index.indentationAt(8), '\t  ');
    assert.equal(index.indentationAt(3), '\t  ');
    assert.equal(index.indentationAt(0), '');
  });

  it('finds the line end most lines have', () => {
    assert.equal(new LineIndex('a\r\nb\r\nc\n').lineEnding, '\r\n');
    assert.equal(new LineIndex('a\nb\n').lineEnding, '\n');
    assert.equal(new LineIndex('a').lineEnding, '\n');
  });

  it('finds the step by which the file indents', () => {
    assert.equal(new LineIndex('if a:\n  b\n  if c:  # why\n\n    d\n').indentUnit, '  ');
    assert.equal(new LineIndex('if a:\n\tb\n').indentUnit, '\t');
    assert.equal(new LineIndex('def f(a,\n      b):\n    c\n').indentUnit, '    ');
    assert.equal(new LineIndex('a = 1\n').indentUnit, '    ');
  });
});
