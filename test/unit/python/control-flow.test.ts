import assert from 'node:assert/strict';
import { controlFlowText } from '../../../src/python/control-flow.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';

let parser: PythonParser;
before(async () => {
  parser = await testParser();
});

/** The graph as `lines → targets`, a block named by the source of its statements; one line a block. */
function flow(text: string): string[] {
  const blocks = controlFlowText(parser.parse(text))
    .split(/^(?=\S| {2}\d+:$)/m)
    .filter((part) => part.startsWith('  '));
  const name = (block: string): string =>
    [...block.matchAll(/line \d+ {2}(.*)/g)].map(([, source]) => source).join('; ') || 'nothing';
  const names = new Map(blocks.map((block) => [/^ {2}(\d+):/.exec(block)?.[1] ?? '', name(block)]));
  return blocks.map((block) => {
    const edges = [...block.matchAll(/→ (\w+)(?: \((.*)\))?/g)].map(
      ([, to = '', label]) => `${label === undefined ? '' : `${label}: `}${names.get(to) ?? to}`,
    );
    return `${name(block)} → ${edges.join(', ')}`;
  });
}

describe('The control-flow graph', () => {
  it('of statements in a row is one block', () => {
    assert.deepEqual(flow('a\nb\n'), ['a; b → end']);
  });

  it('has an arm for each outcome of an if', () => {
    assert.deepEqual(flow('if a:\n    b\nelif c:\n    d\ne\n'), [
      'if a: → true: b, false: elif c:',
      'b → e',
      'elif c: → true: d, false: e',
      'd → e',
      'e → end',
    ]);
  });

  it('comes back to the header of a loop, which else leaves and break skips', () => {
    assert.deepEqual(flow('for x in y:\n    if x:\n        break\n    continue\nelse:\n    z\nlast\n'), [
      'for x in y: → next item: if x:, no more items: z',
      'if x: → true: break, false: continue',
      'break → break: last',
      'continue → continue: for x in y:',
      'z → last',
      'last → end',
    ]);
  });

  it('leads from every statement of a try to its handlers, and through finally', () => {
    assert.deepEqual(flow('try:\n    a\nexcept E:\n    b\nfinally:\n    c\nd\n'), [
      'a → exception: nothing, c',
      'b → exception: c, c',
      'c → exception goes on: end, d',
      'd → end',
      'nothing → caught: b, not caught: c',
    ]);
  });

  it('sends return, break and continue through finally', () => {
    assert.deepEqual(flow('while a:\n    try:\n        continue\n    finally:\n        b\n'), [
      'while a: → true: continue, false: end',
      'continue → exception: b, continue: b',
      'b → exception goes on: end, continue goes on: while a:',
    ]);
  });

  it('has an arm for each case of a match, and one for none', () => {
    assert.deepEqual(flow('match a:\n    case 1:\n        b\n    case 2:\n        c\n'), [
      'match a: → case 1: b, case 2: c, no case: end',
      'b → end',
      'c → end',
    ]);
    assert.deepEqual(flow('match a:\n    case 1:\n        b\n    case _:\n        c\n'), [
      'match a: → case 1: b, case 2: c',
      'b → end',
      'c → end',
    ]);
  });

  it('of a function is its own, under its qualified name', () => {
    const text = controlFlowText(
      parser.parse('class A:\n    def f(self):\n        return 1\n        dead\n'),
    );
    assert.match(text, /^def A\.f\n {2}1:\n {5}line 3 {2}return 1\n {5}→ end \(return\)\n$/m);
    assert.ok(!text.includes('dead'));
  });
});
