/**
 * The modules of the abstract heap: made from the facts of src/torch, walked as `named_parameters()` and its
 * sisters walk them, and changed as attribute assignments change them.
 */

import type { Span } from '../python/syntax.ts';
import { isPart } from '../torch/library-parts.ts';
import type { ModuleTree } from '../torch/module-tree.ts';
import type { AtomId, NameTest } from './atoms.ts';
import { MAY_BE_TRAINABLE, UNKNOWN_FLAG } from './atoms.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN, type ModuleObject, type Multiplicity } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { constant, type ObjectId, reference, type Value } from './values.ts';

const EMPTY: ModuleObject = {
  madeBy: null,
  kind: 'module',
  className: '',
  info: null,
  library: null,
  certain: true,
  parameters: new Map(),
  children: new Map(),
  attributes: new Map(),
  opaque: null,
  adopted: [],
  mode: MAY_BE_TRAIN,
  modeWriter: null,
  modeSensitive: false,
  wraps: null,
  parent: null,
  built: null,
  origin: 'unknown',
  madeFrom: null,
  generic: null,
  graph: null,
};

/** A module with nothing in it yet. */
export function emptyModule(fields: Partial<ModuleObject>): ModuleObject {
  return { ...EMPTY, ...fields };
}

/** Names under which PyTorch's layers keep a Parameter: `x.weight` on an unknown object is one. */
const PARAMETER_NAMES = new Set(['weight', 'bias', 'in_proj_weight', 'in_proj_bias', 'weight_g', 'weight_v']);

export const isParameterName = (name: string): boolean => PARAMETER_NAMES.has(name);

/** The path of a child in an opaque module: with a trailing dot, unless the name is that of a Parameter. */
export const childPath = (path: string, name: string): string =>
  `${path}${name}${isParameterName(name) ? '' : '.'}`;

/** The atom of a new parameter; its flag is the initial one also when the place is run again. */
export function newParameter(
  run: Interpreter,
  key: string,
  shape: readonly (number | null)[] | null,
  trainable: boolean | null = true,
): AtomId {
  const known = shape?.every((length) => length !== null) ? (shape as readonly number[]) : null;
  const atom = run.atoms.parameter(key, known);
  const bits = trainable === null ? UNKNOWN_FLAG : trainable ? MAY_BE_TRAINABLE : 1;
  if (run.state.flag(atom).bits !== bits) run.state.setFlag(atom, { bits, writer: null });
  return atom;
}

/** Puts a module tree with all its parameters onto the heap under `id`. */
export function plantTree(
  run: Interpreter,
  id: ObjectId,
  tree: ModuleTree,
  origin: ModuleObject['origin'],
  built: Span,
): ObjectId {
  const parameters = new Map(
    tree.parameters.map((fact) => {
      const trainable =
        fact.startsFrozen === undefined ? true : fact.startsFrozen === 'certain' ? false : null;
      const atom = newParameter(run, `${id}.${fact.name}`, fact.shape, trainable);
      return [fact.name, fact.presence === 'maybe' ? [atom, null] : [atom]] as const;
    }),
  );
  const children = new Map(
    tree.children.map(({ name, tree: child, presence }) => {
      const childId = plantTree(run, `${id}.${name}`, child, origin, built);
      return [name, presence === 'maybe' ? [childId, null] : [childId]] as const;
    }),
  );
  run.state.heap.set(
    id,
    emptyModule({
      className: tree.className,
      library: tree.qualifiedName,
      parameters,
      children,
      opaque: tree.complete ? null : newOpaquePart(run, id, MAY_BE_TRAINABLE),
      modeSensitive: tree.modeEffect === 'running-statistics' || tree.modeEffect === 'random',
      built,
      origin,
    }),
  );
  return id;
}

/** A fresh unknown part of a module. */
export function newOpaquePart(run: Interpreter, id: ObjectId, initial: number): ModuleObject['opaque'] {
  const atom = run.atoms.root(id, initial);
  if (run.state.flag(atom).bits !== initial) run.state.setFlag(atom, { bits: initial, writer: null });
  return { root: id, path: '', excluded: [] };
}

/** An object nothing is known of, except that it stays the same; it may turn out to be a module. */
export function plantUnknown(
  run: Interpreter,
  id: ObjectId,
  fields: Partial<ModuleObject> & { readonly trainable?: boolean } = {},
): Value {
  const { trainable = false, ...rest } = fields;
  const opaque = newOpaquePart(run, id, trainable ? MAY_BE_TRAINABLE : UNKNOWN_FLAG);
  const mode = MAY_BE_EVAL | MAY_BE_TRAIN;
  run.state.heap.set(id, emptyModule({ certain: false, opaque, mode, modeSensitive: true, ...rest }));
  return reference(id);
}

/** The identity under which evidence about an unknown object is kept; null for a module known as such. */
export function evidenceKey(id: ObjectId, object: ModuleObject): string | null {
  if (object.certain) return null;
  return object.opaque ? `${object.opaque.root}:${object.opaque.path}` : id;
}

/** Notes that the program uses an object as only a module can be used. */
export function noteModuleUse(run: Interpreter, id: ObjectId): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  // A part that is a module wherever it is still has to be there.
  const belongs = object.opaque !== null && object.parent !== null;
  const key = evidenceKey(id, belongs ? { ...object, certain: false } : object);
  if (key !== null) run.moduleEvidence.add(key);
}

/** Whether a class certainly has members: what was read off an unknown model may be a number and no module. */
export function certainlyExists(run: Interpreter, atom: AtomId): boolean {
  const place = run.atoms.placeOf(atom);
  if (!place) return true;
  const whole = run.state.heap.get(place.root);
  const isModule = whole?.kind === 'module' && whole.certain;
  const paths = isModule ? place.prefixes : ['', ...place.prefixes];
  return (
    run.atoms.isInhabited(atom) && paths.every((path) => run.moduleEvidence.has(`${place.root}:${path}`))
  );
}

/** The object reached as an attribute of a module's unknown part. */
export function opaqueChild(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: string,
): Value | null {
  if (!object.opaque || object.opaque.excluded.includes(name)) return null;
  const path = childPath(object.opaque.path, name);
  const childId = `${object.opaque.root}:${path}`;
  if (!run.state.heap.get(childId)) {
    run.state.heap.set(
      childId,
      emptyModule({
        certain: object.madeBy !== null && isPart(object.madeBy, name),
        madeBy: object.madeBy,
        opaque: { root: object.opaque.root, path, excluded: [] },
        mode: object.mode,
        modeSensitive: true,
        parent: { id, name },
      }),
    );
  }
  return reference(childId);
}

/** The classes of a module's unknown part; `exact` is false where the limit on classes forbade a split. */
function opaqueAtoms(
  run: Interpreter,
  object: ModuleObject,
): { readonly atoms: readonly AtomId[]; readonly exact: boolean } {
  if (!object.opaque) return { atoms: [], exact: true };
  const { root, path, excluded } = object.opaque;
  let atoms = run.atoms.leaves(run.atoms.root(root, UNKNOWN_FLAG));
  let exact = true;
  const keep = (text: string, wanted: boolean): void => {
    const test: NameTest = { kind: 'prefix', text, after: '' };
    atoms = atoms.flatMap((atom) => {
      const parts = run.atoms.partition(atom, test);
      if (!parts) {
        exact = false;
        return [atom];
      }
      return wanted ? parts.yes : parts.no;
    });
  };
  if (path !== '') keep(path, true);
  for (const name of excluded) keep(childPath(path, name), false);
  return { atoms, exact };
}

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

/** The direct children as `named_children()` gives them; those of an unknown part are one generic child a class. */
export function childrenOf(run: Interpreter, id: ObjectId): readonly NamedModule[] {
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
      if (child === null || seen.has(child)) continue;
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
export function modulesOf(run: Interpreter, id: ObjectId, prefix = ''): readonly NamedModule[] {
  const found: NamedModule[] = [];
  const visited = new Set<ObjectId>();
  const visit = (moduleId: ObjectId, path: string, multiplicity: Multiplicity): void => {
    const object = run.state.heap.get(moduleId);
    if (object?.kind !== 'module' || visited.has(moduleId)) return;
    visited.add(moduleId);
    found.push({ name: constant(path), id: moduleId, multiplicity });
    for (const atom of [...opaqueAtoms(run, object).atoms, ...object.adopted]) {
      if (object.generic === null) found.push(genericModule(run, moduleId, object, atom, 'module'));
    }
    for (const [name, options] of object.children) {
      for (const child of options) {
        if (child !== null)
          visit(child, path === '' ? name : `${path}.${name}`, uncertain(multiplicity, options.length));
      }
    }
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

// ---------------------------------------------------------------------- changes

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
