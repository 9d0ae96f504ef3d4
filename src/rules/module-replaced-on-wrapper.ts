import type { LayerPutIn } from '../analysis/events.ts';
import type { Attribute, Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { quoted, receiverText, statementAround, textOf } from './syntax-context.ts';

export const moduleReplacedOnWrapper: Rule = {
  code: 'FRZ605',
  name: 'module-replaced-on-wrapper',
  severity: 'warning',
  summary: 'A layer is put on a DataParallel wrapper: the model inside keeps its old one.',
  documentation: {
    whatItDoes:
      'Reports `wrapper.fc = nn.Linear(...)` on DataParallel or DistributedDataParallel, where the model inside has a layer of ' +
      'that name.',
    whyItMatters:
      'The wrapper passes reads and writes of its own attributes to nobody: the new layer lands on the wrapper, and forward() ' +
      'runs the model inside, with its old layer. In an experiment the output kept its old width, and the optimizer trained a ' +
      'head that was never used.',
    example: `import torch
from torch import nn
from torchvision import models

model = nn.DataParallel(models.resnet18())
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
print(model(torch.randn(2, 3, 64, 64)).shape)
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

model = nn.DataParallel(models.resnet18())
model.module.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
print(model(torch.randn(2, 3, 64, 64)).shape)
`,
    whenNotToUse: 'Where the wrapper is a place to keep a module that is called by itself.',
    knownProblems:
      'In a model that nobody can see, only the usual names of heads are taken for layers of it.',
    fixSafety: 'A suggestion: the model inside then computes with the new layer.',
    references: ['https://pytorch.org/docs/stable/generated/torch.nn.DataParallel.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const group of groupBySpan(trace.eventsOf('layerPutIn'), ({ span }) => span)) {
      const [first] = group;
      const target = targetOf(module, first);
      if (!target || !group.every(isOnWrapper)) continue;
      const { attribute } = first.model.wraps ?? { attribute: '' };
      const receiver = receiverText(module, target.object);
      yield {
        message: `\`${receiver}\` is a ${first.model.className}: this puts a new layer beside the model that it runs, which keeps its own \`${first.name}\`. Replace \`${receiver}.${attribute}.${first.name}\`.`,
        span: target,
        fixes: insideTheWrapper(module, target, attribute),
      };
    }
  },
};

const HEADS = /^(?:fc|_fc|classifier|head|heads|last_linear|logits)$/;

const isOnWrapper = ({ name, model: { wraps } }: LayerPutIn): boolean =>
  wraps !== null && (wraps.hasName ?? HEADS.test(name));

/** The attribute that is assigned, where it is the only thing that is. */
function targetOf(module: Module, { span, name }: LayerPutIn): Attribute | null {
  const statement = statementAround(module, span);
  const [target, ...others] = statement?.kind === 'assignment' ? statement.targets : [];
  return target?.kind === 'attribute' && target.name === name && others.length === 0 ? target : null;
}

function insideTheWrapper(module: Module, target: Attribute, attribute: string): readonly Fix[] {
  const { end } = target.object;
  return [
    {
      message: `Replace \`${quoted(module, target.object)}.${attribute}.${textOf(module, { start: end + 1, end: target.end })}\``,
      applicability: 'suggestion',
      edits: [{ span: { start: end, end }, content: `.${attribute}` }],
    },
  ];
}
