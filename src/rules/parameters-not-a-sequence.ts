import type { Refused } from '../analysis/events.ts';
import type { Module, Span } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { around, certainRefusals, errorOf, expressionAt, isMadeNearby, setOnModule } from './iterations.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, quoted, sameSpan, textOf } from './syntax-context.ts';

export const parametersNotASequence: Rule = {
  code: 'FRZ202',
  name: 'parameters-not-a-sequence',
  severity: 'error',
  summary:
    '`model.parameters()` is a generator: it has no index, no length and no `requires_grad`; this raises.',
  documentation: {
    whatItDoes:
      'Reports what only a list can do, asked of the generator that `parameters()`, `children()` and their sisters ' +
      'give, also through `filter`, `map`, `zip` or `enumerate`: an index or a slice, `len`, `reversed`, `+`. It also ' +
      'reports attributes that a generator does not have, above all `model.parameters().requires_grad = False`.',
    whyItMatters:
      "The program stops there: `TypeError: 'generator' object is not subscriptable`, `object of type 'generator' has no " +
      "len()`, `AttributeError: 'generator' object has no attribute 'requires_grad'`.",
    example: `from torchvision import models

model = models.resnet18()
for p in model.parameters()[:-2]:
    p.requires_grad = False
`,
    useInstead: `from torchvision import models

model = models.resnet18()
for p in list(model.parameters())[:-2]:
    p.requires_grad = False
`,
    whenNotToUse: 'Nothing speaks for the line as it is; where it never runs, delete it.',
    knownProblems:
      'Silent where it is not certain that the object is a Module, and for classes with a `parameters()` of their own, ' +
      'which may give a list.',
    fixSafety:
      'Safe: the line raises today. A list of the parameters can do what is asked; a flag that is set on all of them at ' +
      'once becomes `requires_grad_()` of the Module. Other attributes have no fix.',
    references: [
      'https://docs.python.org/3/glossary.html#term-generator-iterator',
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const refused = certainRefusals(module, trace, 'iterator');
    for (const uses of groupBySpan(refused, (event) => placeOf(module, event))) {
      const [first] = uses;
      const place = placeOf(module, first);
      const fix = first.use === 'attribute' ? setOnModule(module, first) : asList(module, uses);
      yield {
        span: place,
        message: messageOf(module, first),
        related: isInside(first.made, place) ? [] : [{ message: 'made here', span: first.made }],
        fixes: fix ? [fix] : [],
      };
    }
  },
};

const isInside = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The use; for a sum of several the whole sum, so that it is reported once. */
function placeOf(module: Module, { use, span }: Refused): Span {
  if (use !== 'add') return span;
  const sums = enclosing(module, span).filter(({ kind }) => kind === 'binary');
  return sums[0] ?? span;
}

function messageOf(module: Module, event: Refused): string {
  const text = quoted(module, event.made);
  const node = expressionAt(module, event.made);
  const isCallOfModule = node?.kind === 'call' && node.callee.kind === 'attribute';
  const subject = `\`${text}\` gives ${isCallOfModule ? 'a generator' : 'an iterator'}`;
  const raises = `this raises ${errorOf(event)}`;
  switch (event.use) {
    case 'attribute': {
      const name = event.at?.kind === 'attribute' ? event.at.name : 'requires_grad';
      const advice = /^requires_grad_?$/.test(name)
        ? '; the Module has a method `requires_grad_()` that sets the flag of every parameter'
        : '';
      return `${subject}, which has no attribute \`${name}\`, so ${raises}${advice}.`;
    }
    case 'len':
      return `${subject}, which has no length, so ${raises}; make it a list.`;
    case 'add':
      return `${subject}, which cannot be added to anything, so ${raises}; make it a list.`;
    case 'reverse':
      return `${subject}, which cannot be reversed, so ${raises}; make it a list.`;
    default:
      return `${subject}, which cannot be indexed, so ${raises}; make it a list.`;
  }
}

/** Makes lists of the generators where they are made. */
function asList(module: Module, uses: readonly [Refused, ...Refused[]]): Fix | null {
  const made = groupBySpan(uses, (event) => event.made).map(([event]) => event);
  // What else the program does with a variable may want a generator: `next` does.
  const isFree = made.every(
    (event) =>
      isInside(event.made, event.span) || (isMadeNearby(module, event) && !isTakenFrom(module, event.made)),
  );
  if (!isFree || made.some((event) => expressionAt(module, event.made)?.kind !== 'call')) return null;
  return {
    message: made.length > 1 ? 'Make lists of them' : 'Make it a list',
    applicability: 'safe',
    edits: made.flatMap((event) => around(event.made, 'list(', ')')),
  };
}

/** Whether `next(...)` is called on the variable that holds what is made there. */
function isTakenFrom(module: Module, made: Span): boolean {
  const statement = enclosing(module, made).findLast(({ kind }) => kind === 'assignment');
  if (statement?.kind !== 'assignment' || !sameSpan(statement.value, made)) return true;
  const [target] = statement.targets;
  return !target || module.text.includes(`next(${textOf(module, target)}`);
}
