import * as v from 'valibot';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { ItemPlace } from './review.ts';

/** The `format` line that every deck file starts with. */
export const DECK_FORMAT = 'freezelint-deck/1';

const MAX_DECK_CHARACTERS = 1_000_000; // far beyond any deck a person writes; keeps a wrong file from stalling the editor

const nonEmpty = (what: string) =>
  v.pipe(
    v.string(`${what} must be text; put it in quotes`),
    v.trim(),
    v.minLength(1, `${what} is empty; write it or delete the line`),
  );

const identifier = v.pipe(
  v.string('an id must be text; put it in quotes'),
  v.regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'an id has lower-case letters, digits and single hyphens only, as in "what-freezing-means"',
  ),
  v.maxLength(64, 'an id has at most 64 characters; shorten it'),
);

const levelSchema = v.picklist(
  ['beginner', 'intermediate', 'advanced'],
  'the level must be beginner, intermediate or advanced',
);

const commonEntries = {
  id: identifier,
  level: levelSchema,
  rules: v.optional(
    v.array(
      v.pipe(v.string(), v.regex(/^FRZ\d{3}$/, 'a rule is named by its code, as in FRZ101')),
      'rules must be a list of rule codes, as in [FRZ101]',
    ),
  ),
  sources: v.optional(
    v.array(
      v.pipe(
        v.string('a source must be text; put it in quotes'),
        v.regex(
          /^(case:[a-z]\d{2}|https:\/\/\S+)$/,
          'a source is "case:" and the id of a measured case, as in "case:a01", or an https address',
        ),
      ),
      'sources must be a list, as in ["case:a01"]',
    ),
  ),
};

const cardSchema = v.strictObject({
  ...commonEntries,
  kind: v.literal('card'),
  front: nonEmpty('the front of a card'),
  back: nonEmpty('the back of a card'),
});

const optionSchema = v.strictObject({
  text: nonEmpty('the text of an option'),
  correct: v.optional(v.boolean('correct must be true or false')),
  why: nonEmpty('the reason (why) of an option'),
});

const choiceSchema = v.strictObject({
  ...commonEntries,
  kind: v.literal('choice'),
  prompt: nonEmpty('the prompt'),
  options: v.pipe(
    v.array(optionSchema, 'options must be a list of {text, correct, why}'),
    v.minLength(2, 'a choice needs at least two options; add one'),
    v.maxLength(6, 'a choice has at most six options; remove some'),
    v.check(
      (options) => options.filter((option) => option.correct === true).length === 1,
      'exactly one option must say "correct: true"',
    ),
  ),
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
/** A flip card; `front` and `back` are Markdown without HTML. */
export type Card = v.InferOutput<typeof cardSchema>;
/** A question with exactly one right option; the options are shuffled when shown. */
export type Choice = v.InferOutput<typeof choiceSchema>;
/** A prompt to be answered in one's own words. */
export type Explain = v.InferOutput<typeof explainSchema>;
export type Concept = v.InferOutput<typeof conceptSchema>;
export type Item = v.InferOutput<typeof itemSchema>;

/** What is wrong in a deck file, and where. */
export interface DeckError {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** Where in the deck, as in `items[2].options[0].why`; empty for the whole file. */
  readonly key: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

export type DeckResult =
  | { readonly deck: Deck; readonly errors?: never }
  | { readonly errors: readonly DeckError[]; readonly deck?: never };

/**
 * Reads one deck file. Never throws: whatever is wrong with the content comes back as errors, all of them
 * in the order of the file, each with its place (`fileName` is only quoted in them).
 */
export function parseDeck(yamlText: string, fileName: string): DeckResult {
  const at = (line: number, column: number, key: string, message: string): DeckError => ({
    file: fileName,
    line,
    column,
    key,
    message,
  });
  if (yamlText.length > MAX_DECK_CHARACTERS) {
    return {
      errors: [
        at(
          1,
          1,
          '',
          `the file is longer than ${MAX_DECK_CHARACTERS} characters; split it into several decks`,
        ),
      ],
    };
  }
  const lineCounter = new LineCounter();
  let content: unknown;
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(yamlText, {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    });
    if (document.errors.length > 0) {
      return {
        errors: document.errors.map((error) => {
          const { line, col } = lineCounter.linePos(error.pos[0]);
          return at(line, col, '', `not valid YAML: ${error.message}`);
        }),
      };
    }
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return {
      errors: [
        at(1, 1, '', `not readable as YAML: ${error instanceof Error ? error.message : String(error)}`),
      ],
    };
  }
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    return { errors: [at(1, 1, '', `this is not a deck; start the file with "format: ${DECK_FORMAT}"`)] };
  }
  const parsed = v.safeParse(deckSchema, content);
  const found: readonly Fault[] = parsed.success
    ? repeatedIds(parsed.output)
    : parsed.issues.map(describeIssue);
  if (parsed.success && found.length === 0) return { deck: parsed.output };
  const errors = found.map(({ path, message, atKey }) => {
    const offset = offsetOf(document.contents, path, atKey === true);
    const { line, col } = lineCounter.linePos(offset);
    return at(line, col, keyPath(path), message);
  });
  errors.sort((a, b) => a.line - b.line || a.column - b.column);
  return { errors };
}

/** A deck file, as text. */
export interface DeckFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads all the built-in decks for the build, in the order given. Errors of all files are collected; ids
 * of decks must differ.
 */
export function compileDecks(files: readonly DeckFile[]): {
  readonly decks: readonly Deck[];
  readonly errors: readonly DeckError[];
} {
  const decks: Deck[] = [];
  const errors: DeckError[] = [];
  const fileOfId = new Map<string, string>();
  for (const file of files) {
    const result = parseDeck(file.text, file.name);
    if (result.errors !== undefined) {
      errors.push(...result.errors);
      continue;
    }
    const earlier = fileOfId.get(result.deck.id);
    if (earlier !== undefined) {
      const message = `the deck id "${result.deck.id}" is taken by ${earlier}; choose another`;
      errors.push({ file: file.name, line: 1, column: 1, key: 'id', message });
      continue;
    }
    fileOfId.set(result.deck.id, file.name);
    decks.push(result.deck);
  }
  return { decks, errors };
}

/** Checks one deck file for `freezelint deck check`: its errors, none where the deck is good. */
export function checkDeck(text: string, fileName: string): readonly DeckError[] {
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

type Path = readonly (string | number)[];

/** A fault at `path`; `atKey` where the key itself is at fault rather than its value. */
interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly atKey?: boolean;
}

function repeatedIds(deck: Deck): Fault[] {
  const found: Fault[] = [];
  const report = (ids: readonly string[], place: (index: number) => Path, what: string): void => {
    const seen = new Set<string>();
    ids.forEach((id, index) => {
      if (seen.has(id)) {
        found.push({ path: place(index), message: `the id "${id}" is used twice; ${what} needs its own` });
      }
      seen.add(id);
    });
  };
  report(
    deck.items.map((item) => item.id),
    (index) => ['items', index, 'id'],
    'each item of a deck',
  );
  deck.items.forEach((item, index) => {
    if (item.kind !== 'explain') return;
    const place = (concept: number): Path => ['items', index, 'concepts', concept, 'id'];
    report(
      item.concepts.map((concept) => concept.id),
      place,
      'each concept of an item',
    );
  });
  return found;
}

function describeIssue(issue: v.BaseIssue<unknown>): Fault {
  const path = (issue.path ?? []).map((part) => part.key as string | number);
  const key = path.at(-1);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return {
      path,
      atKey: true,
      message: `"${key}" is not a key of this format; check its spelling or delete the line`,
    };
  }
  const isMissing = issue.input === undefined && (issue.type === 'strict_object' || key === 'kind');
  if (isMissing) return { path, message: `"${key}" is missing; add it` };
  if (issue.type === 'strict_object') {
    return { path, message: 'keys and values are expected here, as in "id: my-item"; check the indentation' };
  }
  return { path, message: issue.message };
}

function keyPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** The offset of the value at `path`; of its key where the value is a collection or unknown; of the nearest parent where it is missing. */
function offsetOf(root: Node | null, path: Path, atKey: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(part));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (hasItems(node) && typeof part === 'number') {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  const isText =
    !atKey && isScalar(node) && node.range !== undefined && node.range !== null && node.value !== null;
  return isText ? (node as { range: [number, number, number] }).range[0] : offset;
}

function hasItems(node: unknown): node is { items: unknown[] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { items?: unknown }).items);
}
