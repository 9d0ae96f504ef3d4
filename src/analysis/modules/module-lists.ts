/** Sequential and ModuleList as lists: modules inserted and deleted by their place. */
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { sliceItems } from '../expressions/slices.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ModuleObject } from '../state/heap.ts';
import { isNumber, type ObjectId, reference, type Value } from '../state/values.ts';
import { setChildren } from './module-changes.ts';

/** The names of a container's modules in order; null where one may be missing. */
export function exactNames({ children, opaque, adopted }: ModuleObject): readonly string[] | null {
  const isExact = [...children.values()].every((options) => options.length === 1 && options[0] !== null);
  return isExact && !opaque && adopted.length === 0 ? [...children.keys()] : null;
}

/** `del container[index]`: Sequential and ModuleList number the rest anew. */
export function deleteFromContainer(
  run: Interpreter,
  id: ObjectId,
  target: ModuleObject,
  index: Value,
): void {
  const names = exactNames(target);
  const one = names && isNumber(index) ? names.at(index.value) : undefined;
  const gone = one === undefined ? names && sliceItems(names, index) : [one];
  if (!gone) {
    forgetWhatIsReachable(run, reference(id), null);
    return;
  }
  const rest = [...target.children].filter(([name]) => !gone.includes(name));
  setChildren(run, id, numbered(rest));
}

/** `container.insert(index, module)`; null where it cannot be told what the container holds then. */
export function insertIntoContainer(
  run: Interpreter,
  id: ObjectId,
  target: ModuleObject,
  index: Value,
  module: Value,
): Value | null {
  if (!exactNames(target) || !isNumber(index)) return null;
  if (module.kind !== 'reference' || run.object(module)?.kind !== 'module') return null;
  const entries = [...target.children];
  entries.splice(index.value, 0, ['', [module.id]]);
  setChildren(run, id, numbered(entries));
  return reference(id);
}

type Children = ModuleObject['children'];

const numbered = (entries: readonly (readonly [string, readonly (ObjectId | null)[]])[]): Children =>
  new Map(entries.map(([, options], position) => [String(position), options]));
