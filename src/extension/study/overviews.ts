import { type Deck, findItem, findItemForRule, type Item } from '../../learn/deck.ts';
import type { ItemPlace } from '../../learn/review.ts';
import {
  type Agenda,
  deckRetrievability,
  describeInterval,
  type Memories,
  untilNextDue,
} from '../../learn/scheduling.ts';
import type { Session } from '../../learn/session.ts';
import { statisticsOf } from '../../learn/statistics.ts';
import { DAY, studyClock } from '../../learn/study-day.ts';
import type { DecksView, HomeView, StatisticsView } from '../../study-messages/home.ts';
import { titleOfSession } from './study-view.ts';

/** What overviews are made from. */
interface Overview {
  readonly decks: readonly Deck[];
  readonly memories: Memories;
  readonly agenda: Agenda;
  readonly now: number;
}

/** A problem that the linter has found in the file in the editor. */
export interface Finding {
  /** The code of its rule. */
  readonly code: string;
  /** Where it is, for people. */
  readonly place: string;
}

/** How many findings of the open file the overview names. */
const MAX_FINDINGS = 2;

/** How long an item takes, in seconds; an estimate for "3 min". */
const SECONDS: Readonly<Record<Item['kind'], number>> = { card: 20, choice: 30, explain: 90 };

/** Home: the day's share, what was found in the code, the ways to learn, and the session that can go on. */
export function viewOfHome(
  overview: Overview & {
    readonly modes: HomeView['modes'];
    readonly findings: readonly Finding[];
    readonly resume: Session | null;
    readonly notices: readonly string[];
  },
): HomeView {
  const { decks, memories, agenda, now, modes, findings, resume, notices } = overview;
  const wait = untilNextDue(decks, memories, now);
  const places = decks.flatMap((deck) => deck.items.map((item) => ({ deck: deck.id, item: item.id })));
  const remembered = decks.map((deck) => deckRetrievability(deck, memories, now) * deck.items.length);
  return {
    screen: 'home',
    today: {
      due: agenda.due.length,
      fresh: agenda.fresh.length,
      minutes: minutesFor(decks, [...agenda.due, ...agenda.fresh]),
      next: wait === null ? null : describeInterval(wait),
    },
    modes: [...modes],
    recall: {
      minutes: Math.min(RECALL_MINUTES, minutesFor(decks, places)),
      due: agenda.due.length,
      remembered: places.length === 0 ? 0 : remembered.reduce((sum, each) => sum + each, 0) / places.length,
    },
    findings: findings
      .filter(({ code }, index) => findings.findIndex((each) => each.code === code) === index)
      .flatMap(({ code, place }) => {
        const item = findItemForRule(decks, code)?.item;
        if (item === undefined) return [];
        return [{ code, place, question: item.kind === 'card' ? item.front : item.prompt }];
      })
      .slice(0, MAX_FINDINGS),
    resume:
      resume === null
        ? null
        : { title: titleOfSession(resume, decks), position: resume.position, total: resume.queue.length },
    notices: [...notices],
  };
}

/** How long a sitting of reviews is meant to be. */
const RECALL_MINUTES = 5;

/** The decks, each with what of it is due and how much is remembered. */
export function viewOfDecks({ decks, memories, agenda, now }: Overview): DecksView {
  return {
    screen: 'decks',
    decks: decks.map((deck) => ({
      id: deck.id,
      title: deck.title,
      description: deck.description ?? '',
      minutes: deck.minutes,
      due: agenda.due.filter((place) => place.deck === deck.id).length,
      remembered: deckRetrievability(deck, memories, now),
    })),
  };
}

/** The statistics, with days and classes in words. */
export function viewOfStatistics({ decks, memories, now }: Overview, reviews: number): StatisticsView {
  const { forecast, later, unseen, strengths } = statisticsOf(decks, memories, now);
  const classes = [
    ['<7 d', 'Less than a week'],
    ['<30 d', 'Less than a month'],
    ['<½ y', 'Less than half a year'],
    ['more', 'Half a year or more'],
  ] as const;
  return {
    screen: 'statistics',
    reviews,
    forecast: forecast.map((count, day) => ({ ...nameOfDay(now, day), count })),
    later,
    strengths: [
      { short: 'new', label: 'Not seen yet', count: unseen },
      ...classes.map(([short, label], index) => ({ short, label, count: strengths[index] ?? 0 })),
    ],
  };
}

/** A study day by its number in the month and by its name. */
function nameOfDay(now: number, daysAhead: number): { short: string; label: string } {
  // The study clock shows the day's date in UTC.
  const date = new Date(studyClock(now) + daysAhead * DAY);
  const short = String(date.getUTCDate());
  if (daysAhead === 0) return { short, label: 'Today' };
  if (daysAhead === 1) return { short, label: 'Tomorrow' };
  const format = new Intl.DateTimeFormat('en', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return { short, label: format.format(date) };
}

function minutesFor(decks: readonly Deck[], places: readonly ItemPlace[]): number {
  const seconds = places.reduce((sum, place) => sum + SECONDS[findItem(decks, place)?.kind ?? 'card'], 0);
  return Math.ceil(seconds / 60);
}
