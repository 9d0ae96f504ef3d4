import assert from 'node:assert/strict';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Expression, Module, Statement } from '../../../src/python/syntax.ts';
import { children, type SyntaxNode } from '../../../src/python/walk.ts';

/** Parses a sound text and returns its only statement. */
export function onlyStatement(parser: PythonParser, text: string): Statement {
  const module = parser.parse(text);
  assert.deepEqual(module.errors, [], `errors in ${JSON.stringify(text)}`);
  assert.equal(module.body.length, 1);
  return module.body[0]!;
}

/** The only statement, which must be of the given kind. */
export function statementOfKind<Kind extends Statement['kind']>(
  parser: PythonParser,
  text: string,
  kind: Kind,
): Extract<Statement, { kind: Kind }> {
  const statement = onlyStatement(parser, text);
  assert.equal(statement.kind, kind);
  return statement as Extract<Statement, { kind: Kind }>;
}

/** Parses a sound text that is one expression. */
export function onlyExpression(parser: PythonParser, text: string): Expression {
  return statementOfKind(parser, text, 'expressionStatement').expression;
}

const spanFields = new Set(['start', 'end', 'nameSpan', 'argsSpan', 'operatorSpan']);

/** A node without its spans; names and numbers shrink to themselves, so that expectations stay short. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shape);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const node = value as Record<string, unknown>;
  if (node.kind === 'name') {
    return node.id;
  }
  if (node.kind === 'number') {
    return node.value;
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([field]) => !spanFields.has(field))
      .map(([field, inner]) => [field, shape(inner)]),
  );
}

/**
 * Checks that each node lies in its parent and everything in the text, and that a module without errors
 * has no error nodes.
 */
export function assertTreeIsSound(module: Module): void {
  const { text } = module;
  const pending: { node: SyntaxNode; start: number; end: number }[] = module.body.map((node) => ({
    node,
    start: 0,
    end: text.length,
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, start, end } = next;
    assert.ok(
      start <= node.start && node.start <= node.end && node.end <= end,
      `${node.kind} ${node.start}-${node.end} outside ${start}-${end} in ${JSON.stringify(text)}`,
    );
    if (module.errors.length === 0) {
      assert.ok(!node.kind.startsWith('error'), `unlisted ${node.kind} in ${JSON.stringify(text)}`);
    }
    for (const child of children(node)) {
      pending.push({ node: child, start: node.start, end: node.end });
    }
  }
  for (const span of [...module.errors, ...module.comments]) {
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
  }
  for (let index = 1; index < module.errors.length; index++) {
    assert.ok(module.errors[index - 1]!.start <= module.errors[index]!.start, 'errors out of order');
  }
}

/** One program with every construct, for tests that damage it. */
export const SAMPLE = `from __future__ import annotations
import torch.nn as nn, torch
from ..models import resnet50 as r50, vgg
from os import *

@decorated(lambda a, /, b=1, *c, d, **e: (yield))
class Net(nn.Module, metaclass=Meta):
    """Docstring."""
    count: int = 0; names: list[str, ...]

    async def forward(self, x: Tensor | None = None, *args: int, flag=True, **rest) -> dict[str, int]:
        global state
        async with (open(a) as f, lock): pass
        async for i, (j, *k) in zip(*x, **y):
            await i[1:2, ::3, ...]
        else:
            del (i, j), k[0]
        return {**rest, 'a': 1} if not flag and x is not None or -x ** 2 else {n: v for n, v in y if v}

def train(model):
    for name, p in model.named_parameters():  # freeze
        if 'fc' not in name and (m := name.split('.')[0]) in {"a", 'b'}:
            p.requires_grad = q = False
        elif 1 < len(name) <= 3 != 4:
            p.grad @= 2 + 3j
        else:
            continue
    try:
        raise ValueError(f"{name!r:>{width}} {{}} {p=}" 'x' "y") from None
    except* (A, B) as error:
        assert error, 'message'
    finally:
        type(model).frozen = [*a.b(), 0x1F, 1_000, .5e-3, b'\\x00', r'\\d', """multi
line"""]
    match [model, flag]:
        case Linear(weight=w, bias=None) | [w, *_] if w: pass
        case {'a': -1, **others}: yield from others
        case nn.Linear | "s" as t: pass
        case _: yield
    while True: break
    with torch.no_grad() as g, x: nonlocal_ = [i async for i in g]; print(x \\
        + 1, (i for i in x))
type Alias[T] = list[T]
`;
