import type { AttributeAssigned } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module } from '../python/syntax.ts';
import { groupBySpan, insertAfter } from './fix-text.ts';
import { agreedReceiver, isSetBefore, mayBeBoolean, stateBefore } from './receivers.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  type AssignedCode,
  argumentText,
  assignedCode,
  isGuarded,
  isTested,
  loopVariable,
  quoted,
  readsOnSelf,
  receiverText,
  sameSpan,
  standsAlone,
  statementAround,
} from './syntax-context.ts';

export const requiresGradOnModule: Rule = {
  code: 'FRZ101',
  name: 'requires-grad-on-module',
  severity: 'error',
  summary: '`module.requires_grad = ...` stores an attribute that PyTorch never reads; no parameter changes.',
  documentation: {
    whatItDoes:
      'Reports an assignment of `requires_grad` (also through `setattr`) to an `nn.Module`. The flag belongs to ' +
      'Parameters; a Module has a method `requires_grad_()` that sets it on all of them, but no attribute of that name.',
    whyItMatters:
      'Python accepts the assignment, and nothing reads it. After `model.requires_grad = False` all 62 parameters of a ' +
      'ResNet-18 still pass a filter on `requires_grad`, and after one step of training all 62 have moved; ' +
      'the same in a loop over `children()`, through `setattr` in `apply()` and for `self` inside ' +
      '`__init__`. The opposite, `model.fc.requires_grad = True` on a frozen layer, leaves it frozen: the ' +
      'optimizer gets an empty list, or `backward()` finds nothing to do.',
    example: `from torch import nn
from torchvision import models

model = models.resnet18()
model.requires_grad = False
model.fc = nn.Linear(512, 10)
`,
    useInstead: `from torch import nn
from torchvision import models

model = models.resnet18()
model.requires_grad_(False)
model.fc = nn.Linear(512, 10)
`,
    whenNotToUse:
      'Where a class of yours gives `requires_grad` a meaning in a way the analysis cannot see, for example through ' +
      '`__setattr__` of a base class in another package.',
    knownProblems:
      'Silent where the object may be a Parameter or a Tensor, where its class has or reads an attribute of that ' +
      'name, for modules without parameters, and for `self.requires_grad = requires_grad`, which copies a setting. ' +
      'Where the parameters have that value already the line is harmless, and the finding is information only.',
    fixSafety:
      'Behavioural: `requires_grad_(...)`, or the loop over `parameters()` that is offered beside it, does what the ' +
      'line says, so other parameters train than before.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_',
      'https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute }) => attribute === 'requires_grad');
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const agreed = agreedReceiver(trace, executions);
      if (agreed?.kind !== 'module') continue;
      const events = agreed.events.filter(({ receiver }) => receiver.atoms.length > 0 || !receiver.complete);
      const [first] = events;
      const code = first && assignedCode(module, first);
      if (!first || !code || !events.every(mayBeBoolean)) continue;
      if (isOwnSetting(module, events, code) || isGuarded(module, first.span, code.object)) continue;
      yield report(module, trace, first, events, code);
    }
  },
};

/** Whether the class keeps the value for itself: it reads the attribute, or it copies an argument. */
function isOwnSetting(module: Module, events: readonly AttributeAssigned[], code: AssignedCode): boolean {
  if (events.some(({ onSelf }) => onSelf) && code.value.kind !== 'boolean') return true;
  const classes = new Set(events.map(({ receiver }) => receiver.className));
  return (
    [...classes].some((name) => readsOnSelf(module, name, 'requires_grad')) ||
    isTested(module, code.object, 'requires_grad')
  );
}

function report(
  module: Module,
  trace: Trace,
  first: AttributeAssigned,
  events: readonly AttributeAssigned[],
  code: AssignedCode,
): Finding {
  const span = first.target ?? first.span;
  const object = quoted(module, code.object);
  const value = constantOf(first);
  // In a tuple assignment the code of the value is that of all values.
  const valueText =
    code.whole || value === null ? argumentText(module, code.value) : value ? 'True' : 'False';
  const call = `${receiverText(module, code.object)}.requires_grad_(${valueText})`;
  const changes = events.filter((event) => !isSetAnyway(trace, event));
  if (changes.length === 0) {
    const state = constantOf(first) ? 'trainable' : 'frozen';
    return {
      span,
      severity: 'information',
      message: `\`${object}\` is a Module, so this sets an attribute that PyTorch never reads; its parameters are ${state} anyway, and the line can go or become \`requires_grad_(...)\`.`,
      fixes: fixes(module, first, code, call),
    };
  }
  return {
    span,
    message: `\`${object}\` is a Module, so this sets an attribute that PyTorch never reads: ${outcome(trace, changes)}; call \`${oneLine(call)}\`.`,
    fixes: fixes(module, first, code, call),
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const constantOf = ({ value }: AttributeAssigned): boolean | null =>
  value.kind === 'constant' && typeof value.value === 'boolean' ? value.value : null;

/** Whether all parameters have the value already, or get it right after from a statement that works. */
function isSetAnyway(trace: Trace, event: AttributeAssigned): boolean {
  const value = constantOf(event);
  if (value === null || event.receiver.atoms.length === 0) return false;
  if (isSetBefore(event)) return true;
  const missing = new Set(trace.leaves(event.receiver.atoms));
  for (const later of trace.events.slice(trace.events.indexOf(event) + 1)) {
    if (/^(?:optimizerBuilt|step|backward|forward|fit|escaped)$/.test(later.kind)) return false;
    if (later.kind !== 'flagWritten' || !later.certain || later.value !== value) continue;
    for (const atom of trace.leaves(later.atoms)) missing.delete(atom);
    if (missing.size === 0) return true;
  }
  return false;
}

/** What becomes of the parameters instead. */
function outcome(trace: Trace, events: readonly AttributeAssigned[]): string {
  const atoms = [...new Set(events.flatMap(({ receiver }) => trace.leaves(receiver.atoms)))];
  const isExact =
    atoms.length > 0 && trace.areCountable(atoms) && events.every(({ receiver }) => receiver.complete);
  // A loop comes by with several modules.
  const whose = events.length > 1 && isExact ? 'together ' : 'its ';
  const noun = isExact && atoms.length === 1 ? 'parameter' : 'parameters';
  const verb = isExact && atoms.length === 1 ? 's' : '';
  const subject = `${whose}${isExact ? `${atoms.length} ` : ''}${noun}`;
  const before = stateBefore(events);
  if (before !== null) return `${subject} stay${verb} ${before}`;
  return isExact && atoms.length === 1 ? `${subject} keeps its flag` : `${subject} keep their flags`;
}

function fixes(module: Module, first: AttributeAssigned, code: AssignedCode, call: string): readonly Fix[] {
  const { object, value, whole } = code;
  const message = `Call requires_grad_() on ${quoted(module, object)}`;
  if (!whole) {
    const edits = takenOut(module, first, call);
    return edits ? [{ message, applicability: 'behavioural', edits }] : [];
  }
  const method: Fix = { message, applicability: 'behavioural', edits: [{ span: whole, content: call }] };
  const statement = statementAround(module, whole);
  const isWholeStatement =
    statement !== null &&
    (sameSpan(statement, whole) ||
      (statement.kind === 'expressionStatement' && sameSpan(statement.expression, whole)));
  if (!isWholeStatement || !standsAlone(module, statement)) return [method];
  const lines = new LineIndex(module.text);
  const variable = loopVariable(module, statement);
  const body = `${lines.indentationAt(statement.start)}${lines.indentUnit}`;
  const flag = argumentText(module, value);
  // What goes over several lines needs parentheses outside of a call.
  const assigned = flag.includes('\n') ? `(${flag})` : flag;
  const loop = `for ${variable} in ${receiverText(module, object)}.parameters():\n${body}${variable}.requires_grad = ${assigned}`;
  return [
    method,
    {
      message: `Set requires_grad on each parameter of ${quoted(module, object)}`,
      applicability: 'behavioural',
      edits: [{ span: statement, content: loop }],
    },
  ];
}

/** Takes a target out of `a.requires_grad = b.requires_grad = value` and adds the call as a line of its own. */
function takenOut(
  module: Module,
  { target, valueNode }: AttributeAssigned,
  call: string,
): readonly Edit[] | null {
  if (!target) return null;
  const statement = statementAround(module, target);
  if (statement?.kind !== 'assignment' || !statement.targets.some((one) => sameSpan(one, target)))
    return null;
  // The value is evaluated twice from now on.
  if (!/^(?:boolean|name|attribute)$/.test(valueNode.kind)) return null;
  const [equals = ''] = /^\s*=\s*/.exec(module.text.slice(target.end)) ?? [];
  const line = insertAfter(module, statement, [call]);
  if (equals === '' || !line) return null;
  return [{ span: { start: target.start, end: target.end + equals.length }, content: '' }, line];
}
