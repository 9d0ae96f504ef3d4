import assert from 'node:assert/strict';
import { PROGRESS_KEY, ProgressStore } from '../../../src/extension/study/progress-store.ts';
import { emptyProgress, type Progress } from '../../../src/learn/progress.ts';
import { review } from './sample-reviews.ts';

const withReviews = (...ats: number[]): Progress => ({
  ...emptyProgress,
  reviews: ats.map((at) => review('card', 'good', at)),
});

/** Keeps copies, as VS Code does. */
class MemoryStore {
  readonly values = new Map<string, unknown>();
  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }
  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
  }
}

describe('the store of progress', () => {
  it('puts damaged data away before anything is written over it, once', async () => {
    const memory = new MemoryStore();
    memory.values.set(PROGRESS_KEY, { garbage: true });
    const { progress, problem } = await new ProgressStore(memory).load(12);
    assert.deepEqual(progress, emptyProgress);
    assert.deepEqual(memory.values.get(`${PROGRESS_KEY}.damaged.12`), { garbage: true });
    assert.match(problem ?? '', /damaged\.12/);
    assert.equal((await new ProgressStore(memory).load(13)).problem, undefined);
    assert.equal(memory.values.size, 2);
  });

  it('backs older data up before it is stored in the new format', async () => {
    const memory = new MemoryStore();
    const first = { ...withReviews(1, 2), version: 1 };
    memory.values.set(PROGRESS_KEY, first);
    const { progress, problem } = await new ProgressStore(memory).load(12);
    assert.equal(problem, undefined);
    assert.deepEqual(progress, withReviews(1, 2));
    assert.deepEqual(memory.values.get(`${PROGRESS_KEY}.older.12`), first);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), withReviews(1, 2));
  });

  it('never writes over the data of a newer version, and still remembers what is done beside it', async () => {
    const memory = new MemoryStore();
    memory.values.set(PROGRESS_KEY, { version: 3, log: 'unknown' });
    const store = new ProgressStore(memory);
    const { problem, state } = await store.load(12);
    assert.equal(state, 'newer');
    assert.match(problem ?? '', /version 3/);
    await store.save(withReviews(5), 13);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), { version: 3, log: 'unknown' });
    assert.deepEqual((await new ProgressStore(memory).load(14)).progress, withReviews(5));
  });

  it('keeps the reviews that another window stored meanwhile, but not one that was taken back here', async () => {
    const memory = new MemoryStore();
    const here = new ProgressStore(memory);
    const there = new ProgressStore(memory);
    await here.load(0);
    await there.load(0);
    await here.save(withReviews(1, 2), 2);
    await there.save(withReviews(3), 3);
    await here.save(withReviews(1), 4);
    await here.save(withReviews(1, 5), 5);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), withReviews(1, 3, 5));
  });

  it('puts away what appears damaged or in a newer format while it runs', async () => {
    const memory = new MemoryStore();
    const store = new ProgressStore(memory);
    await store.load(0);
    await memory.update(PROGRESS_KEY, { ...withReviews(7), version: 3 });
    await store.save(withReviews(1), 9);
    assert.deepEqual(memory.values.get(`${PROGRESS_KEY}.newer.9`), { ...withReviews(7), version: 3 });
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
    const first = store.save(emptyProgress, 0);
    const failed = assert.rejects(first, /disk full/);
    while (release.length === 0) await Promise.resolve();
    const second = store.save(withReviews(1), 1);
    release[0]?.();
    await Promise.all([failed, second]);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), withReviews(1));
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
    const saves = Array.from({ length: 100 }, () => store.save(emptyProgress, 0));
    saves.push(store.save(withReviews(1), 1));
    await Promise.all(saves);
    assert.ok(writes <= 2, `${writes} writes`);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), withReviews(1));
    await store.save(withReviews(1, 2), 2);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), withReviews(1, 2));
  });
});
