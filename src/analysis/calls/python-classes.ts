/** The classes of the program: where a name is looked up, and whether they are modules. */
import { findLayer } from '../../torch/layers.ts';
import { canonicalName } from '../../torch/names.ts';
import { isOptimizerClass } from '../../torch/optimizers.ts';
import type { Interpreter } from '../interpreter.ts';
import type { InstanceObject, ModuleObject } from '../state/heap.ts';
import {
  type ClassInfo,
  external,
  type FunctionValue,
  type ScopeId,
  UNKNOWN,
  type Value,
} from '../state/values.ts';

/** Library classes, other than torch.nn's, that are nn.Modules. */
const MODULE_CLASSES = new Set([
  'lightning.pytorch.LightningModule',
  'lightning.pytorch.core.LightningModule',
  'transformers.PreTrainedModel',
  'torch.jit.ScriptModule',
  'fairseq.models.BaseFairseqModel',
  'mmcv.runner.BaseModule',
  'mmengine.model.BaseModule',
]);

/** Bases that are certainly no modules. */
const PLAIN_CLASSES = new Set([
  'builtins.object',
  'abc.ABC',
  'typing.Generic',
  'typing.Protocol',
  'typing.NamedTuple',
  'enum.Enum',
  'torch.utils.data.Dataset',
  'torch.utils.data.IterableDataset',
  'torch.utils.data.Sampler',
  'torch.autograd.Function',
]);

/** Modules of Python whose classes programs inherit from. */
const STANDARD_LIBRARY =
  /^(?:abc|argparse|asyncio|builtins|collections|contextlib|enum|json|logging|queue|string|threading|types|typing|unittest)\./;

const orders = new WeakMap<ClassInfo, readonly (ClassInfo | string)[]>();

/** The classes a class inherits from in the order in which Python asks them, itself included; library bases by their path. */
export function ancestry(info: ClassInfo): readonly (ClassInfo | string)[] {
  let order = orders.get(info);
  if (!order) {
    // A class that is its own ancestor is none that Python makes.
    orders.set(info, [info]);
    const bases = info.bases.map((base) =>
      base.kind === 'class' ? base.info : base.kind === 'external' ? canonicalName(base.path) : '?',
    );
    order = [
      info,
      ...merged([...bases.map((base) => (typeof base === 'string' ? [base] : ancestry(base))), bases]),
    ];
    orders.set(info, order);
  }
  return order;
}

/** Merges the orders of the bases of a class: each is asked before its own bases, and as late as all of them allow. */
function merged(lists: readonly (readonly (ClassInfo | string)[])[]): readonly (ClassInfo | string)[] {
  const left = lists.map((list) => [...list]).filter((list) => list.length > 0);
  if (left.length === 0) return [];
  // Where Python would refuse the class, any order will do.
  const next =
    left.map(([head]) => head).find((head) => left.every((list) => !list.includes(head!, 1))) ?? left[0]![0]!;
  return [next, ...merged(left.map((list) => list.filter((one) => one !== next)))];
}

/** A name of a class body, inherited ones included; null where no class of the program defines it. */
export function findMember(
  info: ClassInfo,
  name: string,
  skip = 0,
): { readonly value: Value; readonly owner: ClassInfo } | null {
  let position = 0;
  for (const ancestor of ancestry(info)) {
    if (position++ < skip || typeof ancestor === 'string') continue;
    const value = ancestor.members.get(name);
    if (value) return { value, owner: ancestor };
  }
  return null;
}

/** Every function in the body of a class and of those it inherits from. */
export function* methodsOf(info: ClassInfo): Generator<FunctionValue> {
  for (const ancestor of ancestry(info)) {
    if (typeof ancestor === 'string') continue;
    for (const member of ancestor.members.values()) if (member.kind === 'function') yield member;
  }
}

/** The same as the program left it: what it set on a class since (`Config.freeze = True`) comes first. */
export function memberOf(
  run: Interpreter,
  info: ClassInfo,
  name: string,
): { readonly value: Value; readonly owner: ClassInfo } | null {
  for (const ancestor of ancestry(info)) {
    if (typeof ancestor === 'string') continue;
    const value = run.state.variables.get(`${ancestor.scope}:${name}`) ?? ancestor.members.get(name);
    if (value) return { value, owner: ancestor };
  }
  return null;
}

/** A method such as `__call__`, which Python looks up on the class of an object; null where the program defines none. */
export function specialMethod(run: Interpreter, value: Value, name: string): FunctionValue | null {
  const object = run.object(value);
  const info = object?.kind === 'instance' || object?.kind === 'module' ? object.info : null;
  const found = info && memberOf(run, info, name)?.value;
  return found?.kind === 'function' ? { ...found, self: value } : null;
}

/** Owns what the program sets on a class of a library (`nn.Module.freeze = freeze`), as a call owns its variables. */
export const externalScope = (path: string): ScopeId => `external ${canonicalName(path)}`;

/** What the program has set on the classes of a library that a module derives from; null where it has not. */
export function patchedMember(run: Interpreter, { info, library }: ModuleObject, name: string): Value | null {
  for (const path of [
    ...(library ? [library] : []),
    ...(info ? libraryBases(info) : []),
    'torch.nn.Module',
  ]) {
    const value = run.state.variables.get(`${externalScope(path)}:${name}`);
    if (value) return value;
  }
  return null;
}

/** Whether instances are nn.Modules; null where a base class is unknown. */
export function isModuleClass(info: ClassInfo): boolean | null {
  let answer: boolean | null = false;
  for (const ancestor of ancestry(info)) {
    if (typeof ancestor !== 'string') continue;
    const verdict = isModulePath(ancestor);
    if (verdict === true) return true;
    if (verdict === null) answer = null;
  }
  return answer;
}

/** Whether a library class is an nn.Module; null where it is not known. */
export function isModulePath(path: string): boolean | null {
  const canonical = canonicalName(path);
  if (findLayer(canonical) || MODULE_CLASSES.has(canonical)) return true;
  if (/^torchvision\.models\.(?:\w+\.)*[A-Z]\w*$/.test(canonical)) return true;
  if (isOptimizerClass(canonical)) return false;
  if (PLAIN_CLASSES.has(canonical) || STANDARD_LIBRARY.test(canonical)) return false;
  return null;
}

/** The library classes among the ancestors, nearest first. */
export function libraryBases(info: ClassInfo): readonly string[] {
  return [...ancestry(info)].filter((ancestor) => typeof ancestor === 'string');
}

/** True for an instance of a class of the program. */
export function isPythonClass(object: ModuleObject | InstanceObject): boolean {
  return object.info !== null;
}

/** The class of a module, as `type(module)` gives it; unknown where the module is. */
export function classOf({ info, library, generic }: ModuleObject): Value {
  if (info) return { kind: 'class', info };
  return library !== null && generic === null ? external(library) : UNKNOWN;
}
