import type { Trace } from '../analysis/trace.ts';
import type { GroupAdded, GroupRefused, OptimizerBuilt } from '../analysis/training-events.ts';
import { LineIndex } from '../python/positions.ts';
import type { Call, Expression, Module, Span, Statement } from '../python/syntax.ts';
import { boundNames, type SyntaxNode, walk } from '../python/walk.ts';
import { groupBySpan, insertBefore, inWords, quoteOf, statementsAround } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, lineInWords, sameSpan, standsAlone, textOf } from './syntax-context.ts';

export const paramGroupAddedTwice: Rule = {
  code: 'FRZ404',
  name: 'param-group-added-twice',
  severity: 'error',
  summary: 'An optimizer gets parameters that it holds already, and PyTorch raises ValueError.',
  documentation: {
    whatItDoes:
      'Reports an `add_param_group` that certainly runs again for parameters which the optimizer holds by then, and param ' +
      'groups that share parameters.',
    whyItMatters:
      'PyTorch raises `ValueError: some parameters appear in more than one parameter group`. In a loop ' +
      'over epochs that happens one round after the unfreezing, when the first epochs have been paid for: ' +
      '`if epoch >= 5:` is true again in epoch 6.',
    example: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
for epoch in range(10):
    if epoch >= 5:
        model[0].requires_grad_(True)
        optimizer.add_param_group({"params": model[0].parameters()})
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    useInstead: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
        optimizer.add_param_group({"params": model[0].parameters()})
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    whenNotToUse:
      'In tests that expect the exception; `try`, `pytest.raises` and `assertRaises` keep the rule silent.',
    knownProblems:
      'A loop counts as running twice only where the number of its rounds is known, as in `range(10)`. The same parameter ' +
      'twice within one group only warns in PyTorch and is not reported.',
    fixSafety:
      'Suggestions. `==` in place of `>=` also runs whatever else the branch does once; the group can be added before the ' +
      'loop; and of two groups given to the constructor the larger one can leave out what is in the other.',
    references: ['https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.add_param_group.html'],
  },

  *check({ module, trace, cells }: RuleContext): Iterable<Finding> {
    for (const [refused] of groupBySpan(trace.eventsOf('groupRefused'), ({ call }) => call)) {
      const { call, sight } = refused;
      if (isExpected(module, call)) continue;
      const names = sight.cover(refused.atoms, 3);
      const what = names ? inWords(names) : 'these parameters';
      const adds = call.callee.kind === 'attribute' && call.callee.name === 'add_param_group';
      const earlier = adds ? holderBefore(trace, refused) : null;
      const raises = 'PyTorch raises "some parameters appear in more than one parameter group"';
      const holder = call.callee.kind === 'attribute' ? textOf(module, call.callee.object) : 'the optimizer';
      if (!earlier) {
        yield {
          message: `The param groups given to \`${textOf(module, call.callee)}\` share ${names ? `the parameters of ${what}` : 'parameters'}: ${raises}.`,
          span: call,
          fixes: withoutShared(module, call),
        };
      } else if (sameSpan(earlier, call)) {
        yield {
          message: `This runs again in a later round of the loop, when \`${holder}\` holds ${what} already: ${raises}. Add the group once.`,
          span: call,
          fixes: onceOnly(module, call),
        };
      } else {
        yield {
          message: `\`${holder}\` holds ${what} since ${lineInWords({ module, trace, cells }, earlier)}: ${raises}.`,
          span: call,
          related: [{ message: 'already held since here', span: earlier }],
        };
      }
    }
  },
};

/** Where the optimizer got what it is given again; null where that cannot be told. */
function holderBefore(trace: Trace, refused: GroupRefused): Span | null {
  const { events } = trace;
  const shared = new Set(trace.leaves(refused.atoms));
  const holds = (event: GroupAdded | OptimizerBuilt): boolean =>
    event.optimizer === refused.optimizer &&
    trace.leaves(event.kind === 'groupAdded' ? event.atoms : event.may).some((atom) => shared.has(atom));
  const before = events.slice(0, events.indexOf(refused));
  const event = before.findLast(
    (one): one is GroupAdded | OptimizerBuilt =>
      (one.kind === 'groupAdded' || one.kind === 'optimizerBuilt') && holds(one),
  );
  if (!event) return null;
  return event.kind === 'groupAdded' ? event.span : event.call;
}

/** Whether a test waits for the exception: `with pytest.raises(...)`, `with self.assertRaises(...)`. */
const isExpected = (module: Module, call: Call): boolean =>
  enclosing(module, call).some(
    (node) =>
      node.kind === 'with' && node.items.some(({ context }) => /raises/i.test(textOf(module, context))),
  );

/** Ways to add a group in one round of its loop only. */
function onceOnly(module: Module, call: Call): readonly Fix[] {
  const around = statementsAround(module, call.start);
  const loop = around.findLast(({ kind }) => kind === 'for');
  if (loop?.kind !== 'for') return [];
  const counters = new Set(boundNames(loop.target));
  const inside = around.slice(around.indexOf(loop) + 1);
  for (const [index, guard] of inside.entries()) {
    const inner = inside[index + 1];
    if (guard.kind !== 'if' || !inner || !guard.body.includes(inner)) continue;
    const operator = [...walk(guard.test)].flatMap((node) => atLeast(node, counters)).at(0);
    if (!operator) continue;
    return [
      {
        message: 'Do this in one round only: compare with `==`',
        applicability: 'suggestion',
        edits: [{ span: operator, content: '==' }],
      },
    ];
  }
  const [statement, ...deeper] = inside;
  return statement && deeper.length === 0 ? beforeLoop(module, loop, statement, counters) : [];
}

/** The `>=` in `epoch >= 5`, or nothing. */
function atLeast(node: SyntaxNode, counters: ReadonlySet<string>): readonly Span[] {
  if (node.kind !== 'comparison') return [];
  const [only, ...more] = node.rest;
  if (!only || more.length > 0 || only.operator !== '>=') return [];
  return node.left.kind === 'name' && counters.has(node.left.id) ? [only.operatorSpan] : [];
}

/** Takes a statement of a loop's body out of the loop, where nothing in the loop is needed for it. */
function beforeLoop(
  module: Module,
  loop: Statement & { kind: 'for' },
  statement: Statement,
  counters: ReadonlySet<string>,
): readonly Fix[] {
  const lines = new LineIndex(module.text);
  const bound = new Set([
    ...counters,
    ...loop.body.flatMap((one) =>
      [...walk(one)].flatMap((node) => (node.kind === 'assignment' ? node.targets.flatMap(boundNames) : [])),
    ),
  ]);
  const needs = [...walk(statement)].some((node) => node.kind === 'name' && bound.has(node.id));
  const row = lines.positionAt(statement.start).row;
  const isOneLine = row === lines.positionAt(statement.end).row && standsAlone(module, statement);
  if (needs || loop.body.length < 2 || !isOneLine) return [];
  const inserted = insertBefore(module, loop, [textOf(module, statement)]);
  if (!inserted) return [];
  const removed = { start: lines.lineSpan(row).start, end: lines.lineSpan(row + 1).start };
  return [
    {
      message: 'Add the group once, before the loop',
      applicability: 'suggestion',
      edits: [inserted, { span: removed, content: '' }],
    },
  ];
}

/** Two groups, `model.parameters()` and `model.head.parameters()`: the first leaves out the second's. */
function withoutShared(module: Module, call: Call): readonly Fix[] {
  const [argument] = call.args;
  if (argument?.value.kind !== 'list' || argument.value.elements.length !== 2) return [];
  const owners = argument.value.elements.map(parametersOwner);
  const [one, other] = owners;
  if (!one || !other) return [];
  const text = (owner: Owner): string => textOf(module, owner.module);
  const whole = text(other).startsWith(`${text(one)}.`)
    ? one
    : text(one).startsWith(`${text(other)}.`)
      ? other
      : null;
  if (!whole) return [];
  const part = whole === one ? other : one;
  const path = text(part).slice(text(whole).length + 1);
  if (!/^[\w.]+$/.test(path)) return [];
  const quote = quoteOf(module);
  const rest = `[p for name, p in ${text(whole)}.named_parameters() if not name.startswith(${quote}${path}.${quote})]`;
  return [
    {
      message: `Leave \`${text(part)}\` out of the other group`,
      applicability: 'suggestion',
      edits: [{ span: whole.call, content: rest }],
    },
  ];
}

interface Owner {
  readonly module: Expression;
  /** The call of `parameters()`. */
  readonly call: Span;
}

/** The module in `{"params": module.parameters(), ...}`; null for anything else. */
function parametersOwner(group: Expression): Owner | null {
  if (group.kind !== 'dictionary') return null;
  const entry = group.entries.find(({ key }) => key?.kind === 'string' && key.value === 'params');
  const call = entry?.value;
  if (call?.kind !== 'call' || call.args.length > 0 || call.callee.kind !== 'attribute') return null;
  return call.callee.name === 'parameters' ? { module: call.callee.object, call } : null;
}
