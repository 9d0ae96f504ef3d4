import * as v from 'valibot';
import { type Deck, findItem, type Item } from './deck.ts';
import { type Grade, grade } from './grading.ts';
import { type ItemPlace, type Review, ratingSchema } from './review.ts';
import { shuffledIndices } from './shuffle.ts';
import type { StudyEvent } from './study-event.ts';

const answerSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('card'), revealed: v.boolean() }),
  v.strictObject({
    kind: v.literal('choice'),
    /** Indices into the deck's options, in the order shown. */
    order: v.array(v.number()),
    /** An index into the deck's options, or null before the answer. */
    chosen: v.nullable(v.number()),
  }),
  v.strictObject({
    kind: v.literal('explain'),
    draft: v.string(),
    /** Counts the changes of the draft, so that the newer of two can be told; 0 where there is none. */
    revision: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    hintShown: v.boolean(),
    checked: v.boolean(),
    /** Concepts that the learner ticked or unticked against the matching, by id. */
    overruled: v.record(v.string(), v.boolean()),
  }),
]);

const placeEntries = { deck: v.string(), item: v.string() };
const answeredEntries = { ...placeEntries, answer: v.nullable(answerSchema) };

/** A walk through some items, and how far the learner got. Plain data, so that it survives a reload. */
export const sessionSchema = v.strictObject({
  /** The deck it goes through; null for what a day asks for, which may come from several decks. */
  deck: v.nullable(v.string()),
  /** Milliseconds since 1970. */
  startedAt: v.pipe(v.number(), v.finite()),
  /** Decides the order in which options are shown. */
  seed: v.number(),
  queue: v.array(v.strictObject(placeEntries)),
  /** Index into the queue; its length once the session is over. */
  position: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The state of the item at `position`; null once the session is over. */
  answer: v.nullable(answerSchema),
  /** One for each item done, with what the learner had answered, so that it can be taken back. */
  results: v.array(v.strictObject({ ...answeredEntries, rating: ratingSchema })),
  /** What the learner had begun of the item from which they went back to take reviews back; there when they return. */
  begun: v.optional(v.strictObject(answeredEntries)),
});

export type Session = v.InferOutput<typeof sessionSchema>;
export type Answer = v.InferOutput<typeof answerSchema>;

/** The session after an event, and the review that the event completed. */
export interface Step {
  readonly session: Session;
  readonly review?: Review;
}

/**
 * Begins a session over the given items; those that no deck has are left out.
 * @param deck the deck that the session is of, or null for the day's items.
 * @param seed any integer; the same seed shows options in the same order.
 */
export function startSession(
  decks: readonly Deck[],
  deck: string | null,
  places: readonly ItemPlace[],
  { now, seed }: { readonly now: number; readonly seed: number },
): Session {
  const queue = places
    .filter((place) => findItem(decks, place) !== undefined)
    .map(({ deck, item }) => ({ deck, item }));
  return moveTo({ deck, startedAt: now, seed, queue, position: 0, answer: null, results: [] }, 0, decks);
}

/**
 * Fits a stored session to decks that may have changed since: items that are gone leave the queue, and an item that
 * is no longer of the same kind starts afresh. Null where nothing is left.
 */
export function resumeSession(session: Session, decks: readonly Deck[]): Session | null {
  const exists = (place: ItemPlace): boolean => findItem(decks, place) !== undefined;
  const queue = session.queue.filter(exists);
  if (queue.length === 0) return null;
  const position = session.queue.slice(0, session.position).filter(exists).length;
  const results = session.results.filter(exists);
  const fitted = { ...session, queue, position, results };
  const place = session.queue[session.position];
  const item = place === undefined ? undefined : findItem(decks, place);
  return item !== undefined && fits(session.answer, item) ? fitted : moveTo(fitted, position, decks);
}

/** The item in front of the learner; undefined once the session is over. */
export function currentItem(session: Session, decks: readonly Deck[]): Item | undefined {
  const place = session.queue[session.position];
  return place === undefined ? undefined : findItem(decks, place);
}

/**
 * Takes the last answer back: the session stands at its item again, where a card shows its answer, a question is
 * open, and an explanation is checked. The log of reviews is for the caller to shorten. Null where there is none.
 */
export function undoResult(
  session: Session,
  decks: readonly Deck[],
): { readonly session: Session; readonly undone: ItemPlace } | null {
  const last = session.results.at(-1);
  const place = session.queue[session.position - 1];
  if (last === undefined || place?.deck !== last.deck || place.item !== last.item) return null;
  const left = session.queue[session.position];
  const begun = session.begun ?? (left === undefined ? undefined : { ...left, answer: session.answer });
  const shortened = { ...session, results: session.results.slice(0, -1), ...(begun && { begun }) };
  const moved = moveTo(shortened, session.position - 1, decks);
  const item = findItem(decks, last);
  if (item === undefined) return null;
  const kept = last.answer?.kind === 'choice' ? { ...last.answer, chosen: null } : last.answer;
  return { session: fits(kept, item) ? { ...moved, answer: kept } : moved, undone: last };
}

/**
 * One step of a session. Pure: the clock (`now`, milliseconds since 1970) is an argument. An event that does not
 * fit the moment, such as a second answer to the same question, changes nothing.
 *
 * Cards are rated by the learner. Questions and explanations are rated by their result: a right option is *good*, a
 * wrong one *again*; all concepts are *good*, half of them or more *hard*, fewer *again*. Nothing but a learner's own
 * word is *easy*.
 */
export function studyStep(session: Session, event: StudyEvent, decks: readonly Deck[], now: number): Step {
  const { answer } = session;
  const place = session.queue[session.position];
  const item = currentItem(session, decks);
  if (answer === null || item === undefined || place === undefined) return { session };
  const same: Step = { session };
  const change = (changed: Answer): Step => ({ session: { ...session, answer: changed } });
  const finish = (rating: Review['rating']): Step => {
    const results = [...session.results, { ...place, rating, answer }];
    const review = { ...place, at: now, rating };
    return { session: moveTo({ ...session, results }, session.position + 1, decks), review };
  };
  if (answer.kind === 'card') {
    if (event.type === 'reveal') return change({ ...answer, revealed: true });
    return event.type === 'rate' && answer.revealed ? finish(event.rating) : same;
  }
  if (answer.kind === 'choice' && item.kind === 'choice') {
    if (event.type === 'choose') {
      const isOption = answer.chosen === null && event.option < item.options.length;
      return isOption ? change({ ...answer, chosen: event.option }) : same;
    }
    if (event.type !== 'next' || answer.chosen === null) return same;
    return finish(ratingOfResult(item, answer) ?? 'again');
  }
  if (answer.kind !== 'explain' || item.kind !== 'explain') return same;
  switch (event.type) {
    case 'draft':
      return answer.checked || event.revision <= (answer.revision ?? 0)
        ? same
        : change({ ...answer, draft: event.text, revision: event.revision });
    case 'hint':
      return change({ ...answer, hintShown: true });
    case 'check':
      return answer.checked || event.text.trim() === ''
        ? same
        : change({ ...answer, draft: event.text, checked: true, overruled: {} });
    case 'edit':
      return change({ ...answer, checked: false, overruled: {} });
    case 'tick': {
      if (!answer.checked || !item.concepts.some((concept) => concept.id === event.concept)) return same;
      return change({ ...answer, overruled: { ...answer.overruled, [event.concept]: event.ticked } });
    }
    case 'next': {
      const rating = ratingOfResult(item, answer);
      return rating === null ? same : finish(rating);
    }
    default:
      return same;
  }
}

/** The grade of an explanation with the learner's own ticks put over the matching. */
export function tickedConcepts(
  found: Grade,
  overruled: Readonly<Record<string, boolean>>,
): { readonly concepts: readonly { readonly id: string; readonly ticked: boolean }[] } {
  return { concepts: found.concepts.map(({ id, found }) => ({ id, ticked: overruled[id] ?? found })) };
}

/** What the result of a question or an explanation is rated; null before it is answered, and for cards. */
export function ratingOfResult(item: Item, answer: Answer): Review['rating'] | null {
  if (item.kind === 'choice' && answer.kind === 'choice' && answer.chosen !== null) {
    return item.options[answer.chosen]?.correct === true ? 'good' : 'again';
  }
  if (item.kind !== 'explain' || answer.kind !== 'explain' || !answer.checked) return null;
  const { concepts } = tickedConcepts(grade(item, answer.draft), answer.overruled);
  const ticked = concepts.filter((concept) => concept.ticked).length;
  if (ticked === concepts.length) return 'good';
  return ticked * 2 >= concepts.length ? 'hard' : 'again';
}

function moveTo(session: Session, position: number, decks: readonly Deck[]): Session {
  const moved = { ...session, position };
  const item = currentItem(moved, decks);
  if (item === undefined) return { ...moved, answer: null };
  const { begun, ...rest } = moved;
  const place = session.queue[position];
  const isBack = begun?.deck === place?.deck && begun?.item === place?.item;
  if (!isBack || begun === undefined) return { ...moved, answer: freshAnswer(item, session.seed) };
  return { ...rest, answer: fits(begun.answer, item) ? begun.answer : freshAnswer(item, session.seed) };
}

function freshAnswer(item: Item, seed: number): Answer {
  if (item.kind === 'card') return { kind: 'card', revealed: false };
  if (item.kind === 'choice') {
    return { kind: 'choice', order: shuffledIndices(item.options.length, seed, item.id), chosen: null };
  }
  return { kind: 'explain', draft: '', hintShown: false, checked: false, overruled: {} };
}

function fits(answer: Answer | null, item: Item): boolean {
  if (answer?.kind !== item.kind) return false;
  if (answer.kind !== 'choice' || item.kind !== 'choice') return true;
  const isPermutation = [...answer.order].sort((a, b) => a - b).every((value, index) => value === index);
  const isOption = answer.chosen === null || answer.chosen < item.options.length;
  return answer.order.length === item.options.length && isPermutation && isOption;
}
