/** Parts that are set on a module or taken from it. */

import type { Interpreter } from '../interpreter.ts';
import type { AtomId } from '../state/atoms.ts';
import type { ModuleObject } from '../state/heap.ts';
import type { ObjectId, Value } from '../state/values.ts';

/** Makes a change below an unknown part visible from the modules above it. */
function attach(run: Interpreter, id: ObjectId): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || !object.parent) return;
  const { id: parentId, name } = object.parent;
  const parent = run.state.heap.get(parentId);
  if (parent?.kind !== 'module' || parent.children.get(name)?.includes(id)) return;
  setSlot(run, parentId, name, [id]);
}

function setSlot(run: Interpreter, id: ObjectId, name: string, options: readonly (ObjectId | null)[]): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  const children = new Map(object.children).set(name, options);
  const parameters = without(object.parameters, name);
  const attributes = without(object.attributes, name);
  run.state.heap.set(id, {
    ...object,
    children,
    parameters,
    attributes,
    opaque: exclude(object.opaque, name),
  });
  attach(run, id);
}

const without = <V>(map: ReadonlyMap<string, V>, name: string): ReadonlyMap<string, V> => {
  if (!map.has(name)) return map;
  const copy = new Map(map);
  copy.delete(name);
  return copy;
};

const exclude = (opaque: ModuleObject['opaque'], name: string): ModuleObject['opaque'] =>
  opaque && !opaque.excluded.includes(name) ? { ...opaque, excluded: [...opaque.excluded, name] } : opaque;

/** `module.name = child`; several options where the value is one of several modules. */
export function setChild(
  run: Interpreter,
  id: ObjectId,
  name: string,
  options: readonly (ObjectId | null)[],
): void {
  setSlot(run, id, name, options);
}

/** Gives a container other modules. */
export function setChildren(run: Interpreter, id: ObjectId, children: ModuleObject['children']): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  run.state.heap.set(id, { ...object, children });
  attach(run, id);
}

/** `module.name = nn.Parameter(...)` */
export function setParameter(run: Interpreter, id: ObjectId, name: string, atom: AtomId): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  run.state.heap.set(id, {
    ...object,
    parameters: new Map(object.parameters).set(name, [atom]),
    children: without(object.children, name),
    attributes: without(object.attributes, name),
    opaque: exclude(object.opaque, name),
  });
  attach(run, id);
}

/** `module.name = None` for a parameter, which keeps its place for what may come. */
export function emptyParameter(run: Interpreter, id: ObjectId, name: string): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  run.state.heap.set(id, { ...object, parameters: new Map(object.parameters).set(name, [null]) });
}

/** `module.name = value` for a value that is neither a module nor a Parameter. */
export function setPlainAttribute(run: Interpreter, id: ObjectId, name: string, value: Value): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  run.state.heap.set(id, { ...object, attributes: new Map(object.attributes).set(name, value) });
}

/** `del module.name` */
export function removeMember(run: Interpreter, id: ObjectId, name: string): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  run.state.heap.set(id, {
    ...object,
    parameters: without(object.parameters, name),
    children: without(object.children, name),
    attributes: without(object.attributes, name),
    opaque: exclude(object.opaque, name),
  });
  attach(run, id);
}
