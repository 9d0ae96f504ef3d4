import type { AttributeAssigned, FlagMethodCalled } from '../analysis/events.ts';
import type { Module } from '../python/syntax.ts';
import { misspelledRequiresGrad as misspelling } from '../torch/attribute-spelling.ts';
import { groupBySpan } from './fix-text.ts';
import { type Agreement, agreedReceiver, isSetBefore, whatStays } from './receivers.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  type AssignedCode,
  argumentText,
  assignedCode,
  callAt,
  copyingPart,
  isGuarded,
  quoted,
  readsOnSelf,
  receiverText,
  textOf,
} from './syntax-context.ts';

export const misspelledRequiresGrad: Rule = {
  code: 'FRZ103',
  name: 'misspelled-requires-grad',
  severity: 'error',
  summary: '`p.require_grad = False` and other misspellings are stored without complaint and freeze nothing.',
  documentation: {
    whatItDoes:
      'Reports attributes and methods that are a misspelt `requires_grad` or `requires_grad_`: `require_grad`, ' +
      '`requires_grads`, `required_grad`, `requires_gradient` and whatever else is at most two letters off.',
    whyItMatters:
      'Python accepts any attribute on a Parameter, a Tensor or a Module, and PyTorch never reads the wrong name: ' +
      'eleven spellings were tried, all were stored in silence, and all 6 parameters of the model moved in the next ' +
      'step. Only the misspelt method is loud: it raises AttributeError.',
    example: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.require_grad = False
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad = False
`,
    whenNotToUse: 'Where code out of sight gives the misspelt name a meaning of its own.',
    knownProblems:
      'An attribute that the file reads back, on any object, is taken for a field of its own. Where it is ' +
      'unknown what the attribute is set on, only a boolean on a common misspelling is reported, as a warning; on ' +
      'a plain Tensor, and where the flag has that value already, the finding is a warning too.',
    fixSafety:
      'Behavioural: with the right name the flag is really set (on a Module through `requires_grad_()`), so other ' +
      'parameters train than before. A suggestion where the object may be the result of a computation, on which ' +
      'PyTorch refuses to change the flag. Safe for a misspelt method of a Parameter or a Module, which raises today.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute }) => misspelling(attribute) && !trace.readsAttribute(attribute));
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const [first] = executions;
      const code = assignedCode(module, first);
      if (!code || isGuarded(module, first.span, code.object)) continue;
      const agreed = agreedReceiver(trace, executions);
      const isUnknown = executions.every(({ receiver }) => isOpen(receiver.what) && !receiver.ownAttribute);
      if (agreed) yield* onKnown(module, agreed, code);
      else if (isUnknown && isCommon(first)) yield onUnknown(module, first, code);
    }
    const called = trace.eventsOf('flagMethodCalled').filter(({ attribute }) => misspelling(attribute.name));
    for (const executions of groupBySpan(called, ({ call }) => call)) {
      const agreed = agreedReceiver(trace, executions);
      // A class out of sight may have a method of that name.
      if (agreed?.events.some(({ receiver }) => !receiver.certain)) continue;
      if (agreed && !isGuarded(module, executions[0].call, executions[0].attribute.object)) {
        yield onCall(module, executions[0], agreed.kind);
      }
    }
  },
};

/** Kinds of receiver that may be a Parameter or a Module without the program showing it. */
const isOpen = (what: AttributeAssigned['receiver']['what']): boolean =>
  what === 'unknown' || what === 'module';

/** Misspellings so common that the name alone shows what is meant. */
const COMMON: ReadonlySet<string> = new Set([
  'require_grad',
  'require_grads',
  'requires_grads',
  'required_grad',
  'requires_gradient',
  'requires_gradients',
  'require_gradient',
  'requre_grad',
  'requires_gard',
  'reqires_grad',
  'requries_grad',
]);

const isCommon = ({ attribute, value, onSelf }: AttributeAssigned): boolean =>
  !onSelf && COMMON.has(attribute) && value.kind === 'constant' && typeof value.value === 'boolean';

function* onKnown(
  module: Module,
  { kind, events }: Agreement<AttributeAssigned>,
  code: AssignedCode,
): Iterable<Finding> {
  const [first] = events;
  if (!first || (kind === 'module' && isOwnField(module, events, code))) return;
  const fixes = repair(module, first, code, kind);
  const isHarmless = kind === 'tensor' || events.every(isSetBefore);
  yield {
    span: nameSpan(first),
    severity: isHarmless ? 'warning' : 'error',
    message: `PyTorch never reads \`${first.attribute}\`, so ${whatStays(kind, events, quoted(module, code.object))}; ${right(module, first, kind, code)}.`,
    fixes,
  };
}

/** What to write instead. */
function right(
  module: Module,
  { attribute }: AttributeAssigned,
  kind: Agreement<unknown>['kind'],
  { object }: AssignedCode,
): string {
  if (kind === 'module') return `call \`${quoted(module, object)}.requires_grad_(...)\``;
  return misspelling(attribute) === 'method'
    ? 'call `requires_grad_(...)`'
    : 'the attribute is `requires_grad`';
}

function onUnknown(module: Module, first: AttributeAssigned, code: AssignedCode): Finding {
  return {
    span: nameSpan(first),
    severity: 'warning',
    message: `PyTorch never reads \`${first.attribute}\`; the attribute of a Parameter or Tensor is \`requires_grad\`, and a Module has a method \`requires_grad_()\`.`,
    fixes: repair(module, first, code, 'tensor'),
  };
}

/** The attribute name; all of a setattr call. */
const nameSpan = ({ target, span }: AttributeAssigned) => target?.nameSpan ?? span;

/** Whether a Module class has the attribute for itself: it reads it, or copies an argument to it. */
function isOwnField(module: Module, events: readonly AttributeAssigned[], { value }: AssignedCode): boolean {
  return events.some(
    ({ onSelf, receiver, attribute }) =>
      (onSelf && value.kind !== 'boolean') || readsOnSelf(module, receiver.className, attribute),
  );
}

function repair(
  module: Module,
  { attribute, target }: AttributeAssigned,
  { object, value, whole }: AssignedCode,
  kind: Agreement<unknown>['kind'],
): readonly Fix[] {
  const applicability = kind === 'tensor' ? 'suggestion' : 'behavioural';
  const isMethod = kind === 'module' || misspelling(attribute) === 'method';
  const copying = kind === 'copy' ? copyingPart(object) : null;
  if (isMethod) {
    if (!whole) return [];
    const receiver = copying
      ? textOf(module, { start: object.start, end: copying.start })
      : receiverText(module, object);
    const content = `${receiver}.requires_grad_(${argumentText(module, value)})`;
    return [{ message: 'Call requires_grad_()', applicability, edits: [{ span: whole, content }] }];
  }
  if (!target) {
    // The name in setattr's string; its quotes stay as they are.
    const name = whole && callAt(module, whole)?.args[1]?.value;
    if (name?.kind !== 'string' || textOf(module, name).slice(1, -1) !== attribute) return [];
    const edit: Edit = { span: { start: name.start + 1, end: name.end - 1 }, content: 'requires_grad' };
    return [{ message: 'Rename to requires_grad', applicability, edits: [edit] }];
  }
  const rename: Edit = { span: target.nameSpan, content: 'requires_grad' };
  return [
    {
      message: 'Rename to requires_grad',
      applicability,
      edits: copying ? [{ span: copying, content: '' }, rename] : [rename],
    },
  ];
}

function onCall(
  module: Module,
  { call, attribute }: FlagMethodCalled,
  kind: Agreement<unknown>['kind'],
): Finding {
  const object = quoted(module, attribute.object);
  const what = kind === 'module' ? 'Module' : kind === 'parameter' ? 'Parameter' : 'Tensor';
  const copying = kind === 'copy' ? copyingPart(attribute.object) : null;
  const rename: Edit = { span: attribute.nameSpan, content: 'requires_grad_' };
  const isSafe = (kind === 'parameter' || kind === 'module') && call.args.length > 0;
  return {
    span: attribute.nameSpan,
    message: `The ${what} \`${object}\` has no \`${attribute.name}\`, so this raises AttributeError; the method is \`requires_grad_()\`.`,
    fixes: [
      {
        message: 'Rename to requires_grad_',
        applicability: isSafe ? 'safe' : 'suggestion',
        edits: copying ? [{ span: copying, content: '' }, rename] : [rename],
      },
    ],
  };
}
