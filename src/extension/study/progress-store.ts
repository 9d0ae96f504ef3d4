import { loadProgress, type Progress } from '../../learn/progress.ts';

/** The part of VS Code's `Memento` that is used, so that the store can be tried without VS Code. */
export interface KeyValueStore {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

/** The key that is synchronised between machines. */
export const PROGRESS_KEY = 'freezelint.progress';

/** Reads and writes a learner's progress; data that cannot be read is put away, never overwritten. */
export class ProgressStore {
  #latest: Progress | undefined;
  /** Settles with the write under way. */
  #writing: Promise<void> | undefined;
  /** The write that begins once that one is done. */
  #next: Promise<void> | undefined;

  constructor(private readonly store: KeyValueStore) {}

  /**
   * What is stored. Unreadable data is first copied to a key of its own, which `problem` names.
   * @param now milliseconds since 1970, for the name of that key.
   */
  async load(now: number): Promise<{ readonly progress: Progress; readonly problem?: string }> {
    const loaded = loadProgress(this.store.get<unknown>(PROGRESS_KEY));
    if (loaded.problem === undefined) return { progress: loaded.progress };
    const key = `${PROGRESS_KEY}.kept-aside.${now}`;
    await this.store.update(key, loaded.keepAside);
    return { progress: loaded.progress, problem: `${loaded.problem}. It is kept under the key "${key}".` };
  }

  /**
   * Writes one after the other, so that the last one written is the last one stored. States that typing has outrun
   * are left out: a write takes longer than a key stroke, and a backlog would be lost when the window closes.
   */
  save(progress: Progress): Promise<void> {
    this.#latest = progress;
    if (this.#next !== undefined) return this.#next;
    if (this.#writing === undefined) return this.#write();
    this.#next = this.#writing.then(() => {
      this.#next = undefined;
      return this.#write();
    });
    return this.#next;
  }

  #write(): Promise<void> {
    const written = Promise.resolve(this.store.update(PROGRESS_KEY, this.#latest));
    const done = (): void => {
      this.#writing = undefined;
    };
    // The caller hears of a failure; the next write must still run.
    this.#writing = written.then(done, done);
    return written;
  }
}
