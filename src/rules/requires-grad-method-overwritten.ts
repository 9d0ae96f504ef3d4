import type { AttributeAssigned } from '../analysis/events.ts';
import type { Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { type Agreement, agreedReceiver, mayBeBoolean, whatStays } from './receivers.ts';
import type { Finding, Rule, RuleContext } from './rule.ts';
import {
  type AssignedCode,
  argumentText,
  assignedCode,
  copyingPart,
  definesFunction,
  isGuarded,
  quoted,
  receiverText,
  textOf,
} from './syntax-context.ts';

export const requiresGradMethodOverwritten: Rule = {
  code: 'FRZ102',
  name: 'requires-grad-method-overwritten',
  severity: 'error',
  summary: '`p.requires_grad_ = False` overwrites the method of that object; the flag stays as it was.',
  documentation: {
    whatItDoes:
      'Reports an assignment to `requires_grad_` of a Parameter, a Tensor or a Module. That name is the method which ' +
      'sets the flag: assigning to it hides the method of this one object and leaves the flag alone.',
    whyItMatters:
      'Nothing is said, the flag stays True, and the weights move on. The damage shows later: any ' +
      "`model.requires_grad_(False)` that reaches such a Parameter stops with `TypeError: 'bool' object is not " +
      'callable`. On a Module only the method of that very object is lost; its parent still has its own.',
    example: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad_ = False
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad_(False)
`,
    whenNotToUse: 'Where a test replaces the method on purpose, to count its calls for example.',
    knownProblems:
      'Where the kind of object is unknown, only a plain bool is reported, as a warning. Silent where its class defines the name itself.',
    fixSafety: 'Behavioural: calling the method sets the flag, so other parameters train than before.',
    references: ['https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute }) => attribute === 'requires_grad_');
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const [first] = executions;
      const code = assignedCode(module, first);
      // A function in place of the method is meant: a test that counts calls, a wrapper.
      if (!code || !executions.every(mayBeBoolean) || isGuarded(module, first.span, code.object)) continue;
      const agreed = agreedReceiver(trace, executions);
      if (agreed)
        yield report(
          module,
          first,
          code,
          agreed.kind,
          whatStays(agreed.kind, agreed.events, quoted(module, code.object)),
        );
      else if (executions.every(isOpen) && !definesFunction(module, 'requires_grad_')) {
        const name = quoted(module, code.object);
        yield {
          ...report(module, first, code, 'tensor', `the flag of \`${name}\` stays as it is`),
          severity: 'warning',
        };
      }
    }
  },
};

/** Nothing is known of the object, but the name with a plain bool shows what is meant. */
const isOpen = ({ receiver, value, onSelf }: AttributeAssigned): boolean =>
  (receiver.what === 'unknown' || receiver.what === 'module') &&
  !receiver.ownAttribute &&
  !onSelf &&
  value.kind === 'constant';

function report(
  module: Module,
  first: AttributeAssigned,
  { object, value, whole }: AssignedCode,
  kind: Agreement<unknown>['kind'],
  outcome: string,
): Finding {
  // A flag set on a copy would be the next mistake.
  const copying = kind === 'copy' ? copyingPart(object) : null;
  const receiver = copying
    ? textOf(module, { start: object.start, end: copying.start })
    : receiverText(module, object);
  const call = `${receiver}.requires_grad_(${argumentText(module, value)})`;
  const later = copying ? '' : ', and a later `requires_grad_(...)` on it raises TypeError';
  return {
    span: first.target ?? first.span,
    message: `This overwrites the method \`requires_grad_\` instead of calling it: ${outcome}${later}.`,
    fixes: whole
      ? [
          {
            message: 'Call requires_grad_()',
            applicability: 'behavioural',
            edits: [{ span: whole, content: call }],
          },
        ]
      : [],
  };
}
