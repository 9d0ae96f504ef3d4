/** The state at one point as plain data: which parameters are frozen, which optimizer holds which. */
import type { Span } from '../../python/syntax.ts';
import { mayHaveLostParts } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { evidenceKey } from '../modules/module-objects.ts';
import { knownModulesBelow, modulesOf, parametersOf } from '../modules/module-parts.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE, type NameAnswer } from '../state/atoms.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN, type ModuleObject } from '../state/heap.ts';
import type { GradientMode, Writer } from '../state/state.ts';
import {
  isString,
  NONE,
  type ObjectId,
  type ReferenceValue,
  reference,
  type Value,
} from '../state/values.ts';
import { heldInOrder, membersOf } from '../training/optimizer-members.ts';
import { joinModules, joinOptimizers } from './snapshot-join.ts';

export type FlagVerdict = 'frozen' | 'trainable' | 'unknown';

export type ModeVerdict = 'train' | 'eval' | 'unknown';

export interface SubmoduleSnapshot {
  /** '' where unknown. */
  readonly className: string;
  readonly mode: ModeVerdict;
}

/** A parameter, or a class of parameters that nobody can tell apart. */
export interface FlagSnapshot {
  readonly flag: FlagVerdict;
  /** The statement that set the flag last; null where nobody did. */
  readonly writer: Writer;
  /** Optimizers that certainly hold it, by name. */
  readonly optimizers: readonly string[];
  /** Optimizers that may hold it. */
  readonly perhapsIn: readonly string[];
}

export interface ParameterSnapshot extends FlagSnapshot {
  readonly shape: readonly number[] | null;
  /** Number of scalars. */
  readonly size: number | null;
}

/** Those parameters of a module whose names are unknown that answered the program's tests alike. */
export interface UnlistedSnapshot extends FlagSnapshot {
  /** Dotted path of the submodule that they are below, '' for the module itself. */
  readonly path: string;
  /** What is known of their names, seen from the root of the unknown module. */
  readonly answers: readonly NameAnswer[];
  /** False where the submodule may as well be a number or a setting: nothing uses it as a module, or calls it. */
  readonly evident: boolean;
}

export interface ModuleSnapshot {
  readonly className: string;
  /** True where every parameter is listed and every listed one exists. */
  readonly complete: boolean;
  /** By the names that `named_parameters()` gives. */
  readonly parameters: ReadonlyMap<string, ParameterSnapshot>;
  /** Parameters of unknown parts. */
  readonly unlisted: readonly UnlistedSnapshot[];
  /** Whether `train()` or `eval()` was called on it last. */
  readonly mode: ModeVerdict;
  /** The known modules below it, by the names and in the order of `named_modules()`. */
  readonly submodules: ReadonlyMap<string, SubmoduleSnapshot>;
}

export interface OptimizerSnapshot {
  /** Where it was built. */
  readonly built: Span;
  readonly className: string;
  /** True where `parameters` and `detached` are exact. */
  readonly complete: boolean;
  /** `owner.name` of every parameter held, in the order of the groups. */
  readonly parameters: readonly string[];
  /** Number of tensors held that no module in sight owns (any more). */
  readonly detached: number;
}

export interface Snapshot {
  /** Whether autograd records here. */
  readonly gradients: GradientMode;
  readonly modules: ReadonlyMap<string, ModuleSnapshot>;
  readonly optimizers: ReadonlyMap<string, OptimizerSnapshot>;
}

/** Variables as one place of the program sees them. */
export interface Bindings {
  readonly values: ReadonlyMap<string, Value>;
  /** Those that some path leaves unbound. */
  readonly unbound: ReadonlySet<string>;
  /** Variables of enclosing scopes, which may own what an optimizer holds. */
  readonly enclosing: ReadonlyMap<string, Value>;
  /** Whether what any instance keeps is shown as `trainer.model`; what `self` keeps always is. */
  readonly everyInstance: boolean;
}

interface Owner {
  readonly name: string;
  readonly id: ObjectId;
  /** Number of owners that were bound before it. */
  readonly order: number;
}

/** What the variables of a place show of modules and optimizers; instances add their attributes as `self.name`. */
export function takeSnapshot(run: Interpreter, bindings: Bindings): Snapshot {
  const { unbound, everyInstance } = bindings;
  const named = withAttributes(run, bindings.values, everyInstance);
  const holders = optimizersOf(run, named);
  const modules = new Map<string, ModuleSnapshot>();
  const owners: Owner[] = [];
  // Parameters whose owner depends on the path that was taken, with the number of owners bound before it.
  const doubtful = new Map<AtomId, number>();
  const doubt = (value: Value): void => {
    for (const atom of parametersIn(run, value)) {
      if (!doubtful.has(atom)) doubtful.set(atom, owners.length);
    }
  };
  for (const [name, value] of named) {
    if (value.kind === 'union') value.options.forEach(doubt);
    const options = modulesIn(run, value);
    const snapshots = options.map(({ id, object }) => snapshotModule(run, id, object, holders));
    const [snapshot, ...others] = snapshots;
    const [option] = options;
    if (!snapshot || !option) continue;
    if (others.length === 0 && unbound.has(name)) doubt(value);
    else if (others.length === 0) owners.push({ name, id: option.id, order: owners.length });
    modules.set(name, others.reduce(joinModules, snapshot));
  }
  for (const [name, value] of withAttributes(run, bindings.enclosing, everyInstance)) {
    if (named.has(name)) continue;
    const [only, ...others] = modulesIn(run, value);
    if (only && others.length === 0) owners.push({ name, id: only.id, order: owners.length });
  }
  // What may be around an owner, such as a wrapper on some paths, would own its parameters, however late it was bound.
  for (const value of [...named.values(), ...bindings.enclosing.values()]) {
    if (value.kind !== 'union') continue;
    for (const option of value.options) {
      if (option.kind !== 'reference') continue;
      const below = knownModulesBelow(run, option.id);
      if (!owners.some(({ id }) => id !== option.id && below.includes(id))) continue;
      for (const atom of parametersIn(run, option)) doubtful.set(atom, -1);
    }
  }
  const outermost = owners.filter(
    ({ id: inner }, index) =>
      !owners.some(({ id: outer }, other) =>
        outer === inner ? other < index : knownModulesBelow(run, outer).includes(inner),
      ),
  );
  const optimizers = new Map<string, OptimizerSnapshot>();
  for (const [name, value] of named) {
    const options = value.kind === 'union' ? value.options : [value];
    const snapshots = options.flatMap((option) =>
      option.kind === 'reference' ? (snapshotOptimizer(run, option.id, outermost, doubtful) ?? []) : [],
    );
    const [snapshot, ...others] = snapshots;
    if (!snapshot || snapshots.length < options.length) continue;
    const joined = others.reduce(joinOptimizers, snapshot);
    optimizers.set(name, unbound.has(name) ? { ...joined, complete: false } : joined);
  }
  return { gradients: run.state.gradients.mode, modules, optimizers };
}

/** The modules a variable may be bound to; none where it may be something else. */
function modulesIn(
  run: Interpreter,
  value: Value,
): readonly { readonly id: ObjectId; readonly object: ModuleObject }[] {
  const options = value.kind === 'union' ? value.options : [value];
  const found = options.flatMap((option) => {
    const object = run.object(option);
    if (object?.kind !== 'module' || object.generic) return [];
    const key = evidenceKey((option as ReferenceValue).id, object);
    // An unknown object counts once the program uses it as only a module can be used.
    return key === null || run.moduleEvidence.has(key) ? [{ id: (option as ReferenceValue).id, object }] : [];
  });
  return found.length === options.length ? found : [];
}

const parametersIn = (run: Interpreter, value: Value): readonly AtomId[] =>
  value.kind === 'reference' ? parametersOf(run, value.id).map(({ atom }) => atom) : [];

/** Variables, and what `self` and other instances keep, under the names by which the source reaches them. */
function withAttributes(
  run: Interpreter,
  values: ReadonlyMap<string, Value>,
  everyInstance: boolean,
): ReadonlyMap<string, Value> {
  const named = new Map(values);
  for (const [variable, value] of values) {
    const object = run.object(value);
    const isSelf = variable === 'self';
    // The parts of a module that is no `self` are asked for as its submodules.
    if (object?.kind !== 'instance' && !(object?.kind === 'module' && isSelf)) continue;
    if (!isSelf && !everyInstance) continue;
    for (const [name, attribute] of object.attributes) named.set(`${variable}.${name}`, attribute);
    if (object.kind !== 'module') continue;
    for (const [name, children] of object.children) {
      const options = children.map((id) => (id === null ? NONE : reference(id)));
      const [only] = options;
      if (only) named.set(`${variable}.${name}`, options.length === 1 ? only : { kind: 'union', options });
    }
  }
  return named;
}

interface Holder {
  readonly name: string;
  readonly must: ReadonlySet<AtomId>;
  readonly may: ReadonlySet<AtomId>;
  readonly complete: boolean;
}

/** The optimizers among some values, each once. */
function optimizersOf(run: Interpreter, named: ReadonlyMap<string, Value>): readonly Holder[] {
  const holders: Holder[] = [];
  const seen = new Set<ObjectId>();
  for (const [name, value] of named) {
    const options = value.kind === 'union' ? value.options : [value];
    for (const option of options) {
      if (option.kind !== 'reference' || seen.has(option.id)) continue;
      if (run.object(option)?.kind !== 'optimizer') continue;
      seen.add(option.id);
      const { must, may, complete } = membersOf(run, option.id);
      const isSure = options.length === 1;
      holders.push({ name, must: isSure ? must : new Set(), may, complete });
    }
  }
  return holders;
}

function verdictOf(bits: number): FlagVerdict {
  return bits === MAY_BE_FROZEN ? 'frozen' : bits === MAY_BE_TRAINABLE ? 'trainable' : 'unknown';
}

const modeOf = ({ mode }: ModuleObject): ModeVerdict =>
  mode === MAY_BE_EVAL ? 'eval' : mode === MAY_BE_TRAIN ? 'train' : 'unknown';

function snapshotFlag(
  run: Interpreter,
  atom: AtomId,
  sure: boolean,
  holders: readonly Holder[],
): FlagSnapshot {
  const { bits, writer } = run.state.flag(atom);
  const certainly = holders.filter(({ must }) => must.has(atom));
  const perhaps = holders.filter(
    ({ must, may, complete }) => !must.has(atom) && (may.has(atom) || !complete),
  );
  return {
    flag: sure ? verdictOf(bits) : 'unknown',
    writer: writer && writer !== 'several' ? { start: writer.start, end: writer.end } : writer,
    optimizers: certainly.map(({ name }) => name),
    perhapsIn: perhaps.map(({ name }) => name),
  };
}

function snapshotModule(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  holders: readonly Holder[],
): ModuleSnapshot {
  const parameters = new Map<string, ParameterSnapshot>();
  const unlisted: UnlistedSnapshot[] = [];
  let complete = true;
  const doubtful = doubtfulPaths(run, id);
  for (const { name, atom, multiplicity } of parametersOf(run, id)) {
    const flag = snapshotFlag(run, atom, isString(name) ? multiplicity === 'one' : true, holders);
    if (!isString(name) || multiplicity !== 'one') complete = false;
    if (isString(name)) {
      const shape = run.atoms.shapeOf(atom);
      parameters.set(name.value, { ...flag, shape, size: run.atoms.sizeOf(atom) });
    } else {
      const path = name.kind === 'atomName' ? name.add.replace(/\.$/, '') : '';
      const evident = !doubtful.has(path);
      unlisted.push({ ...flag, path, answers: run.atoms.answersOf(atom), evident });
    }
  }
  const submodules = new Map<string, SubmoduleSnapshot>();
  for (const { name, id: below } of modulesOf(run, id)) {
    const inner = run.state.heap.get(below);
    if (inner?.kind !== 'module' || !isString(name) || name.value === '') continue;
    submodules.set(name.value, { className: inner.className, mode: modeOf(inner) });
  }
  const isKnown = knownModulesBelow(run, id).every((module) => {
    const inner = run.state.heap.get(module);
    return inner?.kind !== 'module' || (inner.opaque === null && inner.adopted.length === 0);
  });
  const { className } = object;
  return {
    className,
    complete: complete && isKnown,
    parameters,
    unlisted,
    mode: modeOf(object),
    submodules,
  };
}

/** Where below a module something is kept of which nothing tells that it is a module: `self.size = config.size`. */
function doubtfulPaths(run: Interpreter, id: ObjectId): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { name, id: below } of modulesOf(run, id)) {
    const object = run.state.heap.get(below);
    if (object?.kind !== 'module' || !isString(name) || name.value === '') continue;
    const key = evidenceKey(below, object);
    if (key !== null && !run.moduleEvidence.has(key) && !run.passes.wasCalled(below)) paths.add(name.value);
  }
  return paths;
}

function snapshotOptimizer(
  run: Interpreter,
  id: ObjectId,
  owners: readonly Owner[],
  doubtful: ReadonlyMap<AtomId, number>,
): OptimizerSnapshot | null {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'optimizer') return null;
  const names = new Map<AtomId, string>();
  const uncertain = new Set(doubtful.keys());
  const perhapsEarlier = new Set<AtomId>();
  for (const owner of owners) {
    const isKept = knownModulesBelow(run, owner.id).every((part) => !mayHaveLostParts(run, part));
    for (const { name, atom, multiplicity } of parametersOf(run, owner.id)) {
      if (names.has(atom)) continue;
      if (multiplicity !== 'one' || !isKept) uncertain.add(atom);
      if (multiplicity !== 'one') perhapsEarlier.add(atom);
      else if (isString(name)) {
        names.set(atom, `${owner.name}.${name.value}`);
        // What was bound first owns it, and was not bound before this on any path.
        const isFirst = (doubtful.get(atom) ?? owner.order + 1) > owner.order && !perhapsEarlier.has(atom);
        if (isKept && isFirst) uncertain.delete(atom);
      }
    }
  }
  const exact = heldInOrder(run, id);
  const held = exact ?? [...membersOf(run, id).must];
  return {
    built: { start: object.built.start, end: object.built.end },
    className: object.className,
    complete: exact !== null && held.every((atom) => atom === null || !uncertain.has(atom)),
    parameters: held.flatMap((atom) => (atom === null ? [] : (names.get(atom) ?? []))),
    detached: held.filter((atom) => atom === null || !(names.has(atom) || run.atoms.isClass(atom))).length,
  };
}
