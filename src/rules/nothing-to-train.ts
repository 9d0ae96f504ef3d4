import { MAY_BE_FROZEN } from '../analysis/state/atoms.ts';
import type { OptimizerSteps, Trace } from '../analysis/trace.ts';
import type { OptimizerBuilt } from '../analysis/training-events.ts';
import type { Expression, Module } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';
import { countText, groupBySpan, insertBefore, inWords } from './fix-text.ts';
import { emptinessIsExplained, selectionIsMistaken } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { quoted, statementAround } from './syntax-context.ts';

export const nothingToTrain: Rule = {
  code: 'FRZ305',
  name: 'nothing-to-train',
  severity: 'error',
  summary: 'The optimizer gets no parameters, or only frozen ones, so nothing is learned.',
  documentation: {
    whatItDoes:
      'Reports an optimizer whose parameter list is certainly empty, and one that holds only frozen parameters at every ' +
      'step it takes.',
    whyItMatters:
      'An empty list raises `ValueError: optimizer got an empty parameter list`. Frozen parameters alone are ' +
      'accepted: where something outside the optimizer is trainable, the program runs to its end without an error and ' +
      'not one weight has changed. The same happens with a filter that has the wrong sign: ' +
      '`[p for p in model.parameters() if not p.requires_grad]` selects what must not train.',
    example: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
for param in model.parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
`,
    useInstead: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
for param in model[0].parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
`,
    whenNotToUse: 'In tests that check how an optimizer treats empty lists or frozen parameters.',
    knownProblems:
      'An optimizer that some path steps with trainable parameters is never reported, and neither is one over parameters ' +
      'that the analysis cannot follow. An empty list within a dictionary group is legal and stays silent.',
    fixSafety: 'A suggestion: only the author knows what should train.',
    references: ['https://pytorch.org/docs/stable/optim.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    if (selectionIsMistaken(module, trace)) return;
    const reported = new Set<number>();
    for (const group of groupBySpan(trace.eventsOf('optimizerBuilt'), ({ call }) => call)) {
      const [first] = group;
      if (!group.every(({ empty }) => empty) || emptinessIsExplained(trace, first)) continue;
      reported.add(first.call.start);
      const model = modelTakenWhole(first.argument);
      const why = model
        ? `\`${quoted(module, model)}\` has none`
        : 'everything that could be selected is frozen or left out';
      yield {
        message: `\`${first.className}\` gets no parameters here: ${why}, and PyTorch raises "optimizer got an empty parameter list".`,
        span: first.argument ?? first.call,
        fixes: withoutNegation(module, first.argument),
      };
    }
    if (trace.isPartial) return;
    for (const group of groupBySpan(trace.steps, ({ built }) => built.call)) {
      const [{ built }] = group;
      if (reported.has(built.call.start) || !group.every(trainsNothing)) continue;
      if (group.some((one) => emptinessIsExplained(trace, one.built))) continue;
      const held = trace.leaves(built.must);
      const names = built.sight.cover(held, 3);
      const what = names
        ? inWords(names)
        : trace.areCountable(held)
          ? countText(held.length, null)
          : 'its parameters';
      yield {
        message: `Everything this optimizer holds is frozen at every step (${what}), so no step changes anything.`,
        span: built.argument ?? built.call,
        related: group.flatMap(({ firstFrozen }) =>
          firstFrozen ? [{ message: 'this step changes nothing', span: firstFrozen }] : [],
        ),
        fixes: [...withoutNegation(module, built.argument), ...unfreezing(module, trace, built, names)],
      };
    }
  },
};

const trainsNothing = ({ frozen, other }: OptimizerSteps): boolean => frozen > 0 && other === 0;

/** `model` of `model.parameters()`: nothing is selected, so it owns no parameter at all. */
function modelTakenWhole(argument: Expression | null): Expression | null {
  if (argument?.kind !== 'call' || argument.args.length > 0 || argument.callee.kind !== 'attribute')
    return null;
  return argument.callee.name === 'parameters' ? argument.callee.object : null;
}

/** `[p for p in ... if not p.requires_grad]`: the filter has the wrong sign. */
function withoutNegation(module: Module, argument: Expression | null): readonly Fix[] {
  if (!argument) return [];
  const negations = [...walk(argument)].flatMap((node) =>
    node.kind === 'unary' &&
    node.operator === 'not' &&
    node.operand.kind === 'attribute' &&
    node.operand.name === 'requires_grad'
      ? [{ start: node.start, end: node.operand.start }]
      : [],
  );
  const [only, ...more] = negations;
  if (!only || more.length > 0) return [];
  return [
    {
      message: `Select the trainable parameters instead: remove \`${module.text.slice(only.start, only.end).trim()}\``,
      applicability: 'suggestion',
      edits: [{ span: only, content: '' }],
    },
  ];
}

/** Unfreezes what the optimizer holds, where that is a part of a larger model and nothing freezes it later. */
function unfreezing(
  module: Module,
  trace: Trace,
  built: OptimizerBuilt,
  names: readonly string[] | null,
): readonly Fix[] {
  const held = trace.leaves(built.must);
  const whole = built.sight.enclosing(held);
  if (!names || !whole || trace.leaves(whole.atoms).length <= held.length) return [];
  if (built.sight.flagsOf(held) !== MAY_BE_FROZEN || isFrozenAgain(trace, built)) return [];
  const statement = statementAround(module, built.call);
  const edit =
    statement &&
    insertBefore(
      module,
      statement,
      names.map((name) => `${name}.requires_grad_(True)`),
    );
  if (!edit) return [];
  return [{ message: `Unfreeze ${inWords(names)} before`, applicability: 'suggestion', edits: [edit] }];
}

function isFrozenAgain(trace: Trace, built: OptimizerBuilt): boolean {
  const held = new Set(trace.leaves(built.must));
  const later = trace.events.slice(trace.events.indexOf(built) + 1);
  return later.some(
    (event) =>
      event.kind === 'flagWritten' &&
      event.value !== true &&
      trace.leaves(event.atoms).some((atom) => held.has(atom)),
  );
}
