/** Sequences being built: by a comprehension, a filter, a generator. */

import type { Interpreter } from '../interpreter.ts';
import type { Item, Multiplicity } from '../state/heap.ts';
import type { Value } from '../state/values.ts';
import type { Part } from './part.ts';

export class Collectors implements Part {
  readonly #run: Interpreter;
  #open: Item[][] = [];
  /** How often what runs now runs for each item of the innermost sequence. */
  multiplicity: Multiplicity = 'one';

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /** Index of the innermost sequence. */
  get innermost(): number {
    return this.#open.length - 1;
  }

  /** Runs `action` and returns what it collected. */
  collecting(action: () => void): readonly Item[] {
    const { multiplicity } = this;
    this.multiplicity = 'one';
    const items: Item[] = [];
    this.#open.push(items);
    action();
    this.#open.pop();
    this.multiplicity = multiplicity;
    return items;
  }

  /** Adds a value to a sequence, by default the innermost. */
  collect(value: Value, sure: boolean, collector = this.innermost): void {
    if (this.#run.dead) return;
    this.#open[collector]?.push({ value, multiplicity: sure ? this.multiplicity : 'maybe' });
  }

  startAlone(): void {
    this.#open = [];
    this.multiplicity = 'one';
  }

  checkpoint(): () => void {
    const { multiplicity } = this;
    const lengths = this.#open.map(({ length }) => length);
    return () => {
      this.multiplicity = multiplicity;
      this.#open.length = lengths.length;
      for (const [index, items] of this.#open.entries()) items.length = lengths[index] ?? 0;
    };
  }

  setAside(): () => void {
    const open = this.#open;
    const { multiplicity } = this;
    this.startAlone();
    return () => {
      this.#open = open;
      this.multiplicity = multiplicity;
    };
  }
}
