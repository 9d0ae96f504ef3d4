/** What every part of the generator writes to, and what it knows of the program so far. */
import type { Random } from '../random.ts';

/** What the generator knows of a model variable. */
export interface Model {
  readonly name: string;
  /** Attribute paths of submodules that certainly exist. */
  readonly parts: readonly string[];
  /** Paths of Sequentials. */
  readonly sequentials: readonly string[];
  readonly head: string;
  /** Substrings that occur in some parameter names. */
  readonly words: readonly string[];
  /** Methods of its class that freeze or unfreeze. */
  readonly methods: readonly string[];
  /** Inner width for layers put in as replacements. */
  readonly width: number;
}

export class Writer {
  readonly lines: string[] = [];
  readonly idioms: Set<string>;
  indent = '';
  #count = 0;

  /** Of another file of the same program, `main` is the writer of its first. */
  constructor(main: Writer | null = null) {
    this.idioms = main?.idioms ?? new Set();
  }

  line(text: string): void {
    for (const part of text.split('\n')) this.lines.push(part === '' ? '' : this.indent + part);
  }

  block(header: string, body: () => void): void {
    this.line(header);
    const saved = this.indent;
    this.indent = `${saved}    `;
    const before = this.lines.length;
    body();
    if (this.lines.length === before) this.line('pass');
    this.indent = saved;
  }

  use(idiom: string): void {
    this.idioms.add(idiom);
  }

  fresh(stem: string): string {
    this.#count++;
    return `${stem}${this.#count}`;
  }
}

export interface Scene {
  readonly random: Random;
  readonly out: Writer;
  models: Model[];
  readonly flags: readonly string[];
  readonly helpers: readonly Helper[];
  /** A call of the builder of optimizers on a module expression, if the program has one. */
  readonly build: ((module: string) => string) | null;
  readonly optimizers: string[];
  depth: number;
}

export interface Helper {
  /** A call of the helper on a module expression. */
  call(target: string, value: string): string;
}

/** A model, or one of its parts. */
export const target = ({ random }: Scene, model: Model): string =>
  random.chance(0.35) ? model.name : `${model.name}.${random.pick(model.parts)}`;
