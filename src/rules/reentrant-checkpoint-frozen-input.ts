import type { Call, Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { quoted, textOf } from './syntax-context.ts';

export const reentrantCheckpointFrozenInput: Rule = {
  code: 'FRZ504',
  name: 'reentrant-checkpoint-frozen-input',
  severity: 'warning',
  isOffByDefault: true,
  summary: 'A module that trains is checkpointed on inputs that ask for no gradient: it gets none.',
  documentation: {
    whatItDoes:
      'Reports `torch.utils.checkpoint.checkpoint(module, ...)` in its reentrant form where the module has trainable ' +
      'parameters and no input asks for a gradient, as behind frozen embeddings.',
    whyItMatters:
      'The reentrant form records the module as one node of the graph, and only if an input asks for a gradient. Else the ' +
      'parameters inside get none: PyTorch warns `None of the inputs have requires_grad=True`, and goes on, or raises where ' +
      'nothing else trains. Adapters in a frozen language model are the usual victims.',
    example: `import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

embedding = nn.Embedding(100, 8)
embedding.requires_grad_(False)
adapter = nn.Linear(8, 8)
head = nn.Linear(8, 3)
hidden = embedding(torch.randint(0, 100, (2, 5)))
hidden = checkpoint(adapter, hidden)
head(hidden).sum().backward()
`,
    useInstead: `import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

embedding = nn.Embedding(100, 8)
embedding.requires_grad_(False)
adapter = nn.Linear(8, 8)
head = nn.Linear(8, 3)
hidden = embedding(torch.randint(0, 100, (2, 5)))
hidden = checkpoint(adapter, hidden, use_reentrant=False)
head(hidden).sum().backward()
`,
    whenNotToUse: 'Where the checkpointed module is not meant to train.',
    knownProblems:
      'Off by default: newer versions of PyTorch ask for `use_reentrant` anyway. The `gradient_checkpointing_enable()` of ' +
      'transformers is not looked into.',
    fixSafety:
      'A suggestion: the other form supports more, but keeps tensors in another way and needs PyTorch 1.11.',
    references: ['https://pytorch.org/docs/stable/checkpoint.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const [{ call }] of groupBySpan(trace.eventsOf('checkpointedWithoutInput'), ({ call }) => call)) {
      const checkpointed = call.args[0]?.value;
      yield {
        message: `No input of ${checkpointed ? `\`${quoted(module, checkpointed)}\`` : 'the module'} asks for a gradient, so reentrant checkpointing records none and its parameters do not train; pass \`use_reentrant=False\`.`,
        span: call,
        fixes: notReentrant(module, call),
      };
    }
  },
};

function notReentrant(module: Module, call: Call): readonly Fix[] {
  const fix = (span: { start: number; end: number }, content: string): readonly Fix[] => [
    { message: 'Pass `use_reentrant=False`', applicability: 'suggestion', edits: [{ span, content }] },
  ];
  const given = call.args.find(({ name }) => name === 'use_reentrant');
  if (given) return fix(given.value, 'False');
  const last = call.args.at(-1);
  if (!last || textOf(module, { start: last.value.end, end: call.end }).includes('#')) return [];
  return fix({ start: last.value.end, end: last.value.end }, ', use_reentrant=False');
}
