/** What optimizers change when they step: nothing, or only a part of what is trainable. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { certainlyExists } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { nameOf } from '../observations/names.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { mayMoveFrozen } from './gradient-left.ts';
import { hasEscaped, heldByOptimizers } from './ownership.ts';

export function recordStep(run: Interpreter, id: ObjectId, at: Span): void {
  const record = run.obligations.steps.get(id) ?? {
    frozen: 0,
    other: 0,
    outside: 0,
    inside: 0,
    outsideAtoms: [],
    moduleName: null,
    firstFrozen: null,
  };
  run.obligations.steps.set(id, record);
  const { must, may, complete } = membersOf(run, id);
  const held = [...may];
  const allFrozen =
    complete &&
    held.length > 0 &&
    must.size === may.size &&
    held.every((atom) => run.state.flag(atom).bits === MAY_BE_FROZEN) &&
    !mayMoveFrozen(run, id);
  if (allFrozen) {
    record.frozen++;
    record.firstFrozen ??= at;
  } else record.other++;

  const outside = complete && !allFrozen ? trainableOutside(run, held) : null;
  if (outside) {
    record.outside++;
    record.outsideAtoms = outside.atoms;
    record.moduleName = outside.name;
  } else record.inside++;
}

/** The certainly trainable rest of the model that ran forward, if no optimizer holds any of it. */
function trainableOutside(
  run: Interpreter,
  held: readonly AtomId[],
): { readonly atoms: readonly AtomId[]; readonly name: string | null } | null {
  const all = heldByOptimizers(run);
  if (!all || held.some((atom) => (run.state.flag(atom).bits & MAY_BE_TRAINABLE) === 0)) return null;
  for (const id of run.forwarded) {
    const object = run.state.heap.get(id);
    if (object?.kind !== 'module') continue;
    const { must, may } = atomsBelow(run, id);
    if (!held.some((atom) => may.includes(atom))) continue;
    // Who has the rest may have been given what was put in later.
    if (may.some((atom) => hasEscaped(run, atom))) continue;
    const atoms = must.filter(
      (atom) =>
        !all.may.has(atom) && run.state.flag(atom).bits === MAY_BE_TRAINABLE && certainlyExists(run, atom),
    );
    if (atoms.length > 0) return { atoms, name: nameOf(run, id) };
  }
  return null;
}
