import {
  type LoadedProgress,
  loadProgress,
  mergeLogs,
  PROGRESS_VERSION,
  type Progress,
  type ReviewLog,
} from '../../learn/progress.ts';

/** The part of VS Code's `Memento` that is used, so that the store can be tried without VS Code. */
export interface KeyValueStore {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

/** The key that is synchronised between machines. */
export const PROGRESS_KEY = 'freezelint.progress';

/**
 * VS Code's memento sends the whole of its copy a moment after an update, and replaces that copy with whatever is stored
 * by anyone: what another window stores in this moment takes the place of the update. It is then written again.
 */
const WRITE_ATTEMPTS = 5;

/** Reads and writes a learner's progress; data that cannot be read is put away, never overwritten. */
export class ProgressStore {
  #key = PROGRESS_KEY;
  /** What was stored when this window last looked. */
  #seen: unknown;
  /** What this window has found stored since it loaded: of its own, of other windows, of other machines by Settings Sync. */
  #found: ReviewLog = { reviews: [] };
  #latest: Progress | undefined;
  /** Settles with the write under way. */
  #writing: Promise<void> | undefined;
  /** The write that begins once that one is done. */
  #next: Promise<void> | undefined;

  constructor(private readonly store: KeyValueStore) {}

  /**
   * What is stored. Data of an older version is copied to a key of its own before it is written in the new format,
   * and so is damaged data. Data of a newer version stays where it is, for the newer Freezelint that wrote it (on
   * another machine, perhaps), and this one writes beside it.
   * @param now milliseconds since 1970, for the name of the key.
   */
  async load(now: number): Promise<LoadedProgress> {
    const stored = this.store.get<unknown>(this.#key);
    const loaded = loadProgress(stored);
    if (loaded.state === 'newer' && this.#key === PROGRESS_KEY) {
      this.#key = `${PROGRESS_KEY}.version-${PROGRESS_VERSION}`;
      return { ...(await this.load(now)), state: 'newer', problem: `${loaded.problem}. It is left as it is` };
    }
    if (loaded.state === 'whole') {
      this.#seen = stored;
      return loaded;
    }
    const key = await this.backUp(loaded.state, now);
    this.#seen = stored;
    await this.save(loaded.progress, now);
    return loaded.problem === undefined
      ? loaded
      : { ...loaded, problem: `${loaded.problem}. It is kept under the key "${key}"` };
  }

  /** Copies what is stored now to a key of its own, which it gives back. */
  async backUp(reason: string, now: number): Promise<string> {
    const key = `${PROGRESS_KEY}.${reason}.${now}`;
    await this.store.update(key, this.store.get<unknown>(this.#key));
    return key;
  }

  /**
   * Writes one after the other, so that the last one written is the last one stored. States that typing has outrun
   * are left out: a write takes longer than a key stroke, and a backlog would be lost when the window closes.
   * Reviews that somebody else has stored meanwhile are kept, unless somebody has taken them back.
   */
  save(progress: Progress, now: number): Promise<void> {
    this.#latest = progress;
    if (this.#next !== undefined) return this.#next;
    if (this.#writing === undefined) return this.#write(now);
    this.#next = this.#writing.then(() => {
      this.#next = undefined;
      return this.#write(now);
    });
    return this.#next;
  }

  #write(now: number): Promise<void> {
    const written = this.#store(now);
    const done = (): void => {
      this.#writing = undefined;
    };
    // The caller hears of a failure; the next write must still run.
    this.#writing = written.then(done, done);
    return written;
  }

  async #store(now: number): Promise<void> {
    for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt++) {
      await this.#readStored(now);
      const progress = this.#latest;
      if (progress === undefined) return;
      const written = { ...progress, ...mergeLogs(progress, this.#found) };
      await this.store.update(this.#key, written);
      const stored = this.store.get<unknown>(this.#key);
      if (JSON.stringify(stored) !== JSON.stringify(written)) continue;
      this.#seen = stored;
      return;
    }
  }

  async #readStored(now: number): Promise<void> {
    const stored = this.store.get<unknown>(this.#key);
    if (stored === this.#seen) return;
    const { progress, state } = loadProgress(stored);
    if (state !== 'whole') await this.backUp(state, now);
    this.#found = mergeLogs(this.#found, progress);
  }
}
