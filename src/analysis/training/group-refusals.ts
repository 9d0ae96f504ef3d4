/** Param groups that PyTorch refuses with a ValueError, when an optimizer is built or extended. */
import type { Call } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { certainlyExists } from '../modules/module-objects.ts';
import { Sight } from '../observations/sight.ts';
import type { AtomId } from '../state/atoms.ts';
import type { ListObject } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';
import { isCertain } from '../statements/iteration.ts';
import { groupsOf, membersOfGroup, parametersOf } from './optimizer-members.ts';

interface Refusal {
  /** Parameters that certainly stand in an earlier group as well. */
  readonly twice: readonly AtomId[];
  readonly isCertain: boolean;
  readonly isPossible: boolean;
}

/** Whether PyTorch refuses a group from number `first` on; groups that were edited afterwards are not looked at again. */
export function refusalOf(run: Interpreter, optimizer: ObjectId, first: number): Refusal {
  const groups = groupsOf(run, optimizer);
  if (!groups) return { twice: [], isCertain: false, isPossible: true };
  const twice = heldTwice(run, groups, first);
  const computed = computedMembers(run, groups, first);
  const isCertain = twice.length > 0 || computed === 'some';
  return {
    twice,
    isCertain,
    isPossible: isCertain || computed === 'maybe' || mayHoldTwice(run, groups, first),
  };
}

/** Whether a group from number `first` on holds a tensor that was computed: "can't optimize a non-leaf Tensor". */
function computedMembers(run: Interpreter, groups: ListObject, first: number): 'some' | 'maybe' | 'none' {
  const computed = groups.items.slice(first).flatMap((group) =>
    (parametersOf(run, group.value)?.list.items ?? []).flatMap(({ value, multiplicity }) => {
      if (value.kind !== 'tensor') return [];
      const isAttached = value.graph?.kind === 'attached';
      if (!isAttached && (value.graph || !/^(?:graph|result)$/.test(value.origin))) return [];
      return [isAttached && isCertain(group.multiplicity) && isCertain(multiplicity)];
    }),
  );
  return computed.includes(true) ? 'some' : computed.length > 0 ? 'maybe' : 'none';
}

/**
 * Tells rules of parameters that stand in two groups, unless the program may be prepared for the exception or may never
 * get here.
 */
export function tellRefusal(
  run: Interpreter,
  optimizer: ObjectId,
  call: Call,
  { twice: atoms }: Refusal,
): void {
  if (
    atoms.length === 0 ||
    run.exceptions.handlers.length > 0 ||
    run.certainty.unprovenRounds > 0 ||
    run.certainty.alternatives > 0
  )
    return;
  run.emit({ kind: 'groupRefused', call, optimizer, atoms, sight: new Sight(run) });
}

/** The parameters that a group from number `first` on certainly shares with an earlier group (catalogue d08). */
function heldTwice(run: Interpreter, groups: ListObject, first: number): readonly AtomId[] {
  const seen = new Set<AtomId>();
  return groups.items.flatMap(({ value, multiplicity }, index) => {
    if (!isCertain(multiplicity)) return [];
    const own = [...membersOfGroup(run, value).must];
    const again = index >= first ? own.filter((atom) => seen.has(atom) && certainlyExists(run, atom)) : [];
    for (const atom of own) seen.add(atom);
    return again;
  });
}

/** Whether PyTorch may refuse a group from number `first` on, as it may share a parameter with an earlier one. */
function mayHoldTwice(run: Interpreter, groups: ListObject, first: number): boolean {
  const seen = new Set<AtomId>();
  let seenAll = groups.complete;
  return groups.items.some(({ value }, index) => {
    const { may, complete } = membersOfGroup(run, value);
    const isSure = complete && [...may].every((atom) => !seen.has(atom));
    const holdsSome = may.size > 0 || !complete;
    const isDoubtful = index >= first && index > 0 && holdsSome && !(isSure && seenAll);
    for (const atom of may) seen.add(atom);
    seenAll &&= complete;
    return isDoubtful;
  });
}
