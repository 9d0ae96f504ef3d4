import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emptyProgress, loadProgress, mergeReviews, type Progress } from '../../../src/learn/progress.ts';
import { sessionOfSample } from './sample-deck.ts';
import { anyReview, review } from './sample-reviews.ts';

const full: Progress = {
  version: 2,
  reviews: [review('card', 'good'), review('choice', 'again')],
  sessions: [sessionOfSample(3)],
  front: 'session',
  modes: { learn: { page: 2 } },
};

describe('stored progress', () => {
  it('is empty at first and comes back as it was', () => {
    assert.deepEqual(loadProgress(undefined), { progress: emptyProgress, state: 'whole' });
    assert.deepEqual(loadProgress(JSON.parse(JSON.stringify(full))), { progress: full, state: 'whole' });
  });

  it('is read from the first version, with the session under way', () => {
    const first = {
      version: 1,
      reviews: full.reviews,
      sessions: [
        {
          deck: 'sample',
          seed: 3,
          queue: ['card', 'choice', 'explain'],
          position: 1,
          answer: { kind: 'choice', order: [2, 0, 1], chosen: null },
          results: [{ item: 'card', rating: 'good' }],
        },
      ],
      sessionOpen: true,
    };
    const { progress, state, problem } = loadProgress(first);
    assert.equal(problem, undefined);
    assert.equal(state, 'older');
    assert.deepEqual(progress.reviews, full.reviews);
    assert.equal(progress.front, 'session');
    assert.deepEqual(progress.sessions[0]?.queue, sessionOfSample(3).queue);
    assert.deepEqual(progress.sessions[0]?.results, [
      { deck: 'sample', item: 'card', rating: 'good', answer: null },
    ]);
    assert.equal(loadProgress(progress).state, 'whole');
  });

  it('keeps the whole reviews of damaged data and reports the rest', () => {
    const loaded = loadProgress({ ...full, reviews: [...full.reviews, { item: 3 }] });
    assert.deepEqual(loaded.progress.reviews, full.reviews);
    assert.equal(loaded.state, 'damaged');
    assert.equal(loaded.problem, '1 of 3 stored reviews are damaged');
    assert.match(
      loadProgress({ ...full, mistakes: [{ item: 3 }] }).problem ?? '',
      /list of mistakes is damaged/,
    );
    assert.match(
      loadProgress({ ...full, sessions: [{ deck: 'sample' }] }).problem ?? '',
      /session is damaged/,
    );
  });

  it('reads nothing into data of a newer version, whatever its shape', () => {
    const loaded = loadProgress({ version: 3, log: [] });
    assert.deepEqual(loaded.progress, emptyProgress);
    assert.equal(loaded.state, 'newer');
    assert.match(loaded.problem ?? '', /version 3/);
  });

  it('never throws, whatever is stored, and never leaves anything out without saying so', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const { state, problem } = loadProgress(stored);
        const isNothing = stored === undefined || stored === null;
        assert.equal(state, isNothing ? 'whole' : 'damaged');
        assert.equal(problem === undefined, isNothing);
      }),
      { seed: 6 },
    );
    const blob = fc.record({
      version: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.double()),
      reviews: fc.array(fc.oneof(fc.anything(), anyReview)),
      sessions: fc.array(fc.oneof(fc.anything(), fc.constant(sessionOfSample(1)))),
      front: fc.anything(),
      modes: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
    });
    fc.assert(
      fc.property(blob, (stored) => {
        const { progress, state } = loadProgress(stored);
        if (state === 'whole' || state === 'older') {
          assert.deepEqual(progress.reviews, stored.reviews);
          assert.equal(progress.sessions.length, stored.sessions.length);
        }
        assert.equal(loadProgress(progress).state, 'whole', 'what was read can be stored and read again');
      }),
      { seed: 6 },
    );
  });
});

describe('two logs of reviews', () => {
  it('become one that has each review once, in order of their clocks', () => {
    const ours = [review('card', 'good', 1), review('card', 'good', 5)];
    const theirs = [review('card', 'good', 1), review('choice', 'again', 3), review('explain', 'hard', 9)];
    assert.deepEqual(
      mergeReviews(ours, theirs).map(({ at }) => at),
      [1, 3, 5, 9],
    );
  });

  it('keep their own order, also where a clock went backwards, and lose nothing', () => {
    const log = fc.uniqueArray(anyReview, { selector: (each) => JSON.stringify(each) });
    fc.assert(
      fc.property(log, log, (ours, theirs) => {
        const merged = mergeReviews(ours, theirs).map((each) => JSON.stringify(each));
        const text = (reviews: readonly unknown[]) => reviews.map((each) => JSON.stringify(each));
        assert.equal(new Set(merged).size, merged.length);
        assert.deepEqual(new Set(merged), new Set([...text(ours), ...text(theirs)]));
        assert.deepEqual(
          merged.filter((each) => text(ours).includes(each)),
          text(ours),
        );
        assert.deepEqual(text(mergeReviews(mergeReviews(ours, theirs), theirs)), merged, 'twice is as once');
      }),
      { seed: 6 },
    );
  });
});
