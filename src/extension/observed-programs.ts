import { ObservedProgram } from '../editor/observed-program.ts';
import type { LintResult } from '../lint.ts';
import type { LintedDocument } from './documents.ts';
import type { LintedProgram, LiveLint } from './live-lint.ts';

export interface Observed extends Omit<LintedProgram, 'kind'> {
  readonly observed: ObservedProgram;
}

/** The programs of documents as they are now, run again at most once for each version, and only if something asks. */
export class ObservedPrograms {
  readonly #live: LiveLint;
  readonly #known = new WeakMap<LintResult, ObservedProgram>();

  constructor(live: LiveLint) {
    this.#live = live;
  }

  /** Null where the document, or the notebook of the cell, has nothing to do with PyTorch. */
  async of(document: LintedDocument): Promise<Observed | null> {
    const linted = await this.#live.currentProgram(document);
    if (linted === null) return null;
    const { result, program, documents } = linted;
    const observed = this.#known.get(result) ?? new ObservedProgram(result.module, program);
    this.#known.set(result, observed);
    return { observed, result, program, documents };
  }
}
