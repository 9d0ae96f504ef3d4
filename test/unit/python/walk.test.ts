import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import {
  boundNames,
  children,
  dottedName,
  statementAt,
  walk,
  walkExpressions,
} from '../../../src/python/walk.ts';
import { testParser } from '../python-parser.ts';
import { onlyExpression, onlyStatement, SAMPLE, statementOfKind } from './reading.ts';

describe('Walking the syntax tree', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('visits children in source order', () => {
    const text = '@d\ndef f(a: b = c) -> e:\n    return g(h, i=j)[k] if l else {m: n}\n';
    const names = [...walkExpressions(onlyStatement(parser, text))].filter(({ kind }) => kind === 'name');
    assert.equal(names.map(({ start, end }) => text.slice(start, end)).join(''), 'dbceghjklmn');
  });

  it('reaches every name of a whole program once, in source order', () => {
    const module = parser.parse(SAMPLE);
    const starts = module.body
      .flatMap((statement) => [...walkExpressions(statement)])
      .filter(({ kind }) => kind === 'name')
      .map(({ start }) => start);
    assert.deepEqual(
      starts,
      [...new Set(starts)].sort((a, b) => a - b),
    );
    assert.ok(starts.length > 60);
  });

  it('gives the direct children only', () => {
    assert.deepEqual(
      [...children(onlyExpression(parser, 'f(a.b, *c)'))].map(({ kind }) => kind),
      ['name', 'attribute', 'name'],
    );
  });

  it('walks statements too, outer before inner', () => {
    const kinds = [...walk(onlyStatement(parser, 'if a:\n    b = 1\n'))].map(({ kind }) => kind);
    assert.deepEqual(kinds, ['if', 'name', 'assignment', 'name', 'number']);
  });

  it('finds the innermost statement at an offset', () => {
    const text = 'for p in ps:\n    a; p.requires_grad = False\n\nb\n';
    const module = parser.parse(text);
    const textAt = (offset: number) => {
      const statement = statementAt(module, offset);
      return statement && module.text.slice(statement.start, statement.end);
    };
    assert.equal(textAt(text.indexOf('requires')), 'p.requires_grad = False');
    assert.equal(textAt(text.indexOf(';')), 'a');
    assert.equal(statementAt(module, 2)?.kind, 'for');
    assert.equal(textAt(text.indexOf('\n\nb') + 1), null);
    assert.equal(textAt(text.length - 1), 'b');
  });

  it('finds statements in handlers and cases', () => {
    for (const text of ['try: a\nexcept B: pass', 'match a:\n    case 1: pass']) {
      assert.equal(statementAt(parser.parse(text), text.indexOf('pass'))?.kind, 'pass');
    }
  });

  it('writes names and attributes of names as a dotted name', () => {
    assert.equal(dottedName(onlyExpression(parser, 'torch.optim.Adam')), 'torch.optim.Adam');
    assert.equal(dottedName(onlyExpression(parser, 'a')), 'a');
    assert.equal(dottedName(onlyExpression(parser, 'a().b')), null);
    assert.equal(dottedName(onlyExpression(parser, 'a[0]')), null);
  });

  it('lists the names an assignment binds', () => {
    const { targets } = statementOfKind(parser, 'a, (b.c, [d, *e]), f[0] = x', 'assignment');
    assert.deepEqual(targets.flatMap(boundNames), ['a', 'd', 'e']);
  });
});
