/** Parts that an optimizer is to train and that only ever run where no gradients are recorded (catalogue F2). */
import type { ClassDefinition, Span } from '../../python/syntax.ts';
import { findMember } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow, knownModulesBelow } from '../modules/module-parts.ts';
import { isImported } from '../program.ts';
import { type AtomId, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ObjectId } from '../state/values.ts';
import { groupsOf, membersOf, membersOfGroup } from '../training/optimizer-members.ts';
import { hasEscaped } from './ownership.ts';

export interface UngradedPart {
  readonly module: ObjectId;
  readonly atoms: readonly AtomId[];
  /** The class whose forward() runs it and the attribute that holds it; null where the program runs it by itself. */
  readonly attribute: { readonly definition: ClassDefinition; readonly name: string } | null;
  /** What shows that it is meant to train: where it was unfrozen, or where an optimizer got it as a group of its own. */
  readonly meant: { readonly how: 'unfrozen' | 'group'; readonly at: Span };
  readonly step: Span;
}

/** `optimizer.step()`: notes what it is to train that has not run with gradients so far. */
export function settleStep(run: Interpreter, id: ObjectId, at: Span): void {
  const { must } = membersOf(run, id);
  if (must.size === 0) return;
  // Asked for by few programs, and a walk through all there is: not before it is.
  let runOutOfSight: ReadonlySet<ObjectId> | null = null;
  const note = (module: ObjectId, attribute: UngradedPart['attribute']): void => {
    const key = `${id} ${module}`;
    if (run.obligations.ungraded.has(key)) return;
    const below = atomsBelow(run, module);
    const isToTrain = below.must.every(
      (atom) => must.has(atom) && run.state.flag(atom).bits === MAY_BE_TRAINABLE && !hasEscaped(run, atom),
    );
    if (below.must.length === 0 || below.must.length !== below.may.length || !isToTrain) return;
    const meant = meantToTrain(run, id, below.must);
    runOutOfSight ??= meant && partsRunOutOfSight(run);
    if (meant && !runOutOfSight?.has(module))
      run.obligations.ungraded.set(key, { module, atoms: below.must, attribute, meant, step: at });
  };
  for (const [module, object] of run.state.heap.entries()) {
    if (object.kind !== 'module' || !object.certain || object.generic) continue;
    const pass = run.passes.of(module);
    if (!pass) continue;
    if (!pass.withGradients) note(module, null);
    else if (object.info) {
      for (const [name, [child]] of object.children) {
        if (child) note(child, { definition: object.info.definition, name });
      }
    }
  }
}

/**
 * Parts of models that ran with gradients and whose classes are of other files: their methods are run on paper only where
 * the program calls them by name, so nobody knows what their forward() did.
 */
function partsRunOutOfSight(run: Interpreter): ReadonlySet<ObjectId> {
  const parts = new Set<ObjectId>();
  for (const [module, object] of run.state.heap.entries()) {
    if (object.kind !== 'module' || !object.info || !run.passes.of(module)?.withGradients) continue;
    const forward = findMember(object.info, 'forward')?.value;
    if (forward?.kind === 'function' && !isImported(forward.definition)) continue;
    for (const part of knownModulesBelow(run, module)) parts.add(part);
  }
  return parts;
}

function meantToTrain(
  run: Interpreter,
  optimizer: ObjectId,
  atoms: readonly AtomId[],
): UngradedPart['meant'] | null {
  const wanted = new Set(atoms);
  const [first] = atoms;
  const writer = first === undefined ? null : run.state.flag(first).writer;
  if (writer && writer !== 'several') {
    const isOwnWrite = [...run.obligations.sweeps].some(
      ([key, swept]) =>
        key.endsWith(`:${writer.start}`) && swept.size > 0 && [...swept].every((atom) => wanted.has(atom)),
    );
    if (isOwnWrite) return { how: 'unfrozen', at: writer };
  }
  const object = run.state.heap.get(optimizer);
  const groups = groupsOf(run, optimizer);
  if (object?.kind !== 'optimizer' || !groups) return null;
  const hasOwnGroup = groups.items.some(({ value }) => {
    const { may, complete } = membersOfGroup(run, value);
    return complete && may.size > 0 && [...may].every((atom) => wanted.has(atom));
  });
  return hasOwnGroup ? { how: 'group', at: object.built } : null;
}
