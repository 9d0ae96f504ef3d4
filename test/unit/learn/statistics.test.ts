import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rebuildMemories } from '../../../src/learn/scheduling.ts';
import { FORECAST_DAYS, statisticsOf } from '../../../src/learn/statistics.ts';
import { DAY } from '../../../src/learn/study-day.ts';
import { sampleDeck } from './sample-deck.ts';
import { anyReview, review } from './sample-reviews.ts';

const NOON = new Date(2026, 5, 1, 12).getTime();
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe('the statistics', () => {
  it('have nothing before the first review but items never seen', () => {
    assert.deepEqual(statisticsOf([sampleDeck], new Map(), NOON), {
      forecast: Array.from({ length: FORECAST_DAYS }, () => 0),
      later: 0,
      unseen: 3,
      strengths: [0, 0, 0, 0],
    });
  });

  it('count what comes due on each day, and what is overdue for today', () => {
    const log = [review('card', 'again', NOON), review('choice', 'good', NOON)];
    const memories = rebuildMemories(log, NOON);
    const { forecast, unseen } = statisticsOf([sampleDeck], memories, NOON);
    assert.equal(forecast[0], 1);
    assert.equal(sum(forecast), 2);
    assert.equal(unseen, 1);
    const day = forecast.findLastIndex((due) => due > 0);
    assert.equal(statisticsOf([sampleDeck], memories, NOON + day * DAY).forecast[0], 2);
    assert.equal(statisticsOf([sampleDeck], memories, NOON + 90 * DAY).forecast[0], 2);
  });

  it('tell a fresh memory from a strong one', () => {
    const fresh = [review('choice', 'again', NOON)];
    const strong = [0, 10, 40, 120].map((day) => review('card', 'easy', NOON + day * DAY));
    const now = NOON + 121 * DAY;
    const { strengths, later } = statisticsOf([sampleDeck], rebuildMemories([...fresh, ...strong], now), now);
    assert.equal(strengths[0], 1);
    assert.equal(strengths[3], 1);
    assert.equal(later, 1);
  });

  it('count each item once, whatever the log and the clock', () => {
    fc.assert(
      fc.property(fc.array(anyReview, { maxLength: 20 }), fc.double({ noNaN: true }), (log, now) => {
        const { forecast, later, unseen, strengths } = statisticsOf(
          [sampleDeck],
          rebuildMemories(log, now),
          now,
        );
        assert.equal(sum(forecast) + later + unseen, sampleDeck.items.length);
        assert.equal(sum(strengths) + unseen, sampleDeck.items.length);
      }),
      { seed: 6 },
    );
  });
});
