/** The state at one point as plain data: which parameters are frozen, which optimizer holds which. */
import type { Span } from '../python/syntax.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from './atoms.ts';
import type { Interpreter } from './interpreter.ts';
import { knownModulesBelow, parametersOf } from './module-objects.ts';
import { heldInOrder, membersOf } from './optimizer-members.ts';
import type { Writer } from './state.ts';
import { isString, type ObjectId, type Value } from './values.ts';

export type FlagVerdict = 'frozen' | 'trainable' | 'unknown';

export interface ParameterSnapshot {
  readonly flag: FlagVerdict;
  /** The statement that set the flag last; null where nobody did or several may have. */
  readonly writer: Span | null;
  readonly shape: readonly number[] | null;
}

export interface ModuleSnapshot {
  readonly className: string;
  /** True where every parameter is listed and every listed one exists. */
  readonly complete: boolean;
  /** By the names that `named_parameters()` gives. */
  readonly parameters: ReadonlyMap<string, ParameterSnapshot>;
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
  readonly modules: ReadonlyMap<string, ModuleSnapshot>;
  readonly optimizers: ReadonlyMap<string, OptimizerSnapshot>;
}

export function verdictOf(bits: number): FlagVerdict {
  return bits === MAY_BE_FROZEN ? 'frozen' : bits === MAY_BE_TRAINABLE ? 'trainable' : 'unknown';
}

const spanOf = (writer: Writer): Span | null => (typeof writer === 'object' ? writer : null);

/**
 * What the variables of a scope show of modules and optimizers; `self` adds its attributes as `self.name`.
 * `unbound` names variables that some path leaves unbound.
 */
export function takeSnapshot(
  run: Interpreter,
  bindings: ReadonlyMap<string, Value>,
  unbound: ReadonlySet<string>,
): Snapshot {
  const named = withAttributes(run, bindings);
  const modules = new Map<string, ModuleSnapshot>();
  const owners: { readonly name: string; readonly id: ObjectId }[] = [];
  // Parameters whose owner depends on the path that was taken.
  const doubtful = new Set<AtomId>();
  for (const [name, value] of named) {
    const object = run.object(value);
    if (value.kind === 'union') {
      for (const option of value.options) addParameters(run, option, doubtful);
    }
    if (value.kind !== 'reference' || object?.kind !== 'module' || !object.certain) continue;
    if (unbound.has(name)) addParameters(run, value, doubtful);
    else owners.push({ name, id: value.id });
    modules.set(name, snapshotModule(run, value.id, object.className));
  }
  const optimizers = new Map<string, OptimizerSnapshot>();
  for (const [name, value] of named) {
    if (value.kind === 'reference' && run.object(value)?.kind === 'optimizer') {
      const snapshot = snapshotOptimizer(run, value.id, owners, doubtful);
      if (snapshot) optimizers.set(name, snapshot);
    }
  }
  return { modules, optimizers };
}

function addParameters(run: Interpreter, value: Value, atoms: Set<AtomId>): void {
  if (value.kind !== 'reference') return;
  for (const { atom } of parametersOf(run, value.id)) atoms.add(atom);
}

function withAttributes(run: Interpreter, bindings: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const self = bindings.get('self');
  const object = self ? run.object(self) : null;
  if (!object || (object.kind !== 'module' && object.kind !== 'instance')) return bindings;
  const named = new Map(bindings);
  for (const [name, value] of object.attributes) named.set(`self.${name}`, value);
  if (object.kind === 'module') {
    for (const [name, [id, ...others]] of object.children) {
      if (id && others.length === 0) named.set(`self.${name}`, { kind: 'reference', id });
    }
  }
  return named;
}

function snapshotModule(run: Interpreter, id: ObjectId, className: string): ModuleSnapshot {
  const parameters = new Map<string, ParameterSnapshot>();
  let complete = true;
  for (const { name, atom, multiplicity } of parametersOf(run, id)) {
    if (!isString(name)) {
      complete = false;
      continue;
    }
    const { bits, writer } = run.state.flag(atom);
    const sure = multiplicity === 'one';
    if (!sure) complete = false;
    parameters.set(name.value, {
      flag: sure ? verdictOf(bits) : 'unknown',
      writer: spanOf(writer),
      shape: run.atoms.shapeOf(atom),
    });
  }
  const isKnown = knownModulesBelow(run, id).every((module) => {
    const object = run.state.heap.get(module);
    return object?.kind !== 'module' || (object.opaque === null && object.adopted.length === 0);
  });
  return { className, complete: complete && isKnown, parameters };
}

function snapshotOptimizer(
  run: Interpreter,
  id: ObjectId,
  modules: readonly { readonly name: string; readonly id: ObjectId }[],
  doubtful: ReadonlySet<AtomId>,
): OptimizerSnapshot | null {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'optimizer') return null;
  // An owner is contained in no other module in sight; of two names for one module the first counts.
  const owners = modules.filter(
    ({ id: inner }, index) =>
      !modules.some(({ id: outer }, other) =>
        outer === inner ? other < index : knownModulesBelow(run, outer).includes(inner),
      ),
  );
  const names = new Map<AtomId, string>();
  const uncertain = new Set(doubtful);
  for (const owner of owners) {
    for (const { name, atom, multiplicity } of parametersOf(run, owner.id)) {
      if (multiplicity !== 'one') uncertain.add(atom);
      else if (isString(name) && !names.has(atom)) names.set(atom, `${owner.name}.${name.value}`);
    }
  }
  const exact = heldInOrder(run, id);
  const held = exact ?? [...membersOf(run, id).must];
  return {
    built: object.built,
    className: object.className,
    complete: exact !== null && held.every((atom) => !uncertain.has(atom) || names.has(atom)),
    parameters: held.flatMap((atom) => names.get(atom) ?? []),
    detached: held.filter((atom) => !names.has(atom)).length,
  };
}
