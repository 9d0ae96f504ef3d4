/** What an optimizer holds: the parameters in the `params` of its groups. */

import type { Interpreter } from '../interpreter.ts';
import type { AtomId } from '../state/atoms.ts';
import type { DictEntry, DictObject, ListObject } from '../state/heap.ts';
import { isString, type ObjectId, type Value } from '../state/values.ts';

export interface Members {
  /** Certainly held. */
  readonly must: ReadonlySet<AtomId>;
  /** Held at most, where `complete`. */
  readonly may: ReadonlySet<AtomId>;
  /** False where it may hold parameters that are not listed. */
  readonly complete: boolean;
}

/** The list of an optimizer's param groups; null where it is not known. */
export function groupsOf(run: Interpreter, optimizer: ObjectId): ListObject | null {
  const object = run.state.heap.get(optimizer);
  const groups = object?.kind === 'optimizer' ? run.state.heap.get(object.groups) : undefined;
  return groups?.kind === 'list' ? groups : null;
}

export function membersOf(run: Interpreter, optimizer: ObjectId): Members {
  const must = new Set<AtomId>();
  const may = new Set<AtomId>();
  const groups = groupsOf(run, optimizer);
  if (!groups) return { must, may, complete: false };
  let { complete } = groups;
  for (const group of groups.items) {
    const part = membersOfGroup(run, group.value);
    complete &&= part.complete;
    for (const atom of part.may) may.add(atom);
    if (group.multiplicity === 'one' || group.multiplicity === 'many')
      for (const atom of part.must) must.add(atom);
  }
  return { must, may, complete };
}

/**
 * What is held, group by group and in order, a parameter that stands twice counting twice, and a tensor that the program
 * made itself being null; null as a whole where that is not exactly known.
 */
export function heldInOrder(run: Interpreter, optimizer: ObjectId): readonly (AtomId | null)[] | null {
  const groups = groupsOf(run, optimizer);
  if (!groups?.complete) return null;
  const held: (AtomId | null)[] = [];
  for (const { value, multiplicity } of groups.items) {
    const known = parametersOf(run, value);
    if (multiplicity !== 'one' || known?.entry.multiplicity !== 'one' || !known.list.complete) return null;
    for (const { value: member, multiplicity: certainty } of known.list.items) {
      const isNew = member.kind === 'tensor' && (member.origin === 'fresh' || member.origin === 'leaf');
      if (certainty !== 'one' || !(isNew || member.kind === 'parameter')) return null;
      if (member.kind === 'parameter' && run.atoms.isClass(member.atom)) return null;
      held.push(member.kind === 'parameter' ? member.atom : null);
    }
  }
  return held;
}

/** The `params` of a group. */
export const parametersEntry = (group: DictObject): DictEntry | undefined =>
  group.entries.find(({ key }) => isString(key) && key.value === 'params');

/** The `params` of a group, with the list behind it; null where that is not known. */
export function parametersOf(
  run: Interpreter,
  value: Value,
): { readonly entry: DictEntry; readonly list: ListObject } | null {
  const group = run.object(value);
  const entry = group?.kind === 'dictionary' ? parametersEntry(group) : undefined;
  const list = entry ? run.object(entry.value) : null;
  return entry && list?.kind === 'list' ? { entry, list } : null;
}

/** What one param group holds. */
export function membersOfGroup(run: Interpreter, value: Value): Members {
  const must = new Set<AtomId>();
  const may = new Set<AtomId>();
  const known = parametersOf(run, value);
  if (!known) return { must, may, complete: false };
  const { entry, list } = known;
  let { complete } = list;
  for (const { value: member, multiplicity } of list.items) {
    if (member.kind === 'parameter') {
      for (const leaf of run.atoms.leaves(member.atom)) {
        may.add(leaf);
        if (multiplicity !== 'maybe' && entry.multiplicity === 'one') must.add(leaf);
      }
    } else if (member.kind === 'someParameter') {
      for (const atom of member.atoms) for (const leaf of run.atoms.leaves(atom)) may.add(leaf);
    } else complete = false;
  }
  return { must, may, complete };
}
