/** Classes of parameters that are being iterated over, so that a test on their names may split them. */
import type { AtomId, AtomTable, NameTest } from '../state/atoms.ts';
import type { Part } from './part.ts';

/**
 * Thrown where a test on the classes of an opaque module cannot be decided: whoever iterates over them
 * splits them by the test and runs the iteration again on each half.
 */
export class Undecided extends Error {
  constructor(
    readonly atom: AtomId,
    readonly test: NameTest,
  ) {
    super('undecided');
  }
}

export class IteratedClasses implements Part {
  readonly #atoms: AtomTable;
  #running: AtomId[] = [];

  constructor(atoms: AtomTable) {
    this.#atoms = atoms;
  }

  /** Runs `action` for a class that a test may split by throwing `Undecided`; whoever catches that restores. */
  during(atom: AtomId, action: () => void): void {
    this.#running.push(atom);
    action();
    this.#running.pop();
  }

  /** Runs `action` so that tests stay unanswered rather than split anything. */
  withoutSplitting(action: () => void): void {
    const restore = this.setAside();
    try {
      action();
    } finally {
      restore();
    }
  }

  /**
   * The answer to a test on a class of an opaque module: null where it cannot be told and no running iteration
   * can be split by it. Throws `Undecided` where one can.
   */
  decide(atom: AtomId, test: NameTest): boolean | null {
    const answers = new Set(this.#atoms.leaves(atom).map((leaf) => this.#atoms.decide(leaf, test)));
    const [answer = null] = answers;
    if (answers.size === 1 && answer !== null) return answer;
    if (this.#running.includes(atom)) throw new Undecided(atom, test);
    return null;
  }

  startAlone(): void {
    this.#running = [];
  }

  checkpoint(): () => void {
    const { length } = this.#running;
    return () => {
      this.#running.length = length;
    };
  }

  setAside(): () => void {
    const running = this.#running;
    this.#running = [];
    return () => {
      this.#running = running;
    };
  }
}
