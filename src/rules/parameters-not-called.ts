import type { Refused } from '../analysis/events.ts';
import type { Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { around, certainRefusals, errorOf, methodAt, setOnModule } from './iterations.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { quoted, sameSpan, statementAround } from './syntax-context.ts';

export const parametersNotCalled: Rule = {
  code: 'FRZ201',
  name: 'parameters-not-called',
  severity: 'error',
  summary: '`model.parameters` without parentheses is a method, which cannot be iterated over; this raises.',
  documentation: {
    whatItDoes:
      'Reports `parameters`, `named_parameters`, `children`, `named_children`, `modules` or `named_modules` of a ' +
      'Module that is used as an iterable but not called: in a loop, in a comprehension, in `filter`, `list` and their ' +
      'kin, as the parameters of an optimizer.',
    whyItMatters:
      "The program stops there: `TypeError: 'method' object is not iterable`, in a loop, in `filter` and in " +
      "`SGD(model.parameters)` alike; `model.parameters.requires_grad = False` raises `AttributeError: 'method' object " +
      "has no attribute 'requires_grad'`. In a script that loads its data first it may take minutes to get there.",
    example: `import torch
from torchvision import models

model = models.resnet18()
for p in model.parameters:
    p.requires_grad = False
`,
    useInstead: `import torch
from torchvision import models

model = models.resnet18()
for p in model.parameters():
    p.requires_grad = False
`,
    whenNotToUse: 'Nothing speaks for the line as it is; where it never runs, delete it.',
    knownProblems:
      'Silent where it is not certain that the object is a Module: other libraries have lists of that name. Silent too ' +
      'where its class defines the name itself, or the program sets an attribute of that name on anything.',
    fixSafety:
      'Safe: the line raises today, and with the parentheses it does what it says. Where the method is kept in a ' +
      'variable first, the fix is a suggestion, as the variable may be called elsewhere.',
    references: ['https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.parameters'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const uses of groupBySpan(certainRefusals(module, trace, 'method'), ({ made }) => made)) {
      const [first] = uses;
      const method = methodAt(module, first.made);
      if (!method || !sameSpan(method, first.made)) continue;
      const text = quoted(module, method);
      const isInside = first.span.start <= method.start && method.end <= first.span.end;
      const fix = repair(module, uses);
      yield {
        span: method,
        message: `\`${text}\` is a method and is not called, so ${consequence(first)}; call \`${text}()\`.`,
        related: isInside ? [] : [{ message: 'used here', span: first.span }],
        fixes: fix ? [fix] : [],
      };
    }
  },
};

function consequence(event: Refused): string {
  const done = {
    iterate: 'iterating over it',
    index: 'indexing it',
    len: 'asking for its length',
    reverse: 'reversing it',
    add: 'adding it',
    attribute: 'this attribute of it',
    unpack: 'unpacking it',
    perhapsUnpack: 'unpacking it',
  }[event.use];
  return `${done} raises ${errorOf(event)}`;
}

function repair(module: Module, uses: readonly [Refused, ...Refused[]]): Fix | null {
  const [first] = uses;
  const { made } = first;
  const places = new Set(uses.map(({ span }) => span.start));
  if (uses.some(({ use }) => use === 'attribute')) return places.size > 1 ? null : setOnModule(module, first);
  const isHere = statementAround(module, made) === statementAround(module, first.span);
  const applicability = isHere ? 'safe' : 'suggestion';
  // A generator can be used once only, and cannot be indexed at all.
  const asList = places.size > 1 || uses.some(({ use }) => use !== 'iterate');
  return {
    message: asList ? 'Call it, and make it a list' : 'Call it',
    applicability,
    edits: asList
      ? around(made, 'list(', '())')
      : [{ span: { start: made.end, end: made.end }, content: '()' }],
  };
}
