import * as v from 'valibot';
import type { Deck, Item } from './deck.ts';
import { type Grade, grade } from './grading.ts';
import { type Review, ratingSchema } from './review.ts';
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
    hintShown: v.boolean(),
    checked: v.boolean(),
    /** Concepts that the learner ticked or unticked against the matching, by id. */
    overruled: v.record(v.string(), v.boolean()),
  }),
]);

/** A walk through some items of a deck, and how far the learner got. Plain data, so that it survives a reload. */
export const sessionSchema = v.strictObject({
  deck: v.string(),
  /** Decides the order in which options are shown. */
  seed: v.number(),
  queue: v.array(v.string()),
  /** Index into the queue; its length once the session is over. */
  position: v.number(),
  /** The state of the item at `position`; null once the session is over. */
  answer: v.nullable(answerSchema),
  results: v.array(v.strictObject({ item: v.string(), rating: ratingSchema })),
});

export type Session = v.InferOutput<typeof sessionSchema>;
export type Answer = v.InferOutput<typeof answerSchema>;

/** The session after an event, and the review that the event completed. */
export interface Step {
  readonly session: Session;
  readonly review?: Review;
}

/**
 * Begins a session over the given items of a deck, or over all of them.
 * @param seed any integer; the same seed shows options in the same order.
 */
export function startSession(deck: Deck, seed: number, items = deck.items.map((item) => item.id)): Session {
  const queue = items.filter((id) => deck.items.some((item) => item.id === id));
  return moveTo({ deck: deck.id, seed, queue, position: 0, answer: null, results: [] }, 0, deck);
}

/**
 * Fits a stored session to a deck that may have changed since: items that are gone leave the queue, and an item that
 * is no longer of the same kind starts afresh. Null where nothing is left or the session is of another deck.
 */
export function resumeSession(session: Session, deck: Deck): Session | null {
  if (session.deck !== deck.id) return null;
  const exists = (id: string): boolean => deck.items.some((item) => item.id === id);
  const queue = session.queue.filter(exists);
  if (queue.length === 0) return null;
  const position = session.queue.slice(0, session.position).filter(exists).length;
  const results = session.results.filter((result) => exists(result.item));
  const fitted = { ...session, queue, position, results };
  const item = currentItem(fitted, deck);
  const isSameItem = item !== undefined && item.id === session.queue[session.position];
  return isSameItem && fits(session.answer, item) ? fitted : moveTo(fitted, position, deck);
}

/** The item in front of the learner; undefined once the session is over. */
export function currentItem(session: Session, deck: Deck): Item | undefined {
  const id = session.queue[session.position];
  return deck.items.find((item) => item.id === id);
}

/**
 * One step of a session. Pure: the clock (`now`, milliseconds since 1970) is an argument. An event that does not
 * fit the moment, such as a second answer to the same question, changes nothing.
 */
export function studyStep(session: Session, event: StudyEvent, deck: Deck, now: number): Step {
  const { answer } = session;
  const item = currentItem(session, deck);
  if (answer === null || item === undefined) return { session };
  const same: Step = { session };
  const change = (changed: Answer): Step => ({ session: { ...session, answer: changed } });
  const finish = (rating: Review['rating']): Step => {
    const results = [...session.results, { item: item.id, rating }];
    const review = { deck: deck.id, item: item.id, at: now, rating };
    return { session: moveTo({ ...session, results }, session.position + 1, deck), review };
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
    return finish(item.options[answer.chosen]?.correct === true ? 'good' : 'again');
  }
  if (answer.kind !== 'explain' || item.kind !== 'explain') return same;
  switch (event.type) {
    case 'draft':
      return answer.checked ? same : change({ ...answer, draft: event.text });
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
      if (!answer.checked) return same;
      const { concepts } = tickedConcepts(grade(item, answer.draft), answer.overruled);
      return finish(ratingOf(concepts.filter((concept) => concept.ticked).length, concepts.length));
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

function ratingOf(ticked: number, all: number): Review['rating'] {
  if (ticked === all) return 'good';
  return ticked * 2 >= all ? 'hard' : 'again';
}

function moveTo(session: Session, position: number, deck: Deck): Session {
  const moved = { ...session, position };
  const item = currentItem(moved, deck);
  return { ...moved, answer: item === undefined ? null : freshAnswer(item, session.seed) };
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
