import type { FlagMethodCalled } from '../analysis/events.ts';
import type { Module, Span } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { agreedReceiver } from './receivers.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { copyingPart, isDiscarded, isGuarded, quoted } from './syntax-context.ts';

export const requiresGradCalled: Rule = {
  code: 'FRZ206',
  name: 'requires-grad-called',
  severity: 'error',
  summary: '`p.requires_grad(False)` calls a bool and raises; the method is `requires_grad_()`.',
  documentation: {
    whatItDoes:
      'Reports a call of `requires_grad` on a Parameter, a Tensor or a Module. On a Parameter or a Tensor it is a ' +
      'bool, on a Module it does not exist; the method that sets the flag ends in an underscore.',
    whyItMatters:
      "The program stops there: `TypeError: 'bool' object is not callable` on a Parameter or a Tensor, " +
      "`AttributeError: 'Linear' object has no attribute 'requires_grad'` on a Module.",
    example: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad(False)
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad_(False)
`,
    whenNotToUse: 'Nothing speaks for the call; where it never runs, delete it.',
    knownProblems:
      'Silent where it is unknown what is called, and for functions of that name, as in `utils.requires_grad(model, False)`.',
    fixSafety:
      'Safe: the line raises today, and with the underscore it does what its argument says. Without an argument ' +
      '`requires_grad_()` means True, so where the value is used the fix reads the flag instead, and a bare call gets a suggestion only.',
    references: ['https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const called = trace
      .eventsOf('flagMethodCalled')
      .filter(({ attribute }) => attribute.name === 'requires_grad');
    for (const executions of groupBySpan(called, ({ call }) => call)) {
      const agreed = agreedReceiver(trace, executions);
      const first = agreed?.events[0];
      if (!agreed || !first || isGuarded(module, first.call, first.attribute.object)) continue;
      // A class out of sight may have a method of that name.
      if (agreed.events.some(({ receiver }) => !receiver.certain)) continue;
      const object = quoted(module, first.attribute.object);
      const why =
        agreed.kind === 'module'
          ? `\`${object}\` is a Module, which has no \`requires_grad\`, so this raises AttributeError`
          : `\`${object}.requires_grad\` is a bool, so calling it raises TypeError`;
      const fix = repair(module, first, agreed.kind);
      yield {
        span: first.attribute,
        message: `${why}; the method that sets the flag is \`requires_grad_()\`, with an underscore at the end.`,
        fixes: fix ? [fix] : [],
      };
    }
  },
};

type Kind = 'module' | 'parameter' | 'copy' | 'tensor';

function repair(module: Module, { call, attribute }: FlagMethodCalled, kind: Kind): Fix | null {
  const { end } = attribute.nameSpan;
  const underscore: Edit = { span: { start: end, end }, content: '_' };
  if (call.args.length > 0) {
    const copying: Span | null = kind === 'copy' ? copyingPart(attribute.object) : null;
    return {
      message: 'Call requires_grad_()',
      applicability: kind === 'tensor' || kind === 'copy' ? 'behavioural' : 'safe',
      edits: copying ? [{ span: copying, content: '' }, underscore] : [underscore],
    };
  }
  if (isDiscarded(module, call)) {
    return {
      message: 'Call requires_grad_(), which sets it to True',
      applicability: 'suggestion',
      edits: [underscore],
    };
  }
  if (kind === 'module') return null;
  return {
    message: 'Read the flag, without a call',
    applicability: 'safe',
    edits: [{ span: call.argsSpan, content: '' }],
  };
}
