import type * as vscode from 'vscode';
import type { Program } from '../analysis/program.ts';
import { ObservedProgram } from '../editor/observed-program.ts';
import type { LintResult } from '../lint.ts';
import type { LiveLint } from './live-lint.ts';

export interface Observed {
  readonly observed: ObservedProgram;
  readonly program: Program;
}

/** The programs of documents as they are now, run again at most once for each version, and only if something asks. */
export class ObservedPrograms {
  readonly #live: LiveLint;
  readonly #known = new WeakMap<LintResult, ObservedProgram>();

  constructor(live: LiveLint) {
    this.#live = live;
  }

  /** Null where the document has nothing to do with PyTorch. */
  async of(document: vscode.TextDocument): Promise<Observed | null> {
    const state = await this.#live.currentState(document);
    if (state?.kind !== 'linted') return null;
    const { result, program } = state;
    const observed = this.#known.get(result) ?? new ObservedProgram(result.module, program);
    this.#known.set(result, observed);
    return { observed, program };
  }
}
