/** The parameters and modules below a module, in PyTorch's order and under its names. */

import type { Interpreter } from '../interpreter.ts';
import type { AtomId, NameTest } from '../state/atoms.ts';
import type { ModuleObject, Multiplicity } from '../state/heap.ts';
import { constant, type ObjectId, reference, type Value } from '../state/values.ts';
import { emptyModule, opaqueAtoms } from './module-objects.ts';

/** One parameter as `named_parameters()` gives it. */
export interface NamedParameter {
  readonly name: Value;
  readonly atom: AtomId;
  readonly multiplicity: Multiplicity;
}

export interface NamedModule {
  readonly name: Value;
  readonly id: ObjectId;
  readonly multiplicity: Multiplicity;
}

const uncertain = (multiplicity: Multiplicity, options: number): Multiplicity =>
  options > 1 ? 'maybe' : multiplicity;

/** The parameters below a module in PyTorch's order, a shared one once, under its first name. */
export function parametersOf(
  run: Interpreter,
  id: ObjectId,
  prefix = '',
  recurse = true,
): readonly NamedParameter[] {
  const found: NamedParameter[] = [];
  const seen = new Set<AtomId>();
  const visited = new Set<ObjectId>();
  const add = (name: Value, atom: AtomId, multiplicity: Multiplicity): void => {
    if (seen.has(atom)) return;
    seen.add(atom);
    found.push({ name, atom, multiplicity });
  };
  const visit = (moduleId: ObjectId, path: string, multiplicity: Multiplicity): void => {
    const object = run.state.heap.get(moduleId);
    if (object?.kind !== 'module' || visited.has(moduleId)) return;
    visited.add(moduleId);
    for (const [name, options] of object.parameters) {
      for (const atom of options) {
        if (atom !== null) add(constant(path + name), atom, uncertain(multiplicity, options.length));
      }
    }
    const { atoms, exact } = opaqueAtoms(run, object);
    for (const atom of atoms) {
      const name: Value = {
        kind: 'atomName',
        atom,
        strip: object.opaque?.path ?? '',
        add: path,
        transform: '',
      };
      add(name, atom, exact && multiplicity === 'one' ? 'many' : 'maybe');
    }
    for (const adopted of object.adopted) {
      for (const atom of run.atoms.leaves(adopted)) {
        const transform = `below ${moduleId}`;
        add({ kind: 'atomName', atom, strip: '', add: path, transform }, atom, 'many');
      }
    }
    if (!recurse) return;
    for (const [name, options] of object.children) {
      for (const child of options) {
        if (child !== null) visit(child, `${path}${name}.`, uncertain(multiplicity, options.length));
      }
    }
  };
  visit(id, prefix, 'one');
  return found;
}

/** Every atom below a module: the certain ones, all possible ones, and whether those are everything. */
export function atomsBelow(
  run: Interpreter,
  id: ObjectId,
): { readonly must: readonly AtomId[]; readonly may: readonly AtomId[] } {
  const all = parametersOf(run, id);
  return {
    must: all.filter(({ multiplicity }) => multiplicity !== 'maybe').map(({ atom }) => atom),
    may: all.map(({ atom }) => atom),
  };
}

/**
 * The direct children as `named_children()` gives them; those of an unknown part are one generic child a class. As the
 * items of a container (`isContainer`) a module comes as often as it is in there.
 */
export function childrenOf(run: Interpreter, id: ObjectId, isContainer = false): readonly NamedModule[] {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return [];
  const found: NamedModule[] = [];
  if (object.opaque) {
    // What is below a child has a dot in its name, what the module itself owns has none.
    const inChild: NameTest = { kind: 'contains', text: '.', after: object.opaque.path };
    for (const atom of opaqueAtoms(run, object).atoms) {
      const inside = run.atoms.partition(atom, inChild)?.yes ?? [atom];
      for (const part of inside) found.push(genericModule(run, id, object, part, 'child'));
    }
  }
  for (const adopted of object.adopted) {
    for (const atom of run.atoms.leaves(adopted)) found.push(genericModule(run, id, object, atom, 'child'));
  }
  const seen = new Set<ObjectId>();
  for (const [name, options] of object.children) {
    for (const child of options) {
      if (child === null || (seen.has(child) && !isContainer)) continue;
      seen.add(child);
      found.push({ name: constant(name), id: child, multiplicity: uncertain('one', options.length) });
    }
  }
  return found;
}

function genericModule(
  run: Interpreter,
  of: ObjectId,
  object: ModuleObject,
  atom: AtomId,
  level: 'child' | 'module',
): NamedModule {
  const id = `${of}<${level} ${atom}>`;
  run.state.heap.set(
    id,
    emptyModule({ adopted: [atom], generic: { of, atom }, mode: object.mode, modeSensitive: true }),
  );
  const name: Value = { kind: 'atomName', atom, strip: object.opaque?.path ?? '', add: '', transform: level };
  return { name, id, multiplicity: 'many' };
}

/** The part of a generic module that stands for one part of its class. */
export function narrowGeneric(run: Interpreter, value: Value, whole: AtomId, part: AtomId): Value {
  const object = run.object(value);
  if (object?.kind !== 'module' || object.generic?.atom !== whole) return value;
  const id = `${object.generic.of}<part ${part}>`;
  run.state.heap.set(id, { ...object, adopted: [part], generic: { ...object.generic, atom: part } });
  return reference(id);
}

/** The module and everything below it, as `named_modules()` gives them. */
export function modulesOf(
  run: Interpreter,
  id: ObjectId,
  prefix = '',
  order: 'outermost first' | 'innermost first' = 'outermost first',
): readonly NamedModule[] {
  const found: NamedModule[] = [];
  const visited = new Set<ObjectId>();
  const visit = (moduleId: ObjectId, path: string, multiplicity: Multiplicity): void => {
    const object = run.state.heap.get(moduleId);
    if (object?.kind !== 'module' || visited.has(moduleId)) return;
    visited.add(moduleId);
    const itself = { name: constant(path), id: moduleId, multiplicity };
    if (order === 'outermost first') found.push(itself);
    for (const atom of [...opaqueAtoms(run, object).atoms, ...object.adopted]) {
      if (object.generic === null) found.push(genericModule(run, moduleId, object, atom, 'module'));
    }
    for (const [name, options] of object.children) {
      for (const child of options) {
        if (child !== null)
          visit(child, path === '' ? name : `${path}.${name}`, uncertain(multiplicity, options.length));
      }
    }
    if (order === 'innermost first') found.push(itself);
  };
  visit(id, prefix, 'one');
  return found;
}

/** The named modules at or below a module that the analysis knows one by one. */
export function knownModulesBelow(run: Interpreter, id: ObjectId): readonly ObjectId[] {
  const found = new Set<ObjectId>();
  const visit = (moduleId: ObjectId): void => {
    const object = run.state.heap.get(moduleId);
    if (object?.kind !== 'module' || found.has(moduleId)) return;
    found.add(moduleId);
    for (const options of object.children.values()) {
      for (const child of options) if (child !== null) visit(child);
    }
  };
  visit(id);
  return [...found];
}
