/** Methods of lists, dictionaries, tuples and a module's registries. */
import type { Span } from '../python/syntax.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import type { DictObject, Item, ListObject, ModuleObject, Multiplicity } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { afterMembershipChange } from './obligations/moments.ts';
import { sequenceOf } from './sequences.ts';
import { getItem } from './subscripts.ts';
import { anyEntry, anyOf } from './unknown-places.ts';
import {
  type CallArguments,
  constant,
  isNumber,
  NONE,
  type ObjectId,
  reference,
  sameValue,
  UNKNOWN,
  type Value,
} from './values.ts';

export function callCollectionMethod(
  run: Interpreter,
  receiver: Value,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const object = run.object(receiver);
  if (receiver.kind === 'reference' && object?.kind === 'list') {
    return callListMethod(run, receiver.id, object, name, args, at);
  }
  if (receiver.kind === 'reference' && object?.kind === 'dictionary') {
    return callDictMethod(run, receiver.id, object, name, args, at);
  }
  if (receiver.kind === 'method') return callRegistryMethod(run, receiver, name, at);
  return UNKNOWN;
}

/** Whether an attribute is one of the dictionaries in which a module keeps its own. */
export const isRegistry = (name: string): boolean => name === '_modules' || name === '_parameters';

/** What `module._modules` or `module._parameters` holds, in order. */
export function registered(
  module: ModuleObject,
  registry: string,
): readonly { readonly name: string; readonly value: Value; readonly multiplicity: Multiplicity }[] {
  const options: (readonly [string, readonly (Value | null)[]])[] =
    registry === '_modules'
      ? [...module.children].map(([name, ids]) => [
          name,
          ids.map((id) => (id === null ? null : reference(id))),
        ])
      : [...module.parameters].map(([name, atoms]) => [
          name,
          atoms.map((atom) => (atom === null ? null : { kind: 'parameter', atom })),
        ]);
  return options.flatMap(([name, values]) =>
    values.flatMap((value) =>
      value
        ? [{ name, value, multiplicity: values.length === 1 ? ('one' as const) : ('maybe' as const) }]
        : [],
    ),
  );
}

/** `module._modules.values()` and the like. */
function callRegistryMethod(
  run: Interpreter,
  registry: Value & { kind: 'method' },
  name: string,
  at: Span,
): Value {
  const module = run.object(registry.receiver);
  if (module?.kind !== 'module' || !isRegistry(registry.name)) return UNKNOWN;
  const items = registered(module, registry.name).map(({ name: key, value, multiplicity }): Item => {
    const pair: Value = { kind: 'tuple', items: [constant(key), value] };
    return { value: name === 'items' ? pair : name === 'keys' ? constant(key) : value, multiplicity };
  });
  return run.allocate(at, { kind: 'list', items, complete: module.opaque === null });
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
    run.state.heap.set(id, { kind: 'list', items, complete });
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
      if (!first || list.items.some(({ value }) => sameValue(value, first))) return NONE;
      return put([...list.items, one(first)]);
    case 'insert':
      if (!first || !second || !isNumber(first)) return put(list.items, false);
      return put(list.items.toSpliced(first.value, 0, one(second)));
    case 'extend':
    case 'update':
    case 'union': {
      const added = first ? sequenceOf(run, first, at, 'full') : { items: [], complete: false };
      const items = [...list.items, ...added.items];
      const complete = list.complete && added.complete;
      if (name === 'union') return run.allocate(at, { kind: 'list', items, complete });
      return put(items, complete);
    }
    case 'clear':
      return put([], true);
    case 'pop': {
      const position = first && isNumber(first) ? first.value : first ? null : -1;
      const exact = list.complete && list.items.every(({ multiplicity }) => multiplicity === 'one');
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
      put(list.items.filter(({ value }) => !first || !sameValue(value, first)));
      return NONE;
    case 'reverse':
      return put([...list.items].reverse());
    case 'sort':
    case 'copy':
      return name === 'copy' ? run.allocate(at, list) : NONE;
    case 'count':
    case 'index':
    case '__len__':
      return UNKNOWN;
    case 'difference':
    case 'intersection': {
      const items = list.items.map((item): Item => ({ ...item, multiplicity: 'maybe' }));
      return run.allocate(at, { kind: 'list', items, complete: list.complete });
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
  const view = (pick: (key: Value, value: Value) => Value): Value =>
    run.allocate(
      at,
      {
        kind: 'list',
        items: dict.entries.map(({ key, value, multiplicity }) => ({
          value: pick(key, value),
          multiplicity,
        })),
        complete: dict.complete,
      },
      `:${name}`,
    );
  switch (name) {
    case 'keys':
      return view((key) => key);
    case 'values':
      return view((_, value) => value);
    case 'items':
      return view((key, value) => ({ kind: 'tuple', items: [key, value] }));
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
      const fresh = [...added.entries, ...keyword];
      const kept = dict.entries.filter(({ key }) => !fresh.some((entry) => sameValue(entry.key, key)));
      run.state.heap.set(id, {
        kind: 'dictionary',
        entries: [...kept, ...fresh],
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
