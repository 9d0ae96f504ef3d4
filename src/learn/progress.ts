import * as v from 'valibot';
import type { Deck } from './deck.ts';
import { type Review, reviewSchema } from './review.ts';
import { type Session, sessionSchema } from './session.ts';

/** The version that this build reads and writes. */
export const PROGRESS_VERSION = 1;

/** What is stored of a learner, as plain JSON. */
export interface Progress {
  readonly version: typeof PROGRESS_VERSION;
  /** In the order in which they happened, whatever the clock said. */
  readonly reviews: readonly Review[];
  /** The session under way, if any. */
  /** Sessions under way or just finished, at most one for each deck, the latest first. */
  readonly sessions: readonly Session[];
  /** Whether the first session is what the learner sees, rather than the overview. */
  readonly sessionOpen: boolean;
}

export const emptyProgress: Progress = {
  version: PROGRESS_VERSION,
  reviews: [],
  sessions: [],
  sessionOpen: false,
};

/**
 * Stored progress read back. Where it cannot be read as it is, `keepAside` holds the stored data untouched, to be
 * put away before anything is written over it, and `problem` says what is wrong with it.
 */
export type LoadedProgress =
  | { readonly progress: Progress; readonly problem?: never; readonly keepAside?: never }
  | { readonly progress: Progress; readonly problem: string; readonly keepAside: unknown };

/**
 * Reads stored progress of any origin; never throws. Nothing stored gives empty progress. Of damaged data as many
 * reviews as are whole are kept; of data that a newer version wrote, none, since their meaning is unknown.
 */
export function loadProgress(stored: unknown): LoadedProgress {
  if (stored === undefined || stored === null) return { progress: emptyProgress };
  const outline = v.safeParse(
    v.object({
      version: v.number(),
      reviews: v.array(v.unknown()),
      sessions: v.array(v.unknown()),
      sessionOpen: v.unknown(),
    }),
    stored,
  );
  if (!outline.success) {
    return { progress: emptyProgress, problem: 'the stored progress is not readable', keepAside: stored };
  }
  const { version, reviews, sessions, sessionOpen } = outline.output;
  if (version !== PROGRESS_VERSION) {
    const problem = `the stored progress has version ${version}, and this Freezelint reads version ${PROGRESS_VERSION}`;
    return { progress: emptyProgress, problem, keepAside: stored };
  }
  const whole = reviews.filter((review): review is Review => v.is(reviewSchema, review));
  const wholeSessions = sessions.filter((session): session is Session => v.is(sessionSchema, session));
  const progress: Progress = {
    version: PROGRESS_VERSION,
    reviews: whole,
    sessions: wholeSessions,
    sessionOpen: sessionOpen === true && wholeSessions.length === sessions.length,
  };
  const damages = [
    ...(whole.length < reviews.length
      ? [`${reviews.length - whole.length} of ${reviews.length} stored reviews are damaged`]
      : []),
    ...(wholeSessions.length < sessions.length ? ['a stored study session is damaged'] : []),
  ];
  return damages.length === 0
    ? { progress }
    : { progress, problem: damages.join(', and '), keepAside: stored };
}

/** How many of the deck's items were right the last time they came up (rated good or easy). */
export function countKnown(progress: Progress, deck: Deck): number {
  const last = new Map<string, Review>();
  for (const review of progress.reviews) if (review.deck === deck.id) last.set(review.item, review);
  return deck.items.filter((item) => ['good', 'easy'].includes(last.get(item.id)?.rating ?? '')).length;
}
