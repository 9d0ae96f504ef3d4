import * as v from 'valibot';
import { type ModeId, modeIdSchema } from './modes.ts';
import { type Mistake, mistakeSchema, type Review, reviewSchema } from './review.ts';
import { type Session, sessionSchema } from './session.ts';

/** The version that this build writes. It also reads those before, by `migrations`. */
export const PROGRESS_VERSION = 2;

/** What is stored of a learner, as plain JSON. */
export interface Progress {
  readonly version: typeof PROGRESS_VERSION;
  /** In the order in which they happened, whatever the clock said. */
  readonly reviews: readonly Review[];
  /** Sessions under way or just finished, at most one for each deck and one for the day, the latest first. */
  readonly sessions: readonly Session[];
  /** What the learner sees: the overview, the first session, the decks, the statistics, or a way to learn. */
  readonly front: 'home' | 'session' | 'decks' | 'statistics' | ModeId;
  /** What each way to learn keeps, which only it can read. */
  readonly modes: Readonly<Record<string, unknown>>;
  /** What mistakes in code have put into the reviews, the latest last. */
  readonly mistakes?: readonly Mistake[];
  /** Reviews that were undone, the latest last: another window or machine may still have them in its log. */
  readonly takenBack?: readonly Review[];
}

/** So many undone reviews are remembered: more than anybody undoes before all windows have heard of it. */
const MAX_TAKEN_BACK = 500;

export const emptyProgress: Progress = {
  version: PROGRESS_VERSION,
  reviews: [],
  sessions: [],
  front: 'home',
  modes: {},
};

/** Stored progress read back, with what became of the data that was stored. */
export interface LoadedProgress {
  readonly progress: Progress;
  /**
   * Of damaged data as many reviews as are whole are read; of data that a newer version wrote, none, since their
   * meaning is unknown. `older` data is read as a whole, and is best kept until the new format has proved itself.
   */
  readonly state: 'whole' | 'older' | 'newer' | 'damaged';
  /** What is wrong, of newer and of damaged data. */
  readonly problem?: string;
}

const outlineSchema = v.looseObject({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  reviews: v.array(v.unknown()),
  sessions: v.array(v.unknown()),
});
const frontSchema = v.fallback(
  v.union([v.picklist(['home', 'session', 'decks', 'statistics']), modeIdSchema]),
  'home',
);
const modesSchema = v.record(v.string(), v.unknown());
type Outline = v.InferOutput<typeof outlineSchema>;

/** Each takes data of its version, whole or damaged, to the next version. */
const migrations: Readonly<Record<number, (stored: Outline) => Outline>> = {
  // Version 1 knew sessions of one deck only, no taking back, and no other ways to learn.
  1: (stored) => ({
    ...stored,
    version: 2,
    front: stored.sessionOpen === true ? 'session' : 'home',
    modes: {},
    sessions: stored.sessions.map((session) => {
      const old = v.safeParse(firstSessionSchema, session);
      if (!old.success) return session;
      const { deck, queue, results } = old.output;
      return {
        ...old.output,
        startedAt: 0,
        queue: queue.map((item) => ({ deck, item })),
        results: results.map((result) => ({ ...result, deck, answer: null })),
      };
    }),
  }),
};

const firstSessionSchema = v.looseObject({
  deck: v.string(),
  queue: v.array(v.string()),
  results: v.array(v.looseObject({ item: v.string() })),
});

/** Reads stored progress of any origin; never throws. Nothing stored gives empty progress. */
export function loadProgress(stored: unknown): LoadedProgress {
  if (stored === undefined || stored === null) return { progress: emptyProgress, state: 'whole' };
  const { version } = v.is(v.object({ version: v.number() }), stored) ? stored : { version: 0 };
  if (version > PROGRESS_VERSION) {
    const problem = `the stored progress has version ${version}, and this Freezelint reads version ${PROGRESS_VERSION}`;
    return { progress: emptyProgress, state: 'newer', problem };
  }
  const outline = v.safeParse(outlineSchema, stored);
  if (!outline.success) {
    return { progress: emptyProgress, state: 'damaged', problem: 'the stored progress is not readable' };
  }
  let current = outline.output;
  while (current.version < PROGRESS_VERSION) current = migrations[current.version]?.(current) as Outline;
  const { reviews, sessions } = current;
  const whole = reviews.filter((review): review is Review => v.is(reviewSchema, review));
  const wholeSessions = sessions.filter((session): session is Session => v.is(sessionSchema, session));
  const front = v.parse(frontSchema, current.front);
  const modes = v.safeParse(modesSchema, current.modes);
  const mistakes = v.safeParse(v.optional(v.array(mistakeSchema)), current.mistakes);
  const takenBack = v.safeParse(v.optional(v.array(reviewSchema)), current.takenBack);
  const progress: Progress = {
    version: PROGRESS_VERSION,
    reviews: whole,
    sessions: wholeSessions,
    front: front === 'session' && wholeSessions.length < sessions.length ? 'home' : front,
    modes: modes.success ? modes.output : {},
    ...(mistakes.success && mistakes.output !== undefined ? { mistakes: mistakes.output } : {}),
    ...(takenBack.success && takenBack.output !== undefined ? { takenBack: takenBack.output } : {}),
  };
  const damages = [
    ...(whole.length < reviews.length
      ? [`${reviews.length - whole.length} of ${reviews.length} stored reviews are damaged`]
      : []),
    ...(wholeSessions.length < sessions.length ? ['a stored study session is damaged'] : []),
    ...(modes.success ? [] : ['what the ways to learn had stored is damaged']),
    ...(mistakes.success ? [] : ['the list of mistakes is damaged']),
    ...(takenBack.success ? [] : ['the list of undone reviews is damaged']),
  ];
  if (damages.length > 0) return { progress, state: 'damaged', problem: damages.join(', and ') };
  return { progress, state: version < PROGRESS_VERSION ? 'older' : 'whole' };
}

/**
 * Two logs as one, each review once. Each log keeps its own order, since a clock may have gone backwards in it; between
 * the logs the clocks decide.
 */
export function mergeReviews(ours: readonly Review[], theirs: readonly Review[]): readonly Review[] {
  const added = withoutReviews(theirs, ours);
  if (added.length === 0) return ours;
  const merged: Review[] = [];
  let next = 0;
  for (const review of ours) {
    for (let other = added[next]; other !== undefined && other.at < review.at; other = added[next]) {
      merged.push(other);
      next++;
    }
    merged.push(review);
  }
  return [...merged, ...added.slice(next)];
}

/** The log of reviews, and what is no more in it. */
export type ReviewLog = Pick<Progress, 'reviews' | 'takenBack'>;

/** Both logs as one. What was taken back in either is in none: whoever merges last cannot bring it back. */
export function mergeLogs(ours: ReviewLog, theirs: ReviewLog): ReviewLog {
  const takenBack = ours.takenBack ?? [];
  return takeBack(
    { reviews: mergeReviews(ours.reviews, theirs.reviews), takenBack },
    withoutReviews(theirs.takenBack ?? [], takenBack),
  );
}

/** A log without the given reviews, nor any that was taken back before. */
export function takeBack({ reviews, takenBack = [] }: ReviewLog, gone: readonly Review[]): ReviewLog {
  const all = [...takenBack, ...gone];
  if (all.length === 0) return { reviews };
  return { reviews: withoutReviews(reviews, all), takenBack: all.slice(-MAX_TAKEN_BACK) };
}

/** The reviews that the other log does not have. */
function withoutReviews(reviews: readonly Review[], others: readonly Review[]): readonly Review[] {
  const keyOf = ({ deck, item, at, rating }: Review): string => JSON.stringify([deck, item, at, rating]);
  const known = new Set(others.map(keyOf));
  return reviews.filter((review) => !known.has(keyOf(review)));
}
