import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Review } from '../../../src/learn/review.ts';
import {
  addReview,
  agendaOf,
  deckRetrievability,
  describeInterval,
  type Memories,
  nextIntervals,
  rebuildMemories,
  retrievability,
} from '../../../src/learn/scheduling.ts';
import { DAY, MINUTE, studyClock, studyDay } from '../../../src/learn/study-day.ts';
import { sampleDeck } from './sample-deck.ts';
import { anyReview, review } from './sample-reviews.ts';

/** Local time, wherever the tests run. */
const local = (day: number, hour = 12, minute = 0): number => new Date(2026, 5, day, hour, minute).getTime();
const NOON = local(1);
const card = { deck: 'sample', item: 'card' };
const itemsOf = (places: readonly { item: string }[]): string[] => places.map(({ item }) => item);

describe('the study day', () => {
  it('begins at 4 am local time', () => {
    const dayOf = (now: number) => studyDay(studyClock(now));
    assert.equal(dayOf(local(2, 3, 59)), dayOf(local(1, 4)));
    assert.equal(dayOf(local(2, 4)), dayOf(local(1, 4)) + 1);
  });

  it('takes any number for a time', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (now) => assert.ok(Number.isFinite(studyClock(now)))),
      { seed: 6 },
    );
  });
});

describe('scheduling', () => {
  it('brings back after ten minutes what was not known, and on another day what was', () => {
    const intervals = nextIntervals(new Map(), card, NOON);
    assert.equal(intervals.again, 10 * MINUTE);
    assert.ok(intervals.hard < 60 * MINUTE);
    assert.ok(intervals.good >= DAY);
    assert.ok(intervals.easy > intervals.good);
  });

  it('waits longer each time that an item is known', () => {
    let log: Review[] = [];
    let now = NOON;
    let before = 0;
    for (let round = 0; round < 5; round++) {
      const { good } = nextIntervals(rebuildMemories(log, now), card, now);
      assert.ok(good > before, `round ${round}: ${describeInterval(good)}`);
      before = good;
      log = [...log, review('card', 'good', now)];
      now += good;
    }
    assert.ok(before > 180 * DAY);
  });

  it('gives the interval that the button has shown', () => {
    const gap = fc.integer({ min: 0, max: 400 * DAY });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(gap, fc.constantFrom('again', 'hard', 'good', 'easy')), { maxLength: 12 }),
        (steps) => {
          let memories: Memories = new Map();
          let now = NOON;
          for (const [wait, rating] of steps) {
            now += wait;
            const shown = nextIntervals(memories, card, now);
            memories = addReview(memories, review('card', rating, now));
            const memory = memories.get('sample/card')?.card;
            assert.equal((memory?.due.getTime() ?? 0) - (memory?.last_review?.getTime() ?? 0), shown[rating]);
            assert.ok(shown.again <= shown.hard && shown.hard <= shown.good && shown.good <= shown.easy);
          }
        },
      ),
      { seed: 6 },
    );
  });

  it('gives the same memories whether the log is read at once or grows review by review', () => {
    fc.assert(
      fc.property(fc.array(anyReview, { maxLength: 20 }), (reviews) => {
        const log = reviews.map((each, index) => ({ ...each, at: NOON + index * DAY * 0.7 }));
        let grown: Memories = new Map();
        for (const each of log) grown = addReview(grown, each);
        assert.deepEqual(rebuildMemories(log, NOON + 100 * DAY), grown);
      }),
      { seed: 6 },
    );
  });

  it('survives any log: every interval is finite and within ten years, every probability is one', () => {
    fc.assert(
      fc.property(fc.array(anyReview, { maxLength: 25 }), fc.double({ noNaN: true }), (log, now) => {
        const memories = rebuildMemories(log, now);
        assert.equal(memories.size, new Set(log.map(({ deck, item }) => `${deck}/${item}`)).size);
        for (const memory of memories.values()) {
          const chance = retrievability(memory, now);
          assert.ok(chance >= 0 && chance <= 1, `${chance}`);
        }
        for (const interval of Object.values(nextIntervals(memories, card, now))) {
          assert.ok(interval > 0 && interval <= 3660 * DAY, `${interval}`);
        }
        const { due, fresh } = agendaOf([sampleDeck], memories, now);
        assert.equal(new Set(itemsOf([...due, ...fresh])).size, due.length + fresh.length);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('is not thrown off by a clock that was years ahead or behind for a while', () => {
    const honest = [review('card', 'good', local(1)), review('card', 'good', local(4))];
    const dueDay = (log: readonly Review[]): number =>
      studyDay(rebuildMemories(log, local(5)).get('sample/card')?.card.due.getTime() ?? 0);
    const ahead = [...honest, review('card', 'good', local(4) + 3650 * DAY)];
    const behind = [...honest, review('card', 'good', 0)];
    for (const log of [ahead, behind]) {
      assert.ok(dueDay(log) >= dueDay(honest), 'the review counts');
      assert.ok(dueDay(log) < dueDay(honest) + 60, 'and counts as made now');
    }
  });
});

describe('the agenda of a day', () => {
  it('is new items in the order of the deck, as many as the day allows', () => {
    const { due, fresh } = agendaOf([sampleDeck], new Map(), NOON, 2);
    assert.deepEqual(itemsOf(due), []);
    assert.deepEqual(itemsOf(fresh), ['card', 'choice']);
    const log = [review('card', 'good', NOON)];
    assert.deepEqual(itemsOf(agendaOf([sampleDeck], rebuildMemories(log, NOON), NOON, 2).fresh), ['choice']);
  });

  it('counts what was begun after 4 am, and allows new items again after the next', () => {
    const log = [review('card', 'good', local(1, 4)), review('choice', 'good', local(2, 3, 50))];
    const freshAt = (now: number) => agendaOf([sampleDeck], rebuildMemories(log, now), now, 2).fresh.length;
    assert.equal(freshAt(local(2, 3, 55)), 0);
    assert.equal(freshAt(local(2, 4)), 1);
  });

  it('has a learned item from 4 am of its day, and one being learned after its minutes', () => {
    const log = [review('card', 'good', local(1, 22)), review('choice', 'again', local(1, 22))];
    const dueAt = (now: number) => itemsOf(agendaOf([sampleDeck], rebuildMemories(log, now), now, 0).due);
    assert.deepEqual(dueAt(local(1, 22, 5)), []);
    assert.deepEqual(dueAt(local(1, 22, 10)), ['choice']);
    const days = Math.round(nextIntervals(new Map(), card, local(1, 22)).good / DAY);
    assert.deepEqual(dueAt(local(1 + days, 3, 59)), ['choice']);
    assert.deepEqual(dueAt(local(1 + days, 4)), ['choice', 'card']);
  });

  it('leaves out items of decks that are gone', () => {
    const log = [{ ...review('card', 'good', 0), deck: 'gone' }];
    assert.deepEqual(agendaOf([sampleDeck], rebuildMemories(log, NOON), NOON, 0), { due: [], fresh: [] });
  });
});

describe('how much is remembered', () => {
  it('is nothing before the first review, all right after it, nine of ten when due, and nothing once forgotten', () => {
    assert.equal(deckRetrievability(sampleDeck, new Map(), NOON), 0);
    const log = [review('card', 'good', NOON)];
    const memories = rebuildMemories(log, NOON);
    assert.equal(deckRetrievability(sampleDeck, memories, NOON), 1 / 3);
    const memory = memories.get('sample/card');
    const stability = memory?.card.stability ?? 0;
    assert.ok(Math.abs(retrievability(memory, NOON + stability * DAY) - 0.9) < 1e-6);
    assert.ok(retrievability(memory, NOON + 400 * DAY) < 0.7);
    const forgotten = rebuildMemories([...log, review('card', 'again', NOON + DAY)], NOON + DAY);
    assert.equal(deckRetrievability(sampleDeck, forgotten, NOON + DAY), 0);
  });
});

describe('intervals in words', () => {
  it('are short enough for a button', () => {
    const words = [MINUTE / 2, 10 * MINUTE, 90 * MINUTE, DAY, 30 * DAY, 61 * DAY, 365 * DAY, 550 * DAY];
    assert.deepEqual(words.map(describeInterval), [
      '1 min',
      '10 min',
      '2 h',
      '1 d',
      '30 d',
      '2 mo',
      '1 y',
      '1.5 y',
    ]);
  });
});
