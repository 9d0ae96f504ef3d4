import type { Violation } from '../analysis/obligations/table.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Module, Statement } from '../python/syntax.ts';
import { boundNames, walk } from '../python/walk.ts';
import { isDisturbedByLaterGroup } from '../torch/schedulers.ts';
import { blockOf, groupBySpan, insertAfter, moveBelow, quoteOf, runsOnceInFunction } from './fix-text.ts';
import { violationsOf } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { schedulersAnew } from './schedulers-anew.ts';
import { lineInWords, quoted, statementAround, textOf, writtenAt } from './syntax-context.ts';

export const moduleReplacedAfterOptimizer: Rule = {
  code: 'FRZ402',
  name: 'module-replaced-after-optimizer',
  severity: 'error',
  summary: 'A layer is replaced after the optimizer was built, which goes on training the old one.',
  documentation: {
    whatItDoes:
      'Reports a layer or Parameter that is put into a model whose optimizer exists already, where that optimizer takes a ' +
      'step without having been extended or rebuilt.',
    whyItMatters:
      'An optimizer holds Parameters, not places in a model. After `model.fc = nn.Linear(...)` it still holds those of the ' +
      'old layer, which nothing uses any more; the new layer gets gradients and never a step. There is no error: the new head ' +
      'stays as random as it was made, and with a frozen backbone nothing trains at all.',
    example: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model.fc = nn.Linear(512, 3)
model(torch.randn(2, 3, 64, 64)).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model(torch.randn(2, 3, 64, 64)).sum().backward()
optimizer.step()
`,
    whenNotToUse:
      'Where an optimizer out of sight trains the new layer; handing the model to code of another file already keeps the ' +
      'rule silent.',
    knownProblems:
      '`.to()`, `.half()` and `.cuda()`, `load_state_dict` and wrapping with `DataParallel` keep the Parameters, so they are ' +
      'never reported. A layer that is frozen, or whose parameters an optimizer holds by the next step, is ' +
      'none either.',
    fixSafety:
      'Suggestions. The optimizer can be built below the replacement, where nothing between needs it; otherwise ' +
      '`add_param_group` hands it the new layer and keeps its state, though the old layer stays in it to no effect. A ' +
      'scheduler that would not drive the new group (FRZ406) is built anew beside it, and starts from the beginning.',
    references: [
      'https://pytorch.org/docs/stable/optim.html#constructing-it',
      'https://github.com/pytorch/pytorch/issues/14467',
    ],
  },

  *check({ module, trace, cells }: RuleContext): Iterable<Finding> {
    const replaced = violationsOf(trace, 'replacedOutsideOptimizer');
    for (const [violation] of groupBySpan(replaced, ({ obligation }) => obligation.anchor)) {
      const { anchor, optimizer, moduleName } = violation.obligation;
      if (!optimizer) continue;
      const span = writtenAt(module, anchor);
      const line = lineInWords({ module, trace, cells }, optimizer.built);
      const holder = optimizer.name ? `\`${optimizer.name}\`` : 'the optimizer';
      const what = moduleName ? `\`${moduleName}\`` : `what \`${quoted(module, span)}\` puts in`;
      yield {
        message: `${what} is new here, but ${holder} was built before (${line}) and does not hold it: no step will change it. Build the optimizer below, or extend it.`,
        span,
        related: [
          { message: 'built here, before the new layer', span: optimizer.built },
          { message: 'this step leaves the new layer as it is', span: violation.event },
        ],
        fixes: fixesFor(module, trace, violation),
      };
    }
  },
};

function fixesFor(module: Module, trace: Trace, { obligation }: Violation): readonly Fix[] {
  const { anchor, optimizer, moduleName } = obligation;
  const replacement = statementAround(module, anchor);
  const built = optimizer && statementAround(module, optimizer.built);
  if (!replacement || !built || !optimizer.name) return [];
  const fixes: Fix[] = [];
  const moved = canMove(module, built, replacement) ? moveBelow(module, built, replacement) : null;
  if (moved) {
    fixes.push({
      message: `Build \`${optimizer.name}\` below`,
      applicability: 'suggestion',
      edits: moved,
    });
  }
  if (moduleName === null || !runsOnceInFunction(module, replacement)) return fixes;
  const quote = quoteOf(module);
  const parameters = obligation.module === null ? `[${moduleName}]` : `${moduleName}.parameters()`;
  const anew = schedulersAnew(
    module,
    trace,
    optimizer.name,
    replacement,
    ({ optimizers, facts }) => optimizers.includes(optimizer.id) && isDisturbedByLaterGroup(facts),
  );
  const extended =
    anew &&
    insertAfter(module, replacement, [
      `${optimizer.name}.add_param_group({${quote}params${quote}: ${parameters}})`,
      ...anew.lines,
    ]);
  if (extended) {
    fixes.push({
      message: `Add \`${moduleName}\` to \`${optimizer.name}\` here${anew.inMessage}`,
      applicability: 'suggestion',
      edits: [extended],
    });
  }
  return fixes;
}

/**
 * Whether the optimizer can be built below a later statement: both in one block, and nothing from the one to the other
 * uses the optimizer or binds a name that building it needs.
 */
function canMove(module: Module, built: Statement, replacement: Statement): boolean {
  const block = blockOf(module, built);
  const from = block.indexOf(built);
  const to = block.indexOf(replacement);
  if (built.kind !== 'assignment' || from < 0 || to <= from) return false;
  const names = new Set(namesIn(built.value));
  const targets = built.targets.map((target) => textOf(module, target));
  return block.slice(from + 1, to + 1).every((statement) => {
    const bound = [...walk(statement)].flatMap((node) =>
      node.kind === 'assignment' ? node.targets.flatMap(boundNames) : [],
    );
    if (bound.some((name) => names.has(name))) return false;
    const text = textOf(module, statement);
    return targets.every((target) => !text.includes(target));
  });
}

const namesIn = (node: Parameters<typeof walk>[0]): readonly string[] =>
  [...walk(node)].flatMap((part) => (part.kind === 'name' ? [part.id] : []));
