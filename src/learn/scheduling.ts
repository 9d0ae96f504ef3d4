import {
  type Card,
  createEmptyCard,
  type FSRS,
  type FSRSParameters,
  Rating as FsrsRating,
  forgetting_curve,
  fsrs,
  type Grade,
  generatorParameters,
  State,
  StrategyMode,
} from 'ts-fsrs';
import type { Deck } from './deck.ts';
import { type ItemPlace, keyOfPlace, type Mistake, type Rating, type Review } from './review.ts';
import { DAY, MINUTE, studyClock, studyDay } from './study-day.ts';

/** How many new items a day brings unless the learner sets another number. */
export const DEFAULT_NEW_PER_DAY = 10;

const gradeOf: Readonly<Record<Rating, Grade>> = {
  again: FsrsRating.Again,
  hard: FsrsRating.Hard,
  good: FsrsRating.Good,
  easy: FsrsRating.Easy,
};

/**
 * FSRS as it comes, with one short step: what was not known returns after ten minutes, what was known on another
 * day. Nine of ten items are to be remembered when they come up.
 */
const parameters: FSRSParameters = generatorParameters({
  request_retention: 0.9,
  maximum_interval: 3650,
  enable_fuzz: true,
  enable_short_term: true,
  learning_steps: ['10m'],
  relearning_steps: ['10m'],
});

/** What is known of an item that has been reviewed. Moments are on the study clock. */
export interface Memory {
  readonly card: Card;
  readonly lastRating: Rating;
  /** When it was reviewed first. */
  readonly firstReview: number;
}

/** The memory of each reviewed item, by the key of its place. */
export type Memories = ReadonlyMap<string, Memory>;

/**
 * Works the log out into memories: the same log gives the same memories, whenever and wherever it is read.
 * A clock that was wrong does no harm. A review from before the one before it counts as made at the same moment;
 * one from the future counts as made with the last that is not.
 * @param now milliseconds since 1970.
 */
export function rebuildMemories(reviews: readonly Review[], now: number): Map<string, Memory> {
  const memories = new Map<string, Memory>();
  let latest = reviews.find(({ at }) => at <= now)?.at ?? now;
  for (const review of reviews) {
    if (review.at <= now) latest = review.at;
    const key = keyOfPlace(review);
    memories.set(key, remember(memories.get(key), key, review.rating, studyClock(latest)));
  }
  return memories;
}

/** Adds one review that is made now. */
export function addReview(memories: Memories, review: Review): Map<string, Memory> {
  const key = keyOfPlace(review);
  return new Map(memories).set(key, remember(memories.get(key), key, review.rating, studyClock(review.at)));
}

function remember(before: Memory | undefined, key: string, rating: Rating, clock: number): Memory {
  const at = Math.max(clock, before?.card.last_review?.getTime() ?? clock);
  const { card } = schedulerOf(key).next(before?.card ?? createEmptyCard(at), at, gradeOf[rating]);
  return { card, lastRating: rating, firstReview: before?.firstReview ?? at };
}

/**
 * The fuzz that keeps items learned together from returning together is seeded by the item and the number of its
 * review, so that the interval on a button is the one that pressing it gives, now and when the log is read again.
 */
function schedulerOf(key: string): FSRS {
  return fsrs(parameters).useStrategy(StrategyMode.SEED, function () {
    return `${key}/${this.current.reps}`;
  });
}

/** How long each rating would put the item off, in milliseconds. */
export function nextIntervals(memories: Memories, place: ItemPlace, now: number): Record<Rating, number> {
  const key = keyOfPlace(place);
  const before = memories.get(key);
  const clock = Math.max(studyClock(now), before?.card.last_review?.getTime() ?? 0);
  const interval = (rating: Rating): number =>
    remember(before, key, rating, clock).card.due.getTime() - clock;
  return {
    again: interval('again'),
    hard: interval('hard'),
    good: interval('good'),
    easy: interval('easy'),
  };
}

/** An interval in words that fit on a button: "10 min", "3 d", "2 mo", "1.5 y". */
export function describeInterval(interval: number): string {
  if (interval < 60 * MINUTE) return `${Math.max(1, Math.round(interval / MINUTE))} min`;
  if (interval < DAY) return `${Math.round(interval / (60 * MINUTE))} h`;
  const days = Math.round(interval / DAY);
  if (days < 31) return `${days} d`;
  if (days < 350) return `${Math.round(days / 30.4)} mo`;
  return `${Math.round(days / 36.5) / 10} y`;
}

/** Whether an item that is being learned has waited its minutes, or a learned one has its day. */
export function isDue({ card }: Memory, now: number): boolean {
  const clock = studyClock(now);
  const due = card.due.getTime();
  return card.state === State.Review ? studyDay(due) <= studyDay(clock) : due <= clock;
}

/** Whether a mistake still waits for the review of its item. */
function isOpen({ at }: Mistake, memory: Memory | undefined): boolean {
  return (memory?.card.last_review?.getTime() ?? Number.NEGATIVE_INFINITY) < studyClock(at);
}

/** What a study day asks for. */
export interface Agenda {
  /** Items to review, the longest overdue first. */
  readonly due: readonly ItemPlace[];
  /** Items never seen before, as many as the day still allows, in the order of the decks. */
  readonly fresh: readonly ItemPlace[];
}

/** What is due now, and what is new today; items that mistakes point at are due until they are reviewed. */
export function agendaOf(
  decks: readonly Deck[],
  memories: Memories,
  now: number,
  newPerDay: number = DEFAULT_NEW_PER_DAY,
  mistakes: readonly Mistake[] = [],
): Agenda {
  const places = decks.flatMap((deck) => deck.items.map((item) => ({ deck: deck.id, item: item.id })));
  const dueOf = (place: ItemPlace): number => memories.get(keyOfPlace(place))?.card.due.getTime() ?? 0;
  const mistaken = new Set(
    mistakes.filter((each) => isOpen(each, memories.get(keyOfPlace(each)))).map(keyOfPlace),
  );
  const due = places
    .filter((place) => {
      const memory = memories.get(keyOfPlace(place));
      return mistaken.has(keyOfPlace(place)) || (memory !== undefined && isDue(memory, now));
    })
    .sort((a, b) => dueOf(a) - dueOf(b));
  const today = studyDay(studyClock(now));
  const begun = [...memories.values()].filter(({ firstReview }) => studyDay(firstReview) === today).length;
  const fresh = places
    .filter((place) => !memories.has(keyOfPlace(place)) && !mistaken.has(keyOfPlace(place)))
    .slice(0, Math.max(0, newPerDay - begun));
  return { due, fresh };
}

/**
 * How likely the learner is to remember the item now, from 0 to 1. An item that was not known the last time counts as
 * forgotten until it is known again; so does one never seen.
 */
export function retrievability(memory: Memory | undefined, now: number): number {
  if (memory === undefined || memory.lastRating === 'again') return 0;
  const { last_review, stability } = memory.card;
  const elapsed = Math.max(0, studyClock(now) - (last_review?.getTime() ?? 0)) / DAY;
  return forgetting_curve(parameters.w, elapsed, stability);
}

/** How much of a deck the learner is likely to remember now, from 0 to 1. */
export function deckRetrievability(deck: Deck, memories: Memories, now: number): number {
  if (deck.items.length === 0) return 0;
  const all = deck.items.map((item) =>
    retrievability(memories.get(keyOfPlace({ deck: deck.id, item: item.id })), now),
  );
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

/** When the next item comes up, in milliseconds from now; null where nothing has been reviewed yet. */
export function untilNextDue(decks: readonly Deck[], memories: Memories, now: number): number | null {
  const clock = studyClock(now);
  const waits = decks.flatMap((deck) =>
    deck.items.flatMap((item) => {
      const memory = memories.get(keyOfPlace({ deck: deck.id, item: item.id }));
      return memory === undefined ? [] : [Math.max(0, memory.card.due.getTime() - clock)];
    }),
  );
  return waits.length === 0 ? null : Math.min(...waits);
}
