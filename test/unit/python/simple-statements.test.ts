import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { onlyStatement, shape, statementOfKind } from './reading.ts';

describe('Python simple statements', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const shapeOf = (text: string) => shape(onlyStatement(parser, text));

  it('read an assignment to an attribute', () => {
    assert.deepEqual(shapeOf('p.requires_grad = False'), {
      kind: 'assignment',
      targets: [{ kind: 'attribute', object: 'p', name: 'requires_grad' }],
      value: { kind: 'boolean', value: false },
    });
  });

  it('give a chained assignment all its targets', () => {
    assert.deepEqual(shapeOf('a = b.c = d[0] = e'), {
      kind: 'assignment',
      targets: [
        'a',
        { kind: 'attribute', object: 'b', name: 'c' },
        { kind: 'subscript', object: 'd', index: 0 },
      ],
      value: 'e',
    });
  });

  it('unpack into tuples, lists and a starred name', () => {
    assert.deepEqual(shapeOf('a, [b, (c)], *d = e, f'), {
      kind: 'assignment',
      targets: [
        {
          kind: 'tuple',
          elements: ['a', { kind: 'list', elements: ['b', 'c'] }, { kind: 'starred', value: 'd' }],
        },
      ],
      value: { kind: 'tuple', elements: ['e', 'f'] },
    });
    assert.deepEqual(shapeOf('(a) = 1'), { kind: 'assignment', targets: ['a'], value: 1 });
  });

  it('read annotated assignments, with and without a value', () => {
    assert.deepEqual(shapeOf('a: list[int, str] = b'), {
      kind: 'annotatedAssignment',
      target: 'a',
      annotation: {
        kind: 'subscript',
        object: 'list',
        index: { kind: 'tuple', elements: ['int', 'str'] },
      },
      value: 'b',
    });
    assert.deepEqual(shapeOf('self.a: int | None'), {
      kind: 'annotatedAssignment',
      target: { kind: 'attribute', object: 'self', name: 'a' },
      annotation: { kind: 'binary', operator: '|', left: 'int', right: { kind: 'none' } },
      value: null,
    });
  });

  it('read augmented assignments', () => {
    for (const operator of ['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^']) {
      assert.deepEqual(shapeOf(`a ${operator}= b`), {
        kind: 'augmentedAssignment',
        target: 'a',
        operator,
        value: 'b',
      });
    }
  });

  it('take an assignment to an attribute of type(x) for what it is', () => {
    assert.deepEqual(shapeOf('type(model).frozen = True'), {
      kind: 'assignment',
      targets: [
        {
          kind: 'attribute',
          object: {
            kind: 'call',
            callee: 'type',
            args: [{ form: 'positional', name: null, value: 'model' }],
          },
          name: 'frozen',
        },
      ],
      value: { kind: 'boolean', value: true },
    });
    assert.equal(onlyStatement(parser, 'type(a)[0]: int = 1').kind, 'annotatedAssignment');
  });

  it('pass over type aliases', () => {
    assert.deepEqual(shapeOf('type A[T] = list[T]'), { kind: 'pass' });
    assert.deepEqual(shapeOf('type = 1'), { kind: 'assignment', targets: ['type'], value: 1 });
  });

  it('read imports', () => {
    assert.deepEqual(shapeOf('import torch.nn as nn, os.path'), {
      kind: 'import',
      names: [
        { path: 'torch.nn', alias: 'nn' },
        { path: 'os.path', alias: null },
      ],
    });
    assert.deepEqual(shapeOf('from torch.nn import (Linear as L, ReLU,)'), {
      kind: 'importFrom',
      module: 'torch.nn',
      level: 0,
      names: [
        { name: 'Linear', alias: 'L' },
        { name: 'ReLU', alias: null },
      ],
    });
    assert.deepEqual(shapeOf('from ... import a'), {
      kind: 'importFrom',
      module: '',
      level: 3,
      names: [{ name: 'a', alias: null }],
    });
    assert.deepEqual(shapeOf('from .a.b import *'), {
      kind: 'importFrom',
      module: 'a.b',
      level: 1,
      names: null,
    });
    assert.deepEqual(shapeOf('from __future__ import annotations'), {
      kind: 'importFrom',
      module: '__future__',
      level: 0,
      names: [{ name: 'annotations', alias: null }],
    });
  });

  it('read return, raise, assert, global, nonlocal, pass, break and continue', () => {
    assert.deepEqual(shapeOf('return'), { kind: 'return', value: null });
    assert.deepEqual(shapeOf('return a, b'), {
      kind: 'return',
      value: { kind: 'tuple', elements: ['a', 'b'] },
    });
    assert.deepEqual(shapeOf('raise'), { kind: 'raise', exception: null });
    assert.deepEqual(shapeOf('raise A from b'), { kind: 'raise', exception: 'A' });
    assert.deepEqual(shapeOf("assert a, 'why'"), { kind: 'assert', test: 'a' });
    assert.deepEqual(shapeOf('global a, b'), { kind: 'global', names: ['a', 'b'] });
    assert.deepEqual(shapeOf('nonlocal a'), { kind: 'nonlocal', names: ['a'] });
    for (const kind of ['pass', 'break', 'continue']) {
      assert.deepEqual(shapeOf(kind), { kind });
    }
  });

  it('flatten what del deletes', () => {
    assert.deepEqual(shapeOf('del (a, b), c[0]'), {
      kind: 'delete',
      targets: ['a', 'b', { kind: 'subscript', object: 'c', index: 0 }],
    });
  });

  it('separate statements at semicolons, which belong to none', () => {
    const text = 'if a:\n    b; c = 1;\nd;';
    const module = parser.parse(text);
    assert.deepEqual(module.errors, []);
    const [first, last] = module.body;
    assert.equal(first?.kind, 'if');
    assert.deepEqual(
      first.body.map(({ start, end }) => text.slice(start, end)),
      ['b', 'c = 1'],
    );
    assert.equal(text.slice(last!.start, last!.end), 'd');
  });

  it('may go on after a backslash or inside brackets', () => {
    assert.equal(statementOfKind(parser, 'a = b + \\\n  c', 'assignment').value.kind, 'binary');
    assert.equal(statementOfKind(parser, 'a = b + \\\r\n  c', 'assignment').value.kind, 'binary');
    assert.equal(statementOfKind(parser, 'a = (b +  # why\n  c)', 'assignment').value.kind, 'binary');
  });

  it('have their comments listed apart, without the line end', () => {
    const text = '# first\r\na = [  # second\r\n  1]\r\n';
    const module = parser.parse(text);
    assert.deepEqual(
      module.comments.map((comment) => comment.text),
      ['# first', '# second'],
    );
    for (const comment of module.comments) {
      assert.equal(text.slice(comment.start, comment.end), comment.text);
    }
  });
});
