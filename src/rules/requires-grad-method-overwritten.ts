import { groupBySpan } from './fix-text.ts';
import { agreedReceiver } from './receivers.ts';
import type { Finding, Rule, RuleContext } from './rule.ts';
import { argumentText, assignedCode, copyingPart, isGuarded, quoted, textOf } from './syntax-context.ts';

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
      'Nothing is said, the flag stays True, and the weights move on (case a04). The damage shows later: any ' +
      "`model.requires_grad_(False)` that reaches such a Parameter stops with `TypeError: 'bool' object is not " +
      'callable`. On a Module only the method of that very object is lost; its parent still has its own (a05).',
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
    knownProblems: 'Silent where the kind of object is unknown, and where its class defines the name itself.',
    fixSafety: 'Behavioural: calling the method sets the flag, so other parameters train than before.',
    references: ['https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace
      .eventsOf('attributeAssigned')
      .filter(({ attribute }) => attribute === 'requires_grad_');
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const agreed = agreedReceiver(trace, executions);
      const first = agreed?.events[0];
      const code = first && assignedCode(module, first);
      // A function in place of the method is meant: a test that counts calls, a wrapper.
      if (!code || !agreed.events.every(({ value }) => value.kind === 'unknown' || value.kind === 'constant'))
        continue;
      if (isGuarded(module, first.span, code.object)) continue;
      const object = quoted(module, code.object);
      // A flag set on a copy would be the next mistake.
      const copying = agreed.kind === 'copy' ? copyingPart(code.object) : null;
      const receiver = textOf(module, { start: code.object.start, end: copying?.start ?? code.object.end });
      const call = `${receiver}.requires_grad_(${argumentText(module, code.value)})`;
      yield {
        span: first.target ?? first.span,
        message: `This replaces the method \`requires_grad_\` of \`${object}\` by a value and leaves the flag as it is, and a later \`requires_grad_(...)\` raises TypeError; call the method.`,
        fixes: code.whole
          ? [
              {
                message: 'Call requires_grad_()',
                applicability: 'behavioural',
                edits: [{ span: code.whole, content: call }],
              },
            ]
          : [],
      };
    }
  },
};
