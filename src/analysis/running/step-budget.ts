/**
 * Evaluation steps one analysis may take. A thousand-line training script takes some ten thousand; all of these take
 * one to two seconds, past which an editor would feel it.
 */
const MAX_STEPS = 200_000;
/** Steps for one function that the program never calls, so that a costly one does not keep the others from being read. */
const MAX_STEPS_ALONE = 40_000;
/** The same for its code that no call reaches, and for all such code of a program, on top of all other steps. */
const MAX_STEPS_UNREACHED = 10_000;
const MAX_STEPS_ALL_UNREACHED = 30_000;
/** Steps after which functions of imported files are not followed any more: the rest is for the file's own code. */
const MAX_STEPS_WITH_IMPORTS = 60_000;
/** What joining two paths costs, in expressions: measured on large files. */
const JOIN_STEPS = 20;

/** Thrown when the steps run out; what was found until then stays certain. */
export class BudgetExhausted extends Error {}

/** Counts what an analysis does, and ends it where it would take too long. */
export class StepBudget {
  #taken = 0;
  #last = MAX_STEPS;
  #alone = MAX_STEPS_ALONE;
  #limit = MAX_STEPS;
  #importLimit = MAX_STEPS_WITH_IMPORTS;

  /** Steps taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether nothing more can be run, not even a function by itself. */
  get isSpent(): boolean {
    return this.#taken > this.#last;
  }

  /** Whether functions of imported files are followed. */
  get followsImports(): boolean {
    return this.#taken <= this.#importLimit;
  }

  /** A function that the program does not call has a share of its own. */
  startAlone(followsImports: boolean): void {
    this.#limit = Math.min(this.#last, this.#taken + this.#alone);
    this.#importLimit = followsImports ? MAX_STEPS_WITH_IMPORTS : 0;
  }

  /** From here on functions are run for the sake of their code that was not reached yet. */
  turnToUnreached(): void {
    this.#alone = MAX_STEPS_UNREACHED;
    this.#last = this.#taken + MAX_STEPS_ALL_UNREACHED;
  }

  /** Allows no more than `maximum` steps from here on. */
  allow(maximum: number): void {
    this.#limit = Math.min(this.#limit, this.#taken + maximum);
  }

  /** Counts a step; false where it is one too many. */
  take(): boolean {
    return ++this.#taken <= this.#limit;
  }

  /** Counts a join of two paths, which is never the one too many. */
  takeJoin(): void {
    this.#taken += JOIN_STEPS;
  }

  /** What an action gives that may take `maximum` steps; null where it takes more. Throws where all steps are over. */
  within<T>(maximum: number, action: () => T): T | null {
    const limit = this.#limit;
    this.#limit = Math.min(limit, this.#taken + maximum);
    try {
      return action();
    } catch (problem) {
      if (!(problem instanceof BudgetExhausted) || this.#taken > limit) throw problem;
      return null;
    } finally {
      this.#limit = limit;
    }
  }
}
