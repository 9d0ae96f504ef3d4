/** Methods of lists, dictionaries, tuples and a module's registries. */

import type { Span } from '../../python/syntax.ts';
import { allArguments } from '../calls/call-arguments.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { isMember } from '../expressions/comparisons.ts';
import { getItem } from '../expressions/subscripts.ts';
import { anyEntry, anyOf } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { removeMember } from '../modules/module-changes.ts';
import { isRegistry, registered } from '../modules/registries.ts';
import { afterMembershipChange } from '../obligations/moments.ts';
import { bounded, type DictObject, type Item, type ListObject } from '../state/heap.ts';
import {
  type CallArguments,
  constant,
  isNumber,
  isString,
  NONE,
  type ObjectId,
  reference,
  sameValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import type { Sequence } from '../statements/iteration.ts';
import { mayCoincide, mergeEntries, viewOf, withoutDuplicates } from './entries.ts';
import { sortItems } from './ordering.ts';
import { sequenceOf } from './sequences.ts';

export function callCollectionMethod(
  run: Interpreter,
  receiver: Value,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const object = run.object(receiver);
  const [first] = args.positional;
  if (name === '__getitem__' && first)
    return getItem(run, receiver, first, false, { kind: 'none', start: at.start, end: at.end });
  if (receiver.kind === 'reference' && object?.kind === 'list') {
    return callListMethod(run, receiver.id, object, name, args, at);
  }
  if (receiver.kind === 'reference' && object?.kind === 'dictionary') {
    return callDictMethod(run, receiver.id, object, name, args, at);
  }
  if (receiver.kind === 'method') return callRegistryMethod(run, receiver, name, args, at);
  if (receiver.kind === 'reference' && object?.kind === 'iterator' && object.used !== 'yes') {
    // `send()`, `throw()` and `__next__()` run a part of it; what was never begun can be closed without a trace.
    if (name === 'close' && object.used === 'no')
      run.state.heap.set(receiver.id, { ...object, used: 'yes', usedAt: at });
    else forgetWhatIsReachable(run, [receiver, ...allArguments(args)], at);
  }
  return UNKNOWN;
}

/** `module._modules.values()` and the like. */
function callRegistryMethod(
  run: Interpreter,
  registry: Value & { kind: 'method' },
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const module = run.object(registry.receiver);
  if (module?.kind !== 'module' || registry.receiver.kind !== 'reference' || !isRegistry(registry.name))
    return UNKNOWN;
  const [first, second] = args.positional;
  const entries = registered(module, registry.name);
  switch (name) {
    case 'keys':
    case 'values':
    case 'items': {
      const items = viewOf(
        entries.map((entry) => ({ ...entry, key: constant(entry.name) })),
        name,
      );
      return run.allocate(at, { kind: 'list', items, complete: module.opaque === null });
    }
    case 'get':
    case 'pop': {
      const known = entries.find(({ name: key }) => first && isString(first) && key === first.value);
      if (known?.multiplicity !== 'one' || !first || !isString(first)) break;
      if (name === 'pop') removeMember(run, registry.receiver.id, first.value);
      return known.value;
    }
    default:
  }
  forgetWhatIsReachable(run, [registry.receiver, ...(first ? [first] : []), ...(second ? [second] : [])], at);
  return UNKNOWN;
}

/** The items that are in another collection, or those that are not. */
export function among(
  run: Interpreter,
  items: readonly Item[],
  other: Sequence,
  isKept: boolean,
): readonly Item[] {
  return items.flatMap((item): Item[] => {
    let isIn: boolean | null = other.complete ? false : null;
    for (const member of other.items) {
      const same = isMember(run, item.value, member);
      if (same === true) isIn = true;
      else if (same === null && isIn === false) isIn = null;
      if (isIn) break;
    }
    if (isIn === null) return [{ ...item, multiplicity: 'maybe' }];
    return isIn === isKept ? [item] : [];
  });
}

/** The place of the first item that is equal. */
function placeOf(run: Interpreter, list: ListObject, value: Value): Value {
  for (const [index, item] of list.items.entries()) {
    const same = item.multiplicity === 'one' ? isMember(run, value, item) : null;
    if (same === true) return constant(index);
    if (same === null) break;
  }
  return UNKNOWN;
}

/** A list after `remove(value)`, which takes the first one that is equal. */
function withoutOne(run: Interpreter, items: readonly Item[], value: Value): readonly Item[] {
  const rest: Item[] = [];
  for (const [index, item] of items.entries()) {
    const options = value.kind === 'union' ? value.options : [value];
    const answers = new Set(options.map((option) => isMember(run, option, item)));
    if (answers.size === 1 && answers.has(true)) return [...rest, ...items.slice(index + 1)];
    rest.push(answers.size === 1 && answers.has(false) ? item : { ...item, multiplicity: 'maybe' });
  }
  return rest;
}

function callListMethod(
  run: Interpreter,
  id: ObjectId,
  list: ListObject,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const [first, second] = args.positional;
  const put = (items: readonly Item[], complete = list.complete): Value => {
    run.state.heap.set(id, bounded({ ...list, items, complete }, run.spend));
    afterMembershipChange(run);
    return NONE;
  };
  const one = (value: Value): Item => ({
    value,
    // Appending what stands for a whole class appends every member of it.
    multiplicity: value.kind === 'parameter' && run.atoms.isClass(value.atom) ? 'many' : 'one',
  });
  switch (name) {
    case 'append':
    case 'appendleft':
      return first
        ? put(name === 'append' ? [...list.items, one(first)] : [one(first), ...list.items])
        : NONE;
    case 'add':
      if (!first) return NONE;
      if (list.items.some(({ value }) => sameValue(value, first)))
        return mayCoincide(first) ? put(list.items, false) : NONE;
      return put(withoutDuplicates([...list.items, one(first)]));
    case 'insert':
      if (!first || !second || !isNumber(first)) return put(list.items, false);
      return put(list.items.toSpliced(first.value, 0, one(second)));
    case 'extend': {
      const added = first ? sequenceOf(run, first, at, 'full') : { items: [], complete: false };
      return put([...list.items, ...added.items], list.complete && added.complete);
    }
    case 'update':
    case 'union': {
      const added = args.positional.map((one) => sequenceOf(run, one, at, 'full'));
      const items = withoutDuplicates([...list.items, ...added.flatMap((one) => one.items)]);
      const complete = list.complete && args.complete && added.every((one) => one.complete);
      if (name === 'union') return run.allocate(at, { kind: 'list', items, complete });
      return put(items, complete);
    }
    case 'clear':
      return put([], true);
    case 'pop': {
      const position = first && isNumber(first) ? first.value : first ? null : -1;
      const exact = list.complete && list.items.every(({ multiplicity }) => multiplicity === 'one');
      if (!exact || position === null || list.items.length === 0) run.exceptions.doubt('IndexError', at);
      if (!exact || position === null) {
        put(list.items.map((item) => ({ ...item, multiplicity: 'maybe' })));
        return anyOf(run, list.items);
      }
      const value = list.items.at(position)?.value ?? UNKNOWN;
      const index = position < 0 ? list.items.length + position : position;
      put(list.items.filter((_, other) => other !== index));
      return value;
    }
    case 'remove':
    case 'discard':
      if (!first) return put(list.items, false);
      return put(withoutOne(run, list.items, first));
    case 'reverse':
      return put([...list.items].reverse());
    case 'sort':
      return put(sortItems(run, list.items, args, at));
    case 'copy':
      return run.allocate(at, list);
    case 'index':
      return first && args.positional.length === 1 ? placeOf(run, list, first) : UNKNOWN;
    case 'count':
    case '__len__':
      return UNKNOWN;
    case 'difference':
    case 'intersection':
    case 'difference_update':
    case 'intersection_update': {
      const others = args.positional.map((one) => sequenceOf(run, one, at, 'full'));
      const isKept = name.startsWith('intersection');
      const items = others.reduce((kept, other) => among(run, kept, other, isKept), list.items);
      const complete = list.complete && args.complete;
      return name.endsWith('_update')
        ? put(items, complete)
        : run.allocate(at, { kind: 'list', items, complete });
    }
    default:
      forgetWhatIsReachable(run, reference(id), at);
      return UNKNOWN;
  }
}

function callDictMethod(
  run: Interpreter,
  id: ObjectId,
  dict: DictObject,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const [first, second] = args.positional;
  switch (name) {
    case 'keys':
    case 'values':
    case 'items': {
      const items = viewOf(dict.entries, name);
      return run.allocate(at, { kind: 'list', items, complete: dict.complete }, `:${name}`);
    }
    case 'get': {
      if (!first) return UNKNOWN;
      const known = dict.entries.find(({ key }) => sameValue(key, first));
      if (known) return known.value;
      if (first.kind !== 'constant') return run.joinValues(anyEntry(run, dict.entries), second ?? NONE);
      return dict.complete ? (second ?? NONE) : UNKNOWN;
    }
    case 'pop': {
      const value = first ? getItem(run, reference(id), first, false, { kind: 'none', ...at }) : UNKNOWN;
      const entries =
        first?.kind === 'constant'
          ? dict.entries.filter(({ key }) => !sameValue(key, first))
          : dict.entries.map((entry) => ({ ...entry, multiplicity: 'maybe' as const }));
      run.state.heap.set(id, { ...dict, entries });
      return value;
    }
    case 'update': {
      const other = first ? run.object(first) : null;
      const added =
        other?.kind === 'dictionary'
          ? other
          : { entries: [], complete: first === undefined && args.complete };
      const keyword = [...args.keywords].map(([key, value]) => ({
        key: constant(key) as Value,
        value,
        multiplicity: 'one' as const,
      }));
      run.state.heap.set(id, {
        ...dict,
        entries: mergeEntries(dict.entries, [...added.entries, ...keyword]),
        complete: dict.complete && added.complete,
      });
      return NONE;
    }
    case 'setdefault': {
      const known = first ? dict.entries.find(({ key }) => sameValue(key, first)) : undefined;
      if (known) return known.value;
      if (first?.kind !== 'constant' || !dict.complete) {
        run.state.heap.set(id, { ...dict, complete: false });
        return UNKNOWN;
      }
      const value = second ?? NONE;
      run.state.heap.set(id, {
        ...dict,
        entries: [...dict.entries, { key: first, value, multiplicity: 'one' }],
      });
      return value;
    }
    case 'copy':
      return run.allocate(at, dict);
    case 'clear':
      run.state.heap.set(id, { kind: 'dictionary', entries: [], complete: true });
      return NONE;
    default:
      forgetWhatIsReachable(run, reference(id), at);
      return UNKNOWN;
  }
}
