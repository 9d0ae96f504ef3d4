import type { PythonParser } from './parser.ts';
import type { Module } from './syntax.ts';

/** The parser, loaded when somebody first waits for it: whoever has no text with torch in reach pays nothing. */
export class LazyParser implements PythonParser {
  readonly #load: () => Promise<PythonParser>;
  #loading: Promise<PythonParser> | null = null;
  #loaded: PythonParser | null = null;

  constructor(load: () => Promise<PythonParser>) {
    this.#load = load;
  }

  get(): Promise<PythonParser> {
    this.#loading ??= this.#loadNow();
    return this.#loading;
  }

  /** Throws where no `get` has ever come to its end. */
  parse(text: string, start?: number): Module {
    if (this.#loaded === null) throw new Error('The Python parser is not loaded.');
    return this.#loaded.parse(text, start);
  }

  /** Lets the next `get` load it afresh. */
  reset(): void {
    this.#loading = null;
  }

  async #loadNow(): Promise<PythonParser> {
    try {
      this.#loaded = await this.#load();
      return this.#loaded;
    } catch (error) {
      // A failure may pass, for example on a remote file system; the next document tries again.
      this.#loading = null;
      throw error;
    }
  }
}
