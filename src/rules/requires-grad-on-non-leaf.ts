import type { AttributeAssigned, FlagMethodCalled } from '../analysis/events.ts';
import type { Expression, Module, Span } from '../python/syntax.ts';
import { dottedName, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  assignedCode,
  enclosing,
  isDiscarded,
  isExpected,
  isGuarded,
  quoted,
  receiverText,
  standsAlone,
  statementAround,
  textOf,
} from './syntax-context.ts';

export const requiresGradOnNonLeaf: Rule = {
  code: 'FRZ205',
  name: 'requires-grad-on-non-leaf',
  severity: 'error',
  summary: 'The flag of a slice of a Parameter, or of an activation, cannot be set; this raises.',
  documentation: {
    whatItDoes:
      'Reports a write of `requires_grad` on a tensor that was computed from something that asks for a gradient: a part ' +
      'of a Parameter (`weight[0].requires_grad = False`), or what a layer gives (`features.requires_grad = False`).',
    whyItMatters:
      'PyTorch raises `RuntimeError: you can only change requires_grad flags of leaf variables`. The ' +
      'flag belongs to a whole Parameter. In a `no_grad` block the same line on a part is a silent no-op: the flag goes ' +
      'to a temporary tensor, and the whole Parameter trains on.',
    example: `import torch
from torch import nn

backbone = nn.Linear(8, 8)
head = nn.Linear(8, 2)
features = backbone(torch.randn(4, 8))
features.requires_grad = False
head(features).sum().backward()
`,
    useInstead: `import torch
from torch import nn

backbone = nn.Linear(8, 8)
head = nn.Linear(8, 2)
features = backbone(torch.randn(4, 8))
features = features.detach()
head(features).sum().backward()
`,
    whenNotToUse: 'Nothing speaks for the line as it is; where it never runs, delete it.',
    knownProblems:
      'Silent where gradients may be off, where the Parameter may be frozen, and in functions that only code out of ' +
      'sight calls, as that code may have turned gradients off. `loss.requires_grad_()` on a computed loss changes ' +
      'nothing and is not reported.',
    fixSafety:
      'A suggestion. For an activation `detach()` cuts off what it was computed from, which then gets no gradient from ' +
      'here. For a part of a Parameter a hook zeroes its gradient; weight decay and momentum still move it, ' +
      'so such a Parameter wants a param group without them.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.Tensor.is_leaf.html',
      'https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html',
      'https://pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute, value }) => attribute === 'requires_grad' && mayBeBool(value));
    for (const writes of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const [first] = writes;
      const code = assignedCode(module, first);
      if (!code || !isComputed(module, writes, first.span, code.object)) continue;
      const isFreeze = first.value.kind === 'constant' && first.value.value === false;
      const write = { place: first.target ?? first.span, object: code.object, whole: code.whole };
      yield report(module, first, write, isFreeze ? 'freeze' : 'other');
    }
    // On a computed tensor the method with True does nothing.
    const called = trace
      .eventsOf('flagMethodCalled')
      .filter(({ attribute, call }) => attribute.name === 'requires_grad_' && isFalse(call.args[0]?.value));
    for (const calls of groupBySpan(called, ({ call }) => call)) {
      const [first] = calls;
      const { object } = first.attribute;
      if (!isComputed(module, calls, first.call, object)) continue;
      yield report(module, first, { place: first.attribute, object, whole: first.call }, 'freeze');
    }
  },
};

/** What is no bool raises for that reason (FRZ204). */
const mayBeBool = (value: AttributeAssigned['value']): boolean =>
  value.kind !== 'constant' || typeof value.value === 'boolean';

const isFalse = (argument: Expression | undefined): boolean =>
  argument?.kind === 'boolean' && !argument.value;

/** Whether the receiver was computed in every execution, in a program that does not ask or expect the exception. */
function isComputed(
  module: Module,
  events: readonly (AttributeAssigned | FlagMethodCalled)[],
  span: Span,
  object: Expression,
): boolean {
  return (
    events.every(({ receiver }) => receiver.computedAt !== null && receiver.origin !== 'clone') &&
    !isGuarded(module, span, object) &&
    !isExpected(module, span, 'RuntimeError')
  );
}

interface Write {
  readonly place: Span;
  readonly object: Expression;
  /** What a fix replaces. */
  readonly whole: Span | null;
}

function report(
  module: Module,
  { receiver }: AttributeAssigned | FlagMethodCalled,
  write: Write,
  wish: 'freeze' | 'other',
): Finding {
  const { object, place } = write;
  const text = quoted(module, object);
  const isPart = receiver.atoms.length > 0 && object.kind === 'subscript';
  const origin = isPart
    ? `\`${text}\` is a part of a Parameter, made by indexing it`
    : `\`${text}\` was computed from trainable parameters`;
  const advice = isPart
    ? 'only the whole Parameter has a flag'
    : wish === 'freeze'
      ? '`detach()` gives a tensor without a history'
      : 'it has the flag of what it was computed from';
  const related =
    receiver.computedAt && !isInside(receiver.computedAt, place)
      ? [{ message: 'computed here', span: receiver.computedAt }]
      : [];
  const fix = wish === 'other' ? null : isPart ? mask(module, write) : detach(module, write);
  return {
    span: place,
    message: `${origin}, and the flag of a computed tensor cannot be set, so this raises RuntimeError; ${advice}.`,
    related,
    fixes: fix ? [fix] : [],
  };
}

const isInside = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** `features = features.detach()` */
function detach(module: Module, { object, whole }: Write): Fix | null {
  const name = dottedName(object);
  if (!whole) return null;
  const fix = (content: string): Fix => ({
    message: `Detach ${quoted(module, object)}`,
    applicability: 'suggestion',
    edits: [{ span: whole, content }],
  });
  const node = enclosing(module, whole).findLast(
    ({ start, end }) => start === whole.start && end === whole.end,
  );
  if (node?.kind === 'call' && !isDiscarded(module, node))
    return fix(`${receiverText(module, object)}.detach()`);
  return name === null ? null : fix(`${name} = ${name}.detach()`);
}

/** A hook that zeroes the gradient of the part. */
function mask(module: Module, { object, whole }: Write): Fix | null {
  if (object.kind !== 'subscript' || !whole || !importsTorch(module)) return null;
  const statement = statementAround(module, whole);
  const owner = dottedName(object.object);
  if (!statement || owner === null || !standsAlone(module, statement) || statement.end !== whole.end)
    return null;
  const name = ['mask', 'gradient_mask', 'mask_'].find(
    (one) => !new RegExp(`\\b${one}\\b`).test(module.text),
  );
  if (name === undefined) return null;
  const [before = ''] = /[^\n]*$/.exec(module.text.slice(0, statement.start)) ?? [];
  const index = textOf(module, { start: object.object.end, end: object.end });
  // Bound as a default, so that each round of a loop keeps its own.
  const lines = [
    `${name} = torch.ones_like(${owner})`,
    `${name}${index} = 0`,
    `${owner}.register_hook(lambda grad, ${name}=${name}: grad * ${name})`,
  ];
  return {
    message: `Zero the gradient of ${quoted(module, object)} with a hook`,
    applicability: 'suggestion',
    edits: [{ span: statement, content: lines.join(`\n${before}`) }],
  };
}

/** Whether the name `torch` is the module everywhere in the file. */
const importsTorch = (module: Module): boolean =>
  module.body.some((statement) =>
    [...walk(statement)].some(
      (node) => node.kind === 'import' && node.names.some(({ path, alias }) => path === 'torch' && !alias),
    ),
  );
