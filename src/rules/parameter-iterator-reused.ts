import type { IteratorReused } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Expression, Module, Span } from '../python/syntax.ts';
import { boundNames, dottedName, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, RelatedPlace, Rule, RuleContext } from './rule.ts';
import { enclosing, quoted, sameSpan, textOf } from './syntax-context.ts';

export const parameterIteratorReused: Rule = {
  code: 'FRZ403',
  name: 'parameter-iterator-reused',
  severity: 'error',
  summary: 'An iterator over parameters is used up by its first use; the second one sees no parameters.',
  documentation: {
    whatItDoes:
      'Reports the second full use of one iterator over parameters or modules: `parameters()`, `filter(...)`, ' +
      '`map(...)`, a generator expression or a generator. The first use takes everything out of it.',
    whyItMatters:
      'Whatever comes second gets nothing, mostly in silence: after `SGD(params)` the call ' +
      '`clip_grad_norm_(params, 1.0)` returned 0.0 and left a gradient norm of 918 as it was, a used-up iterator in ' +
      '`{"params": params}` made an empty group, and a loop over one froze nothing. Only an optimizer built directly ' +
      'from it raises: `ValueError: optimizer got an empty parameter list`.',
    example: `import torch
from torch import nn

model = nn.Linear(4, 2)
params = filter(lambda p: p.requires_grad, model.parameters())
optimizer = torch.optim.SGD(params, lr=0.1)
model(torch.randn(3, 4)).sum().backward()
nn.utils.clip_grad_norm_(params, 1.0)
optimizer.step()
`,
    useInstead: `import torch
from torch import nn

model = nn.Linear(4, 2)
params = list(filter(lambda p: p.requires_grad, model.parameters()))
optimizer = torch.optim.SGD(params, lr=0.1)
model(torch.randn(3, 4)).sum().backward()
nn.utils.clip_grad_norm_(params, 1.0)
optimizer.step()
`,
    whenNotToUse: 'Where something relies on the second use being empty, as a test of an iterator does.',
    knownProblems:
      'Partial uses (`next`, `zip`, `any`, a loop with `break`) do not count as a first or a second use, and uses ' +
      'on branches that exclude each other count as one.',
    fixSafety:
      'A `list(...)` around what made the iterator can be used any number of times. Safe where the second use raises ' +
      'today; behavioural elsewhere, because what did nothing so far takes effect.',
    references: [
      'https://docs.python.org/3/glossary.html#term-iterator',
      'https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const reused = trace.eventsOf('iteratorReused').filter((event) => isOfParameters(module, event));
    for (const uses of groupBySpan(reused, ({ built }) => built)) yield report(module, trace, uses);
  },
};

/** Whether what is iterated over are parameters or modules, by the code that made the iterator. */
function isOfParameters(module: Module, { built, source }: IteratorReused): boolean {
  if (/^(?:named_)?(?:parameters|modules|children)\(\)$/.test(source)) return true;
  return isAboutParameters(module, built, new Set());
}

const ABOUT_PARAMETERS = /param|requires_grad|named_modules|\bmodules\(|children\(/;

/** Whether code mentions parameters, in itself, in what its names are assigned, or in a function it calls. */
function isAboutParameters(module: Module, code: Span, seen: Set<string>): boolean {
  if (ABOUT_PARAMETERS.test(textOf(module, code))) return true;
  const names = new Set(textOf(module, code).match(/[A-Za-z_]\w*/g) ?? []);
  return definitions(module).some(({ name, body }) => {
    if (!names.has(name) || seen.has(name)) return false;
    seen.add(name);
    return isAboutParameters(module, body, seen);
  });
}

/** Everything in the file that gives a name a meaning: functions and single assignments. */
function definitions(module: Module): readonly { readonly name: string; readonly body: Span }[] {
  return module.body.flatMap((statement) =>
    [...walk(statement)].flatMap((node): { name: string; body: Span }[] => {
      if (node.kind === 'functionDefinition') return [{ name: node.name, body: node }];
      if (node.kind !== 'assignment') return [];
      return node.targets.flatMap(boundNames).map((name) => ({ name, body: node.value }));
    }),
  );
}

function report(module: Module, trace: Trace, uses: readonly [IteratorReused, ...IteratorReused[]]): Finding {
  const [event, ...more] = uses;
  const builder = enclosing(module, event.built).findLast((node) => sameSpan(node, event.built));
  const name = boundName(module, event.built);
  const second = useOf(module, event.span, name);
  const first = useOf(module, event.usedAt, name);
  const subject = quoted(module, second);
  const doesRaise = (use: IteratorReused): boolean => use.raises || emptiesOptimizer(trace, use.span);
  const isSameUse = sameSpan(second, first);
  const consequence = doesRaise(event)
    ? 'it is empty here, and PyTorch raises ValueError for an empty parameter list'
    : 'this sees no parameters at all';
  const related: RelatedPlace[] = [{ message: 'made here, for one use', span: event.built }];
  if (!isSameUse) related.push({ message: 'used up here', span: first });
  for (const use of more) {
    const span = useOf(module, use.span, name);
    const isNew = !sameSpan(span, second) && !related.some((place) => sameSpan(place.span, span));
    if (isNew) related.push({ message: 'empty here too', span });
  }
  const fix = builder ? asList(module, builder as Expression, uses.some(doesRaise)) : null;
  return {
    span: second,
    message: isSameUse
      ? `\`${subject}\` is an iterator that the first round of the loop uses up, so from the second round on ${consequence}; make it a list.`
      : `\`${subject}\` is an iterator that was used up before, so ${consequence}; make it a list.`,
    related,
    fixes: fix ? [fix] : [],
  };
}

/** Whether an optimizer is built there from nothing, which raises. */
const emptiesOptimizer = (trace: Trace, use: Span): boolean =>
  trace
    .eventsOf('optimizerBuilt')
    .some(({ call, empty }) => empty && call.start <= use.start && use.end <= call.end);

/** The name that the iterator is assigned to where it is made; null where it is passed on at once. */
function boundName(module: Module, built: Span): string | null {
  const statement = enclosing(module, built).findLast(({ kind }) => kind === 'assignment');
  if (statement?.kind !== 'assignment' || !sameSpan(statement.value, built)) return null;
  const [target] = statement.targets;
  return target ? dottedName(target) : null;
}

/** The iterator itself in the code that uses it: a call is used on one of its arguments. */
function useOf(module: Module, span: Span, name: string | null): Span {
  const node = enclosing(module, span).findLast((one) => sameSpan(one, span));
  if (node?.kind !== 'call') return span;
  const [only, ...others] = node.args;
  for (const argument of node.args) {
    for (const part of walk(argument.value)) {
      if ((part.kind === 'name' || part.kind === 'attribute') && dottedName(part) === name) return part;
    }
  }
  const isPlain = only && (only.value.kind === 'name' || only.value.kind === 'attribute');
  return isPlain && others.every(({ form }) => form === 'keyword') ? only.value : span;
}

/** Makes a list of what makes the iterator. */
function asList(module: Module, builder: Expression, raises: boolean): Fix | null {
  const text = textOf(module, builder);
  const { start, end } = builder;
  const isGenerator = builder.kind === 'comprehension' && builder.form === 'generator';
  const edits =
    isGenerator && text.startsWith('(') && text.endsWith(')')
      ? [
          { span: { start, end: start + 1 }, content: '[' },
          { span: { start: end - 1, end }, content: ']' },
        ]
      : [
          { span: { start, end: start }, content: 'list(' },
          { span: { start: end, end }, content: ')' },
        ];
  return {
    message: isGenerator ? 'Make it a list comprehension' : `Make it a list`,
    applicability: raises ? 'safe' : 'behavioural',
    edits,
  };
}
