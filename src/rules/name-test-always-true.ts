import type { BooleanOperation, Expression, Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { decisionOf, wholeOperation } from './name-decisions.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { quoted, textOf } from './syntax-context.ts';

export const nameTestAlwaysTrue: Rule = {
  code: 'FRZ306',
  name: 'name-test-always-true',
  severity: 'error',
  summary: "`'a' or 'b' in name` is always true, whatever the parameter is called.",
  documentation: {
    whatItDoes:
      'Reports a text that is an operand of `and` or `or` beside a test on the name of a parameter or module, where the test ' +
      'decides what is frozen or which parameters go into a list.',
    whyItMatters:
      "Python reads `'out' or 'merge' in name` as `'out' or ('merge' in name)`. A text that is not empty is true, so the " +
      'condition is true for every name: everything is frozen, or nothing is, without an error. With `and`, the text by ' +
      "itself changes nothing, and only the rest is tested: `'conv' and 'layer4' in name` is `'layer4' in name`.",
    example: `import torch
from torchvision import models

model = models.resnet18()
for name, param in model.named_parameters():
    if "fc" or "layer4" in name:
        continue
    param.requires_grad = False
`,
    useInstead: `import torch
from torchvision import models

model = models.resnet18()
for name, param in model.named_parameters():
    if "fc" in name or "layer4" in name:
        continue
    param.requires_grad = False
`,
    whenNotToUse: 'There is no reason to keep such a condition.',
    knownProblems:
      'Only tests on names that a module gives are reported, by `named_parameters()`, `named_modules()` or `named_children()`: ' +
      'of any other text the rule does not know that it is a name.',
    fixSafety:
      'Behavioural: the condition now asks what it seems to ask, so other parameters are frozen and training changes.',
    references: ['https://docs.python.org/3/reference/expressions.html#boolean-operations'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const operations = trace.eventsOf('textAsCondition').flatMap(({ operation, what }) => {
      const whole = wholeOperation(module, operation);
      return whole?.kind === 'booleanOperation' ? [{ whole, what }] : [];
    });
    for (const [{ whole, what }] of groupBySpan(operations, (one) => one.whole)) {
      if (!decisionOf(module, whole)) continue;
      const texts = textOperands(whole);
      const [first] = texts;
      if (!first) continue;
      const text = `\`${quoted(module, first)}\``;
      const truth = isAlwaysTrue(whole)
        ? `this condition is true for every ${what}`
        : `it is not tested, and only the rest of the condition counts`;
      yield {
        message: `${text} by itself is always true, so ${truth}: repeat the test for each text.`,
        span: whole,
        fixes: fixesFor(module, whole),
      };
    }
  },
};

function operandsOf(node: Expression): readonly Expression[] {
  return node.kind === 'booleanOperation' ? [...operandsOf(node.left), ...operandsOf(node.right)] : [node];
}

const isText = (node: Expression): boolean => node.kind === 'string' && node.value !== '';

const textOperands = (node: Expression): readonly Expression[] => operandsOf(node).filter(isText);

/** Whether the texts in it alone make an operation true. */
function isAlwaysTrue(node: Expression): boolean {
  if (node.kind !== 'booleanOperation') return isText(node);
  const [left, right] = [isAlwaysTrue(node.left), isAlwaysTrue(node.right)];
  return node.operator === 'or' ? left || right : left && right;
}

/** Repeats, for each text, the comparison that follows it, or else the one before it. */
function fixesFor(module: Module, whole: BooleanOperation): readonly Fix[] {
  const operands = operandsOf(whole);
  const edits: Edit[] = [];
  for (const [index, operand] of operands.entries()) {
    if (!isText(operand)) continue;
    const edit =
      repeated(module, operand, operands.slice(index).find(isComparison)) ??
      repeated(module, operand, operands.slice(0, index).findLast(isComparison));
    if (!edit) return [];
    edits.push(edit);
  }
  return [{ message: 'Test the name for each text', applicability: 'behavioural', edits }];
}

const isComparison = ({ kind }: Expression): boolean => kind === 'comparison';

function repeated(module: Module, text: Expression, model: Expression | undefined): Edit | null {
  const [only, ...more] = model?.kind === 'comparison' ? model.rest : [];
  if (model?.kind !== 'comparison' || !only || more.length > 0) return null;
  if (isText(model.left)) {
    // `'b' in name`: what follows the text is repeated after the other one.
    const content = module.text.slice(model.left.end, model.end);
    return content.includes('\n') ? null : { span: { start: text.end, end: text.end }, content };
  }
  if (!isText(only.right)) return null;
  // `name == 'a'`
  const content = `${textOf(module, model.left)} ${only.operator} `;
  return { span: { start: text.start, end: text.start }, content };
}
