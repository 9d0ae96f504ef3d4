import type { Violation } from '../analysis/obligations/table.ts';
import type { Module } from '../python/syntax.ts';
import { groupBySpan, insertAfter } from './fix-text.ts';
import { violationsOf } from './root-causes.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { callAt, quoted, sameSpan, statementAround } from './syntax-context.ts';

export const evalUndoneByTrain: Rule = {
  code: 'FRZ602',
  name: 'eval-undone-by-train',
  severity: 'warning',
  summary: 'A frozen part is put into eval mode, and a later train() on the model puts it back.',
  documentation: {
    whatItDoes:
      'Reports `eval()` on a frozen part with BatchNorm or Dropout that a `train()` on a module around it undoes before the ' +
      'model trains.',
    whyItMatters:
      '`train()` and `eval()` reach every module below, and the last call wins. Freezing does not stop BatchNorm ' +
      'from following the batches: with everything but the head of a ResNet-18 frozen, five steps in train mode changed 60 ' +
      'of 60 buffers and moved the features by 87 % on a shifted input.',
    example: `import torch
from torch import nn
from torchvision import models

backbone = models.resnet18()
backbone.requires_grad_(False)
model = nn.Sequential(backbone, nn.Linear(1000, 3))
optimizer = torch.optim.SGD(model[1].parameters(), lr=0.1)
backbone.eval()
for epoch in range(3):
    model.train()
    optimizer.zero_grad()
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

backbone = models.resnet18()
backbone.requires_grad_(False)
model = nn.Sequential(backbone, nn.Linear(1000, 3))
optimizer = torch.optim.SGD(model[1].parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    backbone.eval()
    optimizer.zero_grad()
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
`,
    whenNotToUse:
      'Where the statistics are meant to adapt in training, and eval() was for something before it.',
    knownProblems:
      'Only where the part certainly has layers with a mode. A class with a train() of its own stays silent.',
    fixSafety:
      'Behavioural: the part then stays in eval mode, so its statistics keep still and its Dropout is off.',
    references: ['https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const undone = violationsOf(trace, 'evalUndone').filter(({ obligation }) => obligation.origin !== null);
    for (const group of groupBySpan(undone, ({ obligation }) => obligation.origin ?? obligation.anchor)) {
      const { origin, anchor } = group[0].obligation;
      if (!origin) continue;
      const advice = trainsByItself(group[0])
        ? 'Override train() of the model, so that it puts this part back.'
        : 'Call eval() after train().';
      yield {
        message: `\`${quoted(module, anchor)}\` undoes this before the model trains: the frozen part is in train mode again, and its BatchNorm or Dropout with it. ${advice}`,
        span: origin,
        related: group.map(({ obligation }) => ({
          message: 'puts it back into train mode',
          span: obligation.anchor,
        })),
        fixes: evalAfter(module, group),
      };
    }
  },
};

/** Whether one call puts the model into train mode and trains it, as a trainer's does: nothing can come between. */
const trainsByItself = ({ obligation, event }: Violation): boolean => sameSpan(obligation.anchor, event);

/** Puts eval() after every train() that undoes it. */
function evalAfter(module: Module, group: readonly Violation[]): readonly Fix[] {
  const edits: Edit[] = [];
  const names = new Set<string>();
  for (const violation of group) {
    const { obligation } = violation;
    if (trainsByItself(violation)) return [];
    const statement = statementAround(module, obligation.anchor);
    const name = obligation.moduleName;
    const call = callAt(module, obligation.anchor);
    // The train() may be in another file, and the training with it.
    const isTrain = call?.callee.kind === 'attribute' && call.callee.name === 'train';
    if (statement?.kind !== 'expressionStatement' || name === null || !isTrain) return [];
    const edit = insertAfter(module, statement, [`${name}.eval()`]);
    if (!edit) return [];
    if (edits.some((known) => known.span.start === edit.span.start)) continue;
    names.add(name);
    edits.push(edit);
  }
  const [name] = names;
  return [{ message: `Call \`${name}.eval()\` after train()`, applicability: 'behavioural', edits }];
}
