import type { Module, Span } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, quoted, sameSpan } from './syntax-context.ts';

export const inferenceModeFeatures: Rule = {
  code: 'FRZ503',
  name: 'inference-mode-features',
  severity: 'error',
  summary:
    'Features that were computed under inference_mode are given to a layer that trains: PyTorch raises.',
  documentation: {
    whatItDoes:
      'Reports `torch.inference_mode()` around a backbone whose output goes into a trainable layer outside of the block.',
    whyItMatters:
      'A tensor that was made in inference mode can never be part of a graph. A trainable layer has to keep its input, and ' +
      'raises `RuntimeError: Inference tensors cannot be saved for backward`. Under `no_grad` the same program ' +
      'works, and so it does on a `clone()` of the features.',
    example: `import torch
from torch import nn
from torchvision import models

backbone = models.resnet18()
head = nn.Linear(1000, 3)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
with torch.inference_mode():
    features = backbone(torch.randn(2, 3, 64, 64))
head(features).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

backbone = models.resnet18()
head = nn.Linear(1000, 3)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
with torch.no_grad():
    features = backbone(torch.randn(2, 3, 64, 64))
head(features).sum().backward()
optimizer.step()
`,
    whenNotToUse: 'Nowhere: a program with this finding stops at the layer.',
    knownProblems:
      'Speaks only where the features reach the layer as they are, or as another view of the same memory; what is computed ' +
      'from them outside of the block is an ordinary tensor. A head of a class of its own is looked at from inside, where ' +
      'its input is not known.',
    fixSafety: 'Safe: the program raised, and `no_grad` computes the same features.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.inference_mode.html',
      'https://pytorch.org/docs/stable/notes/autograd.html#inference-mode',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const group of groupBySpan(trace.eventsOf('inferenceTensorKept'), ({ context }) => context)) {
      const [{ context, span }] = group;
      yield {
        message: `What is computed under \`${quoted(module, context)}\` cannot be saved for backward, and \`${quoted(module, span)}\` raises a RuntimeError; use \`torch.no_grad()\`.`,
        span: context,
        related: [{ message: 'raises here', span }],
        fixes: withNoGrad(module, context),
      };
    }
  },
};

/** Puts `no_grad()` in the place of `inference_mode()`, in a context or a decorator. */
function withNoGrad(module: Module, context: Span): readonly Fix[] {
  const node = enclosing(module, context).findLast((one) => sameSpan(one, context));
  const callee = node?.kind === 'call' ? node.callee : node;
  if (callee?.kind !== 'attribute' || callee.name !== 'inference_mode') return [];
  const span = { start: callee.object.end + 1, end: context.end };
  return [{ message: 'Use `no_grad()`', applicability: 'safe', edits: [{ span, content: 'no_grad()' }] }];
}
