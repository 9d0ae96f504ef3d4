import type { FlagCompared } from '../analysis/events.ts';
import type { Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { type Agreement, agreedReceiver, isSetBefore, whatStays } from './receivers.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  argumentText,
  enclosing,
  isGuarded,
  isShown,
  quoted,
  receiverText,
  statementAround,
  textOf,
} from './syntax-context.ts';

export const requiresGradCompared: Rule = {
  code: 'FRZ104',
  name: 'requires-grad-compared',
  severity: 'error',
  summary:
    '`p.requires_grad == False` as a statement compares and throws the answer away; `=` sets the flag.',
  documentation: {
    whatItDoes:
      'Reports a statement that is nothing but a comparison of `requires_grad` with `==`, where an assignment was meant.',
    whyItMatters:
      'Python computes the answer and forgets it. Nothing is said, the flag stays as it was, and the weights move on. ' +
      'Asked of a Module, which has no such attribute, the comparison raises AttributeError.',
    example: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad == False
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
for p in layer.parameters():
    p.requires_grad = False
`,
    whenNotToUse: 'Nothing speaks for such a statement.',
    knownProblems:
      'On a Tensor that is no Parameter, in functions whose name starts with `test`, and where one flag is compared ' +
      'with another, it is more likely a forgotten `assert`, so nothing is said. Where it is unknown what the flag ' +
      'belongs to, only a comparison with True or False is reported, as a warning.',
    fixSafety:
      'Behavioural: with `=` the flag is really set, so other parameters train than before. A suggestion where the ' +
      'object is unknown.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace, cells }: RuleContext): Iterable<Finding> {
    const compared = trace.eventsOf('flagCompared').filter((event) => looksLikeAssignment(module, event));
    for (const executions of groupBySpan(compared, ({ comparison }) => comparison)) {
      const [first] = executions;
      if (isGuarded(module, first.comparison, first.attribute.object)) continue;
      if (isShown({ module, cells }, first.comparison)) continue;
      const agreed = agreedReceiver(trace, executions);
      if (agreed) yield* onKnown(module, agreed);
      else if (executions.every(isOpen)) {
        const name = quoted(module, first.attribute.object);
        yield {
          ...report(module, first, 'tensor', `the flag of \`${name}\` stays as it is`),
          severity: 'warning',
        };
      }
    }
  },
};

/** Whether a comparison reads like an assignment with one `=` too many, and not like a forgotten `assert`. */
function looksLikeAssignment(module: Module, { comparison }: FlagCompared): boolean {
  const [only] = comparison.rest;
  if (only?.operator !== '==' || textOf(module, only.right).includes('requires_grad')) return false;
  return !enclosing(module, comparison).some(
    (node) => node.kind === 'functionDefinition' && node.name.startsWith('test'),
  );
}

/** Nothing is known of the object, but the name compared with a plain bool shows what is meant. */
const isOpen = ({ comparison, receiver }: FlagCompared): boolean =>
  (receiver.what === 'unknown' || receiver.what === 'module') &&
  !receiver.ownAttribute &&
  comparison.rest[0]?.right.kind === 'boolean';

function* onKnown(module: Module, { kind, events }: Agreement<FlagCompared>): Iterable<Finding> {
  const [first] = events;
  if (!first || kind === 'copy' || kind === 'tensor') return;
  const object = quoted(module, first.attribute.object);
  if (kind === 'module' && first.attribute.name === 'requires_grad') {
    // A class out of sight may have an attribute of that name.
    if (!events.every(({ receiver }) => receiver.certain)) return;
    const comparison = quoted(module, first.comparison);
    yield {
      ...report(module, first, kind, ''),
      message: `\`${comparison}\` only compares, and the Module \`${object}\` has no \`requires_grad\`, so this raises AttributeError; call \`${object}.requires_grad_(...)\`.`,
    };
    return;
  }
  const isHarmless = events.every(isSetBefore);
  yield {
    ...report(module, first, kind, whatStays(kind, events, object)),
    severity: isHarmless ? 'information' : 'error',
  };
}

function report(
  module: Module,
  first: FlagCompared,
  kind: Agreement<unknown>['kind'],
  outcome: string,
): Finding {
  const { comparison, attribute } = first;
  const isMethod = attribute.name === 'requires_grad_';
  const instead = isMethod ? 'the method sets the flag only where it is called' : '`=` sets the flag';
  const fix = repair(module, first, kind);
  return {
    span: comparison,
    message: `\`${quoted(module, comparison)}\` only compares and throws the answer away: ${outcome}; ${instead}.`,
    fixes: fix ? [fix] : [],
  };
}

function repair(
  module: Module,
  { comparison, attribute }: FlagCompared,
  kind: Agreement<unknown>['kind'],
): Fix | null {
  const applicability = kind === 'tensor' ? 'suggestion' : 'behavioural';
  const [only] = comparison.rest;
  const statement = statementAround(module, comparison);
  if (!only || !statement) return null;
  if (kind === 'module' || attribute.name === 'requires_grad_') {
    const object = receiverText(module, attribute.object);
    const content = `${object}.requires_grad_(${argumentText(module, only.right)})`;
    return {
      message: 'Call requires_grad_()',
      applicability,
      edits: [{ span: statement, content }],
    };
  }
  const before: Edit = { span: { start: statement.start, end: attribute.start }, content: '' };
  const after: Edit = { span: { start: only.right.end, end: statement.end }, content: '' };
  return {
    message: 'Assign with =',
    applicability,
    edits: [before, { span: only.operatorSpan, content: '=' }, after].filter(
      ({ span, content }) => span.start < span.end || content !== '',
    ),
  };
}
