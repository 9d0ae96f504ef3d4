/** A program with what was known at each of its statements, for whoever asks about places one cannot foresee. */
import { analyse } from '../analysis/analyse.ts';
import type { Snapshot } from '../analysis/places/snapshot.ts';
import type { Place } from '../analysis/places/watch.ts';
import type { Program } from '../analysis/program.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Module, Statement } from '../python/syntax.ts';

/**
 * Runs the program on paper a second time once something is first asked, about as long as the linter's run takes:
 * a text that nobody asks about costs nothing. Answers are kept.
 */
export class ObservedProgram {
  readonly module: Module;
  readonly #program: Program;
  #trace: Trace | null = null;
  readonly #snapshots = new Map<Place['at'], Map<Statement, Snapshot | null>>();

  constructor(module: Module, program: Program) {
    this.module = module;
    this.#program = program;
  }

  get trace(): Trace {
    this.#trace ??= analyse(this.module, this.#program, { everyStatement: true, functionEnds: true });
    return this.#trace;
  }

  /** Everything visible at a place; null where the analysis never gets there. */
  at(place: Place): Snapshot | null {
    const { at, node } = place;
    const known = this.#snapshots.get(at) ?? new Map<Statement, Snapshot | null>();
    this.#snapshots.set(at, known);
    let snapshot = known.get(node);
    if (snapshot === undefined) {
      snapshot = this.trace.at(place, 'visible');
      known.set(node, snapshot);
    }
    return snapshot;
  }
}
