/** Classes of the program, and what calling one makes. */
import type { ClassDefinition, Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { initialiseFromLibrary } from '../modules/module-construction.ts';
import { emptyModule, newOpaquePart } from '../modules/module-objects.ts';
import { isImported } from '../program.ts';
import {
  type CallArguments,
  type ClassInfo,
  type ClassValue,
  constant,
  NO_ARGUMENTS,
  reference,
  type Value,
} from '../state/values.ts';
import { initialiseOptimizer } from '../training/optimizer-objects.ts';
import { initialiseFields } from './dataclasses.ts';
import { makeEnumMembers } from './enums.ts';
import { invoke } from './functions.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { ancestry, findMember, isModuleClass, memberOf, specialMethod } from './python-classes.ts';

/** Runs a class body and gives the class. */
export function makeClass(run: Interpreter, definition: ClassDefinition): ClassValue {
  const bases = definition.bases
    .filter(({ form }) => form === 'positional' || form === 'star')
    .map(({ value }) => run.evaluate(value));
  const scope = run.identity(definition, ':class');
  const saved = run.scopes;
  const members = new Map<string, Value>();
  const metaclass = definition.bases.find(({ name }) => name === 'metaclass');
  const info: ClassInfo = {
    name: definition.name,
    definition,
    bases,
    members,
    decorated: definition.decorators.length > 0,
    metaclass: metaclass ? run.evaluate(metaclass.value) : null,
    scope,
  };
  run.scopes = [...saved, scope];
  run.frames.push({
    scopes: run.scopes,
    returns: [],
    collector: null,
    onYield: null,
    owner: info,
    self: null,
    name: '',
    definition: null,
    caller: null,
    redirected: new Map(),
    captured: true,
    lostPaths: false,
  });
  run.runBlock(definition.body);
  run.frames.pop();
  run.scopes = saved;
  const prefix = `${scope}:`;
  for (const [key, value] of [...run.state.variables.entries()]) {
    if (!key.startsWith(prefix)) continue;
    if (value.kind === 'function') {
      // A method does not see the class's own scope.
      const scopes = value.scopes.filter((other) => other !== scope);
      members.set(key.slice(prefix.length), { ...value, scopes, owner: value.owner ?? info });
      run.state.variables.delete(key);
    } else members.set(key.slice(prefix.length), value);
  }
  makeEnumMembers(run, info, members);
  if (!isImported(definition)) run.classes.push(info);
  tellOfClass(run, info);
  return { kind: 'class', info };
}

/** Calls what the program wants to be told of a new class: `__set_name__` of its members, `__init_subclass__` of its bases. */
function tellOfClass(run: Interpreter, info: ClassInfo): void {
  const self: Value = { kind: 'class', info };
  for (const [name, member] of info.members) {
    const method = specialMethod(run, member, '__set_name__');
    if (method) invoke(run, method, { ...NO_ARGUMENTS, positional: [self, constant(name)] }, info.definition);
  }
  const hook = findMember(info, '__init_subclass__', 1)?.value;
  if (hook?.kind !== 'function') return;
  const keywords = new Map(
    info.definition.bases.flatMap(({ name, value }) =>
      name === null || name === 'metaclass' ? [] : [[name, run.evaluate(value)] as const],
    ),
  );
  invoke(run, { ...hook, self }, { ...NO_ARGUMENTS, keywords }, info.definition);
}

/** `Class(arguments)`, also where a metaclass of the program has a say in it. */
export function callClass(run: Interpreter, info: ClassInfo, args: CallArguments, at: Span): Value {
  const metaclass = metaclassOf(info);
  if (metaclass?.kind !== 'class') return instantiate(run, info, args, at);
  const call = memberOf(run, metaclass.info, '__call__')?.value;
  const self: Value = { kind: 'class', info };
  const made =
    call?.kind === 'function' ? invoke(run, { ...call, self }, args, at) : instantiate(run, info, args, at);
  // It may have made another class of this one.
  if (memberOf(run, metaclass.info, '__new__') || memberOf(run, metaclass.info, '__init__'))
    forgetWhatIsReachable(run, made, at);
  return made;
}

/** The metaclass that a class or one of its bases names; null where none does. */
function metaclassOf(info: ClassInfo): Value | null {
  for (const ancestor of ancestry(info)) {
    if (typeof ancestor !== 'string' && ancestor.metaclass) return ancestor.metaclass;
  }
  return null;
}

/** Makes an instance and runs `__init__`. */
export function instantiate(run: Interpreter, info: ClassInfo, args: CallArguments, at: Span): Value {
  run.called.add(info.definition);
  const maker = memberOf(run, info, '__new__')?.value;
  if (maker?.kind !== 'function') {
    const instance = newInstance(run, info, at);
    initialise(run, info, instance, args, at);
    return instance;
  }
  const made = invoke(run, { ...maker, self: { kind: 'class', info } }, args, at);
  return run.each(made, (instance) => {
    const object = run.object(instance);
    const own = object?.kind === 'instance' || object?.kind === 'module' ? object.info : null;
    if (own && [...ancestry(own)].includes(info)) initialise(run, own, instance, args, at);
    return instance;
  });
}

/** An instance before `__init__`. */
export function newInstance(run: Interpreter, info: ClassInfo, at: Span): Value {
  const id = run.identity(at, `:${info.name}`);
  const isModule = isModuleClass(info);
  if (isModule === false) {
    const isKnown = [...ancestry(info)].every((one) => typeof one !== 'string' || WITHOUT_METHODS.has(one));
    const complete = isKnown && !info.decorated && findMember(info, '__getattr__') === null;
    run.state.heap.set(id, { kind: 'instance', info, library: null, attributes: new Map(), complete });
    return reference(id);
  }
  const unknownBase = [...ancestry(info)].some(
    (ancestor) => typeof ancestor === 'string' && !HARMLESS_BASES.has(ancestor),
  );
  run.state.heap.set(
    id,
    emptyModule({
      className: info.name,
      info,
      certain: isModule === true,
      opaque: unknownBase ? newOpaquePart(run, id, isModule ? 2 : 3) : null,
      built: at,
      origin: 'class',
    }),
  );
  return reference(id);
}

/** Library bases that give an instance nothing to call. */
const WITHOUT_METHODS = new Set(['builtins.object', 'abc.ABC', 'typing.Generic', 'typing.Protocol']);

/** Library bases whose own constructor registers nothing that the program could train. */
const HARMLESS_BASES = new Set([
  'torch.nn.Module',
  'lightning.pytorch.LightningModule',
  'builtins.object',
  'abc.ABC',
  'typing.Generic',
  'torch.nn.Sequential',
  'torch.nn.ModuleList',
  'torch.nn.ModuleDict',
  'torch.nn.Linear',
  'torch.nn.Conv1d',
  'torch.nn.Conv2d',
  'torch.nn.Conv3d',
  'torch.nn.ConvTranspose2d',
  'torch.nn.BatchNorm1d',
  'torch.nn.BatchNorm2d',
  'torch.nn.BatchNorm3d',
  'torch.nn.LayerNorm',
  'torch.nn.Embedding',
  'torch.nn.LSTM',
  'torch.nn.GRU',
]);

function initialise(run: Interpreter, info: ClassInfo, instance: Value, args: CallArguments, at: Span): void {
  const found = memberOf(run, info, '__init__');
  if (found?.value.kind === 'function') {
    invoke(run, { ...found.value, self: instance }, args, at);
    return;
  }
  if (initialiseFields(run, info, instance, args, at)) return;
  // Without an __init__ of the program's own, the arguments go to the library's.
  if (args.positional.length > 0 || args.keywords.size > 0) callBaseInit(run, info, instance, args, at);
}

function callBaseInit(
  run: Interpreter,
  info: ClassInfo,
  instance: Value,
  args: CallArguments,
  at: Span,
): void {
  const path = [...ancestry(info)].find((ancestor) => typeof ancestor === 'string');
  if (typeof path !== 'string' || initialiseOptimizer(run, path, instance, args, at)) return;
  initialiseFromLibrary(run, path, instance, args, at);
}
