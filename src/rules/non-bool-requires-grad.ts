import type { FlagRefused } from '../analysis/events.ts';
import type { Expression, Module } from '../python/syntax.ts';
import { groupBySpan, quoteOf } from './fix-text.ts';
import type { Applicability, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { isExpected, quoted, textOf } from './syntax-context.ts';

export const nonBoolRequiresGrad: Rule = {
  code: 'FRZ204',
  name: 'non-bool-requires-grad',
  severity: 'error',
  summary: '`p.requires_grad = 0`, `None`, `"False"` or a match object raises: PyTorch takes a bool only.',
  documentation: {
    whatItDoes:
      'Reports a value for `requires_grad` that is certainly no bool: a string, a number, None, a tuple or list, a match ' +
      'object of `re`, a `numpy.bool_`, `~flag`. It looks at assignments to Parameters and Tensors, at calls of ' +
      '`requires_grad_` on them and on Modules, and at `nn.Parameter(..., requires_grad=...)`.',
    whyItMatters:
      'The program stops there: `RuntimeError: requires_grad must be a bool` for an assignment, `TypeError: ... must be ' +
      'bool, not int` for the method and for `nn.Parameter`. What is merely true or false does not do.',
    example: `import re

from torchvision import models

model = models.resnet18()
for name, p in model.named_parameters():
    p.requires_grad = re.search("layer4|fc", name)
`,
    useInstead: `import re

from torchvision import models

model = models.resnet18()
for name, p in model.named_parameters():
    p.requires_grad = bool(re.search("layer4|fc", name))
`,
    whenNotToUse: 'Nothing speaks for the line as it is; where it never runs, delete it.',
    knownProblems:
      'Silent for values whose type is not certain, among them attributes such as `self.trainable`, which a subclass ' +
      'may set to something else.',
    fixSafety:
      'Safe where the bool is obvious: a literal becomes the bool it stands for, `~` becomes `not`, and what is true or ' +
      'false goes into `bool(...)`. A string in a variable is compared with "True", as `bool("False")` is true; that, ' +
      'and collections, are suggestions.',
    references: ['https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const [event] of groupBySpan(trace.eventsOf('flagRefused'), ({ code }) => code)) {
      const { code, form, receiver } = event;
      const error = form === 'assignment' ? 'RuntimeError' : 'TypeError';
      // A subclass, or whoever has the object, may give the attribute another value.
      if (code.kind === 'attribute' || receiver.ownAttribute || isExpected(module, event.span, error))
        continue;
      const fix = repair(module, event);
      yield {
        span: code,
        message: `\`requires_grad\` takes a bool and nothing else; \`${quoted(module, code)}\` is ${described(event)}, so this raises ${error}.`,
        fixes: fix ? [fix] : [],
      };
    }
  },
};

/** What the value is, in the words of the program. */
function described({ type, value }: FlagRefused): string {
  if (type === 'NoneType') return 'None';
  if (type.includes(' or ')) return `of type ${type.replace('NoneType', 'None')}`;
  const shown = value.kind === 'constant' && typeof value.value === 'number' ? ` (${value.value})` : '';
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}${shown}`;
}

function repair(module: Module, { code, type, value }: FlagRefused): Fix | null {
  const fix = (content: string, applicability: Applicability): Fix => ({
    message: `Write ${content.replace(/\s+/g, ' ')}`,
    applicability,
    edits: [{ span: code, content }],
  });
  const text = textOf(module, code);
  switch (code.kind) {
    case 'string': {
      const meant = /^(true|false)$/i.exec(code.value)?.[1]?.toLowerCase();
      return meant === undefined ? null : fix(meant === 'true' ? 'True' : 'False', 'safe');
    }
    case 'number':
      return fix(code.value === 0 ? 'False' : 'True', 'safe');
    case 'none':
      return fix('False', 'safe');
    case 'tuple':
      return withoutComma(module, code.elements, fix);
    case 'unary':
      if (code.operator === '~') return fix(`not ${textOf(module, code.operand)}`, 'safe');
      break;
    default:
  }
  if (type.includes('str')) {
    const isWord = value.kind === 'constant' && /^(?:True|False)$/.test(String(value.value));
    const quote = quoteOf(module);
    return isWord && code.kind === 'name' ? fix(`${text} == ${quote}True${quote}`, 'suggestion') : null;
  }
  const isTruth = /^(?:(?:int|float|NoneType|re\.Match|numpy\.bool_)(?: or |$))+$/.test(type);
  return fix(`bool(${text})`, isTruth ? 'safe' : 'suggestion');
}

/** `flag = False,` is a tuple by mistake. */
function withoutComma(
  module: Module,
  elements: readonly Expression[],
  fix: (content: string, applicability: Applicability) => Fix,
): Fix | null {
  const [only, ...others] = elements;
  if (!only || others.length > 0) return null;
  return fix(textOf(module, only), only.kind === 'boolean' ? 'safe' : 'suggestion');
}
