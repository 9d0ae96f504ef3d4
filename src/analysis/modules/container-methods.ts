/** Methods of Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict as of lists and dictionaries. */
import type { Span } from '../../python/syntax.ts';
import { viewOf } from '../builtins/entries.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import type { DictEntry, Item, ModuleObject } from '../state/heap.ts';
import {
  type CallArguments,
  constant,
  isString,
  NONE,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { setItem } from '../statements/item-assignment.ts';
import { removeMember, setParameter } from './module-changes.ts';
import { addItems } from './module-construction.ts';
import { insertIntoContainer } from './module-lists.ts';
import { childrenOf } from './module-parts.ts';
import { parameterContainer, registered } from './registries.ts';

export function callContainerMethod(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const self = reference(id);
  const [first, second] = args.positional;
  switch (name) {
    case 'append':
      if (first) addAll(run, id, [{ value: first, multiplicity: 'one' }], true);
      return self;
    case 'extend': {
      const { items, complete } = first ? sequenceOf(run, first, at, 'full') : { items: [], complete: false };
      addAll(run, id, items, complete);
      return self;
    }
    case 'insert': {
      const inserted = first && second && insertIntoContainer(run, id, object, first, second);
      if (inserted) return inserted;
      break;
    }
    case 'update': {
      const given = first && args.keywords.size === 0 ? run.object(first) : null;
      if (given?.kind !== 'dictionary' || !given.complete) break;
      if (!given.entries.every(({ key, multiplicity }) => isString(key) && multiplicity === 'one')) break;
      for (const { key, value } of given.entries) setItem(run, self, key, false, value, at);
      return NONE;
    }
    case 'pop': {
      const known = entriesOf(run, id, object).find(
        ({ key }) => first && isString(first) && isString(key) && key.value === first.value,
      );
      if (known?.multiplicity !== 'one' || !first || !isString(first)) break;
      removeMember(run, id, first.value);
      return known.value;
    }
    case 'items':
    case 'keys':
    case 'values': {
      if (!object.certain) return UNKNOWN;
      const items = viewOf(entriesOf(run, id, object), name);
      // Of modules that are not known one by one there is one entry a class.
      const complete = object.opaque === null || parameterContainer(object) === null;
      return run.allocate(at, { kind: 'list', items, complete });
    }
    default:
  }
  forgetWhatIsReachable(run, [self, ...args.positional, ...args.keywords.values()], null);
  return UNKNOWN;
}

const entriesOf = (run: Interpreter, id: ObjectId, object: ModuleObject): readonly DictEntry[] =>
  parameterContainer(object)
    ? registered(object, '_parameters').map((entry) => ({ ...entry, key: constant(entry.name) }))
    : childrenOf(run, id, true).map(({ name, id: child, multiplicity }) => ({
        key: name,
        value: reference(child),
        multiplicity,
      }));

/** Adds modules, or to a ParameterList parameters, under the next numbers. */
function addAll(run: Interpreter, id: ObjectId, items: readonly Item[], complete: boolean): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || !parameterContainer(object)) {
    addItems(run, id, items, complete);
    return;
  }
  const isExact =
    complete &&
    object.opaque === null &&
    items.every(({ value, multiplicity }) => value.kind === 'parameter' && multiplicity === 'one');
  if (!isExact) {
    forgetWhatIsReachable(run, [reference(id), ...items.map(({ value }) => value)], null);
    return;
  }
  let next = object.parameters.size;
  for (const { value } of items)
    if (value.kind === 'parameter') setParameter(run, id, String(next++), value.atom);
}
