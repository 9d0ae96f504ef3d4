import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { assertTreeIsSound } from './reading.ts';

describe('Half-typed Python', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const parse = (text: string) => {
    const module = parser.parse(text);
    assertTreeIsSound(module);
    return module;
  };
  const kinds = (text: string) => parse(text).body.map(({ kind }) => kind);

  it('does not take the next line for the value of an assignment', () => {
    const text = 'a = 1\np.requires_grad =\nx = 1\nb = 2\n';
    const module = parse(text);
    assert.deepEqual(
      module.body.map(({ kind }) => kind),
      ['assignment', 'errorStatement', 'assignment'],
    );
    assert.equal(module.errors.length, 1);
    assert.equal(text.slice(module.errors[0]!.start, module.errors[0]!.end), 'p.requires_grad =\nx = 1');
  });

  it('does not take the next line for an attribute', () => {
    for (const text of ['model.\nx = 1\n', 'model.  # which?\nx = 1\n', 'model.\r\nx = 1\r\n']) {
      assert.deepEqual(kinds(text), ['errorStatement'], text);
      assert.equal(parse(text).errors.length, 1);
    }
  });

  it('does not join two lines to one operator', () => {
    assert.deepEqual(kinds('a not\nin b\n'), ['errorStatement']);
  });

  it('keeps sound statements around a broken one', () => {
    assert.deepEqual(kinds('a = 1\nb = = 2\nc = 3\n'), ['assignment', 'errorStatement', 'assignment']);
  });

  it('leaves an unknown statement in a body that could not be read', () => {
    const module = parse('if a:\n    p.requires_grad =\nelse:\n    b\n');
    const [statement] = module.body;
    assert.equal(statement?.kind, 'if');
    assert.deepEqual(
      statement.body.map(({ kind }) => kind),
      ['errorStatement'],
    );
    assert.equal(statement.orelse.length, 1);
    assert.ok(module.errors.length > 0);
  });

  it('notes a header without a body', () => {
    const text = 'for p in ps:\nx = 1\n';
    const module = parse(text);
    assert.deepEqual(
      module.body.map(({ kind }) => kind),
      ['for', 'assignment'],
    );
    assert.deepEqual(module.errors, [{ start: text.indexOf(':'), end: text.indexOf(':') + 1 }]);
  });

  it('adds an unknown argument where part of an argument list is unreadable', () => {
    const [statement] = parse('f(a, b c, d)\n').body;
    assert.equal(statement?.kind, 'expressionStatement');
    const { expression } = statement;
    assert.equal(expression.kind, 'call');
    assert.ok(expression.args.some(({ value }) => value.kind === 'errorExpression'));
  });

  it('survives an unclosed string', () => {
    const module = parse('a = "abc\nb = 1\n');
    assert.ok(module.errors.length > 0);
    assert.equal(module.body.at(-1)?.kind, 'assignment');
  });

  it('rejects what only Python 2 understood', () => {
    for (const text of ['print "x"\n', 'exec "x" in y\n', 'def f((a, b)): pass\n']) {
      assert.equal(parse(text).errors.length, 1, text);
    }
    assert.deepEqual(kinds('print "x"\n'), ['errorStatement']);
    assert.deepEqual(kinds('exec "x"\n'), ['errorStatement']);
  });

  it('has nothing to say about an empty file', () => {
    assert.deepEqual(parse(''), { text: '', start: 0, body: [], comments: [], errors: [] });
  });
});
