/** Layers and Parameters put into a model whose optimizer was built before, and so does not hold them (catalogue D2). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { certainlyExists } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { type AtomId, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { blameWhereAtHand } from './blame.ts';
import { hasEscaped, heldByOptimizers, stillOutside } from './ownership.ts';
import { type FlagWrite, type Obligation, overlaps } from './table.ts';

const pending = (run: Interpreter): readonly Obligation[] =>
  run.obligations.pending(run).filter(({ kind }) => kind === 'replacedOutsideOptimizer');

/** What was put in under a name of a module, and what was there. */
export interface Replacement {
  readonly parent: ObjectId;
  readonly name: string;
  /** Parameters that the name led to before; empty where the name is new, or nothing is known of it. */
  before(): readonly AtomId[];
  /** Parameters that the name leads to now: certainly, and at most. */
  after(): { readonly must: readonly AtomId[]; readonly may: readonly AtomId[] };
  /** The module that was put in; null for a Parameter. */
  readonly module: ObjectId | null;
  readonly at: Span;
}

/**
 * Opens the obligation where the optimizer certainly holds what was there before, or all the rest of the model,
 * and the new parameters are certainly trainable and nobody's.
 */
export function afterReplacement(run: Interpreter, replacement: Replacement): void {
  const held = heldByOptimizers(run);
  if (!held || run.dead) return;
  const { parent, name, module, at } = replacement;
  const { must, may } = replacement.after();
  if (must.length === 0 || must.length !== may.length) return;
  const before = replacement.before();
  const around = atomsBelow(run, parent);
  if ([...around.may, ...before].some((atom) => hasEscaped(run, atom))) return;
  const outside = must.filter((atom) => !held.may.has(atom) && certainlyExists(run, atom));
  if (outside.length === 0 || outside.some((atom) => run.state.flag(atom).bits !== MAY_BE_TRAINABLE)) return;
  const rest = around.must.filter((atom) => !may.includes(atom));
  const id = held.ids.find((candidate) => {
    const certain = membersOf(run, candidate).must;
    return before.length > 0
      ? before.some((atom) => certain.has(atom))
      : rest.length > 0 && rest.every((atom) => certain.has(atom));
  });
  const optimizer = id === undefined ? undefined : run.state.heap.get(id);
  if (id === undefined || optimizer?.kind !== 'optimizer') return;
  const { anchor, scopes } = blameWhereAtHand(run, { atoms: must, at }, id);
  const parentName = nameOf(run, parent, scopes);
  const ownName = module === null ? null : nameOf(run, module, scopes);
  run.obligations.open(run, {
    key: `replaced:${at.start}:${parent}.${name}:${id}`,
    kind: 'replacedOutsideOptimizer',
    anchor,
    sight: new Sight(run, scopes),
    atoms: outside,
    module,
    moduleName: ownName ?? (parentName === null ? null : `${parentName}.${name}`),
    optimizer: { id, name: nameOf(run, id, scopes), built: optimizer.built },
    origin: null,
    sweep: '',
    scheduler: null,
  });
}

/** What is frozen needs no optimizer; of what may be frozen nothing is certain. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite): void {
  const written = new Set(write.atoms);
  for (const obligation of pending(run)) {
    if (write.value !== true && overlaps(run, obligation.atoms, written)) {
      run.obligations.discharge(run, obligation.key);
    }
  }
}

/** An optimizer may hold now what was put in. */
export function afterMembershipChange(run: Interpreter): void {
  for (const obligation of pending(run)) {
    if (stillOutside(run, obligation).length === 0) run.obligations.discharge(run, obligation.key);
  }
}

/** The optimizer that trains the rest of the model steps; another one's step says nothing. */
export function settleStep(run: Interpreter, optimizer: ObjectId, at: Span): void {
  for (const obligation of pending(run)) {
    if (obligation.optimizer?.id !== optimizer) continue;
    const outside = stillOutside(run, obligation);
    if (outside.length > 0) run.obligations.report(obligation, at, outside);
  }
}
