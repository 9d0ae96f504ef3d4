import type { Violation } from '../analysis/obligations/table.ts';
import type { Trace } from '../analysis/trace.ts';
import type { SchedulerBuilt } from '../analysis/training-events.ts';
import type { Module, Statement } from '../python/syntax.ts';
import { isDisturbedByLaterGroup } from '../torch/schedulers.ts';
import {
  functionAround,
  groupBySpan,
  insertAfter,
  inWords,
  parametersOfAll,
  quoteOf,
  runsOnceInFunction,
  sweepAround,
  sweepVariable,
} from './fix-text.ts';
import { rebuiltOver } from './optimizer-text.ts';
import { unfreezeIsExplained, violationsOf } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { schedulersAnew } from './schedulers-anew.ts';
import { lineInWords, sameSpan, writtenAt } from './syntax-context.ts';

export const unfrozenParamsNotInOptimizer: Rule = {
  code: 'FRZ401',
  name: 'unfrozen-params-not-in-optimizer',
  severity: 'error',
  summary: 'Parameters are unfrozen after the optimizer was built without them, so no step changes them.',
  documentation: {
    whatItDoes:
      'Reports an unfreeze that no optimizer hears of: the parameters were left out when the optimizer was built, and it ' +
      'takes a step without having been extended or rebuilt. So is an unfreeze in the forward() of a model of fairseq, whose ' +
      'trainer takes only what is trainable before.',
    whyItMatters:
      'An optimizer evaluates its parameter list once, when it is built. What is unfrozen later gets gradients and never a ' +
      'step: the backbone stayed exactly as it was, without an error. The gradients are not even ' +
      'cleared, as `optimizer.zero_grad()` does not know them: their norm grew from 0.075 to 3.2 in 50 steps, and ' +
      'they take their share of `clip_grad_norm_`.',
    example: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    useInstead: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
        optimizer.add_param_group({"params": model[0].parameters()})
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    whenNotToUse:
      'Where an optimizer out of sight trains these parameters; handing the model to code of a library already keeps the ' +
      'rule silent.',
    knownProblems:
      'An optimizer over all parameters needs no rebuild and is never reported. Optimizers that the analysis ' +
      'does not follow (from a library, from a trainer unknown to it) keep the rule silent.',
    fixSafety:
      'Suggestions. `add_param_group` keeps the state of the optimizer and must run once; choose a learning rate for the ' +
      'new group. A rebuilt optimizer starts without momentum. A scheduler that would be left behind (FRZ406) is ' +
      'built anew beside it, and starts from the beginning.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.add_param_group.html',
      'https://discuss.pytorch.org/t/187063',
    ],
  },

  *check({ module, trace, cells }: RuleContext): Iterable<Finding> {
    const late = violationsOf(trace, 'unfrozenOutsideOptimizer').filter(
      (violation) => !unfreezeIsExplained(trace, violation),
    );
    for (const group of groupBySpan(late, ({ obligation }) => obligation.anchor)) {
      const [violation] = group;
      const { anchor, optimizer, sight } = violation.obligation;
      if (!optimizer) continue;
      const names = sight.cover(violation.atoms, 3);
      const what = names ? inWords(names) : 'What is unfrozen here';
      const are = names && names.length > 1 ? 'are' : 'is';
      const line = lineInWords({ module, trace, cells }, optimizer.built);
      const holder = optimizer.name ? `\`${optimizer.name}\`` : 'the optimizer';
      yield {
        message: names
          ? `${what} ${are} unfrozen, but ${holder} was built without ${names.length > 1 ? 'them' : 'it'} (${line}): no step will change ${names.length > 1 ? 'them' : 'it'}. Extend or rebuild the optimizer.`
          : `${what} is not in ${holder}, which was built before (${line}): no step will change it. Extend or rebuild the optimizer.`,
        span: writtenAt(module, anchor),
        related: [
          { message: 'built here, without these parameters', span: optimizer.built },
          { message: 'this step leaves them as they are', span: violation.event },
        ],
        fixes: fixesFor(module, trace, violation, names),
      };
    }
    for (const [span] of groupBySpan(trace.unfrozenByForward, (span) => span)) {
      yield {
        message:
          "What is unfrozen here stays as it is: fairseq's trainer takes what is trainable before the first forward() into " +
          'its optimizer, and never looks again. Let `__init__` leave it trainable, and run it under `torch.no_grad()` until then.',
        span,
        fixes: [],
      };
    }
  },
};

function fixesFor(
  module: Module,
  trace: Trace,
  violation: Violation,
  names: readonly string[] | null,
): readonly Fix[] {
  const { anchor, optimizer } = violation.obligation;
  const sweep = sweepAround(module, anchor);
  if (!sweep || !optimizer?.name || !runsOnceInFunction(module, sweep)) return [];
  const fixes: Fix[] = [];
  const quote = quoteOf(module);
  const drives = ({ optimizers }: SchedulerBuilt): boolean => optimizers.includes(optimizer.id);
  const isDisturbed = (built: SchedulerBuilt): boolean =>
    drives(built) && isDisturbedByLaterGroup(built.facts);
  const disturbed = schedulersAnew(module, trace, optimizer.name, sweep, isDisturbed);
  const extended =
    names &&
    disturbed &&
    insertAfter(module, sweep, [
      `${optimizer.name}.add_param_group({${quote}params${quote}: ${parametersOfAll(names)}})`,
      ...disturbed.lines,
    ]);
  if (extended) {
    fixes.push({
      message: `Add ${inWords(names)} to \`${optimizer.name}\` here${disturbed.inMessage}`,
      applicability: 'suggestion',
      edits: [extended],
    });
  }
  const rebuilt = rebuild(module, trace, violation, sweep);
  const driving = schedulersAnew(module, trace, optimizer.name, sweep, drives);
  const edit = rebuilt && driving && insertAfter(module, sweep, [rebuilt, ...driving.lines]);
  if (edit) {
    fixes.push({
      message: `Rebuild \`${optimizer.name}\` here${driving.inMessage}`,
      applicability: 'suggestion',
      edits: [edit],
    });
  }
  return fixes;
}

/** The statement that builds the optimizer again, over everything that is trainable by then. */
function rebuild(
  module: Module,
  trace: Trace,
  { obligation, atoms }: Violation,
  sweep: Statement,
): string | null {
  const { optimizer, sight, anchor } = obligation;
  if (!optimizer?.name) return null;
  const built = trace.eventsOf('optimizerBuilt').findLast((event) => event.optimizer === optimizer.id);
  if (!built || !sameSpan(built.call, optimizer.built)) return null;
  if (functionAround(module, sweep.start) !== functionAround(module, built.call.start)) return null;
  const whole = sight.enclosing([...built.may, ...atoms]);
  if (!whole) return null;
  const variable = sweepVariable(module, sweep, anchor);
  const parameters = `[${variable} for ${variable} in ${whole.name}.parameters() if ${variable}.requires_grad]`;
  return rebuiltOver(module, built, optimizer.name, parameters);
}
