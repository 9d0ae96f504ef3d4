/** `object[index]`, read. */
import type { Expression } from '../../python/syntax.ts';
import { indexName } from '../builtins/strings.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable, mayHaveLostParts } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { exactNames } from '../modules/module-lists.ts';
import { emptyModule, opaqueChild } from '../modules/module-objects.ts';
import { childrenOf } from '../modules/module-parts.ts';
import { listOfIteration } from '../modules/refusals.ts';
import { parameterContainer, registered } from '../modules/registries.ts';
import type { NameTest } from '../state/atoms.ts';
import type { DictObject, Item, ListObject, ModuleObject } from '../state/heap.ts';
import {
  constant,
  external,
  isBoolean,
  isNumber,
  isString,
  NO_ARGUMENTS,
  type ObjectId,
  reference,
  sameValue,
  slotValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { graphOfResult, tensor } from '../tensors/graphs.ts';
import { bounds, sliceItems, sliceList } from './slices.ts';
import { anyChild, anyEntry, anyOf } from './unknown-places.ts';

export function getItem(
  run: Interpreter,
  object: Value,
  index: Value,
  isSlice: boolean,
  at: Expression,
): Value {
  switch (object.kind) {
    case 'tuple': {
      if (isSlice) {
        const items = sliceItems(object.items, index);
        return items ? { kind: 'tuple', items } : UNKNOWN;
      }
      if (isNumber(index) && object.items.at(index.value)) return object.items.at(index.value) ?? UNKNOWN;
      run.exceptions.doubt('IndexError', at);
      return anyEntry(
        run,
        object.items.map((value) => ({ value, multiplicity: 'one' })),
      );
    }
    case 'constant':
      if (typeof object.value !== 'string') return UNKNOWN;
      if (isSlice) {
        const limits = bounds(index);
        return limits?.step === 1 ? constant(object.value.slice(limits.start, limits.end)) : UNKNOWN;
      }
      return isNumber(index) ? constant(object.value.at(index.value) ?? '') : UNKNOWN;
    case 'atomName':
      return isSlice ? UNKNOWN : indexName(object, index);
    case 'parameter':
    case 'someParameter':
    case 'tensor':
      // A part of a tensor is a new node of the graph, whose flag cannot be changed (catalogue b06).
      return tensor(
        'graph',
        graphOfResult(run, [object], at, true),
        object.kind === 'tensor' ? object.of : object,
      );
    case 'method': {
      const listed = listOfIteration(run, object, 'index', at);
      return listed ? getItem(run, listed, index, isSlice, at) : getFromRegistry(run, object, index);
    }
    case 'external':
      // `models.__dict__['resnet18']`
      return object.path.endsWith('.__dict__') && isString(index)
        ? external(`${object.path.slice(0, -'.__dict__'.length)}.${index.value}`)
        : UNKNOWN;
    case 'reference':
      return getFromObject(run, object.id, index, isSlice, at);
    default:
      return UNKNOWN;
  }
}

/** `module._modules[name]`, `module._parameters[name]` */
function getFromRegistry(
  run: Interpreter,
  { receiver, name }: Value & { kind: 'method' },
  index: Value,
): Value {
  const object = run.object(receiver);
  if (receiver.kind !== 'reference' || object?.kind !== 'module') return UNKNOWN;
  if (name === '_modules') {
    if (!isString(index)) return anyChild(run, receiver.id, object);
    return slotValue(object.children.get(index.value) ?? [], reference);
  }
  if (name !== '_parameters') return UNKNOWN;
  const slots = isString(index)
    ? [object.parameters.get(index.value) ?? []]
    : [...object.parameters.values()];
  return slotValue(slots.flat(), (atom) => ({ kind: 'parameter', atom }));
}

function getFromObject(
  run: Interpreter,
  id: ObjectId,
  index: Value,
  isSlice: boolean,
  at: Expression,
): Value {
  const object = run.state.heap.get(id);
  switch (object?.kind) {
    case 'list': {
      if (isSlice) return sliceList(run, object, index, at);
      const known = isNumber(index) && object.complete ? atPosition(object, index.value) : null;
      if (known) return known;
      run.exceptions.doubt('IndexError', at);
      return anyOf(run, object.items);
    }
    case 'dictionary': {
      const entry = object.entries.find(({ key }) => sameValue(key, index));
      if (entry?.multiplicity === 'maybe') run.exceptions.doubt('KeyError');
      if (entry && (entry.multiplicity !== 'maybe' || !object.missing)) return entry.value;
      if (!object.missing) {
        if (!hasBothTruths(object)) run.exceptions.doubt('KeyError');
        return index.kind === 'constant' ? UNKNOWN : anyEntry(run, object.entries);
      }
      if (entry) {
        forgetWhatIsReachable(run, entry.value, null);
        return UNKNOWN;
      }
      if (!object.complete || index.kind !== 'constant') {
        // Reading has added an entry that nobody can name.
        run.state.heap.set(id, { ...object, complete: false });
        return index.kind === 'constant' ? UNKNOWN : anyEntry(run, object.entries);
      }
      const value = run.call(object.missing, NO_ARGUMENTS, at);
      const entries = [...object.entries, { key: index, value, multiplicity: 'one' as const }];
      run.state.heap.set(id, { ...object, entries });
      return value;
    }
    case 'module':
      return getFromModule(run, id, object, index, isSlice, at);
    case 'instance':
      return callOwnMethod(run, reference(id), '__getitem__', [index], at) ?? UNKNOWN;
    case 'iterator': {
      const listed = listOfIteration(run, reference(id), 'index', at);
      return listed ? getItem(run, listed, index, isSlice, at) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** Whether it is a dictionary of the form `{True: ..., False: ...}`, which is only ever asked for a truth value. */
const hasBothTruths = ({ entries, complete }: DictObject): boolean =>
  complete &&
  entries.length === 2 &&
  entries.every(({ key, multiplicity }) => isBoolean(key) && multiplicity === 'one');

/** `parameters[index]` of a `nn.ParameterList` or `nn.ParameterDict`; null for other modules. */
function getFromParameters(
  run: Interpreter,
  object: ModuleObject,
  index: Value,
  isSlice: boolean,
  at: Expression,
): Value | null {
  const kind = parameterContainer(object);
  if (!kind) return null;
  const entries = registered(object, '_parameters');
  if (isSlice) return sliceOfParts(run, entries, object.opaque === null, index, at);
  const isExact = object.opaque === null && entries.every(({ multiplicity }) => multiplicity === 'one');
  const wanted =
    kind === 'list' ? (isNumber(index) ? index.value : null) : isString(index) ? index.value : null;
  if (isExact && wanted !== null) {
    const found =
      typeof wanted === 'number' ? entries.at(wanted) : entries.find(({ name }) => name === wanted);
    if (found) return found.value;
  }
  // One of them, or several.
  return anyOf(run, entries);
}

/** The item at a position, where the items around it are one each. */
function atPosition(list: ListObject, position: number): Value | null {
  const before = position < 0 ? list.items.slice(position) : list.items.slice(0, position + 1);
  if (!before.every(({ multiplicity }) => multiplicity === 'one')) return null;
  return list.items.at(position)?.value ?? null;
}

function getFromModule(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  index: Value,
  isSlice: boolean,
  at: Expression,
): Value {
  const own = callOwnMethod(run, reference(id), '__getitem__', [index], at);
  if (own) return own;
  const parameter = getFromParameters(run, object, index, isSlice, at);
  if (parameter) return parameter;
  if (isSlice) return sliceModule(run, id, object, index, at);
  const names = [...object.children.keys()];
  if (isString(index)) {
    const options = object.children.get(index.value);
    if (options) return slotValue(options, reference);
    return opaqueChild(run, id, object, index.value) ?? UNKNOWN;
  }
  if (!isNumber(index)) {
    run.exceptions.doubt('IndexError', at);
    return anyChild(run, id, object);
  }
  if (!object.opaque && object.adopted.length === 0) {
    const name = names.at(index.value);
    return slotValue(name === undefined ? [] : (object.children.get(name) ?? []), reference);
  }
  // Of parts that code out of sight may have moved, nobody knows which one is where.
  if (mayHaveLostParts(run, id) && !object.children.has(String(index.value)) && names.length > 0) {
    run.exceptions.doubt('IndexError', at);
    return anyChild(run, id, object);
  }
  const direct = object.children.get(String(index.value))?.[0];
  if (direct) return reference(direct);
  return index.value >= 0
    ? (opaqueChild(run, id, object, String(index.value)) ?? UNKNOWN)
    : lastOfOpaque(run, id, object, index.value);
}

/** `blocks[-1]` of an unknown container: the class of parameters in it, or any child where some are known. */
function lastOfOpaque(run: Interpreter, id: ObjectId, object: ModuleObject, index: number): Value {
  if (object.children.size > 0) return anyChild(run, id, object);
  const test: NameTest = { kind: 'other', text: `in [${index}] of ${object.opaque?.path ?? id}`, after: '' };
  const atoms = childrenOf(run, id).flatMap(({ id: child }) => {
    const generic = run.state.heap.get(child);
    const atom = generic?.kind === 'module' ? generic.generic?.atom : undefined;
    return atom === undefined ? [] : (run.atoms.partition(atom, test)?.yes ?? []);
  });
  if (atoms.length === 0) return UNKNOWN;
  const childId = `${id}[${index}]`;
  run.state.heap.set(childId, emptyModule({ certain: object.certain, adopted: atoms, mode: object.mode }));
  return reference(childId);
}

/** A slice of a container whose parts are kept as a list, because they are not all known or are parameters. */
function sliceOfParts(
  run: Interpreter,
  items: readonly Item[],
  complete: boolean,
  index: Value,
  at: Expression,
): Value {
  const sliced = sliceList(run, { kind: 'list', items, complete }, index, at);
  const list = run.object(sliced);
  if (sliced.kind === 'reference' && list?.kind === 'list') {
    run.state.heap.set(sliced.id, { ...list, isSlice: true });
  }
  return sliced;
}

/** `sequential[a:b]`: a new container over the same modules (catalogue a15). */
function sliceModule(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  index: Value,
  at: Expression,
): Value {
  // The same module may be in it under several names.
  const names = exactNames(object);
  const sliced = names && sliceItems(names, index);
  if (!sliced) {
    const items = childrenOf(run, id, true).map(({ id: child, multiplicity }) => ({
      value: reference(child),
      multiplicity,
    }));
    return sliceOfParts(run, items, true, index, at);
  }
  const childId = run.identity(at, ':slice');
  // A ModuleList numbers anew, a Sequential keeps the names.
  const isNumbered = object.library === 'torch.nn.ModuleList';
  run.state.heap.set(
    childId,
    emptyModule({
      className: object.className,
      library: object.library ?? 'torch.nn.Sequential',
      children: new Map(
        sliced.map((name, position) => [
          isNumbered ? String(position) : name,
          object.children.get(name) ?? [],
        ]),
      ),
      mode: object.mode,
      built: at,
    }),
  );
  return reference(childId);
}
