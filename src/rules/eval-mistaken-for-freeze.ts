import type { EvaluatedPartTrains } from '../analysis/training-events.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module, Span } from '../python/syntax.ts';
import { functionAround, groupBySpan } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { callAt, quoted } from './syntax-context.ts';

export const evalMistakenForFreeze: Rule = {
  code: 'FRZ603',
  name: 'eval-mistaken-for-freeze',
  severity: 'information',
  isOffByDefault: true,
  summary: 'A part is put into eval mode and trains all the same: eval() freezes nothing.',
  documentation: {
    whatItDoes:
      'Points at `eval()` on a part of a model whose parameters are trainable and in the optimizer when it steps. A warning ' +
      'where a comment on the line or above it, or the name of the function, says freeze.',
    whyItMatters:
      '`eval()` switches BatchNorm and Dropout; it changes no `requires_grad`. In an experiment the weights of a part in eval ' +
      'mode changed as all others did.',
    example: `import torch
from torch import nn

backbone = nn.Sequential(nn.Linear(6, 8), nn.Dropout())
head = nn.Linear(8, 3)
optimizer = torch.optim.SGD([*backbone.parameters(), *head.parameters()], lr=0.1)
backbone.eval()  # freeze the backbone
head(backbone(torch.randn(2, 6))).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn

backbone = nn.Sequential(nn.Linear(6, 8), nn.Dropout())
head = nn.Linear(8, 3)
optimizer = torch.optim.SGD([*backbone.parameters(), *head.parameters()], lr=0.1)
backbone.eval().requires_grad_(False)  # freeze the backbone
head(backbone(torch.randn(2, 6))).sum().backward()
optimizer.step()
`,
    whenNotToUse: 'Where a part is meant to train without Dropout and with fixed statistics.',
    knownProblems:
      'Off by default, as eval() is mostly about modes: nine of ten calls with a comment about freezing that were read did ' +
      'no harm.',
    fixSafety:
      'A suggestion: the part no longer trains. None is offered where the optimizer is built later; leave the part out of it ' +
      'as well then.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const group of groupBySpan(trace.eventsOf('evaluatedPartTrains'), ({ span }) => span)) {
      const [first] = group;
      const call = callAt(module, first.span);
      if (call?.callee.kind !== 'attribute') continue;
      const name = quoted(module, call.callee.object);
      yield {
        message: `eval() freezes nothing: the parameters of \`${name}\` are trainable and in the optimizer, and this step changes them. To freeze them, call \`${name}.requires_grad_(False)\`.`,
        span: first.span,
        ...(saysFreeze(module, first.span) ? { severity: 'warning' as const } : {}),
        related: [{ message: 'changes them', span: first.step }],
        fixes: freezing(first),
      };
    }
  },
};

/** Whether a comment at the place, or the name of the function, speaks of freezing. */
function saysFreeze(module: Module, span: Span): boolean {
  const lines = new LineIndex(module.text);
  const { row } = lines.positionAt(span.start);
  const definition = functionAround(module, span.start);
  const name = definition?.kind === 'functionDefinition' ? definition.name : '';
  const near = module.comments.filter(({ start }) => {
    const at = lines.positionAt(start).row;
    const isAlone = module.text.slice(lines.lineSpan(at).start, start).trim() === '';
    return at === row || (at === row - 1 && isAlone);
  });
  return [name, ...near.map(({ start, end }) => module.text.slice(start, end))].some((text) =>
    /freez|frozen/i.test(text),
  );
}

function freezing({ span, built }: EvaluatedPartTrains): readonly Fix[] {
  if (span.start < built.start) return [];
  const edits = [{ span: { start: span.end, end: span.end }, content: '.requires_grad_(False)' }];
  return [{ message: 'Freeze it as well', applicability: 'suggestion', edits }];
}
