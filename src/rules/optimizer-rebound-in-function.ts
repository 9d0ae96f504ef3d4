import type { Trace } from '../analysis/trace.ts';
import type { FunctionDefinition, Module, Span } from '../python/syntax.ts';
import { boundNames, walk } from '../python/walk.ts';
import { functionAround, groupBySpan, insertAfter } from './fix-text.ts';
import { violationsOf } from './root-causes.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { schedulerStatement, schedulersAnew } from './schedulers-anew.ts';
import {
  callAt,
  isDiscarded,
  quoted,
  sameSpan,
  statementAround,
  textOf,
  writtenAt,
} from './syntax-context.ts';

export const optimizerReboundInFunction: Rule = {
  code: 'FRZ405',
  name: 'optimizer-rebound-in-function',
  severity: 'error',
  summary: 'A function assigns a new optimizer to its own argument, and its caller never gets it.',
  documentation: {
    whatItDoes:
      'Reports a function that builds an optimizer under the name of one of its arguments and then never reads that name: ' +
      'it is not returned, not stored and not used.',
    whyItMatters:
      'Assigning to an argument changes what the name means inside the function and nothing else. The caller goes on with ' +
      'the optimizer that it passed, so what the function unfroze never trains, without an error.',
    example: `import torch
from torch import nn


def unfreeze(model, optimizer):
    model.requires_grad_(True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)


model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
unfreeze(model, optimizer)
model(torch.randn(3, 4)).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn


def unfreeze(model, optimizer):
    model.requires_grad_(True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    return optimizer


model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
optimizer = unfreeze(model, optimizer)
model(torch.randn(3, 4)).sum().backward()
optimizer.step()
`,
    whenNotToUse: 'In tests that only check whether an optimizer can be built.',
    knownProblems:
      'Silent where the argument has a default and no call in the file passes an optimizer for it, and where a nested ' +
      'function, `locals()` or `global` may lead to the name.',
    fixSafety:
      'A suggestion: the function returns the new optimizer, and the calls of this file keep what it returns. Calls in other ' +
      'files have to be changed by hand. A scheduler that is built where the function is called is built anew there, as it ' +
      'would go on with the old optimizer (FRZ406).',
    references: [
      'https://docs.python.org/3/faq/programming.html#how-do-i-write-a-function-with-output-parameters-call-by-reference',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const rebound = violationsOf(trace, 'optimizerRebound');
    for (const group of groupBySpan(rebound, ({ obligation }) => obligation.anchor)) {
      const [{ obligation }] = group;
      const { anchor, optimizer } = obligation;
      const definition = functionAround(module, anchor.start);
      if (!optimizer?.name || definition?.kind !== 'functionDefinition') continue;
      if (mayBeSeenFromInside(module, definition, optimizer.name)) continue;
      const calls = group.map(({ event }) => event).filter((event) => !sameSpan(event, anchor));
      yield {
        message: `\`${optimizer.name}\` is an argument of \`${definition.name}\`: assigning to it does not change the caller's optimizer, and this new one is dropped. Return it.`,
        span: writtenAt(module, anchor),
        related: calls.map((span) => ({
          message: `after this call the caller still has the optimizer that it passed`,
          span,
        })),
        fixes: returning(module, trace, definition, optimizer.name, calls),
      };
    }
  },
};

/** Whether a nested function or an introspecting call may read a local variable. */
function mayBeSeenFromInside(module: Module, definition: FunctionDefinition, name: string): boolean {
  return definition.body.some((statement) =>
    [...walk(statement)].some((node) => {
      if (node.kind === 'functionDefinition' || node.kind === 'lambda' || node.kind === 'classDefinition') {
        return [...walk(node)].some((inner) => inner.kind === 'name' && inner.id === name);
      }
      return node.kind === 'call' && /^(?:locals|vars|eval|exec)$/.test(textOf(module, node.callee));
    }),
  );
}

/** Returns the optimizer at the end of the function, and keeps it wherever the function is called. */
function returning(
  module: Module,
  trace: Trace,
  definition: FunctionDefinition,
  name: string,
  calls: readonly Span[],
): readonly Fix[] {
  const nodes = definition.body.flatMap((statement) => [...walk(statement)]);
  const last = definition.body.at(-1);
  if (!last || nodes.some(({ kind }) => kind === 'return')) return [];
  const returned = insertAfter(module, last, [`return ${name}`]);
  const kept = calls.map((call) => keeping(module, trace, definition, name, call));
  if (!returned || kept.includes(null)) return [];
  const edits = [returned, ...kept.flatMap((edits) => edits ?? [])];
  return [
    {
      message:
        calls.length > 0
          ? `Return \`${name}\`, and keep it where \`${definition.name}\` is called`
          : `Return \`${name}\``,
      applicability: 'suggestion',
      edits,
    },
  ];
}

/**
 * `optimizer = ` before a call that throws its result away, and its schedulers built anew below; null where the call is
 * no statement of its own.
 */
function keeping(
  module: Module,
  trace: Trace,
  definition: FunctionDefinition,
  name: string,
  span: Span,
): readonly Edit[] | null {
  const call = callAt(module, span);
  const statement = statementAround(module, span);
  if (!call || !statement || !isDiscarded(module, call)) return null;
  const own = definition.parameters.findIndex((parameter) => parameter.name === name);
  const isMethod = definition.parameters[0]?.name === 'self' && call.callee.kind === 'attribute';
  const positional = call.args.filter(({ form }) => form === 'positional');
  const argument =
    call.args.find(({ form, name: keyword }) => form === 'keyword' && keyword === name) ??
    positional[isMethod ? own - 1 : own];
  const passed = argument?.value;
  if (!passed || call.args.some(({ form }) => form === 'star' || form === 'doubleStar')) return null;
  if (passed.kind !== 'attribute' && boundNames(passed).length !== 1) return null;
  const caller = quoted(module, passed);
  const kept: Edit = { span: { start: statement.start, end: statement.start }, content: `${caller} = ` };
  const around = functionAround(module, statement.start);
  const anew = schedulersAnew(
    module,
    trace,
    caller,
    statement,
    (built) =>
      functionAround(module, built.span.start) === around &&
      schedulerStatement(module, built.span, caller) !== null,
  );
  if (!anew || anew.lines.length === 0) return [kept];
  const below = insertAfter(module, statement, anew.lines);
  return below && [kept, below];
}
