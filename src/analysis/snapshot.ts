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

/** What the variables of a scope show of modules and optimizers; `self` adds its attributes as `self.name`. */
export function takeSnapshot(run: Interpreter, bindings: ReadonlyMap<string, Value>): Snapshot {
  const named = withAttributes(run, bindings);
  const modules = new Map<string, ModuleSnapshot>();
  const owners: { readonly name: string; readonly id: ObjectId }[] = [];
  for (const [name, value] of named) {
    const object = run.object(value);
    if (value.kind !== 'reference' || object?.kind !== 'module' || !object.certain) continue;
    owners.push({ name, id: value.id });
    modules.set(name, snapshotModule(run, value.id, object.className));
  }
  const optimizers = new Map<string, OptimizerSnapshot>();
  for (const [name, value] of named) {
    if (value.kind === 'reference' && run.object(value)?.kind === 'optimizer') {
      const snapshot = snapshotOptimizer(run, value.id, owners);
      if (snapshot) optimizers.set(name, snapshot);
    }
  }
  return { modules, optimizers };
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
  const uncertain = new Set<AtomId>();
  for (const owner of owners) {
    for (const { name, atom, multiplicity } of parametersOf(run, owner.id)) {
      if (multiplicity !== 'one') uncertain.add(atom);
      else if (isString(name) && !names.has(atom)) names.set(atom, `${owner.name}.${name.value}`);
    }
  }
  const { must, may, complete } = membersOf(run, id);
  const held = heldInOrder(run, id);
  return {
    built: object.built,
    className: object.className,
    complete:
      complete &&
      must.size === may.size &&
      held.every((atom) => !run.atoms.isClass(atom) && !uncertain.has(atom)),
    parameters: held.flatMap((atom) => names.get(atom) ?? []),
    detached: held.filter((atom) => !names.has(atom)).length,
  };
}
