import type { Concept, Deck, Explain } from './deck.ts';
import { endsClause, endsSentence, governingNegations } from './negation.ts';
import { isSameWord, splitWords, type Word } from './words.ts';

/** A stretch of the answer, in UTF-16 offsets, end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface ConceptGrade {
  readonly id: string;
  readonly found: boolean;
  /** The words that made it count, in order of the answer; empty where it was not found. */
  readonly matched: readonly TextSpan[];
}

export interface Grade {
  /** In the order of the item. */
  readonly concepts: readonly ConceptGrade[];
  /** How many concepts were found, 0 to the number of concepts. */
  readonly score: number;
}

const MAX_ANSWER_WORDS = 2_000; // an answer has a few sentences; what follows is not read
const MAX_SPREAD = 16; // words from the first to the last group of a concept: one thought
const MAX_CONTENT_GAP = 2; // other words of meaning between two words of a phrase

/** Words that may stand between the words of a phrase without limit. */
const FILLER =
  /^(a|an|the|of|to|for|in|on|at|as|is|are|was|were|be|been|being|it|its|their|them|they|these|those|this|that|all|any|each|every|some|most|more|just|also|still|very|really|will|would|can|could|do|does|did|has|have|had|by|with|into|back|own|my|our|your|new|same|whole|entire|so|much|exactly|set|value|equal|equals|attribute|flag)$/;

/** Words that never stand inside a phrase: "freeze everything except the head" is not "freeze the head". */
const BARRIER = /^(and|except|but|excluding|besides|apart|than|then)$/;

/** Joints inside a sentence at which the subject changes. */
const TURN = /^(but|whereas|although|however|while)$/;
const PRONOUN = /^(it|they|this|that|these|those|so|them|which)$/;

/**
 * Grades a free-text answer: which of the item's concepts it states, and by which words.
 *
 * How a lexicon is read. `accept` is a list of groups, and every group must be met by one of its words, near each
 * other in one sentence (a sentence that begins with a pronoun goes with the one before). One word may meet two groups if it
 * stands in both. An entry of several words is a phrase: its words in this order, with little between them. Words
 * match by stem and forgive a slip of the keyboard. A word under a negation ("is not needed") does not count; an
 * entry that begins with "not" counts *only* under one, however it is put ("not change": "do not change", "stop
 * changing", "without any change", "no longer changed"). A negation that such an entry has used up does not harm its
 * neighbours. A sentence in which an entry of `reject` is found does
 * not count for the concept.
 *
 * Never throws; reads at most the first 2,000 words.
 */
export function grade(item: Explain, answer: string): Grade {
  const words = splitWords(answer).slice(0, MAX_ANSWER_WORDS);
  const negations = governingNegations(words);
  const thoughts = splitThoughts(words);
  const { lexicons, vocabulary } = compiledLexicons(item);
  const concepts = item.concepts.map((concept, index): ConceptGrade => {
    const lexicon = lexicons[index] as Lexicon;
    for (const thought of thoughts) {
      const places = findConcept(lexicon, words, negations, thought, vocabulary);
      if (places !== undefined)
        return { id: concept.id, found: true, matched: spansOf(places, words, answer) };
    }
    return { id: concept.id, found: false, matched: [] };
  });
  return { concepts, score: concepts.filter((concept) => concept.found).length };
}

/**
 * Grades an answer to an explain prompt of a deck, for `freezelint deck grade`.
 * An unknown item or one of another kind comes back as an error that names the explain prompts there are.
 */
export function gradeAnswer(
  deck: Deck,
  itemId: string,
  answer: string,
): { readonly grade: Grade; readonly error?: never } | { readonly error: string; readonly grade?: never } {
  const item = deck.items.find((each) => each.id === itemId);
  if (item?.kind === 'explain') return { grade: grade(item, answer) };
  const known = deck.items.filter((each) => each.kind === 'explain').map((each) => each.id);
  const choice =
    known.length > 0 ? `its explain prompts are: ${known.join(', ')}` : 'it has no explain prompts';
  const problem = item === undefined ? `has no item "${itemId}"` : `asks no explanation in item "${itemId}"`;
  return { error: `the deck "${deck.id}" ${problem}; ${choice}` };
}

/** An entry of a lexicon, split into words. */
interface Phrase {
  readonly words: readonly Word[];
  readonly negated: boolean;
}

interface Lexicon {
  readonly groups: readonly (readonly Phrase[])[];
  readonly reject: readonly Phrase[];
}

/** A stretch of word indices that states one thought, end exclusive. */
interface Thought {
  readonly from: number;
  readonly to: number;
}

/** A phrase found in an answer: the indices of its words and of the negations that govern it. */
interface Place {
  readonly indices: readonly number[];
  readonly governing: ReadonlySet<number>;
  readonly negated: boolean;
  /** Where the phrase stands in its group: authors write the plainest words first. */
  readonly rank: number;
}

interface CompiledItem {
  readonly lexicons: readonly Lexicon[];
  /** Stems of all the words in the item's lexicons: these are no slips of one another. */
  readonly vocabulary: ReadonlySet<string>;
}

const compiledItems = new WeakMap<Explain, CompiledItem>();

function compiledLexicons(item: Explain): CompiledItem {
  const known = compiledItems.get(item);
  if (known !== undefined) return known;
  const lexicons = item.concepts.map(compile);
  const phrases = lexicons.flatMap(({ groups, reject }) => [...groups.flat(), ...reject]);
  const vocabulary = new Set(phrases.flatMap((phrase) => phrase.words.map((word) => word.stem)));
  const compiled = { lexicons, vocabulary };
  compiledItems.set(item, compiled);
  return compiled;
}

function compile(concept: Concept): Lexicon {
  const phrase = (text: string): Phrase => {
    const words = splitWords(text);
    const negated = words.length > 1 && words[0]?.text === 'not';
    return { words: negated ? words.slice(1) : words, negated };
  };
  return {
    groups: concept.accept.map((group) => group.map(phrase)),
    reject: (concept.reject ?? []).map(phrase),
  };
}

/** Cuts the answer at ends of sentences and at turns such as "but"; a part that begins with a pronoun is also read with the one before. */
function splitThoughts(words: readonly Word[]): Thought[] {
  const starts = words.flatMap((word, index) =>
    index === 0 || beginsThought(words, word, index) ? [index] : [],
  );
  const parts = starts.map((from, i) => ({ from, to: starts[i + 1] ?? words.length }));
  const joined = parts.flatMap((part, i) => {
    const previous = parts[i - 1];
    const first = words[part.from]?.text ?? '';
    const subject = TURN.test(first) ? (words[part.from + 1]?.text ?? '') : first;
    return previous !== undefined && PRONOUN.test(subject) ? [{ from: previous.from, to: part.to }] : [];
  });
  return [...parts, ...joined];
}

function beginsThought(words: readonly Word[], word: Word, index: number): boolean {
  if (endsSentence(word.gap)) return true;
  // "while training" and "while keeping" go on with the same subject.
  if (word.text === 'while') return !/ing$/.test(words[index + 1]?.text ?? '');
  return TURN.test(word.text);
}

/** The places that state the concept within one thought, one for each group, or undefined. */
function findConcept(
  lexicon: Lexicon,
  words: readonly Word[],
  negations: readonly ReadonlySet<number>[],
  thought: Thought,
  vocabulary: ReadonlySet<string>,
): readonly Place[] | undefined {
  const find = (phrases: readonly Phrase[]): Place[] =>
    phrases.flatMap((phrase, rank) => findPhrase(phrase, rank, words, negations, thought, vocabulary));
  const groups = lexicon.groups.map(find);
  if (groups.some((places) => places.length === 0)) return undefined;
  const used = new Set<number>();
  for (const place of groups.flat()) {
    if (place.negated) for (const negation of place.governing) used.add(negation);
    for (const index of place.indices) used.add(index); // a negation that is itself part of a phrase
  }
  const counts = (place: Place): boolean =>
    place.negated || [...place.governing].filter((negation) => !used.has(negation)).length % 2 === 0;
  if (find(lexicon.reject).some((place) => place.negated || place.governing.size % 2 === 0)) return undefined;
  return nearest(groups.map((places) => places.filter(counts)));
}

/** All places of a phrase whose polarity is still possible: "not" entries must be negated an odd number of times. */
function findPhrase(
  phrase: Phrase,
  rank: number,
  words: readonly Word[],
  negations: readonly ReadonlySet<number>[],
  thought: Thought,
  vocabulary: ReadonlySet<string>,
): Place[] {
  const places: Place[] = [];
  for (let start = thought.from; start < thought.to; start++) {
    const indices = matchAt(phrase.words, words, start, thought.to, vocabulary);
    if (indices === undefined) continue;
    const governing = new Set(indices.flatMap((index) => [...(negations[index] ?? [])]));
    for (const index of indices) governing.delete(index);
    if (phrase.negated && governing.size % 2 === 0) continue;
    places.push({ indices, governing, negated: phrase.negated, rank });
  }
  return places;
}

function matchAt(
  wanted: readonly Word[],
  words: readonly Word[],
  start: number,
  end: number,
  vocabulary: ReadonlySet<string>,
): number[] | undefined {
  const indices: number[] = [];
  let at = start;
  for (const [position, each] of wanted.entries()) {
    let passed = 0;
    for (; ; at++) {
      const word = words[at];
      if (word === undefined || at >= end) return undefined;
      if (position > 0 && endsClause(word.gap) && !/^\s*[=(:]+\s*$/.test(word.gap)) return undefined;
      if (isSameWord(word, each, vocabulary)) break;
      if (position === 0) return undefined;
      if (!FILLER.test(word.text)) passed++;
      if (passed > MAX_CONTENT_GAP || BARRIER.test(word.text)) return undefined;
    }
    indices.push(at);
    at++;
  }
  return indices;
}

/** One place from each group so that all lie close together: the narrowest such choice, or undefined. */
function nearest(groups: readonly (readonly Place[])[]): readonly Place[] | undefined {
  let best: { places: Place[]; cost: number } | undefined;
  for (const anchor of groups[0] ?? []) {
    const costTo = (place: Place): number => Math.abs(startOf(place) - startOf(anchor)) + rankCost(place);
    const places = [anchor];
    for (const group of groups.slice(1)) {
      const [first, ...others] = group;
      if (first === undefined) return undefined;
      places.push(others.reduce((near, place) => (costTo(place) < costTo(near) ? place : near), first));
    }
    const all = places.flatMap((place) => place.indices);
    const spread = Math.max(...all) - Math.min(...all);
    const cost = spread + places.reduce((sum, place) => sum + rankCost(place), 0);
    if (spread <= MAX_SPREAD && (best === undefined || cost < best.cost)) best = { places, cost };
  }
  return best?.places;
}

function startOf(place: Place): number {
  return place.indices[0] ?? 0;
}

/** The price of underlining a roundabout word where a plain one stands a few words further off. */
function rankCost(place: Place): number {
  return 2 * Math.min(place.rank, 2);
}

/** The spans of the matched words and of the negations that belong to them, each once, in order. */
function spansOf(places: readonly Place[], words: readonly Word[], answer: string): TextSpan[] {
  const indices = new Set(
    places.flatMap((place) => [...place.indices, ...(place.negated ? place.governing : [])]),
  );
  return [...indices]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const word = words[index];
      return word === undefined
        ? []
        : [{ start: word.start, end: word.end, text: answer.slice(word.start, word.end) }];
    });
}
