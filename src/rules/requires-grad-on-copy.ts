import type { AttributeAssigned, FlagMethodCalled } from '../analysis/events.ts';
import type { Call, Expression, Module, Span } from '../python/syntax.ts';
import { boundNames, children, dottedName, type SyntaxNode } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import { agreedReceiver, mayBeBoolean, stateBefore } from './receivers.ts';
import type { Edit, Finding, Rule, RuleContext } from './rule.ts';
import {
  assignedCode,
  copyingPart,
  enclosing,
  isDiscarded,
  isGuarded,
  quoted,
  textOf,
} from './syntax-context.ts';

export const requiresGradOnCopy: Rule = {
  code: 'FRZ105',
  name: 'requires-grad-on-copy',
  severity: 'error',
  summary:
    'A flag set on `.data`, `.detach()`, `.clone()` or a value of `state_dict()` never reaches the Parameter.',
  documentation: {
    whatItDoes:
      'Reports `requires_grad` set on a tensor that is made from a Parameter only for that statement: ' +
      '`weight.data`, `weight.detach()`, `weight.clone()`, or the values of `model.state_dict()` in a loop.',
    whyItMatters:
      'Each of these is a new tensor with a flag of its own; the Parameter keeps its flag, whatever the new tensor ' +
      'says. After `emb.weight.data.requires_grad = False` the weight still trains, the same with ' +
      '`.detach()` and with a loop over `state_dict().values()`. Unfreezing that way does nothing either.',
    example: `from torch import nn

emb = nn.Embedding(10, 4)
emb.weight.data.requires_grad = False
`,
    useInstead: `from torch import nn

emb = nn.Embedding(10, 4)
emb.weight.requires_grad = False
`,
    whenNotToUse: 'Nothing speaks for such a statement.',
    knownProblems:
      'A copy that has a name of its own is left alone, because it may be what somebody wants to train. ' +
      '`detach_()` and `state_dict(keep_vars=True)` reach the Parameter and are never reported.',
    fixSafety:
      'Behavioural: without the copying part, or with `named_parameters()` in place of `state_dict()`, the flag ' +
      'reaches the Parameter, so other parameters train than before.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html',
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute }) => attribute === 'requires_grad');
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const agreed = agreedReceiver(trace, executions);
      const code = agreed?.kind === 'copy' ? assignedCode(module, executions[0]) : null;
      if (!agreed || !code || !executions.every(mayBeBoolean)) continue;
      if (isGuarded(module, executions[0].span, code.object)) continue;
      const span = executions[0].target ?? executions[0].span;
      yield* report(module, agreed.events, code.object, span, code.value);
    }
    const called = trace
      .eventsOf('flagMethodCalled')
      .filter(({ attribute }) => attribute.name === 'requires_grad_');
    for (const executions of groupBySpan(called, ({ call }) => call)) {
      const agreed = agreedReceiver(trace, executions);
      const { call, attribute } = executions[0];
      if (agreed?.kind !== 'copy' || !isDiscarded(module, call)) continue;
      if (isGuarded(module, call, attribute.object)) continue;
      yield* report(module, agreed.events, attribute.object, attribute, call.args[0]?.value ?? null);
    }
  },
};

/** `value` is what the flag is set to; null where a call says nothing, which means True. */
function* report(
  module: Module,
  events: readonly (AttributeAssigned | FlagMethodCalled)[],
  object: Expression,
  span: Span,
  value: Expression | null,
): Iterable<Finding> {
  const copying = copyingPart(object);
  const loop = copying ? null : stateDictLoop(module, object);
  const state = stateBefore(events);
  const wanted = value === null || (value.kind === 'boolean' && value.value) ? 'trainable' : 'frozen';
  const isSetAnyway = state === wanted && (value === null || value.kind === 'boolean');
  const what = loop
    ? theValues(loop, state, isSetAnyway)
    : copying && theTensor(module, object, copying, state, isSetAnyway);
  if (what) yield { ...what, span, ...(isSetAnyway ? { severity: 'information' } : {}) };
}

type State = ReturnType<typeof stateBefore>;

function theTensor(
  module: Module,
  object: Expression,
  copying: Span,
  state: State,
  isSetAnyway: boolean,
): Finding {
  const parameter = quoted(module, { start: object.start, end: copying.start });
  const verb = isSetAnyway ? 'is' : 'stays';
  const outcome = state ? `${verb} ${state}${isSetAnyway ? ' anyway' : ''}` : 'keeps its flag';
  return {
    span: object,
    message: `\`${quoted(module, copying)}\` gives a new tensor with a flag of its own, so this never reaches the Parameter \`${parameter}\`, which ${outcome}; set \`${parameter}.requires_grad\`.`,
    fixes: [
      {
        message: `Set the flag of ${parameter} itself`,
        applicability: 'behavioural',
        edits: [{ span: copying, content: '' }],
      },
    ],
  };
}

function theValues({ instead, edit }: StateDictLoop, state: State, isSetAnyway: boolean): Finding {
  const verb = isSetAnyway ? 'are' : 'stay';
  const outcome = state ? `${verb} ${state}${isSetAnyway ? ' anyway' : ''}` : 'keep their flags';
  return {
    span: edit.span,
    message: `The values of \`state_dict()\` are detached from the model, so this never reaches its Parameters, which ${outcome}; loop over \`${instead}\`.`,
    fixes: [{ message: `Loop over ${instead}`, applicability: 'behavioural', edits: [edit] }],
  };
}

interface StateDictLoop {
  /** What to loop over. */
  readonly instead: string;
  readonly edit: Edit;
}

/** The loop over a `state_dict()` made for it alone whose variable is `object`, and what it should go over. */
function stateDictLoop(module: Module, object: Expression): StateDictLoop | null {
  if (object.kind !== 'name') return null;
  const iterable = iteratedOver(module, object);
  if (iterable?.kind !== 'call' || iterable.callee.kind !== 'attribute') return null;
  const dictionary = stateDictOf(iterable.callee.object);
  if (!dictionary) return null;
  const method = { items: 'named_parameters', values: 'parameters' }[iterable.callee.name];
  if (!method) return null;
  const instead = `${textOf(module, dictionary)}.${method}()`;
  return { edit: { span: iterable, content: instead }, instead };
}

/** What the loop or the comprehension around a variable iterates over, where nothing in it keeps the variable. */
function iteratedOver(module: Module, variable: Expression & { kind: 'name' }): Expression | null {
  for (const node of [...enclosing(module, variable)].reverse()) {
    if (node.kind === 'comprehension') {
      const clause = node.clauses.find(({ target }) => boundNames(target).includes(variable.id));
      if (!clause) continue;
      return node.element.kind === 'call' && isDiscarded(module, node.element) ? clause.iterable : null;
    }
    if (node.kind !== 'for' || !boundNames(node.target).includes(variable.id)) continue;
    return node.body.every((statement) => isOnlyAsked(statement, variable.id)) ? node.iterable : null;
  }
  return null;
}

/** Whether a statement uses a variable only for what it has: where it is kept, the tensor may live on. */
function isOnlyAsked(node: SyntaxNode, variable: string): boolean {
  const isSetting = node.kind === 'call' && node.callee.kind === 'name' && node.callee.id === 'setattr';
  return [...children(node)].every(
    (child) =>
      !(child.kind === 'name' && child.id === variable && node.kind !== 'attribute' && !isSetting) &&
      isOnlyAsked(child, variable),
  );
}

/** The module of which an expression is a fresh `state_dict()`. */
function stateDictOf(expression: Expression): Expression | null {
  const isFresh = (call: Expression): call is Call => call.kind === 'call' && call.args.length === 0;
  if (!isFresh(expression) || expression.callee.kind !== 'attribute') return null;
  const { callee } = expression;
  return callee.name === 'state_dict' && dottedName(callee.object) !== null ? callee.object : null;
}
