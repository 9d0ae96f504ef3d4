import type { Deck } from './deck.ts';
import { keyOfPlace } from './review.ts';
import type { Memories } from './scheduling.ts';
import { studyClock, studyDay } from './study-day.ts';

/** How many study days the forecast looks ahead, today among them. */
export const FORECAST_DAYS = 10;

/** The upper ends of the classes of strength, in days. */
const STRENGTHS = [7, 30, 180, Number.POSITIVE_INFINITY] as const;

/** What is coming up, and how well what was learned sits. Items of decks that are not here are not counted. */
export interface Statistics {
  /** How many reviews come due on each of the next study days; what is overdue counts for today. */
  readonly forecast: readonly number[];
  /** How many come due after those days. */
  readonly later: number;
  /** How many items were never seen. */
  readonly unseen: number;
  /**
   * How many items are in each class of memory strength: in how many days the chance to remember one falls to 90%
   * (FSRS calls that its stability). Below a week, a month, half a year, and more.
   */
  readonly strengths: readonly number[];
}

/** @param now milliseconds since 1970. */
export function statisticsOf(decks: readonly Deck[], memories: Memories, now: number): Statistics {
  const today = studyDay(studyClock(now));
  const forecast = Array.from({ length: FORECAST_DAYS }, () => 0);
  const strengths = STRENGTHS.map(() => 0);
  let later = 0;
  let unseen = 0;
  for (const deck of decks) {
    for (const item of deck.items) {
      const memory = memories.get(keyOfPlace({ deck: deck.id, item: item.id }));
      if (memory === undefined) {
        unseen++;
        continue;
      }
      const day = Math.max(0, studyDay(memory.card.due.getTime()) - today);
      if (day < FORECAST_DAYS) forecast[day] = (forecast[day] ?? 0) + 1;
      else later++;
      const strength = STRENGTHS.findIndex((end) => memory.card.stability < end);
      strengths[strength] = (strengths[strength] ?? 0) + 1;
    }
  }
  return { forecast, later, unseen, strengths };
}
