/** `object[index] = value` and `del object[index]`. */

import type { Span } from '../../python/syntax.ts';
import { setVariable } from '../builtins/variables-by-text.ts';
import { callOwnMethod, invoke } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { memberOf } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { removeMember, setChild, setParameter } from '../modules/module-changes.ts';
import { deleteFromContainer, exactNames } from '../modules/module-lists.ts';
import { isParameterName } from '../modules/module-objects.ts';
import { isRegistry, parameterContainer } from '../modules/registries.ts';
import { afterMembershipChange, afterModuleChange } from '../obligations/moments.ts';
import type { DictEntry, Item, ModuleObject } from '../state/heap.ts';
import { type ClassInfo, isNumber, isString, NO_ARGUMENTS, sameValue, type Value } from '../state/values.ts';

export function setItem(
  run: Interpreter,
  object: Value,
  index: Value,
  isSlice: boolean,
  value: Value,
  at: Span,
): void {
  if (object.kind === 'method' && object.receiver.kind === 'reference') {
    if (object.name === '_modules' && isString(index) && value.kind === 'reference')
      setChild(run, object.receiver.id, index.value, [value.id]);
    else forgetWhatIsReachable(run, [object.receiver, value], null);
    return;
  }
  if (object.kind !== 'reference') return;
  const target = run.object(object);
  switch (target?.kind) {
    case 'list': {
      const position = isNumber(index) ? index.value : null;
      const exact = target.complete && target.items.every(({ multiplicity }) => multiplicity === 'one');
      if (!isSlice && exact && position !== null && target.items.at(position)) {
        const items = [...target.items];
        items[position < 0 ? items.length + position : position] = { value, multiplicity: 'one' };
        run.state.heap.set(object.id, { ...target, items });
      } else {
        // Any of them may have been replaced.
        if (!isSlice) run.exceptions.doubt('IndexError', at);
        const items = [...target.items, { value, multiplicity: 'one' as const }].map(perhaps);
        run.state.heap.set(object.id, { ...target, items, complete: false });
      }
      afterMembershipChange(run);
      return;
    }
    case 'dictionary':
      run.state.heap.set(object.id, {
        ...target,
        ...withEntry(run, target.entries, target.complete, index, value),
      });
      if (target.variablesOf !== undefined) setVariable(run, target.variablesOf, index, value);
      afterMembershipChange(run);
      return;
    case 'instance':
      if (!setByMethod(run, object, target.info, index, value, at) && target.info)
        forgetWhatIsReachable(run, [object, value], null);
      return;
    case 'module': {
      if (setByMethod(run, object, target.info, index, value, at)) return;
      if (parameterContainer(target) && value.kind === 'parameter') {
        const key = isString(index) || isNumber(index) ? String(index.value) : null;
        if (key !== null && (parameterContainer(target) === 'dictionary' || target.parameters.has(key)))
          setParameter(run, object.id, key, value.atom);
        else forgetWhatIsReachable(run, [object, value], null);
        return;
      }
      const name = childName(target, index);
      const child = run.object(value);
      if (name !== null && value.kind === 'reference' && child?.kind === 'module') {
        const before = target.children.get(name) ?? [];
        setChild(run, object.id, name, [value.id]);
        afterModuleChange(run, object.id, name, before, [value.id], at);
      } else forgetWhatIsReachable(run, [object, value], null);
      return;
    }
    default:
      return;
  }
}

/** Hands an item to `__setitem__` of the program's own class; false where it has none. */
function setByMethod(
  run: Interpreter,
  self: Value,
  info: ClassInfo | null,
  index: Value,
  value: Value,
  at: Span,
): boolean {
  const method = info && memberOf(run, info, '__setitem__')?.value;
  if (method?.kind !== 'function') return false;
  invoke(run, { ...method, self }, { ...NO_ARGUMENTS, positional: [index, value] }, at);
  return true;
}

/** The registered name behind `container[index]`. */
function childName(object: ModuleObject, index: Value): string | null {
  if (isString(index)) return isParameterName(index.value) ? null : index.value;
  if (!isNumber(index)) return null;
  // From the front, what is known of an open container stands where it stood.
  if (object.opaque) {
    return index.value < 0 ? null : ([...object.children.keys()][index.value] ?? String(index.value));
  }
  return exactNames(object)?.at(index.value) ?? null;
}

function withEntry(
  run: Interpreter,
  entries: readonly DictEntry[],
  complete: boolean,
  key: Value,
  value: Value,
): { readonly entries: readonly DictEntry[]; readonly complete: boolean } {
  if (key.kind !== 'constant') {
    // Any of them may have been replaced.
    const mixed = entries.map((entry) => ({ ...entry, value: run.joinValues(entry.value, value) }));
    return { entries: mixed, complete: false };
  }
  const entry: DictEntry = { key, value, multiplicity: 'one' };
  const position = entries.findIndex((known) => sameValue(known.key, key));
  if (position < 0) return { entries: [...entries, entry], complete };
  return { entries: entries.with(position, entry), complete };
}

/** An item or entry that may be gone. */
const perhaps = <T extends Item | DictEntry>(item: T): T => ({ ...item, multiplicity: 'maybe' });

export function deleteItem(run: Interpreter, object: Value, index: Value, at: Span): void {
  if (object.kind === 'method' && object.receiver.kind === 'reference') {
    if (isRegistry(object.name) && isString(index)) removeMember(run, object.receiver.id, index.value);
    else forgetWhatIsReachable(run, object.receiver, null);
    return;
  }
  if (object.kind !== 'reference') return;
  const target = run.object(object);
  if (callOwnMethod(run, object, '__delitem__', [index], at)) return;
  if (target?.kind === 'list') {
    const exact = target.complete && target.items.every(({ multiplicity }) => multiplicity === 'one');
    const position = isNumber(index) ? index.value : null;
    const items =
      exact && position !== null
        ? target.items.filter((_, index) => index !== (position + target.items.length) % target.items.length)
        : null;
    if (!items) run.exceptions.doubt('IndexError', at);
    run.state.heap.set(object.id, { ...target, items: items ?? target.items.map(perhaps) });
  } else if (target?.kind === 'dictionary') {
    const entries =
      index.kind === 'constant'
        ? target.entries.filter(({ key }) => !sameValue(key, index))
        : target.entries.map(perhaps);
    run.state.heap.set(object.id, { ...target, entries });
  } else if (target?.kind === 'module') {
    if (isString(index)) removeMember(run, object.id, index.value);
    else deleteFromContainer(run, object.id, target, index);
  }
}
