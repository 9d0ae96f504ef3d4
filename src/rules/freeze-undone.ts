import type { FlagWritten } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Module, Span, Statement } from '../python/syntax.ts';
import {
  blockOf,
  functionAround,
  groupBySpan,
  moveBelow,
  statementsAround,
  sweepAround,
} from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';

export const freezeUndone: Rule = {
  code: 'FRZ302',
  name: 'freeze-undone',
  severity: 'warning',
  summary: 'Everything that was frozen is unfrozen again before anything has used it.',
  documentation: {
    whatItDoes:
      'Reports a statement that unfreezes everything that an earlier statement froze, and more, on every path and before ' +
      'anything has looked at the flags: the earlier one might as well not be there. Within one loop it reports a statement ' +
      'that freezes every parameter which a test before it had spared.',
    whyItMatters:
      'The last write wins. Layers that were frozen with care train all the same, and nothing in the log says so. ' +
      'The same mistake inside of one loop is an exception that does not hold: a parameter is spared by a test, and the ' +
      'next line freezes it regardless.',
    example: `import torch
from torchvision import models

model = models.resnet18()
for param in model.layer1.parameters():
    param.requires_grad = False
for param in model.parameters():
    param.requires_grad = True
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
`,
    useInstead: `import torch
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = True
for param in model.layer1.parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
`,
    whenNotToUse: 'There is no reason to keep a write that has no effect.',
    knownProblems:
      'Both statements must be in one function. Setting the very same parameters twice stays silent; freezing everything and unfreezing a part is the usual idiom and stays ' +
      'silent, and so do phases: a forward pass, an optimizer, a look at the flags or code out of sight in between.',
    fixSafety: 'A suggestion: perhaps the freezing is what should go.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    if (trace.isPartial) return;
    const writes = trace.eventsOf('flagWritten');
    const finding = new Set<string>();
    for (const group of groupBySpan(writes, ({ span }) => span)) {
      const value = commonValue(group);
      const [{ span: dead }] = group;
      if (value === null || !group.every(({ certain }) => certain) || wasRead(trace, group)) continue;
      const overwriting = writes.filter(({ overwrites }) => overwrites.some((one) => isSame(one, dead)));
      const [last] = overwriting;
      if (!last || !overwriting.every(({ span }) => isSame(span, last.span)) || isSame(last.span, dead))
        continue;
      if (commonValue(overwriting) !== !value || !isOneMistake(module, dead, last.span, value)) continue;
      const all = writes.filter(({ span }) => isSame(span, last.span));
      if (!value && !isSelective(module, dead) && !isLarger(trace, all, group)) continue;
      if (finding.has(`${last.span.start}`)) continue;
      finding.add(`${last.span.start}`);
      yield {
        message: value
          ? 'This freezes again what the statement above has just unfrozen, on every path: the exception does not hold.'
          : 'This unfreezes everything that was frozen above, before anything has used it: the freezing has no effect.',
        span: last.span,
        related: [
          { message: value ? 'unfrozen here, without effect' : 'frozen here, without effect', span: dead },
        ],
        fixes: value ? [] : movedBelow(module, dead, last.span),
      };
    }
  },
};

const isSame = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/** What all executions of a write set; null where they differ or nobody knows. */
function commonValue(writes: readonly FlagWritten[]): boolean | null {
  const values = new Set(writes.map(({ value }) => value));
  const [only = null] = values;
  return values.size === 1 ? only : null;
}

/** Whether the one reaches more than the other: to set the same flags twice may be meant. */
function isLarger(trace: Trace, some: readonly FlagWritten[], others: readonly FlagWritten[]): boolean {
  const count = (writes: readonly FlagWritten[]): number =>
    new Set(writes.flatMap(({ atoms }) => trace.leaves(atoms))).size;
  return count(some) > count(others);
}

const wasRead = (trace: Trace, writes: readonly FlagWritten[]): boolean =>
  writes.some(({ span }) => trace.isRead(span));

/**
 * Two statements of one function of which the later one runs wherever the earlier one does. Within one loop, setting a
 * default and then an exception is the usual idiom; a later write that nothing guards makes every exception void.
 */
function isOneMistake(module: Module, dead: Span, last: Span, value: boolean): boolean {
  if (last.start < dead.start) return false;
  if (functionAround(module, dead.start) !== functionAround(module, last.start)) return false;
  if ([dead, last].some(({ start }) => statementsAround(module, start).some(({ kind }) => kind === 'try')))
    return false;
  const sweep = sweepAround(module, last);
  const inOneSweep = sweep !== null && sweep.start <= dead.start && dead.end <= sweep.end;
  if (!value) return !inOneSweep;
  return inOneSweep && isUnguarded(module, sweep, last) && !isUnguarded(module, sweep, dead);
}

/** Whether a condition within its loop decides what a write reaches. */
function isSelective(module: Module, write: Span): boolean {
  const sweep = sweepAround(module, write);
  return sweep !== null && !isUnguarded(module, sweep, write);
}

/** Whether nothing but loops is between a sweep and a statement in it. */
function isUnguarded(module: Module, sweep: Statement, { start }: Span): boolean {
  const around = statementsAround(module, start);
  return around.slice(around.indexOf(sweep) + 1, -1).every(({ kind }) => kind === 'for');
}

function movedBelow(module: Module, dead: Span, last: Span): readonly Fix[] {
  const [moved, below] = [sweepAround(module, dead), sweepAround(module, last)];
  if (!moved || !below || !blockOf(module, moved).includes(below)) return [];
  const edits = moveBelow(module, moved, below);
  return edits ? [{ message: 'Freeze after the unfreezing', applicability: 'suggestion', edits }] : [];
}
