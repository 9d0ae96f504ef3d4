import { distance } from 'fastest-levenshtein';
import type { NameOperation, NameTested } from '../analysis/events.ts';
import type { Comparison, Module } from '../python/syntax.ts';
import { inWords, quoteOf } from './fix-text.ts';
import { type Decision, filtersThatMatchNothing, literalsOf } from './name-decisions.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, sameSpan, textOf } from './syntax-context.ts';

export const nameFilterMatchesNothing: Rule = {
  code: 'FRZ304',
  name: 'name-filter-matches-nothing',
  severity: 'warning',
  summary: 'A name test selects no parameter of the model, so nothing is frozen or unfrozen by it.',
  documentation: {
    whatItDoes:
      'Reports a test on the names of parameters that decides what is frozen or what an optimizer gets, and that no name of ' +
      'the model passes.',
    whyItMatters:
      'Nothing says so: the loop runs, the log may even claim success, and not one flag has changed. Common ' +
      'causes are a layer that this architecture does not have, a comparison of the full name with that of a layer ' +
      '(`name == "fc"`: the names are `fc.weight` and `fc.bias`), and the `module.` that DataParallel puts in front.',
    example: `import torch
from torchvision import models

model = models.resnet18()
for name, param in model.named_parameters():
    if name in ["conv1", "layer1"]:
        param.requires_grad = False
`,
    useInstead: `import torch
from torchvision import models

model = models.resnet18()
for name, param in model.named_parameters():
    if name.startswith(("conv1.", "layer1.")):
        param.requires_grad = False
`,
    whenNotToUse: 'In code that is written for several models, of which this file shows only one.',
    knownProblems:
      'Only models whose parameters are all known are looked at, and a condition of which any part matches is left alone, ' +
      'as is one that asks only for kinds of layers, such as `bn` or `bias`, which a model may well not have.',
    fixSafety: 'Suggestions: the nearest real names are offered, and the author knows which one was meant.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_parameters',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const { site, texts, decision } of filtersThatMatchNothing(module, trace)) {
      const [{ span, operation }] = site;
      const names = site[0].name.listing?.names ?? [];
      const literals = texts.flatMap((text) => literalsOf(module, decision.condition, text));
      const [place = span] = literals.length === 1 ? literals : [];
      yield {
        message: `No parameter of this model has a name that ${WHAT[operation]} ${alternatives(texts)}, so the test is the same for all: the names begin with ${inWords(firstComponents(names))}.`,
        span: place,
        fixes: [...asPrefix(module, site), ...nearestNames(module, decision, texts, operation, names)],
      };
    }
  },
};

const WHAT: Readonly<Record<NameOperation, string>> = {
  contains: 'contains',
  equals: 'is',
  prefix: 'begins with',
  suffix: 'ends with',
};

const alternatives = (texts: readonly string[]): string =>
  texts.length > 4 ? `one of ${texts.length} texts` : inWords(texts).replace(' and ', ' or ');

function firstComponents(names: readonly string[]): readonly string[] {
  const first = [...new Set(names.map((name) => name.slice(0, `${name}.`.indexOf('.'))))];
  return first.length <= 8 ? first : [...first.slice(0, 6), '...', ...first.slice(-1)];
}

/** `name in ["conv1", "layer1"]`: the names go on after that of the layer. */
function asPrefix(module: Module, site: readonly NameTested[]): readonly Fix[] {
  const [first] = site;
  const node = first && enclosing(module, first.span).findLast((one) => sameSpan(one, first.span));
  if (first?.operation !== 'equals' || node?.kind !== 'comparison' || node.rest.length !== 1) return [];
  const names = first.name.listing?.names ?? [];
  const texts = [...new Set(site.flatMap((test) => test.texts))];
  if (!texts.every((text) => names.some((name) => name.startsWith(`${text}.`)))) return [];
  const content = prefixTest(module, node, texts);
  if (content === null) return [];
  return [
    { message: 'Ask how the name begins', applicability: 'suggestion', edits: [{ span: node, content }] },
  ];
}

function prefixTest(module: Module, node: Comparison, texts: readonly string[]): string | null {
  const [comparison] = node.rest;
  if (!comparison) return null;
  const { operator, right } = comparison;
  const [subject, asked] = node.left.kind === 'string' ? [right, node.left] : [node.left, right];
  if (subject.kind !== 'name' && subject.kind !== 'subscript') return null;
  const quote = quoteOf(module);
  const literal = (text: string): string => `${quote}${text}.${quote}`;
  const isLiteral =
    asked.kind === 'string' || asked.kind === 'list' || asked.kind === 'tuple' || asked.kind === 'set';
  if (!isLiteral && asked.kind !== 'name') return null;
  const prefixes = !isLiteral
    ? `tuple(f${quote}{part}.${quote} for part in ${textOf(module, asked)})`
    : texts.length === 1
      ? literal(texts[0] ?? '')
      : `(${texts.map(literal).join(', ')})`;
  const test = `${textOf(module, subject)}.startswith(${prefixes})`;
  return operator === '!=' || operator === 'not in' ? `not ${test}` : test;
}

/** One fix for each of the nearest real names, where one literal holds the only text. */
function nearestNames(
  module: Module,
  { condition }: Decision,
  texts: readonly string[],
  operation: NameOperation,
  names: readonly string[],
): readonly Fix[] {
  const [text, ...others] = texts;
  if (text === undefined || others.length > 0 || operation === 'equals') return [];
  const literals = literalsOf(module, condition, text);
  if (literals.length === 0) return [];
  return nearest(text, operation, names).map((name): Fix => {
    const edits = literals.map((literal) => {
      const quote = module.text[literal.end - 1] ?? '"';
      return { span: literal, content: `${quote}${name}${quote}` };
    });
    return { message: `Ask for \`${name}\``, applicability: 'suggestion', edits };
  });
}

/** At most this many names are offered. */
const MAX_SUGGESTIONS = 3;

/** What the last layer is called in one library or another. */
const USUAL_HEADS = /^(?:_?fc|classifier|head|heads|last_linear|linear|output)$/;

/** Real parts of names that the text may have been meant to be, the nearest first. */
function nearest(text: string, operation: NameOperation, names: readonly string[]): readonly string[] {
  const passes = (candidate: string): boolean =>
    names.some((name) =>
      operation === 'prefix'
        ? name.startsWith(candidate)
        : operation === 'suffix'
          ? name.endsWith(candidate)
          : name.includes(candidate),
    );
  // What a wrapper puts in front, or does not.
  const rewrapped = [`module.${text}`, text.replace(/^module\./, ''), text.replace(/^\w+\./, '')];
  const found = rewrapped.filter((candidate) => candidate !== text && candidate !== '' && passes(candidate));
  if (found.length > 0) return found.slice(0, 1);
  const bare = text.replace(/^\.|\.$/g, '');
  const candidates = new Set<string>();
  const length = bare.split('.').length;
  for (const name of names) {
    const parts = name.split('.');
    const last = operation === 'prefix' ? 0 : parts.length - length;
    for (let start = 0; start <= last; start++) candidates.add(parts.slice(start, start + length).join('.'));
  }
  const number = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
  const close = [...candidates]
    .map((name) => ({ name, steps: distance(name, bare), gap: Math.abs(number(name) - number(bare)) }))
    .filter(({ name, steps }) => steps <= Math.max(1, Math.floor(bare.length / 4)) && /[a-z]/i.test(name))
    .sort((a, b) => a.steps - b.steps || a.gap - b.gap)
    .map(({ name }) => text.replace(bare, name))
    .filter(passes);
  if (close.length > 0) return close.slice(0, MAX_SUGGESTIONS);
  const head = names.at(-1)?.split('.')[0];
  return head !== undefined && USUAL_HEADS.test(bare) ? [text.replace(bare, head)] : [];
}
