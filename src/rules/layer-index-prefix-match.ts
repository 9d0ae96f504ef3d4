import type { NameOperation, NameTested } from '../analysis/events.ts';
import type { Span } from '../python/syntax.ts';
import { numberedLayers } from '../torch/checkpoints.ts';
import { groupBySpan, inWords } from './fix-text.ts';
import { decisionOf, isWithin, literalsOf } from './name-decisions.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';

export const layerIndexPrefixMatch: Rule = {
  code: 'FRZ303',
  name: 'layer-index-prefix-match',
  severity: 'warning',
  summary: '`"layer.1" in name` also matches layers 10, 11 and so on.',
  documentation: {
    whatItDoes:
      'Reports a test on names of parameters whose text ends with the number of a layer, and which also selects layers whose ' +
      'number only begins with it, though no other text of the condition asks for them.',
    whyItMatters:
      'In a BERT of 12 layers, `"layer.1" in name` selects layers 1, 10 and 11, and `startswith` does the same. ' +
      'Three layers are frozen where one was meant, among them the last two, which matter most for fine-tuning.',
    example: `import torch
from transformers import BertModel

model = BertModel.from_pretrained("bert-base-uncased")
for name, param in model.named_parameters():
    if "encoder.layer.0" in name or "encoder.layer.1" in name:
        param.requires_grad = False
`,
    useInstead: `import torch
from transformers import BertModel

model = BertModel.from_pretrained("bert-base-uncased")
for name, param in model.named_parameters():
    if "encoder.layer.0." in name or "encoder.layer.1." in name:
        param.requires_grad = False
`,
    whenNotToUse: 'Where the layers from 10 on are meant as well.',
    knownProblems:
      'Only layers that certainly exist count: those of a class of the program, of a torchvision model, or of a checkpoint ' +
      'whose depth is well known. For other models the rule speaks only if the program itself names a layer of two digits.',
    fixSafety:
      'Behavioural: a dot behind the number ends the match, as the name of a parameter goes on after that of its layer; ' +
      'fewer parameters are selected.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_parameters',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const tests = trace.eventsOf('nameTested');
    const reported = new Set<string>();
    for (const site of groupBySpan(tests, ({ span }) => span)) {
      const [{ span, name }] = site;
      const suspicious = new Set(site.flatMap(({ texts }) => texts.filter(endsWithIndex)));
      const decision = suspicious.size > 0 ? decisionOf(module, span) : null;
      if (!decision || !site.every(({ operation }) => isOpenEnded(operation))) continue;
      const { condition } = decision;
      const alternatives = new Set(
        tests.flatMap((test) => (isWithin(condition, test.span) ? test.texts : [])),
      );
      for (const text of suspicious) {
        const asked = site.filter(({ texts }) => texts.includes(text));
        const extra = extraLayers(asked, text, [...alternatives], tests);
        if (extra.length === 0) continue;
        const literals = literalsOf(module, condition, text);
        const place = literals[0] ?? span;
        if (reported.has(`${place.start}`)) continue;
        reported.add(`${place.start}`);
        yield {
          message: `\`${text}\` also matches ${inWords(shorten(extra))}, which begin with the same number: end the text with a dot.`,
          span: place,
          fixes: name.what === 'parameter' ? fixesFor(literals) : [],
        };
      }
    }
  },
};

const isOpenEnded = (operation: NameOperation): boolean => operation === 'contains' || operation === 'prefix';

/** A text that ends with a number, with something before it that tells which number it is. */
const endsWithIndex = (text: string): boolean => /[a-z_.]\d+$/i.test(text);

const shorten = (names: readonly string[]): readonly string[] =>
  names.length <= 4 ? names : [...names.slice(0, 3), `${names.length - 3} more`];

/** Names of layers that the text selects by the beginning of their number only; none if it selects no layer exactly. */
function extraLayers(
  asked: readonly NameTested[],
  text: string,
  alternatives: readonly string[],
  everywhere: readonly NameTested[],
): readonly string[] {
  const extra = new Set<string>();
  let isExact = false;
  for (const { operation, name } of asked) {
    for (const candidate of namesOf(name, text, everywhere)) {
      const followers = matches(candidate, text, operation);
      if (followers.length === 0) continue;
      if (followers.some((follower) => !/^\d/.test(follower))) isExact = true;
      else if (!alternatives.some((other) => other !== text && candidate.includes(other))) {
        extra.add(text + (/^\d+/.exec(followers[0] ?? '')?.[0] ?? ''));
      }
    }
  }
  return isExact ? [...extra] : [];
}

/** What follows each match of the text in a name. */
function matches(name: string, text: string, operation: NameOperation): readonly string[] {
  if (operation === 'prefix') return name.startsWith(text) ? [name.slice(text.length)] : [];
  const found: string[] = [];
  for (let at = name.indexOf(text); at >= 0; at = name.indexOf(text, at + 1))
    found.push(name.slice(at + text.length));
  return found;
}

/** Names that the test is asked about: the known ones, or those of the numbered layers that certainly exist. */
function namesOf(
  { text, listing, madeFrom }: NameTested['name'],
  asked: string,
  everywhere: readonly NameTested[],
): readonly string[] {
  if (text !== null) return listing?.what === 'parameter' ? [text] : [`${text}.`];
  const [, front = '', index = ''] = /^(.*?)(\d+)$/.exec(asked) ?? [];
  const known = madeFrom === null ? [] : numberedLayers(madeFrom);
  const family = known.find(
    ({ path }) => path.endsWith(front) || front.endsWith(`.${path}`) || front === path,
  );
  if (family) {
    const path = front.length > family.path.length ? front : family.path;
    return Array.from({ length: family.depth }, (_, layer) => `${path}${layer}.`);
  }
  if (known.length > 0) return [];
  // The program itself names a layer of more digits, in another condition.
  const named = everywhere.flatMap(({ name, texts }) =>
    name.text === null
      ? texts.filter((other) => other.startsWith(asked) && /^\d/.test(other.slice(asked.length)))
      : [],
  );
  return named.length === 0 ? [] : [`${front}${index}.`, ...named.map((other) => `${other}.`)];
}

function fixesFor(literals: readonly Span[]): readonly Fix[] {
  if (literals.length === 0) return [];
  const edits = literals.map(({ end }): Edit => ({ span: { start: end - 1, end: end - 1 }, content: '.' }));
  return [{ message: 'End the text with a dot', applicability: 'behavioural', edits }];
}
