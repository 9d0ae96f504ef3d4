/** Which optimizers there are, and what they may hold together. */

import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { type AtomId, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import type { Obligation } from './table.ts';

/** The optimizers that the program can still reach through a variable. */
function liveOptimizers(run: Interpreter): readonly ObjectId[] {
  const { objects } = reachableFrom(run, run.state.variables.values());
  return [...objects].filter((id) => run.state.heap.get(id)?.kind === 'optimizer');
}

/** What all live optimizers may hold; null where one of them is not fully known, or there is none. */
export function heldByOptimizers(
  run: Interpreter,
): { readonly may: ReadonlySet<AtomId>; readonly ids: readonly ObjectId[] } | null {
  // What can be reached takes long to tell, and most programs build their models before any optimizer.
  if (![...run.obligations.optimizers].some((id) => membersOf(run, id).complete)) return null;
  const ids = liveOptimizers(run);
  if (ids.length === 0) return null;
  const may = new Set<AtomId>();
  for (const id of ids) {
    const members = membersOf(run, id);
    if (!members.complete) return null;
    for (const atom of members.may) may.add(atom);
  }
  return { may, ids };
}

/** The smallest module that holds both parameters of `some` and of `others`. */
export function commonModule(
  run: Interpreter,
  some: Iterable<AtomId>,
  others: Iterable<AtomId>,
): ObjectId | null {
  const wanted = new Set(some);
  const also = new Set(others);
  let best: { id: ObjectId; size: number } | null = null;
  for (const [id, object] of run.state.heap.entries()) {
    if (object.kind !== 'module' || object.generic) continue;
    const { may } = atomsBelow(run, id);
    if (best && may.length >= best.size) continue;
    if (may.some((atom) => wanted.has(atom)) && may.some((atom) => also.has(atom)))
      best = { id, size: may.length };
  }
  return best?.id ?? null;
}

/** Whether code out of sight may have given a parameter to an optimizer of its own. */
export function hasEscaped(run: Interpreter, leaf: AtomId): boolean {
  for (let atom: AtomId | null = leaf; atom !== null; atom = run.atoms.parentOf(atom)) {
    if (run.escaped.has(atom)) return true;
  }
  return false;
}

/** The parameters of an obligation that may still train and that certainly no optimizer holds. */
export function stillOutside(run: Interpreter, obligation: Obligation): readonly AtomId[] {
  const held = heldByOptimizers(run);
  if (!held) return [];
  return obligation.atoms
    .flatMap((atom) => run.atoms.leaves(atom))
    .filter(
      (atom) =>
        (run.state.flag(atom).bits & MAY_BE_TRAINABLE) !== 0 && !held.may.has(atom) && !hasEscaped(run, atom),
    );
}
