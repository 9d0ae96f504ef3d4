/** How certain it is that what is being run is run at all, and how often. */

import type { Interpreter } from '../interpreter.ts';
import { exitsOf } from './frames.ts';
import type { Part } from './part.ts';

export class Certainty implements Part {
  readonly #run: Interpreter;
  /**
   * How many enclosing rounds may never be reached although the loop is: all but the first, where nobody knows how
   * often the loop runs.
   */
  unprovenRounds = 0;
  /** How many bodies are being run once for several rounds: later ones of a loop, all members of a class. */
  repetitions = 0;
  /** How many unions are being gone through, each option by itself. */
  alternatives = 0;
  /** How many arms of undecided branches (and rounds of loops that may not run) enclose what runs. */
  #undecided = 0;
  /** True while some paths have left a block of the top level early. */
  #lostPaths = false;

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /** Whether every run of the program gets here, unless an exception ends it before. */
  get isReached(): boolean {
    return this.#undecided === 0 && !this.#lostPaths && this.#run.frames.every(({ lostPaths }) => !lostPaths);
  }

  /** Grows with every doubt, and is greater inside whatever may not run. */
  get doubts(): number {
    return this.#undecided;
  }

  /** From here on the program may have ended already. */
  doubtTheRest(): void {
    this.#undecided++;
  }

  /** Some paths left a block early: what follows may not be reached, until they meet the others again. */
  losePaths(lost = true): void {
    const frame = this.#run.frames.at(-1);
    if (frame) frame.lostPaths = lost;
    else this.#lostPaths = lost;
  }

  /**
   * Runs a block, with what brings the paths together that leave it early. They are lost no more then, unless some left
   * what is around it, too: by a return, or as `further` counts, by default by leaving a round of the loop around it.
   */
  rejoining(action: () => void, further = exitsOf(this.#run.loops.at(-1))): void {
    const frame = this.#run.frames.at(-1);
    const wasLost = frame?.lostPaths ?? this.#lostPaths;
    const exits = (): number => (frame?.returns.length ?? 0) + further();
    const before = exits();
    action();
    if (!wasLost && exits() === before) this.losePaths(false);
  }

  /** Runs a round of a loop that may end before it. */
  unproven(action: () => void): void {
    this.unprovenRounds++;
    action();
    this.unprovenRounds--;
  }

  /** Runs once what stands for several rounds. */
  repeated(action: () => void): void {
    this.repetitions++;
    action();
    this.repetitions--;
  }

  /** Runs what may not run at all. */
  undecided(action: () => void): void {
    this.#undecided++;
    action();
    this.#undecided--;
  }

  /** Runs the options of a union. */
  alternative(action: () => void): void {
    this.alternatives++;
    action();
    this.alternatives--;
  }

  startAlone(): void {
    this.repetitions = 0;
  }

  checkpoint(): () => void {
    const { unprovenRounds, repetitions, alternatives } = this;
    const undecided = this.#undecided;
    const lostPaths = this.#lostPaths;
    return () => {
      Object.assign(this, { unprovenRounds, repetitions, alternatives });
      this.#undecided = undecided;
      this.#lostPaths = lostPaths;
    };
  }

  setAside(): () => void {
    const { unprovenRounds, alternatives } = this;
    Object.assign(this, { unprovenRounds: 0, alternatives: 0 });
    this.#undecided++;
    return () => {
      Object.assign(this, { unprovenRounds, alternatives });
      this.#undecided--;
    };
  }
}
