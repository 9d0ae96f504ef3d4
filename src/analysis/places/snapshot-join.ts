/** What several snapshots agree on: a place that is reached several times shows only that. */

import { sameStructure } from '../state/state.ts';
import type {
  FlagSnapshot,
  ModuleSnapshot,
  OptimizerSnapshot,
  ParameterSnapshot,
  Snapshot,
  SubmoduleSnapshot,
  UnlistedSnapshot,
} from './snapshot.ts';

export function joinSnapshots(a: Snapshot, b: Snapshot): Snapshot {
  return {
    gradients: a.gradients === b.gradients ? a.gradients : 'unknown',
    modules: joinMaps(a.modules, b.modules, joinModules, doubted),
    // What the other one does not have may be there, and otherwise.
    optimizers: joinMaps(a.optimizers, b.optimizers, joinOptimizers, (one) => ({ ...one, complete: false })),
  };
}

function joinMaps<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  join: (a: T, b: T) => T,
  alone: (one: T) => T,
): ReadonlyMap<string, T> {
  const joined = new Map<string, T>();
  for (const [name, one] of a) {
    const other = b.get(name);
    joined.set(name, other === undefined ? alone(one) : join(one, other));
  }
  for (const [name, other] of b) if (!a.has(name)) joined.set(name, alone(other));
  return joined;
}

/** A module of which nothing is certain. */
function doubted(module: ModuleSnapshot): ModuleSnapshot {
  return {
    ...module,
    complete: false,
    parameters: new Map([...module.parameters].map(([name, one]) => [name, asUnknown(one)])),
    unlisted: module.unlisted.map(asUnknown),
    mode: 'unknown',
    submodules: new Map([...module.submodules].map(([name, one]) => [name, { ...one, mode: 'unknown' }])),
  };
}

/** A snapshot with what another one of the same place knows beyond it. */
export function sharpened(one: Snapshot, other: Snapshot): Snapshot {
  const modules = [...one.modules].map(([name, module]) => {
    const sharper = other.modules.get(name);
    return [name, sharper ? sharpenedModule(module, sharper) : module] as const;
  });
  const optimizers = [...one.optimizers].map(([name, optimizer]) => {
    const sharper = other.optimizers.get(name);
    return [name, sharper?.complete && !optimizer.complete ? sharper : optimizer] as const;
  });
  return { ...one, modules: new Map(modules), optimizers: new Map(optimizers) };
}

function sharpenedModule(one: ModuleSnapshot, other: ModuleSnapshot): ModuleSnapshot {
  if (other.complete && !one.complete) return other;
  const parameters = [...one.parameters].map(([name, parameter]) => {
    const sharper = other.parameters.get(name);
    return [name, sharper && parameter.flag === 'unknown' ? sharper : parameter] as const;
  });
  return { ...one, parameters: new Map(parameters) };
}

/** What is certain of one of two modules. */
export function joinModules(a: ModuleSnapshot, b: ModuleSnapshot): ModuleSnapshot {
  const parameters = joinMaps(a.parameters, b.parameters, joinParameters, asUnknown);
  const isSameSet = parameters.size === a.parameters.size && parameters.size === b.parameters.size;
  return {
    ...joinSubmodules(a, b),
    complete: a.complete && b.complete && isSameSet,
    parameters,
    unlisted: joinUnlisted(a.unlisted, b.unlisted),
    submodules: joinMaps(a.submodules, b.submodules, joinSubmodules, (one) => one),
  };
}

const joinSubmodules = (a: SubmoduleSnapshot, b: SubmoduleSnapshot): SubmoduleSnapshot => ({
  className: a.className === b.className ? a.className : '',
  mode: a.mode === b.mode ? a.mode : 'unknown',
});

/** A parameter that only one of the two modules has: it may not exist. */
const asUnknown = <T extends FlagSnapshot>(one: T): T => ({
  ...one,
  flag: 'unknown',
  optimizers: [],
  perhapsIn: [...one.optimizers, ...one.perhapsIn],
});

function joinParameters(a: ParameterSnapshot, b: ParameterSnapshot): ParameterSnapshot {
  return {
    ...joinFlags(a, b),
    shape: sameStructure(a.shape, b.shape) ? a.shape : null,
    size: a.size === b.size ? a.size : null,
  };
}

function joinFlags(a: FlagSnapshot, b: FlagSnapshot): FlagSnapshot {
  const optimizers = a.optimizers.filter((name) => b.optimizers.includes(name));
  const all = new Set([...a.optimizers, ...b.optimizers, ...a.perhapsIn, ...b.perhapsIn]);
  const isSameWriter =
    a.writer === b.writer ||
    (a.writer !== null && b.writer !== null && a.writer !== 'several' && b.writer !== 'several'
      ? a.writer.start === b.writer.start && a.writer.end === b.writer.end
      : false);
  return {
    flag: a.flag === b.flag ? a.flag : 'unknown',
    writer: isSameWriter ? a.writer : 'several',
    optimizers,
    perhapsIn: [...all].filter((name) => !optimizers.includes(name)),
  };
}

function joinUnlisted(
  a: readonly UnlistedSnapshot[],
  b: readonly UnlistedSnapshot[],
): readonly UnlistedSnapshot[] {
  const isSame = (one: UnlistedSnapshot, other: UnlistedSnapshot): boolean =>
    one.path === other.path && sameStructure(one.answers, other.answers);
  const joined = a.map((one): UnlistedSnapshot => {
    const other = b.find((candidate) => isSame(one, candidate));
    return other
      ? { ...one, ...joinFlags(one, other), evident: one.evident || other.evident }
      : asUnknown(one);
  });
  const added = b.filter((other) => !a.some((one) => isSame(one, other)));
  return [...joined, ...added.map(asUnknown)];
}

/** What is certain of one of two optimizers: `parameters` are those that both hold. */
export function joinOptimizers(a: OptimizerSnapshot, b: OptimizerSnapshot): OptimizerSnapshot {
  const isSame =
    a.detached === b.detached && sameStructure([...a.parameters].sort(), [...b.parameters].sort());
  return {
    built: a.built,
    className: a.className === b.className ? a.className : '',
    complete: a.complete && b.complete && isSame,
    parameters: a.parameters.filter((name) => b.parameters.includes(name)),
    detached: Math.min(a.detached, b.detached),
  };
}
