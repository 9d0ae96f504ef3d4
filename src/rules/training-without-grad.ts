import type { Pass } from '../analysis/modules/passes.ts';
import type { UngradedPart } from '../analysis/obligations/ungraded-parts.ts';
import type { Trace } from '../analysis/trace.ts';
import { LineIndex } from '../python/positions.ts';
import type { Call, Module, Span } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { callAt, enclosing, quoted, sameSpan, textOf } from './syntax-context.ts';

export const trainingWithoutGrad: Rule = {
  code: 'FRZ502',
  name: 'training-without-grad',
  severity: 'error',
  summary: 'Gradients are off around what must train: backward() raises, or a part never gets a gradient.',
  documentation: {
    whatItDoes:
      'Reports `no_grad`, `inference_mode` and `set_grad_enabled(False)` around the loss that `backward()` is called on; and ' +
      'around the only call of a part that the program unfreezes, or gives to an optimizer as a group of its own.',
    whyItMatters:
      'A loss that was computed without gradients has no graph: `backward()` raises a RuntimeError, in all five forms that ' +
      'were tried. The second kind is worse, as nothing raises: a backbone whose forward pass runs under `no_grad` ' +
      'gets no gradient whatever its `requires_grad` says, so unfreezing it changes nothing, while its BatchNorm goes on ' +
      'following the batches.',
    example: `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(6, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        with torch.no_grad():
            features = self.backbone(x)
        return self.head(features)


net = Net()
for param in net.backbone.parameters():
    param.requires_grad = True
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net(torch.randn(2, 6)).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(6, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        with torch.set_grad_enabled(any(param.requires_grad for param in self.backbone.parameters())):
            features = self.backbone(x)
        return self.head(features)


net = Net()
for param in net.backbone.parameters():
    param.requires_grad = True
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net(torch.randn(2, 6)).sum().backward()
optimizer.step()
`,
    whenNotToUse:
      'A part that is meant as a feature extractor is not reported: nothing unfreezes it, and no optimizer has it as a group.',
    knownProblems:
      'A loss that comes from a mixture of values with and without a graph is not followed, nor is a part that unseen code ' +
      'may run.',
    fixSafety:
      'A suggestion: it turns the gradients on for the whole block. Where the block also runs a teacher or a validation, ' +
      'narrow it instead.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.no_grad.html',
      'https://pytorch.org/docs/stable/notes/autograd.html#locally-disabling-gradient-computation',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const reported: Span[] = [];
    for (const { context, backward } of losses(trace)) {
      if (reported.some((span) => sameSpan(span, context))) continue;
      reported.push(context);
      yield {
        message: `\`${quoted(module, context)}\` turns gradients off here, so the loss has no graph and backward() raises a RuntimeError.`,
        span: context,
        related: [{ message: 'backward() raises here', span: backward }],
        fixes: turnedOn(module, context, 'enable_grad()', 'True'),
      };
    }
    for (const group of groupBySpan(trace.ungradedParts.flatMap(withContexts), ({ context }) => context)) {
      const [{ context, call, part }] = group;
      if (reported.some((span) => sameSpan(span, context)) || !isOnlyUse(module, part)) continue;
      const name = callAt(module, call)?.callee;
      const what = name ? `\`${quoted(module, name)}\`` : 'what runs here';
      const meant = part.meant.how === 'unfrozen' ? 'is unfrozen' : 'is in the optimizer';
      const flags = name
        ? `any(param.requires_grad for param in ${textOf(module, name)}.parameters())`
        : null;
      yield {
        message: `\`${quoted(module, context)}\` turns gradients off here, so ${what} gets none and never trains, although it ${meant}.`,
        span: context,
        related: [
          {
            message: part.meant.how === 'unfrozen' ? 'unfrozen here' : 'optimizer built here',
            span: part.meant.at,
          },
        ],
        fixes: flags ? turnedOn(module, context, `set_grad_enabled(${flags})`, null) : [],
      };
    }
  },
};

/** What turned gradients off for losses on which backward() is called, where every way to the call says so. */
function* losses(trace: Trace): Iterable<{ readonly context: Span; readonly backward: Span }> {
  for (const group of groupBySpan(trace.eventsOf('backward'), ({ span }) => span)) {
    const graphs = group.map(({ graph }) => graph);
    if (!graphs.every((graph) => graph?.byMode && graph.kind !== 'forced')) continue;
    for (const graph of graphs) if (graph) yield { context: graph.at, backward: group[0].span };
  }
}

type Part = UngradedPart & { readonly pass: Pass };

const withContexts = (part: Part) =>
  [...part.pass.without].map(([call, context]) => ({ context, call, part }));

/** What may be done with a module without running it. */
const QUIET =
  /^(?:parameters|named_parameters|children|named_children|modules|named_modules|train|eval|requires_grad_|to|cuda|cpu|float|half|state_dict|load_state_dict|apply|training|out_features|in_features|\w+_dim|config|register_\w+)$/;

/**
 * Whether the file uses the attribute that holds a part only in the calls that were seen without gradients. A class is
 * looked at by itself, with settings as its constructor leaves them; others may be set from outside.
 */
function isOnlyUse(module: Module, { attribute, pass }: Part): boolean {
  const seen = [...pass.without.keys()];
  if (!attribute) return true;
  if (seen.some((call) => isConditional(module, call))) return false;
  for (const statement of module.body) {
    for (const node of walk(statement)) {
      if (node.kind !== 'attribute' || node.name !== attribute.name) continue;
      if (seen.some((call) => call.start <= node.start && node.end <= call.end)) continue;
      const around = enclosing(module, node).at(-2);
      const isQuiet = around?.kind === 'attribute' && QUIET.test(around.name);
      const isSet = around?.kind === 'assignment' && around.targets.some((target) => sameSpan(target, node));
      if (!isQuiet && !isSet) return false;
    }
  }
  return true;
}

const isConditional = (module: Module, span: Span): boolean => {
  const around = enclosing(module, span);
  const inner = around.slice(around.findLastIndex(({ kind }) => kind === 'functionDefinition') + 1);
  return inner.some(({ kind }) => kind === 'if' || kind === 'conditional' || kind === 'try');
};

/** Puts another context in the place of the one that turns gradients off, or takes its decorator away. */
function turnedOn(module: Module, context: Span, instead: string, argument: string | null): readonly Fix[] {
  const fix = (message: string, edit: Edit): readonly Fix[] => [
    { message, applicability: 'suggestion', edits: [edit] },
  ];
  if (isDecorator(module, context)) {
    const lines = new LineIndex(module.text);
    const row = lines.positionAt(context.start).row;
    const span = { start: lines.lineSpan(row).start, end: lines.lineSpan(row + 1).start };
    return fix('Remove the decorator', { span, content: '' });
  }
  const call = callAt(module, context);
  if (call?.callee.kind !== 'attribute') return [];
  const [only] = call.args;
  if (call.callee.name === 'set_grad_enabled') {
    if (argument === null || !only || call.args.length > 1) return [];
    return fix('Turn gradients on', { span: only.value, content: argument });
  }
  return fix(`Use \`${instead}\``, { span: nameAndArguments(call), content: instead });
}

const nameAndArguments = (call: Call): Span => ({
  start: call.callee.kind === 'attribute' ? call.callee.object.end + 1 : call.start,
  end: call.end,
});

const isDecorator = (module: Module, span: Span): boolean =>
  enclosing(module, span).some(
    (node) =>
      (node.kind === 'functionDefinition' || node.kind === 'classDefinition') &&
      node.decorators.some((decorator) => sameSpan(decorator, span)),
  );
