import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PROGRESS_KEY, ProgressStore } from '../../../src/extension/study/progress-store.ts';
import { emptyProgress, loadProgress, type Progress, takeBack } from '../../../src/learn/progress.ts';
import type { Review } from '../../../src/learn/review.ts';
import { anyReview, review } from './sample-reviews.ts';
import { SharedStorage } from './shared-memento.ts';

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
    const undone = takeBack(withReviews(1, 2), withReviews(2).reviews);
    await here.save({ ...emptyProgress, ...undone }, 4);
    const later = { ...emptyProgress, ...undone, reviews: withReviews(1, 5).reviews };
    await here.save(later, 5);
    assert.deepEqual(memory.values.get(PROGRESS_KEY), { ...later, reviews: withReviews(1, 3, 5).reviews });
  });

  it('lets no other window bring back what was taken back here, though that one had loaded it', async () => {
    const memory = new MemoryStore();
    memory.values.set(PROGRESS_KEY, withReviews(1, 2));
    const here = new ProgressStore(memory);
    const there = new ProgressStore(memory);
    const { progress } = await here.load(0);
    await there.load(0);
    await here.save({ ...progress, ...takeBack(progress, withReviews(2).reviews) }, 3);
    await there.save(withReviews(1, 2, 4), 4);
    const { progress: stored } = await new ProgressStore(memory).load(5);
    assert.deepEqual(stored.reviews, withReviews(1, 4).reviews);
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

/** A window in which somebody reviews and takes back, and what became of it. */
class Window {
  readonly made: Review[] = [];
  readonly takenBack: Review[] = [];
  progress = emptyProgress;

  private constructor(private readonly store: ProgressStore) {}

  static async open(storage: SharedStorage): Promise<Window> {
    const window = new Window(new ProgressStore(storage.openWindow()));
    const loading = window.store.load(0);
    await storage.deliverAll();
    window.progress = (await loading).progress;
    return window;
  }

  review(made: Review): void {
    this.made.push(made);
    this.progress = { ...this.progress, reviews: [...this.progress.reviews, made] };
    this.save();
  }

  undo(): void {
    const last = this.made.findLast((each) => this.progress.reviews.includes(each));
    if (last === undefined) return;
    this.takenBack.push(last);
    this.progress = { ...this.progress, ...takeBack(this.progress, [last]) };
    this.save();
  }

  save(): void {
    void this.store.save(this.progress, 0);
  }
}

/** What happens: a review, one taken back, or a message that arrives. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('review' as const), window: fc.nat(1), at: fc.nat(1000) }),
    fc.record({ kind: fc.constant('undo' as const), window: fc.nat(1) }),
    fc.record({ kind: fc.constant('deliver' as const), choice: fc.nat(11) }),
    fc.record({ kind: fc.constant('deliver' as const), choice: fc.nat(11) }),
  ),
  { maxLength: 40 },
);

async function play(
  windows: readonly [Window, ...Window[]],
  storage: SharedStorage,
  happened: readonly (typeof steps extends fc.Arbitrary<infer S extends readonly unknown[]>
    ? S[number]
    : never)[],
): Promise<void> {
  let count = 0;
  for (const step of happened) {
    if (step.kind === 'deliver') await storage.deliver(step.choice);
    else {
      const window = windows[step.window % windows.length] ?? windows[0];
      // The clock jumps; the name tells the reviews apart.
      if (step.kind === 'review') window.review({ ...review(`item-${count++}`, 'good', step.at) });
      else window.undo();
    }
  }
  await storage.deliverAll();
}

const namesIn = (storage: SharedStorage): string[] =>
  loadProgress(storage.get(PROGRESS_KEY)).progress.reviews.map(({ item }) => item);

describe('the store of progress, in VS Code', () => {
  it('has the last state of a window stored, however long the messages take', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (happened) => {
        const storage = new SharedStorage();
        const window = await Window.open(storage);
        await play([window], storage, happened);
        const { reviews } = loadProgress(storage.get(PROGRESS_KEY)).progress;
        assert.deepEqual(reviews, window.progress.reviews);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('loses no review of two windows, and brings none back that either has taken back', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (happened) => {
        const storage = new SharedStorage();
        const windows: [Window, Window] = [await Window.open(storage), await Window.open(storage)];
        await play(windows, storage, happened);
        for (const window of windows) {
          window.save();
          await storage.deliverAll();
        }
        const gone = windows.flatMap(({ takenBack }) => takenBack);
        for (const { item } of gone) assert.ok(!namesIn(storage).includes(item), item);
        const kept = windows.flatMap(({ made }) => made).filter((made) => !gone.includes(made));
        for (const { item } of kept) assert.ok(namesIn(storage).includes(item), item);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('writes again what VS Code has replaced by the state of another window before it was sent', async () => {
    const storage = new SharedStorage();
    const here = await Window.open(storage);
    const there = await Window.open(storage);
    there.review(review('there', 'good'));
    await storage.deliver(0); // it is stored, and the echoes are under way
    here.review(review('here', 'good'));
    await storage.deliver(1); // the echo overtakes the update, which then sends the echo
    await storage.deliverAll();
    assert.deepEqual(namesIn(storage).sort(), ['here', 'there']);
  });

  it('keeps aside whatever it finds stored and cannot read, and stores what is reviewed then', async () => {
    const blob = fc.oneof(
      fc.jsonValue(),
      fc.record({
        version: fc.integer({ min: 0, max: 4 }),
        reviews: fc.jsonValue(),
        sessions: fc.jsonValue(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(blob, fc.array(anyReview, { maxLength: 5 }), async (stored, reviews) => {
        const memory = new MemoryStore();
        memory.values.set(PROGRESS_KEY, stored);
        const store = new ProgressStore(memory);
        const { progress, state } = await store.load(5);
        await store.save({ ...progress, reviews: [...progress.reviews, ...reviews] }, 6);
        const all = [...memory.values.values()].map((value) => JSON.stringify(value));
        assert.ok(
          state === 'whole' || all.includes(JSON.stringify(stored)),
          'what was stored is still there',
        );
        const again = (await new ProgressStore(memory).load(7)).progress;
        for (const each of reviews) assert.ok(again.reviews.some((kept) => kept.at === each.at));
      }),
      { seed: 6 },
    );
  });
});
