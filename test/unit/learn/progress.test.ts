import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PROGRESS_KEY, ProgressStore } from '../../../src/extension/study/progress-store.ts';
import { countKnown, emptyProgress, loadProgress, type Progress } from '../../../src/learn/progress.ts';
import type { Review } from '../../../src/learn/review.ts';
import { startSession } from '../../../src/learn/session.ts';
import { sampleDeck } from './sample-deck.ts';

const review = (item: string, rating: Review['rating'], at = 0): Review => ({
  deck: 'sample',
  item,
  at,
  rating,
});
const full: Progress = {
  version: 1,
  reviews: [review('card', 'good'), review('choice', 'again')],
  sessions: [startSession(sampleDeck, 3)],
  sessionOpen: true,
};

class MemoryStore {
  readonly values = new Map<string, unknown>();
  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }
  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

describe('stored progress', () => {
  it('is empty at first and comes back as it was', () => {
    assert.deepEqual(loadProgress(undefined), { progress: emptyProgress });
    assert.deepEqual(loadProgress(JSON.parse(JSON.stringify(full))), { progress: full });
  });

  it('keeps the whole reviews of damaged data and reports the rest', () => {
    const damaged = { ...full, reviews: [...full.reviews, { item: 3 }] };
    const loaded = loadProgress(damaged);
    assert.deepEqual(loaded.progress.reviews, full.reviews);
    assert.equal(loaded.problem, '1 of 3 stored reviews are damaged');
    assert.equal(loaded.keepAside, damaged);
  });

  it('leaves data of a newer version alone', () => {
    const newer = { ...full, version: 2, reviews: [] };
    const loaded = loadProgress(newer);
    assert.deepEqual(loaded.progress, emptyProgress);
    assert.match(loaded.problem ?? '', /version 2/);
    assert.equal(loaded.keepAside, newer);
  });

  it('never throws and never loses anything without saying so', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const loaded = loadProgress(stored);
        if (stored === undefined || stored === null) assert.equal(loaded.problem, undefined);
        else assert.equal(loaded.keepAside, stored);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.anything(), fc.constant(review('card', 'good')))), (reviews) => {
        const loaded = loadProgress({ ...full, reviews });
        assert.equal(loaded.problem === undefined, loaded.progress.reviews.length === reviews.length);
      }),
    );
  });

  it('counts what was right the last time, in the order of the log and not of the clock', () => {
    const reviews = [review('card', 'good', 5), review('card', 'again', 1), review('choice', 'easy', 9)];
    assert.equal(countKnown({ ...full, reviews }, sampleDeck), 1);
    assert.equal(countKnown({ ...full, reviews: [...reviews, review('card', 'good', 0)] }, sampleDeck), 2);
    assert.equal(
      countKnown({ ...full, reviews: [{ ...review('card', 'good'), deck: 'other' }] }, sampleDeck),
      0,
    );
  });

  it('puts unreadable data away before anything is written over it', async () => {
    const memory = new MemoryStore();
    memory.values.set(PROGRESS_KEY, { garbage: true });
    const { progress, problem } = await new ProgressStore(memory).load(12);
    assert.deepEqual(progress, emptyProgress);
    assert.deepEqual(memory.values.get(`${PROGRESS_KEY}.kept-aside.12`), { garbage: true });
    assert.match(problem ?? '', /kept-aside\.12/);
  });

  it('stores the last state last, also when a write before it fails', async () => {
    const memory = new MemoryStore();
    const release: (() => void)[] = [];
    let writes = 0;
    const slow = {
      get: <T>(key: string) => memory.get<T>(key),
      update: async (key: string, value: unknown) => {
        writes++;
        if (writes === 1) {
          await new Promise<void>((resolve) => release.push(resolve));
          throw new Error('disk full');
        }
        await memory.update(key, value);
      },
    };
    const store = new ProgressStore(slow);
    const first = store.save(emptyProgress);
    const second = store.save(full);
    const failed = assert.rejects(first, /disk full/);
    while (release.length === 0) await Promise.resolve();
    release[0]?.();
    await Promise.all([failed, second]);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), full);
  });

  it('leaves out the states that were outrun while a write was under way', async () => {
    const memory = new MemoryStore();
    let writes = 0;
    const store = new ProgressStore({
      get: <T>(key: string) => memory.get<T>(key),
      update: async (key: string, value: unknown) => {
        writes++;
        await new Promise((resolve) => setImmediate(resolve));
        await memory.update(key, value);
      },
    });
    const saves = Array.from({ length: 100 }, () => store.save(emptyProgress));
    saves.push(store.save(full));
    await Promise.all(saves);
    assert.equal(writes, 2);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), full);
    await store.save(emptyProgress);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), emptyProgress);
  });
});
