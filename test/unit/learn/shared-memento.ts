import type { KeyValueStore } from '../../../src/extension/study/progress-store.ts';

/**
 * The global state of an extension as VS Code keeps it for several windows. Each has a copy. An update changes the copy at
 * once and sends the whole of it a moment later; what is stored then is echoed to every window, whose copy it replaces, and
 * only then is the update answered. Messages keep their order and take as long as the test lets them.
 */
export class SharedStorage {
  #stored = '{}';
  readonly #windows: WindowMemento[] = [];

  /** What is stored of a key. */
  get(key: string): unknown {
    return JSON.parse(this.#stored)[key];
  }

  openWindow(): WindowMemento {
    const window = new WindowMemento(this.#stored, (copy, answer) => {
      this.#stored = copy;
      for (const each of this.#windows) each.fromMain.push(() => each.accept(copy));
      window.fromMain.push(answer);
    });
    this.#windows.push(window);
    return window;
  }

  /** Lets one of the messages under way arrive, which one `choice` says, and whatever follows from it. */
  async deliver(choice: number): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    const queues = this.#windows.flatMap(({ toMain, fromMain }) => [toMain, fromMain]);
    const busy = queues.filter((queue) => queue.length > 0);
    busy[choice % busy.length]?.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
    return busy.length > 0;
  }

  async deliverAll(): Promise<void> {
    while (await this.deliver(0));
  }
}

class WindowMemento implements KeyValueStore {
  readonly toMain: (() => void)[] = [];
  readonly fromMain: (() => void)[] = [];
  #copy: Record<string, unknown>;
  #waiting: (() => void)[] = [];

  constructor(
    stored: string,
    private readonly send: (copy: string, answer: () => void) => void,
  ) {
    this.#copy = JSON.parse(stored);
  }

  accept(stored: string): void {
    this.#copy = JSON.parse(stored);
  }

  get<T>(key: string): T | undefined {
    return this.#copy[key] as T | undefined;
  }

  update(key: string, value: unknown): Promise<void> {
    this.#copy[key] = JSON.parse(JSON.stringify(value));
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length > 1) return;
      this.toMain.push(() => {
        const answered = this.#waiting;
        this.#waiting = [];
        this.send(JSON.stringify(this.#copy), () => {
          for (const each of answered) each();
        });
      });
    });
  }
}
