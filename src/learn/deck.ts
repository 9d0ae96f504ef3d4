import * as v from 'valibot';
import { identifier, nonEmpty, optionsSchema, ruleCodesSchema, sourcesSchema } from './content-schemas.ts';
import type { ItemPlace } from './review.ts';
import { type ContentError, type Fault, readYaml, repeatedIds } from './yaml-content.ts';

/** The `format` line that every deck file starts with. */
const DECK_FORMAT = 'freezelint-deck/1';

const levelSchema = v.picklist(
  ['beginner', 'intermediate', 'advanced'],
  'the level must be beginner, intermediate or advanced',
);

const commonEntries = {
  id: identifier,
  level: levelSchema,
  rules: v.optional(ruleCodesSchema),
  sources: v.optional(sourcesSchema),
};

/** A flip card; `front` and `back` are Markdown without HTML. */
const cardSchema = v.strictObject({
  ...commonEntries,
  kind: v.literal('card'),
  front: nonEmpty('the front of a card'),
  back: nonEmpty('the back of a card'),
});

/** A question with exactly one right option; the options are shuffled when shown. */
const choiceSchema = v.strictObject({
  ...commonEntries,
  kind: v.literal('choice'),
  prompt: nonEmpty('the prompt'),
  options: optionsSchema,
});

const phrase = nonEmpty('a word to accept');

const conceptSchema = v.strictObject({
  id: identifier,
  text: nonEmpty('the text of a concept'),
  accept: v.pipe(
    v.array(
      v.pipe(
        v.array(phrase, 'each group in accept must be a list of words, as in [weight, parameter]'),
        v.minLength(
          1,
          'this group of words is empty, so nothing could match it; add a word or remove the group',
        ),
      ),
      'accept must be a list of groups of words, as in [[weight, parameter], [fixed, unchanged]]',
    ),
    v.minLength(1, 'accept needs at least one group of words'),
  ),
  reject: v.optional(v.array(phrase, 'reject must be a list of words or phrases')),
});

/** A prompt to be answered in one's own words. */
const explainSchema = v.strictObject({
  ...commonEntries,
  kind: v.literal('explain'),
  prompt: nonEmpty('the prompt'),
  hint: nonEmpty('the hint'),
  concepts: v.pipe(
    v.array(conceptSchema, 'concepts must be a list of {id, text, accept}'),
    v.minLength(1, 'an explain prompt needs at least one concept; add one'),
    v.maxLength(8, 'an explain prompt has at most eight concepts; split it in two'),
  ),
});

const itemSchema = v.variant(
  'kind',
  [cardSchema, choiceSchema, explainSchema],
  'the kind of an item must be card, choice or explain',
);

/** The format of a deck file, after YAML. `media/deck.schema.json` says the same to editors. */
export const deckSchema = v.strictObject({
  format: v.literal(DECK_FORMAT, `the format must be ${DECK_FORMAT}`),
  id: identifier,
  title: nonEmpty('the title'),
  description: v.optional(nonEmpty('the description')),
  minutes: v.pipe(
    v.number('minutes must be a number'),
    v.integer('minutes must be a whole number'),
    v.minValue(1, 'minutes must be at least 1'),
    v.maxValue(600, 'minutes must be at most 600'),
  ),
  items: v.pipe(
    v.array(itemSchema, 'items must be a list of cards, choices and explain prompts'),
    v.minLength(1, 'a deck needs at least one item'),
  ),
});

/** A deck: its `id` and the ids of its items are permanent, since reviews hang on them. */
export type Deck = v.InferOutput<typeof deckSchema>;
export type Level = v.InferOutput<typeof levelSchema>;
export type Explain = v.InferOutput<typeof explainSchema>;
export type Concept = v.InferOutput<typeof conceptSchema>;
export type Item = v.InferOutput<typeof itemSchema>;

export type DeckResult =
  | { readonly deck: Deck; readonly errors?: never }
  | { readonly errors: readonly ContentError[]; readonly deck?: never };

/**
 * Reads one deck file. Never throws: what is wrong comes back as errors; `fileName` is only quoted in them.
 * @param taken the ids of other decks, with who has them.
 */
export function parseDeck(
  yamlText: string,
  fileName: string,
  taken: ReadonlyMap<string, string> = new Map(),
): DeckResult {
  const { content, errors } = readYaml(yamlText, fileName, {
    name: 'a deck',
    firstLine: `format: ${DECK_FORMAT}`,
    schema: deckSchema,
    check: (deck) => [...takenIdOf(deck, taken), ...repeatedIdsOf(deck)],
  });
  return content === undefined ? { errors } : { deck: content };
}

/** A deck file, as text. */
export interface DeckFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads several decks, in the order given. Errors of all files are collected, and a file that has some is left out. Ids of decks
 * must differ, also from those of decks that are there already.
 */
export function compileDecks(
  files: readonly DeckFile[],
  builtIn: readonly Deck[] = [],
): {
  readonly decks: readonly Deck[];
  readonly errors: readonly ContentError[];
} {
  const decks: Deck[] = [];
  const errors: ContentError[] = [];
  const taken = new Map(builtIn.map(({ id }) => [id, 'a built-in deck']));
  for (const file of files) {
    const result = parseDeck(file.text, file.name, taken);
    if (result.errors !== undefined) {
      errors.push(...result.errors);
      continue;
    }
    taken.set(result.deck.id, file.name);
    decks.push(result.deck);
  }
  return { decks, errors };
}

/** Checks one deck file for `freezelint deck check`: its errors, none where the deck is good. */
export function checkDeck(text: string, fileName: string): readonly ContentError[] {
  return parseDeck(text, fileName).errors ?? [];
}

/** The item at a place, or undefined where no deck has it. */
export function findItem(decks: readonly Deck[], { deck, item }: ItemPlace): Item | undefined {
  return decks.find(({ id }) => id === deck)?.items.find(({ id }) => id === item);
}

/** The first item among `decks` that teaches the rule; cards go before questions. */
export function findItemForRule(
  decks: readonly Deck[],
  code: string,
): { deck: Deck; item: Item } | undefined {
  const all = decks.flatMap((deck) => deck.items.map((item) => ({ deck, item })));
  const teaching = all.filter(({ item }) => item.rules?.includes(code) === true);
  return teaching.find(({ item }) => item.kind === 'card') ?? teaching[0];
}

function takenIdOf({ id }: Deck, taken: ReadonlyMap<string, string>): Fault[] {
  const by = taken.get(id);
  return by === undefined
    ? []
    : [{ path: ['id'], message: `the deck id "${id}" is taken by ${by}; choose another` }];
}

function repeatedIdsOf(deck: Deck): Fault[] {
  const idsOf = (things: readonly { readonly id: string }[]): string[] => things.map(({ id }) => id);
  const ofItems = repeatedIds(idsOf(deck.items), (item) => ['items', item, 'id'], 'each item of a deck');
  const ofConcepts = deck.items.flatMap((item, index) =>
    item.kind === 'explain'
      ? repeatedIds(
          idsOf(item.concepts),
          (concept) => ['items', index, 'concepts', concept, 'id'],
          'each concept of an item',
        )
      : [],
  );
  return [...ofItems, ...ofConcepts];
}
