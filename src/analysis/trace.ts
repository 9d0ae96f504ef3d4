import type { Span } from '../python/syntax.ts';
import type { AtomId } from './atoms.ts';
import type { OptimizerBuilt, TraceEvent } from './events.ts';
import type { Interpreter } from './interpreter.ts';
import type { StepRecord, Violation } from './obligations/table.ts';
import type { Snapshot } from './snapshot.ts';

/** How the visible steps of one optimizer went, with its construction. */
export interface OptimizerSteps extends StepRecord {
  readonly built: OptimizerBuilt;
}

/**
 * What happened when the program was run on paper: the product of the analysis. Rules, hovers and everything
 * else are queries on it.
 */
export class Trace {
  readonly #run: Interpreter;

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /** Everything of note in the order it happened; a statement that runs several times appears several times. */
  get events(): readonly TraceEvent[] {
    return this.#run.events;
  }

  /** The events of one kind. */
  eventsOf<K extends TraceEvent['kind']>(kind: K): readonly Extract<TraceEvent, { kind: K }>[] {
    return this.#run.events.filter((event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind);
  }

  /** Faults that were still there at a certain training event. */
  get violations(): readonly Violation[] {
    return this.#run.obligations.violations;
  }

  /** Optimizers that were stepped. */
  get steps(): readonly OptimizerSteps[] {
    const built = new Map(this.eventsOf('optimizerBuilt').map((event) => [event.optimizer, event]));
    return [...this.#run.obligations.steps].flatMap(([id, record]) => {
      const event = built.get(id);
      return event ? [{ ...record, built: event }] : [];
    });
  }

  /** True where the program somewhere uses an unknown object as only a module can be used. */
  isUsedAsModule(identity: string | null): boolean {
    return identity !== null && this.#run.moduleEvidence.has(identity);
  }

  /** True where the program somewhere reads an attribute of this name. */
  readsAttribute(name: string): boolean {
    return this.#run.attributesRead.has(name);
  }

  /** Modules and optimizers in global variables at the end of the top level; null where that was not reached. */
  get topLevel(): Snapshot | null {
    return this.#run.topLevel;
  }

  /** The exception that certainly ends the program, if there is one. */
  get raises(): { readonly at: Span; readonly error: string } | null {
    const { raised } = this.#run;
    return raised && { at: raised.at, error: raised.error };
  }

  /** True where the analysis gave up before the end of the program. */
  get isPartial(): boolean {
    return this.#run.exhausted;
  }

  /** The finest classes of some atoms now: a class that a later test split counts as its parts. */
  leaves(atoms: readonly AtomId[]): readonly AtomId[] {
    return atoms.flatMap((atom) => this.#run.atoms.leaves(atom));
  }

  /** Number of scalars in some parameters; null where one is unknown. */
  sizeOf(atoms: readonly AtomId[]): number | null {
    let total = 0;
    for (const atom of atoms) {
      const size = this.#run.atoms.sizeOf(atom);
      if (size === null) return null;
      total += size;
    }
    return total;
  }

  /** True where every atom is one real parameter, so that counting them counts tensors. */
  areCountable(atoms: readonly AtomId[]): boolean {
    return atoms.every((atom) => !this.#run.atoms.isClass(atom));
  }
}
