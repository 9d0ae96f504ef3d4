/** The modules of the abstract heap: made from the facts of src/torch, or from what a program asks of an unknown one. */
import type { Span } from '../../python/syntax.ts';
import { isPart } from '../../torch/library-parts.ts';
import type { ModuleTree } from '../../torch/module-tree.ts';
import type { Interpreter } from '../interpreter.ts';
import { type AtomId, MAY_BE_TRAINABLE, type NameTest, UNKNOWN_FLAG } from '../state/atoms.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN, type ModuleObject } from '../state/heap.ts';
import { type ObjectId, reference, type Value } from '../state/values.ts';

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

/**
 * Puts a module tree with all its parameters onto the heap under `id`; a part that was `given` is that module itself.
 */
export function plantTree(
  run: Interpreter,
  id: ObjectId,
  tree: ModuleTree,
  origin: ModuleObject['origin'],
  built: Span,
  given: ReadonlyMap<ModuleTree, ObjectId> = new Map(),
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
      const childId = given.get(child) ?? plantTree(run, `${id}.${name}`, child, origin, built, given);
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
function noteModuleUse(run: Interpreter, id: ObjectId): void {
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
export function opaqueAtoms(
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

/** Notes that an attribute such as `parameters` was asked of an unknown object. */
export function noteMethodUse(run: Interpreter, receiver: Value, name: string): void {
  const shows = ['parameters', 'named_parameters', 'children', 'named_children', 'modules', 'named_modules'];
  if (receiver.kind === 'reference' && [...shows, 'state_dict', 'requires_grad_', 'eval'].includes(name)) {
    noteModuleUse(run, receiver.id);
  }
}
