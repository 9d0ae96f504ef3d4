import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { onlyStatement, shape, statementOfKind } from './reading.ts';

const call = (name: string) => ({ kind: 'expressionStatement', expression: name });

describe('Python compound statements', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const shapeOf = (text: string) => shape(onlyStatement(parser, text));

  it('nest elif in the else branch', () => {
    const text = 'if a:\n    b\nelif c:\n    d\nelse:\n    e\n';
    assert.deepEqual(shapeOf(text), {
      kind: 'if',
      test: 'a',
      body: [call('b')],
      orelse: [{ kind: 'if', test: 'c', body: [call('d')], orelse: [call('e')] }],
    });
    const inner = statementOfKind(parser, text, 'if').orelse[0]!;
    assert.equal(text.slice(inner.start, inner.end), 'elif c:\n    d\nelse:\n    e');
  });

  it('end with their last statement, not with the comment after it', () => {
    const text = 'for a in b:\n    c\n    # end\nd\n';
    const [loop] = parser.parse(text).body;
    assert.equal(text.slice(loop!.start, loop!.end), 'for a in b:\n    c');
  });

  it('read for loops', () => {
    assert.deepEqual(shapeOf('for n, p in a.b(): c\nelse: d'), {
      kind: 'for',
      target: { kind: 'tuple', elements: ['n', 'p'] },
      iterable: { kind: 'call', callee: { kind: 'attribute', object: 'a', name: 'b' }, args: [] },
      body: [call('c')],
      orelse: [call('d')],
      isAsync: false,
    });
    assert.equal(statementOfKind(parser, 'async for a in b, c: d', 'for').isAsync, true);
  });

  it('read while loops', () => {
    assert.deepEqual(shapeOf('while a: b\nelse: c'), {
      kind: 'while',
      test: 'a',
      body: [call('b')],
      orelse: [call('c')],
    });
  });

  it('read with statements, also with parentheses around the items', () => {
    const items = [
      { context: 'a', target: 'b' },
      { context: 'c', target: null },
    ];
    for (const text of ['with a as b, c: d', 'with (a as b, c): d', 'with (a as b, c,): d']) {
      assert.deepEqual(shapeOf(text), { kind: 'with', items, body: [call('d')], isAsync: false }, text);
    }
    assert.deepEqual(shape(statementOfKind(parser, 'with (a, b): c', 'with').items), [
      { context: 'a', target: null },
      { context: 'b', target: null },
    ]);
    assert.deepEqual(shape(statementOfKind(parser, 'with (a as b): c', 'with').items), [
      { context: 'a', target: 'b' },
    ]);
    assert.deepEqual(shape(statementOfKind(parser, 'with (a, b) as c: d', 'with').items), [
      { context: { kind: 'tuple', elements: ['a', 'b'] }, target: 'c' },
    ]);
    assert.equal(statementOfKind(parser, 'async with a: b', 'with').isAsync, true);
  });

  it('read try with handlers, else and finally', () => {
    const text = 'try: a\nexcept A as e: b\nexcept (B, C): c\nexcept: d\nelse: f\nfinally: g';
    assert.deepEqual(shapeOf(text), {
      kind: 'try',
      body: [call('a')],
      handlers: [
        { type: 'A', name: 'e', body: [call('b')] },
        { type: { kind: 'tuple', elements: ['B', 'C'] }, name: null, body: [call('c')] },
        { type: null, name: null, body: [call('d')] },
      ],
      orelse: [call('f')],
      finalbody: [call('g')],
    });
  });

  it('read exception groups, and several types without parentheses', () => {
    assert.deepEqual(shape(statementOfKind(parser, 'try: a\nexcept* A as e: b', 'try').handlers), [
      { type: 'A', name: 'e', body: [call('b')] },
    ]);
    assert.deepEqual(shape(statementOfKind(parser, 'try: a\nexcept A, B: b', 'try').handlers), [
      { type: { kind: 'tuple', elements: ['A', 'B'] }, name: null, body: [call('b')] },
    ]);
  });

  it('keep two statements around a comment apart', () => {
    assert.equal(parser.parse('if a:\n    b\n# c\nelse:\n    d\ne\n').body.length, 2);
  });
});

describe('Python functions and classes', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('give every parameter its form, annotation and default', () => {
    const text = 'def f(a, /, b: int, c=1, *args: str, d: int = 2, **rest): pass';
    const { parameters } = statementOfKind(parser, text, 'functionDefinition');
    assert.deepEqual(shape(parameters), [
      { form: 'positionalOnly', name: 'a', annotation: null, defaultValue: null },
      { form: 'normal', name: 'b', annotation: 'int', defaultValue: null },
      { form: 'normal', name: 'c', annotation: null, defaultValue: 1 },
      { form: 'star', name: 'args', annotation: 'str', defaultValue: null },
      { form: 'keywordOnly', name: 'd', annotation: 'int', defaultValue: 2 },
      { form: 'doubleStar', name: 'rest', annotation: null, defaultValue: null },
    ]);
    assert.deepEqual(
      parameters.map(({ start, end }) => text.slice(start, end)),
      ['a', 'b: int', 'c=1', '*args: str', 'd: int = 2', '**rest'],
    );
    const bare = statementOfKind(parser, 'def f(a, *, b): pass', 'functionDefinition');
    assert.deepEqual(
      bare.parameters.map(({ form }) => form),
      ['normal', 'keywordOnly'],
    );
  });

  it('read decorators, the return annotation, async and type parameters', () => {
    const text = '@a.b(c)\n@d\nasync def f[T: int](x: T) -> dict[str, T]:\n    pass\n';
    const definition = statementOfKind(parser, text, 'functionDefinition');
    assert.equal(text.slice(definition.start, definition.end), text.trimEnd());
    assert.equal(text.slice(definition.nameSpan.start, definition.nameSpan.end), 'f');
    assert.equal(definition.decorators.length, 2);
    assert.equal(definition.isAsync, true);
    assert.equal(definition.returns?.kind, 'subscript');
    assert.deepEqual(
      definition.parameters.map(({ name }) => name),
      ['x'],
    );
  });

  it('know a generator by a yield of its own', () => {
    const isGenerator = (text: string) => statementOfKind(parser, text, 'functionDefinition').isGenerator;
    assert.equal(isGenerator('def f():\n    for a in b:\n        yield a\n'), true);
    assert.equal(isGenerator('def f():\n    x = yield from a\n'), true);
    assert.equal(isGenerator('def f():\n    return [a for a in b]\n'), false);
    assert.equal(isGenerator('def f():\n    def g():\n        yield\n    return g\n'), false);
    assert.equal(isGenerator('def f():\n    return lambda: (yield)\n'), false);
  });

  it('read classes with bases and keywords', () => {
    const text = 'class Net[T](nn.Module, *more, metaclass=M):\n    x = 1\n';
    const definition = statementOfKind(parser, text, 'classDefinition');
    assert.equal(definition.name, 'Net');
    assert.deepEqual(shape(definition.bases), [
      { form: 'positional', name: null, value: { kind: 'attribute', object: 'nn', name: 'Module' } },
      { form: 'star', name: null, value: 'more' },
      { form: 'keyword', name: 'metaclass', value: 'M' },
    ]);
    assert.equal(definition.body.length, 1);
    assert.deepEqual(statementOfKind(parser, 'class A: pass', 'classDefinition').bases, []);
  });
});

describe('Python match statements', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const caseOf = (pattern: string) => {
    const { cases } = statementOfKind(parser, `match x:\n    case ${pattern}:\n        pass\n`, 'match');
    const { values, classes, mapping, irrefutable, captures } = cases[0]!;
    const keys =
      mapping?.map(({ key, values, name }) => [shape(key), values?.map(shape) ?? null, name]) ?? null;
    return {
      values: values?.map(shape) ?? null,
      classes: classes?.map(shape) ?? null,
      keys,
      irrefutable,
      captures,
    };
  };

  it('give the value of literal and dotted patterns', () => {
    assert.deepEqual(caseOf('1'), {
      values: [1],
      classes: null,
      keys: null,
      irrefutable: false,
      captures: [],
    });
    assert.deepEqual(caseOf('-1').values, [{ kind: 'unary', operator: '-', operand: 1 }]);
    assert.deepEqual(caseOf("('a')").values, [{ kind: 'string', value: 'a', bytes: false }]);
    assert.deepEqual(caseOf('None').values, [{ kind: 'none' }]);
    assert.deepEqual(caseOf('Mode.TRAIN').values, [{ kind: 'attribute', object: 'Mode', name: 'TRAIN' }]);
    assert.deepEqual(caseOf('1 | 2').values, [1, 2]);
    assert.deepEqual(caseOf('1 | [x]').values, null);
  });

  it('know the patterns that match anything', () => {
    const nothing = { values: null, classes: null, keys: null };
    assert.deepEqual(caseOf('_'), { ...nothing, irrefutable: true, captures: [] });
    assert.deepEqual(caseOf('y'), { ...nothing, irrefutable: true, captures: ['y'] });
    assert.equal(caseOf('(y)').irrefutable, true);
    assert.equal(caseOf('1 | _').irrefutable, true);
    assert.equal(caseOf('y,').irrefutable, false);
  });

  it('give the classes and the keys of plain patterns', () => {
    const linear = { kind: 'attribute', object: 'nn', name: 'Linear' };
    assert.deepEqual(caseOf('nn.Linear() | Conv()').classes, [linear, 'Conv']);
    assert.equal(caseOf('Linear(w)').classes, null);
    assert.equal(caseOf('Linear() | 1').classes, null);
    const part = { kind: 'string', value: 'part', bytes: false };
    assert.deepEqual(caseOf("{'part': p, 1: _}").keys, [
      [part, null, 'p'],
      [1, null, null],
    ]);
    assert.deepEqual(caseOf('{1: 2 | 3}').keys, [[1, [2, 3], null]]);
    assert.deepEqual(caseOf('{}').keys, []);
    assert.equal(caseOf("{'part': [1]}").keys, null);
    assert.equal(caseOf("{'part': p, **rest}").keys, null);
  });

  it('list what a pattern binds', () => {
    assert.deepEqual(caseOf('Linear(w, bias=b)').captures, ['w', 'b']);
    assert.deepEqual(caseOf('[a, *rest]').captures, ['a', 'rest']);
    assert.deepEqual(caseOf('a, _, *_').captures, ['a']);
    assert.deepEqual(caseOf("{'k': v, Mode.A: w, **rest}").captures, ['v', 'w', 'rest']);
    assert.deepEqual(caseOf('int() | str() as t').captures, ['t']);
  });

  it('read guards and several subjects', () => {
    const text = 'match a, b:\n    case c if c > 1:\n        pass\n';
    const statement = statementOfKind(parser, text, 'match');
    assert.deepEqual(shape(statement.subject), { kind: 'tuple', elements: ['a', 'b'] });
    assert.equal(statement.cases[0]?.guard?.kind, 'comparison');
  });

  it('read any subject, also where the first case could be a subscript', () => {
    const subjects: Record<string, unknown> = {
      '[x]': { kind: 'list', elements: ['x'] },
      '[x, y]': { kind: 'list', elements: ['x', 'y'] },
      '(x, y)': { kind: 'tuple', elements: ['x', 'y'] },
      '-x': { kind: 'unary', operator: '-', operand: 'x' },
      '[x][0]': { kind: 'subscript', object: { kind: 'list', elements: ['x'] }, index: 0 },
      'x, *[y]': {
        kind: 'tuple',
        elements: ['x', { kind: 'starred', value: { kind: 'list', elements: ['y'] } }],
      },
      '*(x), y': { kind: 'tuple', elements: [{ kind: 'starred', value: 'x' }, 'y'] },
      '[x,  # the first\n    y]': { kind: 'list', elements: ['x', 'y'] },
    };
    for (const [subject, expected] of Object.entries(subjects)) {
      const text = `match ${subject}:\n    case [1]:\n        f(a)\n`;
      const statement = statementOfKind(parser, text, 'match');
      assert.deepEqual(shape(statement.subject), expected, subject);
      assert.equal(statement.cases.length, 1);
      assert.equal(statement.cases[0]?.body[0]?.kind, 'expressionStatement');
      const { start, end } = statement.subject;
      assert.equal(text.slice(start, end).replace(/^\(|\)$/g, ''), subject.replace(/^\(|\)$/g, ''));
    }
  });

  it('are read behind a keyword without a space, with comments, and among unsound lines', () => {
    const module = parser.parse('match[x]:  # why\n\n    case [1]:\n        f(a)\nx = = 1\n');
    assert.deepEqual(
      module.body.map(({ kind }) => kind),
      ['match', 'errorStatement'],
    );
    assert.equal(module.comments.length, 1);
    assert.equal(module.errors.length, 1);
  });

  it('leave match and case to be ordinary names elsewhere', () => {
    assert.deepEqual(parser.parse('match = case = re.match(a)\nmatch[0]\n').errors, []);
  });
});
