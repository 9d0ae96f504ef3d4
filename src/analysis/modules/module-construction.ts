/** Modules made by the library: layers, containers, known architectures. */

import type { Span } from '../../python/syntax.ts';
import { type ArgumentValue, UNKNOWN as UNKNOWN_ARGUMENT } from '../../torch/arguments.ts';
import { buildLayer, findLayer } from '../../torch/layers.ts';
import type { ModelLibrary } from '../../torch/library-parts.ts';
import type { ModuleTree } from '../../torch/module-tree.ts';
import { canonicalName } from '../../torch/names.ts';
import { buildTorchvisionLayer } from '../../torch/torchvision-layers.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { positionalItems } from '../calls/call-arguments.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { memberOf } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { MAY_BE_FROZEN, MAY_BE_TRAINABLE, UNKNOWN_FLAG } from '../state/atoms.ts';
import type { HeapObject, Item } from '../state/heap.ts';
import {
  type CallArguments,
  isString,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { setChild, setParameter } from './module-changes.ts';
import { emptyModule, newOpaquePart, plantTree, plantUnknown } from './module-objects.ts';

/** Abstract arguments as src/torch takes them. */
export function toTorchArguments(run: Interpreter, args: CallArguments) {
  const given = new Map<ModuleTree, ObjectId>();
  const tree = (id: ObjectId): ModuleTree | null => {
    const known = treeOf(run, id);
    if (known) given.set(known, id);
    return known;
  };
  const convert = (value: Value): ArgumentValue => {
    switch (value.kind) {
      case 'constant':
        return value.value;
      case 'tuple':
        return value.items.map(convert);
      case 'external':
        return value.path;
      case 'reference': {
        const object = run.object(value);
        if (
          object?.kind === 'list' &&
          object.complete &&
          object.items.every((item) => item.multiplicity === 'one')
        ) {
          return object.items.map((item) => convert(item.value));
        }
        return object?.kind === 'module' ? (tree(value.id) ?? UNKNOWN_ARGUMENT) : UNKNOWN_ARGUMENT;
      }
      default:
        return UNKNOWN_ARGUMENT;
    }
  };
  return {
    positional: args.positional.map(convert),
    keywords: new Map([...args.keywords].map(([name, value]) => [name, convert(value)] as const)),
    open: !args.complete,
    /** The modules behind the trees among the arguments. */
    given,
  };
}

const startsFrozen = (bits: number): 'certain' | 'maybe' => (bits === MAY_BE_FROZEN ? 'certain' : 'maybe');

/** A module of the heap as plain data, for layers that copy what they are given; null where it is not known. */
function treeOf(run: Interpreter, id: ObjectId): ModuleTree | null {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || object.opaque || object.generic || object.adopted.length > 0) return null;
  const children: ModuleTree['children'][number][] = [];
  for (const [name, [child, ...others]] of object.children) {
    const tree = child && others.length === 0 ? treeOf(run, child) : null;
    if (!tree) return null;
    children.push({ name, tree, presence: 'certain' });
  }
  return {
    className: object.className,
    qualifiedName: object.library ?? object.className,
    parameters: [...object.parameters].map(([name, [atom]]) => {
      if (atom === undefined || atom === null) return { name, shape: null, presence: 'maybe' };
      const { bits } = run.state.flag(atom);
      const frozen = bits === MAY_BE_TRAINABLE ? {} : { startsFrozen: startsFrozen(bits) };
      return { name, shape: run.atoms.shapeOf(atom), presence: 'certain', ...frozen };
    }),
    buffers: [],
    children,
    complete: true,
    modeEffect: object.modeSensitive ? 'running-statistics' : 'none',
  };
}

/** `nn.Something(...)`, or a module of torchvision such as `FastRCNNPredictor(...)`; null for what is neither. */
export function buildLibraryModule(
  run: Interpreter,
  path: string,
  args: CallArguments,
  at: Span,
): Value | null {
  const layer = findLayer(path);
  if (layer?.container) {
    const id = run.identity(at, `:${layer.name}`);
    run.state.heap.set(
      id,
      emptyModule({ className: layer.name, library: layer.qualifiedName, built: at, origin: 'layer' }),
    );
    fillContainer(run, id, layer.container, args, at);
    return reference(id);
  }
  const torchArguments = toTorchArguments(run, args);
  const tree = (layer ? buildLayer : buildTorchvisionLayer)(path, torchArguments);
  if (!tree) return null;
  const id = run.identity(at, `:${tree.className}`);
  plantTree(run, id, tree, 'layer', at, torchArguments.given);
  return reference(id);
}

function fillContainer(
  run: Interpreter,
  id: ObjectId,
  container: string,
  args: CallArguments,
  at: Span,
): void {
  const [first] = args.positional;
  if (container === 'Sequential') {
    const given = first && args.positional.length === 1 ? run.object(first) : null;
    if (given?.kind === 'dictionary') addNamed(run, id, given.entries, given.complete);
    else {
      addItems(run, id, positionalItems(args), args.complete);
    }
    return;
  }
  if (!first) return;
  if (container === 'ModuleList') {
    const { items, complete } = sequenceOf(run, first, at, 'full');
    addItems(run, id, items, complete);
  } else if (container === 'ModuleDict') {
    const given = run.object(first);
    if (given?.kind === 'dictionary') addNamed(run, id, given.entries, given.complete);
    else addUnknownPart(run, id);
  } else if (container === 'ParameterList') {
    const { items, complete } = sequenceOf(run, first, at, 'full');
    for (const [index, { value, multiplicity }] of items.entries()) {
      if (value.kind === 'parameter' && multiplicity === 'one')
        setParameter(run, id, String(index), value.atom);
      else addUnknownPart(run, id);
    }
    if (!complete) addUnknownPart(run, id);
  } else if (container === 'ParameterDict') {
    const given = run.object(first);
    for (const { key, value, multiplicity } of given?.kind === 'dictionary' ? given.entries : []) {
      if (isString(key) && value.kind === 'parameter' && multiplicity === 'one')
        setParameter(run, id, key.value, value.atom);
      else addUnknownPart(run, id);
    }
    if (given?.kind !== 'dictionary' || !given.complete) addUnknownPart(run, id);
  } else addUnknownPart(run, id);
}

function addUnknownPart(run: Interpreter, id: ObjectId): void {
  const object = run.state.heap.get(id);
  if (object?.kind === 'module' && !object.opaque) {
    run.state.heap.set(id, { ...object, opaque: newOpaquePart(run, `${id}*`, UNKNOWN_FLAG) });
  }
}

/** Adds modules under consecutive numbers; what is uncertain makes the rest of the container unknown. */
export function addItems(run: Interpreter, id: ObjectId, items: readonly Item[], complete: boolean): void {
  const existing = run.state.heap.get(id);
  const start = existing?.kind === 'module' ? existing.children.size : 0;
  // An item may stand at any place from the number of certain ones before it to the number of all before it.
  const slots: Set<ObjectId | null>[] = [];
  let [first, last] = [start, start];
  for (const { value, multiplicity } of items) {
    const object = run.object(value);
    if (value.kind !== 'reference' || object?.kind !== 'module') {
      forgetWhatIsReachable(run, value, null);
      addUnknownPart(run, id);
    } else if (object.generic) adopt(run, id, object.generic.atom);
    else {
      const isExact = multiplicity === 'one' && first === last;
      for (let place = first; place <= last; place++) {
        const slot = slots[place] ?? new Set<ObjectId | null>();
        slots[place] = slot.add(value.id);
        if (!isExact) slot.add(null);
      }
      if (multiplicity === 'one') first++;
      last++;
    }
  }
  for (const [place, slot] of slots.entries()) if (slot) setChild(run, id, String(place), [...slot]);
  if (!complete) addUnknownPart(run, id);
}

/** Takes over a generic child of an opaque module: its parameters, under names nobody knows. */
function adopt(run: Interpreter, id: ObjectId, atom: number): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || object.adopted.includes(atom)) return;
  run.state.heap.set(id, { ...object, adopted: [...object.adopted, atom] });
}

function addNamed(
  run: Interpreter,
  id: ObjectId,
  entries: readonly { readonly key: Value; readonly value: Value; readonly multiplicity: string }[],
  complete: boolean,
): void {
  for (const { key, value, multiplicity } of entries) {
    const child = run.object(value);
    if (isString(key) && value.kind === 'reference' && child?.kind === 'module') {
      setChild(run, id, key.value, multiplicity === 'one' ? [value.id] : [value.id, null]);
    } else {
      forgetWhatIsReachable(run, value, null);
      addUnknownPart(run, id);
    }
  }
  if (!complete) addUnknownPart(run, id);
}

/** A module from a factory whose tree is not known: timm, a hub, from_pretrained. */
export function buildUnknownModel(
  run: Interpreter,
  className: string,
  trainable: boolean,
  at: Span,
  madeBy: ModelLibrary | null = null,
): Value {
  return plantUnknown(run, run.identity(at, ':model'), {
    madeBy,
    certain: true,
    trainable,
    className,
    origin: 'factory',
    built: at,
    mode: 3,
    modeSensitive: false,
  });
}

/** `super().__init__(...)` where the next class is the library's. */
export function initialiseFromLibrary(
  run: Interpreter,
  path: string,
  self: Value,
  args: CallArguments,
  at: Span,
): void {
  const object = run.object(self);
  if (self.kind !== 'reference' || object?.kind !== 'module') return;
  const layer = findLayer(path);
  if (layer?.container) {
    // What was registered before is gone.
    run.state.heap.set(self.id, { ...object, parameters: new Map(), children: new Map() });
    fillContainer(run, self.id, layer.container, args, at);
    return;
  }
  const torchArguments = toTorchArguments(run, args);
  const tree = layer ? buildLayer(path, torchArguments) : null;
  if (!tree) {
    if (!/^lightning\.|^torch\.nn\.Module$/.test(canonicalName(path))) addUnknownPart(run, self.id);
    return;
  }
  const donor = plantTree(run, `${self.id}^`, tree, 'layer', at, torchArguments.given);
  const planted = run.state.heap.get(donor);
  if (planted?.kind !== 'module') return;
  run.state.heap.set(self.id, {
    ...object,
    parameters: new Map([...planted.parameters, ...object.parameters]),
    children: new Map([...planted.children, ...object.children]),
    modeSensitive: planted.modeSensitive,
    library: tree.qualifiedName,
  });
}

/** Whether a class says what a copy of its instances is made of. */
export function copiesInItsOwnWay(run: Interpreter, object: HeapObject | null | undefined): boolean {
  const info = object?.kind === 'module' || object?.kind === 'instance' ? object.info : null;
  const methods = ['__copy__', '__reduce__', '__reduce_ex__', '__getstate__', '__setstate__'];
  return info !== null && methods.some((name) => memberOf(run, info, name)?.value.kind === 'function');
}

/** A copy with parameters of its own, flags and modes included (catalogue c07); references inside stay shared once. */
export function deepCopy(run: Interpreter, value: Value, at: Span): Value {
  const copies = new Map<ObjectId, ObjectId>();
  const atoms = new Map<number, number>();
  const copyAtom = (atom: number, key: string): number => {
    const known = atoms.get(atom);
    if (known !== undefined) return known;
    const copy = run.atoms.parameter(key, run.atoms.shapeOf(atom));
    run.state.setFlag(copy, run.state.flag(atom));
    atoms.set(atom, copy);
    return copy;
  };
  const copyValue = (inner: Value): Value => {
    if (inner.kind === 'reference') return reference(copyObject(inner.id));
    if (inner.kind === 'tuple') return { ...inner, items: inner.items.map(copyValue) };
    if (inner.kind === 'parameter' && !run.atoms.isClass(inner.atom)) {
      return { kind: 'parameter', atom: copyAtom(inner.atom, `${run.identity(at)}:${inner.atom}`) };
    }
    // A function stays the one it is, with whatever it has captured.
    if (inner.kind === 'function') return inner.self ? { ...inner, self: copyValue(inner.self) } : inner;
    return inner.kind === 'constant' || inner.kind === 'external' || inner.kind === 'class' ? inner : UNKNOWN;
  };
  const copyObject = (id: ObjectId): ObjectId => {
    const known = copies.get(id);
    if (known) return known;
    const own = callOwnMethod(run, reference(id), '__deepcopy__', [UNKNOWN], at);
    if (own?.kind === 'reference') {
      copies.set(id, own.id);
      return own.id;
    }
    const copyId = `${run.identity(at, ':copy')}${copies.size}`;
    copies.set(id, copyId);
    const object = run.state.heap.get(id);
    if (own || copiesInItsOwnWay(run, object)) {
      forgetWhatIsReachable(run, reference(id), at);
      plantUnknown(run, copyId);
    } else if (object?.kind === 'module') {
      const parameters = new Map(
        [...object.parameters].map(
          ([name, options]) =>
            [
              name,
              options.map((atom) => (atom === null ? null : copyAtom(atom, `${copyId}.${name}`))),
            ] as const,
        ),
      );
      let { opaque } = object;
      if (opaque) {
        const root = `${copyId}?`;
        for (const [from, to] of run.atoms.copyRoot(opaque.root, root)) {
          const flag = run.state.flags.get(from);
          if (flag) run.state.flags.set(to, flag);
          atoms.set(from, to);
        }
        opaque = { ...opaque, root };
      }
      run.state.heap.set(copyId, {
        ...object,
        parameters,
        children: new Map(
          [...object.children].map(
            ([name, options]) =>
              [name, options.map((child) => (child === null ? null : copyObject(child)))] as const,
          ),
        ),
        attributes: new Map([...object.attributes].map(([name, inner]) => [name, copyValue(inner)] as const)),
        opaque,
        adopted: object.adopted.map((atom) => atoms.get(atom) ?? atom),
        parent: null,
        generic: null,
        origin: 'unknown',
      });
    } else if (object?.kind === 'list') {
      const items = object.items.map((item) => ({ ...item, value: copyValue(item.value) }));
      run.state.heap.set(copyId, { ...object, items });
    } else if (object?.kind === 'dictionary') {
      const entries = object.entries.map((entry) => ({ ...entry, value: copyValue(entry.value) }));
      run.state.heap.set(copyId, { ...object, entries });
    } else if (object?.kind === 'instance' || object?.kind === 'optimizer') {
      const attributes = new Map(
        [...object.attributes].map(([name, inner]) => [name, copyValue(inner)] as const),
      );
      run.state.heap.set(
        copyId,
        object.kind === 'instance'
          ? { ...object, attributes }
          : { ...object, attributes, groups: copyObject(object.groups) },
      );
    } else return id;
    return copyId;
  };
  return run.each(value, copyValue);
}
