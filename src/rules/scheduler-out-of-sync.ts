import type { SchedulerLeftBehind } from '../analysis/obligations/scheduler-left-behind.ts';
import type { Violation } from '../analysis/obligations/table.ts';
import type { Module } from '../python/syntax.ts';
import { functionAround, groupBySpan, insertAfter } from './fix-text.ts';
import { violationsOf } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { schedulerStatement } from './schedulers-anew.ts';
import { lineInWords, statementAround, writtenAt } from './syntax-context.ts';

export const schedulerOutOfSync: Rule = {
  code: 'FRZ406',
  name: 'scheduler-out-of-sync',
  severity: 'warning',
  summary: 'The optimizer was rebuilt or extended, and the learning rate scheduler does not know.',
  documentation: {
    whatItDoes:
      'Reports an optimizer that is built anew while its scheduler goes on stepping for the old one, and a param group ' +
      'added after a scheduler of a class that does not drive later groups.',
    whyItMatters:
      'A scheduler keeps the optimizer that it was built with. After a rebuild it changes the learning rate of an object that ' +
      'nobody steps: the rate of the new one stayed at 0.1 while `get_last_lr()` reported 0.003, without an error. ' +
      'A group added later is driven by `StepLR`, `CosineAnnealingLR` and their like; `LambdaLR` (so all schedules ' +
      'of transformers), `MultiplicativeLR`, `CosineAnnealingWarmRestarts` and `CyclicLR` leave its rate constant, and ' +
      "`OneCycleLR` raises `KeyError: 'initial_lr'` at its next step.",
    example: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
    scheduler.step()
`,
    useInstead: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
    scheduler.step()
`,
    whenNotToUse: 'Where the new group is meant to keep a constant learning rate.',
    knownProblems:
      '`ReduceLROnPlateau` raises IndexError on a later group before PyTorch 2.6 only, so it is reported where ' +
      '`torch-version` is below 2. `SequentialLR` and `ChainedScheduler` depend on what is inside and are reported for a ' +
      'rebuilt optimizer only.',
    fixSafety:
      'A suggestion: the scheduler is built again with its own arguments, so its schedule starts from the beginning. Pass ' +
      '`last_epoch`, or fewer total steps, where it should go on.',
    references: [
      'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
      'https://github.com/pytorch/pytorch/issues/20997',
      'https://github.com/huggingface/transformers/issues/20029',
    ],
  },

  *check({ module, trace, torchVersion, cells }: RuleContext): Iterable<Finding> {
    const behind = violationsOf(trace, 'schedulerLeftBehind');
    for (const [violation] of groupBySpan(behind, ({ obligation }) => obligation.anchor)) {
      const { anchor, scheduler } = violation.obligation;
      if (!scheduler) continue;
      const effect = effectOf(scheduler, torchVersion);
      if (!effect) continue;
      const line = lineInWords({ module, trace, cells }, scheduler.built);
      yield {
        message: `\`${scheduler.name}\` was built before (${line}): ${effect.text}. Build the scheduler anew.`,
        span: writtenAt(module, anchor),
        ...(effect.raises ? { severity: 'error' as const } : {}),
        related: [
          {
            message:
              scheduler.change === 'rebuilt'
                ? 'built here, for the optimizer that there was'
                : 'built here, for the groups that there were',
            span: scheduler.built,
          },
          { message: effect.atStep, span: violation.event },
        ],
        fixes: buildingAnew(module, violation, scheduler),
      };
    }
  },
};

interface Effect {
  readonly text: string;
  /** What happens at the scheduler's step. */
  readonly atStep: string;
  readonly raises: boolean;
}

/** What becomes of the learning rate (measured in the cases d10 and d11); null where all is well. */
function effectOf({ change, facts, name }: SchedulerLeftBehind, torchVersion: number): Effect | null {
  if (change === 'rebuilt') {
    return {
      text: 'it goes on changing the learning rate of the old optimizer, and that of the new one stays as it is',
      atStep: 'this changes the learning rate of the old optimizer',
      raises: false,
    };
  }
  switch (facts.groupAddedLater) {
    case 'constant':
      return {
        text: `${facts.name} does not know this group, whose learning rate stays constant`,
        atStep: 'this leaves the learning rate of the new group as it is',
        raises: false,
      };
    case 'error':
      return raising(`KeyError: 'initial_lr'`);
    case 'error-before-2.6':
      return torchVersion < 2 ? raising('IndexError') : null;
    default:
      return null;
  }

  function raising(error: string): Effect {
    return {
      text: `${facts.name} does not know this group, and \`${name}.step()\` raises ${error}`,
      atStep: `this raises ${error}`,
      raises: true,
    };
  }
}

/** Repeats the statement that built the scheduler. */
function buildingAnew(
  module: Module,
  { obligation }: Violation,
  { built, name, optimizer }: SchedulerLeftBehind,
): readonly Fix[] {
  const changed = statementAround(module, obligation.anchor);
  const made = schedulerStatement(module, built, optimizer.name);
  if (!changed || made?.name !== name) return [];
  if (functionAround(module, built.start) !== functionAround(module, changed.start)) return [];
  const edit = insertAfter(module, changed, [made.text]);
  return edit ? [{ message: `Build \`${name}\` anew here`, applicability: 'suggestion', edits: [edit] }] : [];
}
