import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { onlyExpression, shape } from './reading.ts';

describe('Python strings', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const valueIn = (text: string) => {
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'string');
    return expression.value;
  };
  const partsOf = (text: string) => {
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'formatString');
    return shape(expression.parts);
  };

  it('lose their quotes, of one or three characters', () => {
    for (const text of ["'fc'", '"fc"', "'''fc'''", '"""fc"""']) {
      assert.equal(valueIn(text), 'fc');
    }
    assert.equal(valueIn("''"), '');
    assert.equal(valueIn('"""a "quoted" b"""'), 'a "quoted" b');
  });

  it('are unescaped', () => {
    assert.equal(valueIn(String.raw`'\n\t\\\'\x41\101\u00e9\U0001F600'`), "\n\t\\'AAé😀");
    assert.equal(valueIn("'a\\\nb'"), 'ab');
  });

  it('keep escapes Python does not know, and names of Unicode characters, as written', () => {
    assert.equal(valueIn(String.raw`'\d \N{BULLET}'`), String.raw`\d \N{BULLET}`);
  });

  it('stay as written when raw', () => {
    assert.equal(valueIn(String.raw`r'\d\n'`), String.raw`\d\n`);
  });

  it('are joined when adjacent, also over lines', () => {
    assert.equal(valueIn(`('layer' r"\\d" # comment\n 'x')`), 'layer\\dx');
  });

  it('tell bytes from text', () => {
    const expression = onlyExpression(parser, String.raw`b'\xff\u0041'`);
    assert.equal(expression.kind, 'string');
    assert.equal(expression.bytes, true);
    assert.equal(expression.value, 'ÿ\\u0041');
    assert.equal(shape((onlyExpression(parser, "'a'") as { bytes?: boolean }).bytes), false);
  });

  it('have LF for line ends whatever the file has', () => {
    assert.equal(valueIn("'''a\r\nb'''"), 'a\nb');
  });

  it('with interpolation give texts and expressions in order', () => {
    assert.deepEqual(partsOf(`f'layer{i}.{{weight}} {a.b}'`), [
      'layer',
      { expression: 'i', plain: true },
      '.{weight} ',
      { expression: { kind: 'attribute', object: 'a', name: 'b' }, plain: true },
    ]);
  });

  it('mark interpolations with a conversion or a format', () => {
    assert.deepEqual(partsOf(`f'{a!r}{b:>{w}}{c:=10}'`), [
      { expression: 'a', plain: false },
      { expression: 'b', plain: false },
      { expression: 'c', plain: false },
    ]);
    assert.deepEqual(partsOf(`f'{a = }'`), ['a = ', { expression: 'a', plain: false }]);
  });

  it('join interpolated and plain neighbours, nested quotes included', () => {
    assert.deepEqual(partsOf(`'a' f"{b['c']}" 'd' "{e}"`), [
      'a',
      {
        expression: { kind: 'subscript', object: 'b', index: { kind: 'string', value: 'c', bytes: false } },
        plain: true,
      },
      'd{e}',
    ]);
  });

  it('nest', () => {
    assert.deepEqual(partsOf(`f'{f"{a}"}'`), [
      {
        expression: { kind: 'formatString', parts: [{ expression: 'a', plain: true }] },
        plain: true,
      },
    ]);
  });

  it('with interpolation but nothing in it are one text', () => {
    assert.deepEqual(partsOf(`f'a{{b'`), ['a{b']);
    assert.deepEqual(partsOf(`rf'\\d{{'`), ['\\d{']);
    assert.deepEqual(partsOf(`f''`), []);
  });

  it('span all adjacent parts', () => {
    const text = `('a'  "b")`;
    const { start, end } = onlyExpression(parser, text);
    assert.equal(text.slice(start, end), `'a'  "b"`);
  });
});
