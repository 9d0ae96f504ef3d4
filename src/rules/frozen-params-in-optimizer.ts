import type { AtomId } from '../analysis/state/atoms.ts';
import type { Trace } from '../analysis/trace.ts';
import type { OptimizerBuilt } from '../analysis/training-events.ts';
import type { Expression, Module } from '../python/syntax.ts';
import { countText, groupBySpan } from './fix-text.ts';
import { trainableOnly } from './optimizer-text.ts';
import { emptinessIsExplained, filterIsMistaken, staleGradients, violationsOf } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';

export const frozenParamsInOptimizer: Rule = {
  code: 'FRZ408',
  name: 'frozen-params-in-optimizer',
  severity: 'hint',
  summary: 'The optimizer also holds frozen parameters; harmless, but a filter would say what trains.',
  documentation: {
    whatItDoes:
      'Points at an optimizer that holds frozen parameters next to trainable ones, where none of them is unfrozen later.',
    whyItMatters:
      'It is legal and costs nothing that could be measured: 14 optimizers neither moved the frozen parameters nor kept ' +
      'state for them (except Adagrad, which allocates it at once), and a step took at most 25 microseconds longer with 60 ' +
      'of them. A filter only makes the code say what trains. PyTorch before 0.4.1 refused such parameters, ' +
      'which is where the idiom comes from.',
    example: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD([param for param in model.parameters() if param.requires_grad], lr=0.1)
`,
    whenNotToUse:
      'Where parameters are unfrozen later by code out of sight: an optimizer over all parameters is the simplest way to do ' +
      'that, and a filter would make it miss them (FRZ401).',
    knownProblems: 'Silent where it is not certain which parameters the optimizer holds.',
    fixSafety:
      'Behavioural: nothing changes as long as nothing is unfrozen later, but the optimizer then has fewer parameters than ' +
      'one in an earlier checkpoint.',
    references: ['https://github.com/pytorch/pytorch/pull/7419'],
  },

  *check({ module, trace, torchVersion }: RuleContext): Iterable<Finding> {
    if (trace.isPartial) return;
    const moving = new Set(
      staleGradients(trace, torchVersion).map(({ obligation }) => obligation.optimizer?.id),
    );
    for (const group of groupBySpan(trace.eventsOf('optimizerBuilt'), ({ call }) => call)) {
      const [first] = group;
      const { argument } = first;
      if (!argument || group.some(({ optimizer }) => moving.has(optimizer))) continue;
      if (!group.every((built) => holdsSomeFrozen(trace, built))) continue;
      const frozen = coldAtoms(trace, first);
      const count = trace.areCountable(frozen) ? `: ${countText(frozen.length, trace.sizeOf(frozen))}` : '';
      yield {
        message: `This optimizer also holds frozen parameters${count}. That is legal and harmless, PyTorch skips them; a filter on \`requires_grad\` would say what trains.`,
        span: argument,
        fixes: filtered(module, argument),
      };
    }
  },
};

/** Whether some of what is held is frozen for good, and nobody says that nothing trains (FRZ305). */
function holdsSomeFrozen(trace: Trace, built: OptimizerBuilt): boolean {
  const { must, may, complete, frozen } = built;
  if (!complete || must.length !== may.length || frozen.length === 0) return false;
  if (filterIsMistaken(trace, built)) return false;
  const trainsNothing = trace.steps.some(
    (steps) => steps.built === built && steps.other === 0 && !emptinessIsExplained(trace, built),
  );
  if (trainsNothing || coldAtoms(trace, built).length === 0) return false;
  const cold = new Set(coldAtoms(trace, built));
  const later = trace.events.slice(trace.events.indexOf(built) + 1);
  return !later.some(
    (event) =>
      ((event.kind === 'flagWritten' && event.value !== false) || event.kind === 'escaped') &&
      trace.leaves(event.atoms).some((atom) => cold.has(atom)),
  );
}

/** The frozen ones, apart from new heads that are reported as frozen by mistake (FRZ301). */
function coldAtoms(trace: Trace, { frozen }: OptimizerBuilt): readonly AtomId[] {
  const mistaken = new Set(violationsOf(trace, 'headFrozen').flatMap(({ atoms }) => trace.leaves(atoms)));
  return trace.leaves(frozen).filter((atom) => !mistaken.has(atom));
}

/** A list of the trainable ones, where the argument is certainly an iterable of parameters and not of groups. */
function filtered(module: Module, argument: Expression): readonly Fix[] {
  const edit = trainableOnly(module, argument);
  if (!edit) return [];
  return [
    {
      message: 'Give the optimizer the trainable parameters only',
      applicability: 'behavioural',
      edits: [edit],
    },
  ];
}
