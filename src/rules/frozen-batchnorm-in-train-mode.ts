import type { StatisticsFollow } from '../analysis/training-events.ts';
import type { Module } from '../python/syntax.ts';
import { evalLines, groupBySpan, insertAfter, inWords } from './fix-text.ts';
import { evalIsUndoneAt } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { statementAround, textOf } from './syntax-context.ts';

export const frozenBatchNormInTrainMode: Rule = {
  code: 'FRZ601',
  name: 'frozen-batchnorm-in-train-mode',
  severity: 'information',
  summary: 'Frozen BatchNorm layers are in train mode: their running statistics follow the batches.',
  documentation: {
    whatItDoes:
      'Points at a `train()` that puts a frozen part with BatchNorm layers into train mode, where nothing puts it into eval ' +
      'mode before the model trains.',
    whyItMatters:
      '`requires_grad` is about weights. The running mean and variance of BatchNorm are buffers, which every forward pass in ' +
      'train mode updates: with everything but the head of a ResNet-18 frozen, five steps changed 60 of 60 buffers and moved ' +
      'the features of the same images by 87 % on a shifted input. `no_grad` does not stop it either. ' +
      'Some recipes want that, to adapt to new data; hence no more than information.',
    example: `import torch
from torch import nn
from torchvision import models

backbone = models.resnet18()
backbone.requires_grad_(False)
model = nn.Sequential(backbone, nn.Linear(1000, 3))
optimizer = torch.optim.SGD(model[1].parameters(), lr=0.1)
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
    whenNotToUse: 'Where the statistics are meant to adapt to the new data.',
    knownProblems:
      'Speaks only where the layers are known one by one, as in the models of torchvision and in classes of the same file, ' +
      'and only where the program itself calls train(). Dropout in a frozen part stays random as well, and is ' +
      'not reported by itself.',
    fixSafety:
      'Behavioural: the part stays in eval mode, so its statistics keep still and its Dropout is off.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html',
      'https://pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const group of groupBySpan(trace.eventsOf('statisticsFollow'), ({ train }) => train)) {
      const [first] = group;
      if (evalIsUndoneAt(trace, first.train)) continue;
      const names = namesOf(first);
      const layers = first.layers === 1 ? 'a BatchNorm layer' : `${first.layers} BatchNorm layers`;
      const what = names && names.length <= 3 ? inWords(names) : 'what is frozen';
      yield {
        message: `This also puts ${what} into train mode: the running statistics of ${layers} follow the batches although the weights are frozen. Call eval() on it after train().`,
        span: first.train,
        related: first.frozen ? [{ message: 'frozen here', span: first.frozen }] : [],
        fixes: names ? evalAfterTrain(module, first, names) : [],
      };
    }
  },
};

/** The frozen parts by name, in the order of the model; null where one has no name or they are too many. */
function namesOf({ parts, sight }: StatisticsFollow): readonly string[] | null {
  if (parts.length > MOST_PARTS) return null;
  const names = parts.flatMap((atoms) => sight.cover(atoms, 1) ?? []);
  return names.length === parts.length ? names : null;
}

/** A fix with more names than these would be longer than what it mends. */
const MOST_PARTS = 6;

function evalAfterTrain(
  module: Module,
  { train }: StatisticsFollow,
  names: readonly string[],
): readonly Fix[] {
  const statement = statementAround(module, train);
  if (statement?.kind !== 'expressionStatement' || !textOf(module, statement).includes('.train(')) return [];
  const [only, ...more] = names;
  const edit = insertAfter(module, statement, evalLines(module, names));
  const what = more.length === 0 ? `\`${only}.eval()\`` : 'eval() on the frozen parts';
  return edit ? [{ message: `Call ${what} after train()`, applicability: 'behavioural', edits: [edit] }] : [];
}
