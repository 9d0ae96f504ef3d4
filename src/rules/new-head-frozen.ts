import type { Violation } from '../analysis/obligations/table.ts';
import { isImported } from '../analysis/program.ts';
import type { Module, Statement } from '../python/syntax.ts';
import {
  blockOf,
  flagLoop,
  groupBySpan,
  insertAfter,
  moveBelow,
  sweepAround,
  sweepVariable,
} from './fix-text.ts';
import { violationsOf } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { statementAround, textOf, writtenAt } from './syntax-context.ts';

export const newHeadFrozen: Rule = {
  code: 'FRZ301',
  name: 'new-head-frozen',
  severity: 'error',
  summary: 'A new layer is frozen by the statement that freezes the whole model, and stays random.',
  documentation: {
    whatItDoes:
      'Reports a fresh layer that is put into a model before all of the model is frozen, and that is still frozen when an ' +
      'optimizer is built over the model.',
    whyItMatters:
      'The freezing means the pre-trained part and takes the new layer with it. If nothing else is trainable, the first ' +
      '`backward()` raises; otherwise the head keeps its random weights and the model learns around it, without a word.',
    example: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
model.fc = nn.Linear(512, 3)
for param in model.parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
`,
    whenNotToUse: 'Where a head is meant to stay random, as in experiments with random features.',
    knownProblems:
      'A head that a filter spares, that is unfrozen later or that gets loaded weights stays silent, and so does a model ' +
      'that no optimizer is built over, such as a frozen teacher.',
    fixSafety: 'Suggestions: both make the new layer train, which changes the results.',
    references: ['https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const frozen = violationsOf(trace, 'headFrozen').filter(({ obligation }) => obligation.origin !== null);
    for (const group of groupBySpan(frozen, ({ obligation }) => obligation.origin ?? obligation.anchor)) {
      const last = group.at(-1) ?? group[0];
      const { anchor, origin, moduleName } = last.obligation;
      if (!origin) continue;
      const made = writtenAt(module, origin);
      const head = moduleName ?? trace.sourceOf(made);
      // Where another file makes the layer, what freezes it is at hand here.
      const span = isImported(origin) ? writtenAt(module, anchor) : made;
      yield {
        message: `The new layer \`${head}\` is frozen together with the rest of the model, so it keeps its random weights: unfreeze it after the freezing, or put it in afterwards.`,
        span,
        related: [
          isImported(origin)
            ? { message: 'the layer is made here', span: made }
            : { message: 'frozen here, with everything else', span: writtenAt(module, anchor) },
          { message: 'an optimizer is built while it is frozen', span: last.event },
        ],
        fixes: fixesFor(module, last),
      };
    }
  },
};

function fixesFor(module: Module, { obligation }: Violation): readonly Fix[] {
  const { anchor, origin, moduleName } = obligation;
  const sweep = sweepAround(module, anchor);
  const made = origin && statementAround(module, origin);
  if (!sweep) return [];
  const fixes: Fix[] = [];
  if (moduleName !== null) {
    const oneLine = [`${moduleName}.requires_grad_(True)`];
    const loop =
      sweep.kind === 'for'
        ? flagLoop(module, moduleName, sweepVariable(module, sweep, anchor), true)
        : oneLine;
    const edit = insertAfter(module, sweep, loop) ?? insertAfter(module, sweep, oneLine);
    if (edit) {
      fixes.push({
        message: `Unfreeze \`${moduleName}\` after the freezing`,
        applicability: 'suggestion',
        edits: [edit],
      });
    }
  }
  const edits = made && canMove(module, made, sweep) ? moveBelow(module, made, sweep) : null;
  if (edits)
    fixes.push({ message: 'Put the new layer in after the freezing', applicability: 'suggestion', edits });
  return fixes;
}

/** Whether the statement that makes the head can go below the freezing: both in one block, nothing between uses it. */
function canMove(module: Module, made: Statement, sweep: Statement): boolean {
  const block = blockOf(module, made);
  const from = block.indexOf(made);
  const to = block.indexOf(sweep);
  if (made.kind !== 'assignment' || made.targets.length !== 1 || from < 0 || to <= from) return false;
  const [target] = made.targets;
  if (!target) return false;
  const name = textOf(module, target);
  return block.slice(from + 1, to).every((statement) => !textOf(module, statement).includes(name));
}
