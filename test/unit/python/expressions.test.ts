import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { onlyExpression, shape, statementOfKind } from './reading.ts';

describe('Python expressions', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const shapeOf = (text: string) => shape(onlyExpression(parser, text));
  const sliceOf = (text: string) => {
    const { start, end } = onlyExpression(parser, text);
    return text.slice(start, end);
  };

  it('read attributes with the place of the name after the dot', () => {
    const text = 'model.fc.weight';
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'attribute');
    assert.equal(expression.name, 'weight');
    assert.equal(text.slice(expression.nameSpan.start, expression.nameSpan.end), 'weight');
    assert.deepEqual(shape(expression.object), { kind: 'attribute', object: 'model', name: 'fc' });
  });

  it('drop parentheses and keep the span of what is inside', () => {
    assert.equal(sliceOf('((a + b))'), 'a + b');
    assert.equal(sliceOf('(  # why\n a)'), 'a');
  });

  it('span parentheses that belong to an operand', () => {
    const text = '(a) + (b)';
    assert.equal(sliceOf(text), text);
  });

  it('read every number Python can write', () => {
    for (const [text, value, integer] of [
      ['1_000', 1000, true],
      ['0x1F', 31, true],
      ['0o17', 15, true],
      ['0b101', 5, true],
      ['1e-3', 0.001, false],
      ['.5', 0.5, false],
      ['5.', 5, false],
      ['3j', Number.NaN, false],
    ] as const) {
      const expression = onlyExpression(parser, text);
      assert.equal(expression.kind, 'number');
      assert.equal(expression.value, value, text);
      assert.equal(expression.integer, integer, text);
    }
  });

  it('read True, False, None and the ellipsis', () => {
    assert.deepEqual(shapeOf('True, False, None, ...'), {
      kind: 'tuple',
      elements: [
        { kind: 'boolean', value: true },
        { kind: 'boolean', value: false },
        { kind: 'none' },
        { kind: 'ellipsis' },
      ],
    });
  });

  it('tell one parenthesised value from a tuple of one', () => {
    assert.equal(shapeOf('(a)'), 'a');
    assert.deepEqual(shapeOf('(a,)'), { kind: 'tuple', elements: ['a'] });
    assert.deepEqual(shapeOf('a,'), { kind: 'tuple', elements: ['a'] });
    assert.deepEqual(shapeOf('()'), { kind: 'tuple', elements: [] });
  });

  it('read lists, sets and dictionaries with what they unpack', () => {
    assert.deepEqual(shapeOf('[a, *b]'), {
      kind: 'list',
      elements: ['a', { kind: 'starred', value: 'b' }],
    });
    assert.deepEqual(shapeOf('{a, b}'), { kind: 'set', elements: ['a', 'b'] });
    assert.deepEqual(shapeOf('{a: 1, **b}'), {
      kind: 'dictionary',
      entries: [
        { key: 'a', value: 1 },
        { key: null, value: 'b' },
      ],
    });
    assert.deepEqual(shapeOf('{}'), { kind: 'dictionary', entries: [] });
  });

  it('let operators bind as Python does', () => {
    assert.deepEqual(shapeOf('-a ** b * c'), {
      kind: 'binary',
      operator: '*',
      left: {
        kind: 'unary',
        operator: '-',
        operand: { kind: 'binary', operator: '**', left: 'a', right: 'b' },
      },
      right: 'c',
    });
    assert.deepEqual(shapeOf('not a and b or c'), {
      kind: 'booleanOperation',
      operator: 'or',
      left: {
        kind: 'booleanOperation',
        operator: 'and',
        left: { kind: 'unary', operator: 'not', operand: 'a' },
        right: 'b',
      },
      right: 'c',
    });
  });

  it('bind & tighter than ^', () => {
    const and = (left: unknown, right: unknown) => ({ kind: 'binary', operator: '&', left, right });
    const xor = (left: unknown, right: unknown) => ({ kind: 'binary', operator: '^', left, right });
    assert.deepEqual(shapeOf('a & b ^ c'), xor(and('a', 'b'), 'c'));
    assert.deepEqual(shapeOf('a ^ b & c & d ^ e'), xor(xor('a', and(and('b', 'c'), 'd')), 'e'));
    assert.deepEqual(shapeOf('a & (b ^ c)'), and('a', xor('b', 'c')));
    assert.equal(sliceOf('(a & b) ^ c'), '(a & b) ^ c');
  });

  it('keep a chain of comparisons together, with the place of each operator', () => {
    const text = 'a < b not  in c is not d';
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'comparison');
    assert.deepEqual(
      expression.rest.map(({ operator, right }) => [operator, shape(right)]),
      [
        ['<', 'b'],
        ['not in', 'c'],
        ['is not', 'd'],
      ],
    );
    assert.deepEqual(
      expression.rest.map(({ operatorSpan }) => text.slice(operatorSpan.start, operatorSpan.end)),
      ['<', 'not  in', 'is not'],
    );
  });

  it('read conditional expressions', () => {
    assert.deepEqual(shapeOf('a if b else c'), { kind: 'conditional', test: 'b', body: 'a', orelse: 'c' });
  });

  it('read subscripts: one index, several, slices', () => {
    assert.deepEqual(shapeOf('a[0]'), { kind: 'subscript', object: 'a', index: 0 });
    assert.deepEqual(shapeOf('a[1:2, ::3, ...]'), {
      kind: 'subscript',
      object: 'a',
      index: {
        kind: 'tuple',
        elements: [
          { kind: 'slice', lower: 1, upper: 2, step: null },
          { kind: 'slice', lower: null, upper: null, step: 3 },
          { kind: 'ellipsis' },
        ],
      },
    });
    assert.deepEqual(shapeOf('a[b,]'), {
      kind: 'subscript',
      object: 'a',
      index: { kind: 'tuple', elements: ['b'] },
    });
    assert.deepEqual(shapeOf('a[:-1]'), {
      kind: 'subscript',
      object: 'a',
      index: {
        kind: 'slice',
        lower: null,
        upper: { kind: 'unary', operator: '-', operand: 1 },
        step: null,
      },
    });
  });

  it('read lambdas with all forms of parameters', () => {
    const expression = onlyExpression(parser, 'lambda a, /, b=1, *c, d, **e: a');
    assert.equal(expression.kind, 'lambda');
    assert.deepEqual(
      expression.parameters.map(({ name, form }) => `${name} ${form}`),
      ['a positionalOnly', 'b normal', 'c star', 'd keywordOnly', 'e doubleStar'],
    );
    assert.equal(shape(expression.body), 'a');
  });

  it('read comprehensions of every form', () => {
    const clause = { target: 'x', iterable: 'y', conditions: ['z'], isAsync: false };
    for (const [text, form] of [
      ['[x for x in y if z]', 'list'],
      ['{x for x in y if z}', 'set'],
      ['(x for x in y if z)', 'generator'],
    ] as const) {
      assert.deepEqual(shapeOf(text), {
        kind: 'comprehension',
        form,
        element: 'x',
        value: null,
        clauses: [clause],
      });
    }
    assert.deepEqual(shapeOf('{x: 1 for x in y if z}'), {
      kind: 'comprehension',
      form: 'dictionary',
      element: 'x',
      value: 1,
      clauses: [clause],
    });
  });

  it('give each comprehension clause its own conditions', () => {
    const text = '[p async for m in ms if a if b for p in m]';
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'comprehension');
    assert.deepEqual(shape(expression.clauses), [
      { target: 'm', iterable: 'ms', conditions: ['a', 'b'], isAsync: true },
      { target: 'p', iterable: 'm', conditions: [], isAsync: false },
    ]);
    const [first] = expression.clauses;
    assert.equal(text.slice(first!.start, first!.end), 'async for m in ms if a if b');
  });

  it('read assignment expressions', () => {
    assert.deepEqual(shapeOf('(n := a.b)'), {
      kind: 'namedExpression',
      target: 'n',
      value: { kind: 'attribute', object: 'a', name: 'b' },
    });
  });

  it('read await and yield', () => {
    assert.deepEqual(shapeOf('await a'), { kind: 'await', value: 'a' });
    assert.deepEqual(shapeOf('yield'), { kind: 'yield', value: null, delegates: false });
    assert.deepEqual(shapeOf('yield a, b'), {
      kind: 'yield',
      value: { kind: 'tuple', elements: ['a', 'b'] },
      delegates: false,
    });
    assert.deepEqual(shapeOf('yield from a'), { kind: 'yield', value: 'a', delegates: true });
  });

  it('apply a star to the whole chain after it', () => {
    const { value } = statementOfKind(parser, 'x = *a.b(c)[0], d', 'assignment');
    assert.equal(value.kind, 'tuple');
    const [first] = value.elements;
    assert.equal(first?.kind, 'starred');
    assert.equal('x = *a.b(c)[0], d'.slice(first.value.start, first.value.end), 'a.b(c)[0]');
    assert.equal(first.value.kind, 'subscript');
  });

  it('compare identifiers in the normal form Python uses', () => {
    assert.equal(shapeOf('ｍｏｄｅｌ'), 'model');
  });
});

describe('Python calls', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const callOf = (text: string) => {
    const expression = onlyExpression(parser, text);
    assert.equal(expression.kind, 'call');
    return expression;
  };

  it('list arguments of all forms in source order', () => {
    const call = callOf('f(a, *b, c=1, **d)');
    assert.deepEqual(shape(call.args), [
      { form: 'positional', name: null, value: 'a' },
      { form: 'star', name: null, value: 'b' },
      { form: 'keyword', name: 'c', value: 1 },
      { form: 'doubleStar', name: null, value: 'd' },
    ]);
  });

  it('apply a star before an argument to the whole expression', () => {
    for (const text of ['f(*a.b())', 'f(*a or b)', 'f(x, *[1] + y)', 'f(*a if b else c)']) {
      const call = callOf(text);
      const star = call.args.at(-1)!;
      assert.equal(star.form, 'star', text);
      assert.equal(text.slice(star.value.start, star.value.end), text.slice(text.indexOf('*') + 1, -1));
    }
  });

  it('span the argument list with its parentheses, and each argument with its keyword', () => {
    const text = 'Adam(model.parameters(), lr=1e-3)';
    const call = callOf(text);
    assert.equal(text.slice(call.argsSpan.start, call.argsSpan.end), '(model.parameters(), lr=1e-3)');
    assert.deepEqual(
      call.args.map(({ start, end }) => text.slice(start, end)),
      ['model.parameters()', 'lr=1e-3'],
    );
  });

  it('take a lone generator as one positional argument', () => {
    const call = callOf('all(p.requires_grad for p in ps)');
    assert.equal(call.args.length, 1);
    assert.equal(call.args[0]?.form, 'positional');
    assert.equal(call.args[0]?.value.kind, 'comprehension');
  });

  it('know print as a function', () => {
    assert.equal(shape(callOf('print(a)').callee), 'print');
  });
});
