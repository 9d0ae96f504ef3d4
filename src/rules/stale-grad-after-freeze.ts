import type { Violation } from '../analysis/obligations/table.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module } from '../python/syntax.ts';
import { boundNames } from '../python/walk.ts';
import { groupBySpan, insertAfter, inWords, statementsAround } from './fix-text.ts';
import { explicitZeros, staleGradients } from './root-causes.ts';
import type { Finding, Fix, RelatedPlace, Rule, RuleContext } from './rule.ts';
import { callAt, isDiscarded, loopVariable, statementAround, textOf, writtenAt } from './syntax-context.ts';

export const staleGradAfterFreeze: Rule = {
  code: 'FRZ407',
  name: 'stale-grad-after-freeze',
  severity: 'warning',
  summary: 'Parameters are frozen with a gradient that stays, and their optimizer goes on moving them.',
  documentation: {
    whatItDoes:
      'Reports a freeze after training steps where the gradients of the frozen parameters stay in `.grad`: with ' +
      '`zero_grad(set_to_none=False)`, or under a configured `torch-version` below 2. Their optimizer must be one that moves ' +
      'a parameter whose gradient is zero (Adam and its like, momentum, weight decay), or the gradient must not have been ' +
      'cleared since `backward()`.',
    whyItMatters:
      'An optimizer never looks at `requires_grad`: it updates every parameter whose `.grad` is not None. A gradient of zeros ' +
      'is a gradient, so momentum, moving averages and weight decay go on changing a frozen backbone. In five steps after the freeze ' +
      'it moved by 0.075 with SGD and momentum, by 0.032 with Adam and by 0.027 with AdamW; with ' +
      '`set_to_none=True`, the default since PyTorch 2.0, not at all. A freeze between `backward()` and `step()` ' +
      'has the pending gradient applied by any optimizer.',
    example: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(10):
    if epoch == 5:
        for param in model[0].parameters():
            param.requires_grad = False
    optimizer.zero_grad(set_to_none=False)
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    useInstead: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(10):
    if epoch == 5:
        for param in model[0].parameters():
            param.requires_grad = False
            param.grad = None
    optimizer.zero_grad(set_to_none=False)
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
`,
    whenNotToUse: 'Where the last momentum steps of the frozen part are welcome.',
    knownProblems:
      'Plain SGD, Adagrad, Adadelta and RMSprop without momentum and weight decay do not move on zero gradients and are ' +
      'reported for pending gradients only. A freeze before the first `backward()` leaks nothing. Param groups ' +
      'with a momentum or weight decay of their own keep the rule silent. Under the default of PyTorch 2.0 a gradient that waits ' +
      'at the freeze is applied until the next `zero_grad()`, mostly once, which is not reported.',
    fixSafety: 'Behavioural: the frozen parameters stand still from then on, as the freeze says.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html',
      'https://discuss.pytorch.org/t/153740',
    ],
  },

  *check({ module, trace, torchVersion }: RuleContext): Iterable<Finding> {
    const stale = staleGradients(trace, torchVersion);
    for (const [violation] of groupBySpan(stale, ({ obligation }) => obligation.anchor)) {
      const { anchor, optimizer, sight } = violation.obligation;
      if (!optimizer) continue;
      const names = sight.cover(violation.atoms, 3);
      const what = names ? inWords(names) : 'What is frozen here';
      const holder = optimizer.name ? `\`${optimizer.name}\`` : 'the optimizer';
      const told = explicitZeros(trace, violation);
      const related: RelatedPlace[] = [{ message: 'this step still applies them', span: violation.event }];
      if (told) related.unshift({ message: 'this writes zeros instead of None', span: told.span });
      yield {
        message: `${what} still ${names && names.length > 1 ? 'have' : 'has'} gradients when it is frozen here, and ${holder} goes on applying them: ${told ? '`set_to_none=False`' : 'before PyTorch 2.0 `zero_grad()`'} does not take them away. Set \`.grad = None\` as well.`,
        span: writtenAt(module, anchor),
        related,
        fixes: clearing(module, violation),
      };
    }
  },
};

/** Drops the gradients right after the freeze. */
function clearing(module: Module, { obligation: { anchor } }: Violation): readonly Fix[] {
  const statement = statementAround(module, anchor);
  if (!statement) return [];
  const lines = linesFor(module, anchor);
  const edit = lines && insertAfter(module, statement, lines);
  return edit ? [{ message: 'Drop the gradients too', applicability: 'behavioural', edits: [edit] }] : [];
}

/** The statements that clear what a freeze wrote to: one parameter, or all of a module's. */
function linesFor(module: Module, anchor: Violation['event']): readonly string[] | null {
  const statement = statementAround(module, anchor);
  if (statement?.kind === 'assignment') {
    const [target, ...others] = statement.targets;
    const isPlain = target?.kind === 'attribute' && target.name === 'requires_grad' && others.length === 0;
    return isPlain ? [`${textOf(module, target.object)}.grad = None`] : null;
  }
  const call = callAt(module, anchor);
  if (call?.callee.kind !== 'attribute' || call.callee.name !== 'requires_grad_') return null;
  if (!isDiscarded(module, call)) return null;
  const owner = textOf(module, call.callee.object);
  if (isParameterOfLoop(module, anchor.start, owner)) return [`${owner}.grad = None`];
  const variable = loopVariable(module, anchor);
  const { indentUnit } = new LineIndex(module.text);
  return [`for ${variable} in ${owner}.parameters():`, `${indentUnit}${variable}.grad = None`];
}

/** Whether a name is the variable of a loop over parameters. */
const isParameterOfLoop = (module: Module, offset: number, name: string): boolean =>
  statementsAround(module, offset).some(
    (statement) =>
      statement.kind === 'for' &&
      boundNames(statement.target).includes(name) &&
      /parameters\(/.test(textOf(module, statement.iterable)),
  );
