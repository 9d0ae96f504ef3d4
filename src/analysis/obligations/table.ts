/**
 * What must still happen before the model trains, or a bug is certain: an unfreeze that the optimizer must
 * hear of, an eval() that train() undid, a new head that was frozen with the rest. Each kind has its file here;
 * `moments.ts` tells them what happens in the program.
 *
 * An obligation is opened at the statement that would be blamed, on the path where the fault is certain. Any
 * touch that may cure it discharges it. Where paths meet, pending survives "never opened" (the guard of the
 * blamed statement may be unknown) and discharged survives pending. What is pending at a certain training
 * event is a violation.
 */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Sight } from '../observations/sight.ts';
import type { AtomId } from '../state/atoms.ts';
import type { Flag } from '../state/state.ts';
import type { ObjectId } from '../state/values.ts';
import type { ZeroGrad } from './gradient-left.ts';
import type { SchedulerLeftBehind } from './scheduler-left-behind.ts';
import type { NotedFlags } from './stale-wrappers.ts';
import type { UngradedPart } from './ungraded-parts.ts';

export type ObligationKind =
  /** A layer or Parameter was put into a model after its optimizer was built (D2). */
  | 'replacedOutsideOptimizer'
  /** Parameters were unfrozen and no optimizer holds them (catalogue D1). */
  | 'unfrozenOutsideOptimizer'
  /** An optimizer was built under the name of an argument, and nobody gets it (D6). */
  | 'optimizerRebound'
  /** A scheduler does not drive the optimizer, or not all of it (D5). */
  | 'schedulerLeftBehind'
  /** Parameters were frozen with gradients that their optimizer goes on applying (E1, E2). */
  | 'gradientLeft'
  /** A fresh layer was frozen by a sweep over more than itself (C1). */
  | 'headFrozen'
  /** A train() put a frozen part back into train mode for which eval() had been asked (G2). */
  | 'evalUndone';

export interface Obligation {
  readonly key: string;
  readonly kind: ObligationKind;
  /** What is blamed: the write itself, or the call of a helper that was handed what it wrote to. */
  readonly anchor: Span;
  /** How modules can be named there. */
  readonly sight: Sight;
  readonly atoms: readonly AtomId[];
  /** The head, or the part that was asked to be in eval mode. */
  readonly module: ObjectId | null;
  /** The optimizer concerned, as the program names it where the fault is, and where it was built. */
  readonly optimizer: { readonly id: ObjectId; readonly name: string | null; readonly built: Span } | null;
  /** The module as the program names it, null where it has no name there. */
  readonly moduleName: string | null;
  /** The other end: where the head was made, where eval() was asked for. */
  readonly origin: Span | null;
  /** Innermost scope of the blamed statement and its place: all writes of one loop share it. */
  readonly sweep: string;
  /** The scheduler that no longer fits, for that kind only. */
  readonly scheduler: SchedulerLeftBehind | null;
  /** What `zero_grad()` is taken to write, for gradients that were left only. */
  readonly zeroGrad?: ZeroGrad;
}

export interface Violation {
  readonly obligation: Obligation;
  /** The training event at which it was still pending. */
  readonly event: Span;
  /** The parameters it still concerns then. */
  readonly atoms: readonly AtomId[];
}

/** How one optimizer's visible steps went. */
export interface StepRecord {
  /** Steps at which everything it held was certainly frozen, and all other steps. */
  frozen: number;
  other: number;
  /** Steps at which a trainable rest of the model was certainly outside every optimizer, and all other steps. */
  outside: number;
  inside: number;
  outsideAtoms: readonly AtomId[];
  moduleName: string | null;
  firstFrozen: Span | null;
}

export interface FlagWrite {
  readonly atoms: readonly AtomId[];
  readonly before: ReadonlyMap<AtomId, Flag>;
  readonly value: boolean | null;
  readonly certain: boolean;
  readonly at: Span;
}

export class ObligationTable {
  readonly #known = new Map<string, Obligation>();
  readonly violations: Violation[] = [];
  readonly steps = new Map<ObjectId, StepRecord>();
  /** Fresh layers put into a model, by their identity. */
  readonly heads = new Map<
    ObjectId,
    { readonly parent: ObjectId; readonly name: string; readonly at: Span }
  >();
  /** eval() calls on parts of a model, by the part's identity. */
  readonly evalRequests = new Map<ObjectId, Span>();
  /** Every scheduler that was built, with the place. */
  readonly schedulers = new Map<ObjectId, Span>();
  /** Variables that an optimizer was bound to in place of the caller's. */
  readonly rebound = new Set<string>();
  /** Parameters whose `.grad` the program sets itself. */
  readonly ownGradients = new Set<AtomId>();
  /** Every optimizer that was built. */
  readonly optimizers = new Set<ObjectId>();
  /** What can be named where train() was called, by the call. */
  readonly trainSights = new Map<Span, Sight>();
  /** What optimizers are to train that had not run with gradients when they stepped. */
  readonly ungraded = new Map<string, UngradedPart>();
  /** The flags that wrappers took note of, by the wrapper. */
  readonly notedFlags = new Map<ObjectId, NotedFlags>();
  /** Everything one loop wrote to. */
  readonly sweeps = new Map<string, Set<AtomId>>();

  get(key: string): Obligation | undefined {
    return this.#known.get(key);
  }

  open(run: Interpreter, obligation: Obligation): void {
    if (run.dead || run.isMuted) return;
    const earlier = this.#known.get(obligation.key);
    const atoms = earlier ? [...new Set([...earlier.atoms, ...obligation.atoms])] : obligation.atoms;
    this.#known.set(obligation.key, { ...obligation, atoms });
    run.state.obligations.set(obligation.key, 'pending');
  }

  discharge(run: Interpreter, key: string): void {
    run.state.obligations.set(key, 'discharged');
  }

  pending(run: Interpreter): readonly Obligation[] {
    const found: Obligation[] = [];
    for (const [key, status] of run.state.obligations.entries()) {
      const obligation = status === 'pending' ? this.#known.get(key) : undefined;
      if (obligation) found.push(obligation);
    }
    return found;
  }

  /** Unseen code got hold of these: whatever was wrong with them may have been put right. */
  dischargeReached(run: Interpreter, objects: ReadonlySet<ObjectId>, atoms: ReadonlySet<AtomId>): void {
    for (const obligation of this.pending(run)) {
      const touched =
        overlaps(run, obligation.atoms, atoms) ||
        (obligation.module !== null && objects.has(obligation.module)) ||
        (obligation.scheduler !== null && objects.has(obligation.scheduler.id)) ||
        (obligation.optimizer !== null && objects.has(obligation.optimizer.id));
      if (touched) this.discharge(run, obligation.key);
    }
    for (const id of objects) if (this.heads.has(id)) run.state.obligations.set(freshKey(id), 'discharged');
  }

  report(obligation: Obligation, event: Span, atoms: readonly AtomId[]): void {
    if (this.violations.some((known) => known.obligation.key === obligation.key)) return;
    this.violations.push({ obligation, event, atoms });
  }

  checkpoint(): () => void {
    const { length } = this.violations;
    return () => {
      this.violations.length = length;
    };
  }
}

/** Whether a new layer is still as random as it was made. */
export const freshKey = (head: ObjectId): string => `fresh:${head}`;

export function overlaps(run: Interpreter, atoms: readonly AtomId[], others: ReadonlySet<AtomId>): boolean {
  return atoms.some((atom) => run.atoms.leaves(atom).some((leaf) => others.has(leaf)));
}
