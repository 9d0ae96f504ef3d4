import type { OptimizerSteps, Trace } from '../analysis/trace.ts';
import type { Module } from '../python/syntax.ts';
import { countText, flagLoop, groupBySpan, insertBefore, inWords } from './fix-text.ts';
import { outsideIsExplained } from './root-causes.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { loopVariable, statementAround } from './syntax-context.ts';

export const trainableOutsideOptimizer: Rule = {
  code: 'FRZ409',
  name: 'trainable-outside-optimizer',
  severity: 'information',
  summary: 'Parameters outside the optimizer are trainable: their gradients are computed and never applied.',
  documentation: {
    whatItDoes:
      'Points at an optimizer over a part of a model whose rest is trainable and held by no optimizer, at every step.',
    whyItMatters:
      'The result is right, the price is not: every `backward()` computes gradients for the rest that no step applies and no ' +
      '`zero_grad()` of the optimizer clears. With a ResNet-18 whose head alone was in the optimizer, a step took 147 ms ' +
      'instead of 47 ms, and 44.7 MB of gradients were kept.',
    example: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
model(torch.randn(2, 3, 64, 64)).sum().backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
model(torch.randn(2, 3, 64, 64)).sum().backward()
optimizer.step()
`,
    whenNotToUse:
      'Where the gradients themselves are wanted, as in visualizations and in analyses of gradient norms.',
    knownProblems:
      'Silent where any step is taken with the rest frozen, or where an optimizer out of sight may hold it.',
    fixSafety:
      'A suggestion. No weight changes in another way, except that BatchNorm goes on adapting in train mode as before.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    if (trace.isPartial) return;
    for (const group of groupBySpan(trace.steps, ({ built }) => built.call)) {
      const [first] = group;
      const { built, outsideAtoms, moduleName } = first;
      if (!built.argument || !group.every(alwaysOutside)) continue;
      if (group.some((one) => outsideIsExplained(trace, one.outsideAtoms))) continue;
      const outside = trace.leaves(outsideAtoms);
      const names = built.sight.cover(outside, 3);
      const count = trace.areCountable(outside)
        ? `, ${countText(outside.length, trace.sizeOf(outside))}`
        : '';
      const what = names
        ? inWords(names)
        : moduleName
          ? `the rest of \`${moduleName}\``
          : 'the rest of the model';
      yield {
        message: `No optimizer holds ${what}${count}, yet it is trainable: every backward pass computes gradients for it that no step applies. Freeze it.`,
        span: built.argument,
        fixes: freezing(module, trace, first),
      };
    }
  },
};

const alwaysOutside = ({ outside, inside }: OptimizerSteps): boolean => outside > 0 && inside === 0;

/** Freezes what is outside before the optimizer is built. */
function freezing(module: Module, trace: Trace, { built, outsideAtoms }: OptimizerSteps): readonly Fix[] {
  const statement = statementAround(module, built.call);
  if (!statement) return [];
  const outside = trace.leaves(outsideAtoms);
  const held = trace.leaves(built.must);
  const variable = loopVariable(module, built.call);
  const loop = (name: string, value: boolean): readonly string[] => flagLoop(module, name, variable, value);
  const direct = built.sight.cover(outside, 2);
  const whole = built.sight.enclosing([...outside, ...held]);
  const kept = built.sight.cover(held, 2);
  const isWhole = whole && trace.leaves(whole.atoms).length === outside.length + held.length;
  let added: readonly string[];
  let what: string;
  if (direct) {
    added = direct.flatMap((name) => loop(name, false));
    what = inWords(direct);
  } else if (isWhole && kept) {
    added = [...loop(whole.name, false), ...kept.flatMap((name) => loop(name, true))];
    what = `all of \`${whole.name}\` but ${inWords(kept)}`;
  } else return [];
  const edit = insertBefore(module, statement, added);
  return edit ? [{ message: `Freeze ${what} before`, applicability: 'suggestion', edits: [edit] }] : [];
}
