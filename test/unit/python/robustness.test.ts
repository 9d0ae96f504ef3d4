import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAXIMUM_DEPTH } from '../../../src/python/lowering.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { children, type SyntaxNode, walk } from '../../../src/python/walk.ts';
import { testParser } from '../python-parser.ts';
import { assertTreeIsSound, SAMPLE, shape } from './reading.ts';

describe('The Python parser', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('finds no error in the sample program', () => {
    const module = parser.parse(SAMPLE);
    assert.deepEqual(module.errors, []);
    assertTreeIsSound(module);
  });

  it('reads any prefix of a program without throwing, spans nested', () => {
    fc.assert(
      fc.property(fc.nat({ max: SAMPLE.length }), (length) => {
        assertTreeIsSound(parser.parse(SAMPLE.slice(0, length)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads any program with one character changed, removed or added', () => {
    const characters = fc.constantFrom(...'()[]{}:;,.=*\'"\\#\n\r\t @f0aé😀\0', 'if ', 'def ', '"""', ':=');
    fc.assert(
      fc.property(
        fc.nat({ max: SAMPLE.length - 1 }),
        fc.option(characters, { nil: '' }),
        fc.boolean(),
        (at, inserted, replaces) => {
          const text = SAMPLE.slice(0, at) + inserted + SAMPLE.slice(replaces ? at + 1 : at);
          assertTreeIsSound(parser.parse(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        assertTreeIsSound(parser.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same tree whatever the line ends', () => {
    const normal = parser.parse(SAMPLE);
    const dos = parser.parse(SAMPLE.replaceAll('\n', '\r\n'));
    assert.deepEqual(shape(dos.body), shape(normal.body));
    assert.deepEqual(dos.errors, []);
  });

  const deepTexts: Readonly<Record<string, string>> = {
    parentheses: `${'('.repeat(20_000)}a${')'.repeat(20_000)}`,
    brackets: `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    'unclosed brackets': '[('.repeat(10_000),
    'a sum': `${'a + '.repeat(5_000)}a`,
    'a power': `${'a ** '.repeat(5_000)}a`,
    'bitwise operators': `${'a & b ^ '.repeat(3_000)}a`,
    negations: `${'not '.repeat(20_000)}a`,
    attributes: `a${'.b'.repeat(20_000)}`,
    calls: `f${'(x)'.repeat(20_000)}`,
    'a starred chain': `x = *a${'.b()'.repeat(10_000)}, c`,
    lambdas: `${'lambda: '.repeat(5_000)}a`,
    'chained assignments': `${'a = '.repeat(5_000)}b`,
    'elif branches': `if a:\n    b\n${'elif a:\n    b\n'.repeat(5_000)}`,
    blocks: Array.from({ length: 600 }, (_, level) => `${' '.repeat(level)}if a:\n`).join(''),
    patterns: `match x:\n    case ${'['.repeat(5_000)}${']'.repeat(5_000)}: pass\n`,
    'parenthesised patterns': `match x:\n    case ${'('.repeat(5_000)}a${')'.repeat(5_000)}: pass\n`,
    'union patterns': `match x:\n    case ${'1 | '.repeat(5_000)}2: pass\n`,
    'nested f-strings': `${'f"{'.repeat(300)}a${'}"'.repeat(300)}`,
    'deleted tuples': `del ${'('.repeat(3_000)}a,${'),'.repeat(3_000)}`,
  };
  for (const [name, text] of Object.entries(deepTexts)) {
    it(`bounds the depth of ${name}`, () => {
      const module = parser.parse(text);
      let deepest = 0;
      const pending: { node: SyntaxNode; depth: number }[] = module.body.map((node) => ({ node, depth: 1 }));
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        deepest = Math.max(deepest, next.depth);
        for (const child of children(next.node)) {
          pending.push({ node: child, depth: next.depth + 1 });
        }
      }
      assert.ok(deepest <= MAXIMUM_DEPTH + 1, `depth ${deepest}`);
    });
  }

  it('keeps the rest of an expression that is too deep, and says where it stopped', () => {
    const module = parser.parse(`${'a + '.repeat(5_000)}a\nb = 1\n`);
    assert.ok(module.errors.every(({ end }) => end < module.body[0]!.end));
    assert.equal(module.body[1]?.kind, 'assignment');
    const nodes = [...walk(module.body[0]!)];
    const unread = nodes.filter(({ kind }) => kind === 'errorExpression');
    assert.ok(unread.length > 0);
    assert.deepEqual(
      unread.map(({ start, end }) => ({ start, end })),
      module.errors,
    );
    assert.ok(nodes.length > MAXIMUM_DEPTH);
  });

  it('frees the memory of each parse', () => {
    const text = SAMPLE.repeat(10);
    const parseMany = (times: number) => {
      for (let index = 0; index < times; index++) {
        parser.parse(text);
      }
      return process.memoryUsage().external;
    };
    // WebAssembly memory never shrinks, so it is measured after it has grown to what is needed.
    const before = parseMany(30);
    const after = parseMany(100);
    assert.ok(after - before < 4_000_000, `grew by ${after - before} bytes`);
  });
});
