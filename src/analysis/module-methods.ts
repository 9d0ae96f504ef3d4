/** Methods of nn.Module. */
import type { Span } from '../python/syntax.ts';
import { harmlessMethod, returnsSelf } from '../torch/harmless.ts';
import { setModuleAttribute } from './assignment.ts';
import { getAttribute, noteMethodUse } from './attributes.ts';
import { callBuiltin } from './builtins.ts';
import { callForeignMethod, callUnknown, callValue, setToNone } from './calls.ts';
import { truthOf } from './comparisons.ts';
import { callContainerMethod, isContainerMethod } from './container-methods.ts';
import { flagArgument, flagCode, flagGiven, noteFlagValue } from './flag-values.ts';
import { writeFlag } from './flags.ts';
import { invoke } from './functions.ts';
import { askForGradient, graphOf } from './graphs.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN, type ModuleIteration, type ModuleObject } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { forEachItem } from './iteration.ts';
import { callLightningMethod, isLightningMethod } from './lightning.ts';
import { initialiseFromLibrary } from './module-construction.ts';
import { atomsBelow, knownModulesBelow, modulesOf, parametersOf } from './module-parts.ts';
import { afterLoad, afterModeChange, afterZeroGrad } from './obligations/moments.ts';
import { findMember } from './python-classes.ts';
import { anyChild, anyOf } from './unknown-places.ts';
import {
  type CallArguments,
  constant,
  isString,
  NONE,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from './values.ts';

const ITERATIONS: ReadonlySet<string> = new Set<ModuleIteration>([
  'parameters',
  'named_parameters',
  'children',
  'named_children',
  'modules',
  'named_modules',
]);

/** The built-in functions that do the same as these methods. */
const BY_NAME = {
  __getattr__: 'getattr',
  __getattribute__: 'getattr',
  __setattr__: 'setattr',
  __delattr__: 'delattr',
} as const;

const METHODS = new Set([
  ...ITERATIONS,
  'requires_grad_',
  'train',
  'eval',
  'apply',
  'add_module',
  'register_module',
  'register_parameter',
  'get_submodule',
  'get_parameter',
  '__getattr__',
  '__getattribute__',
  '__setattr__',
  '__delattr__',
  'state_dict',
  'load_state_dict',
  'forward',
  '__call__',
  '__init__',
]);

/** Whether a name is `parameters` or one of its sisters, which give generators. */
export const isModuleIteration = (name: string): name is ModuleIteration => ITERATIONS.has(name);

/** Whether a name is a method that nn.Module or one of its containers has. */
export function isModuleMethod(name: string): boolean {
  return (
    METHODS.has(name) ||
    isContainerMethod(name) ||
    returnsSelf(name) ||
    harmlessMethod(name, 'module') !== null
  );
}

export function callModuleMethod(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const self = reference(id);
  noteMethodUse(run, self, name);
  const [first, second] = args.positional;
  if (isModuleIteration(name)) return iterate(run, id, name, args, at);
  if (name.startsWith('__init__ of ')) {
    initialiseFromLibrary(run, name.slice('__init__ of '.length), self, args, at);
    return UNKNOWN;
  }
  if (isLightningMethod(object.info, name)) return callLightningMethod(run, id, object, name, at);
  if (isContainerMethod(name)) return callContainerMethod(run, id, object, name, args, at);
  switch (name) {
    case 'requires_grad_': {
      const all = parametersOf(run, id);
      const value = flagArgument(run, args);
      if (object.certain && all.length > 0)
        noteFlagValue(run, 'method', self, flagGiven(args), flagCode(at), at);
      const sure = all.filter(({ multiplicity }) => multiplicity !== 'maybe').map(({ atom }) => atom);
      const unsure = all.filter(({ multiplicity }) => multiplicity === 'maybe').map(({ atom }) => atom);
      writeFlag(run, sure, value, true, at);
      if (unsure.length > 0) writeFlag(run, unsure, value, false, at);
      // It may be a loss without a graph; on one that has a graph this changes nothing.
      if (value === true && graphOf(run, self)) askForGradient(run, self, null, at);
      return self;
    }
    case 'train':
    case 'eval': {
      const argument = first ?? args.keywords.get('mode');
      const training =
        name === 'eval' ? false : argument ? truthOf(run, argument) : args.complete ? true : null;
      if (!object.certain && argument && run.object(argument) !== null) {
        // `trainer.train(model)` is no mode switch.
        return callForeignMethod(run, self, name, args, at);
      }
      if (!object.certain && name === 'train') run.emit({ kind: 'fit', span: at });
      setMode(run, id, training, at, true);
      afterModeChange(run, id, training, at);
      return self;
    }
    case 'apply': {
      if (first) {
        const modules = modulesOf(run, id).map(({ id: child, multiplicity }) => ({
          value: reference(child),
          multiplicity,
        }));
        forEachItem(run, modules, (module, index) => {
          run.within(`a${index}`, () =>
            run.each(first, (callee) =>
              callValue(run, callee, { positional: [module], keywords: new Map(), complete: true }, at),
            ),
          );
        });
      }
      return self;
    }
    case 'add_module':
    case 'register_module':
    case 'register_parameter':
      if (first && second && isString(first)) setModuleAttribute(run, id, first.value, second, at);
      // Under a name nobody knows it may be anything of this module.
      else forgetWhatIsReachable(run, [self, ...args.positional, ...args.keywords.values()], null);
      return UNKNOWN;
    case 'get_submodule':
    case 'get_parameter': {
      if (!first) return UNKNOWN;
      if (first.kind === 'union') {
        return run.each(first, (option) =>
          callModuleMethod(run, id, object, name, { ...args, positional: [option] }, at),
        );
      }
      if (!isString(first)) {
        if (name === 'get_parameter') return { kind: 'someParameter', atoms: atomsBelow(run, id).may };
        const below = knownModulesBelow(run, id).filter((part) => part !== id);
        const items = below.map((part) => ({ value: reference(part), multiplicity: 'one' as const }));
        return items.length > 0 && !object.opaque ? anyOf(run, items) : anyChild(run, id, object);
      }
      let found: Value = self;
      for (const part of first.value.split('.')) {
        if (part !== '') found = getAttribute(run, found, part, { kind: 'none', ...at });
      }
      return found;
    }
    case '__getattr__':
    case '__getattribute__':
    case '__setattr__':
    case '__delattr__':
      return callBuiltin(run, BY_NAME[name], { ...args, positional: [self, ...args.positional] }, at);
    case 'state_dict': {
      // Detached copies that share the memory, unless keep_vars is set (catalogue a12).
      const keep = args.keywords.get('keep_vars');
      const entries = parametersOf(run, id).map(({ name: key, atom, multiplicity }) => {
        const parameter: Value = { kind: 'parameter', atom };
        const copy: Value = { kind: 'tensor', origin: 'stateDict', of: parameter };
        return { key, value: keep && truthOf(run, keep) === true ? parameter : copy, multiplicity };
      });
      return run.allocate(at, { kind: 'dictionary', entries, complete: true });
    }
    case 'load_state_dict':
      afterLoad(run, id);
      return UNKNOWN;
    case 'forward':
    case '__call__':
      return callValue(run, self, args, at);
    case 'register_buffer': {
      if (!first || !isString(first)) return UNKNOWN;
      const buffer = second ?? args.keywords.get('tensor') ?? UNKNOWN;
      const attributes = new Map(object.attributes).set(first.value, buffer);
      run.state.heap.set(id, { ...object, attributes });
      return NONE;
    }
    default:
      break;
  }
  if (name === 'zero_grad') {
    const below = object.certain ? new Set(atomsBelow(run, id).may) : null;
    afterZeroGrad(run, below, setToNone(run, args), at);
    return UNKNOWN;
  }
  if (returnsSelf(name)) return self;
  const facts = harmlessMethod(name, 'module');
  if (facts?.keepsMode) return UNKNOWN;
  if (!object.certain) return callForeignMethod(run, self, name, args, at);
  return callUnknown(run, [self], args, at);
}

function iterate(
  run: Interpreter,
  id: ObjectId,
  method: ModuleIteration,
  args: CallArguments,
  at: Span,
): Value {
  const named = method !== 'parameters' && method !== 'children' && method !== 'modules';
  const prefixArgument = args.keywords.get('prefix') ?? (named ? args.positional[0] : undefined);
  const recurseArgument =
    args.keywords.get('recurse') ?? (method === 'parameters' ? args.positional[0] : args.positional[1]);
  return run.allocate(
    at,
    {
      kind: 'iterator',
      source: {
        kind: 'module',
        module: id,
        method,
        prefix: prefixArgument && isString(prefixArgument) ? prefixArgument.value : '',
        recurse: !(recurseArgument && truthOf(run, recurseArgument) === false),
      },
      used: 'no',
      usedAt: null,
      built: at,
    },
    `:${method}`,
  );
}

/**
 * Sets the mode of a module and everything below it. A class of the program that overrides `train` decides for
 * its own subtree, as in PyTorch.
 */
function setMode(
  run: Interpreter,
  id: ObjectId,
  training: boolean | null,
  at: Span,
  isReceiver: boolean,
  visited = new Set<ObjectId>(),
): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || visited.has(id)) return;
  visited.add(id);
  const override = !isReceiver && object.info ? findMember(object.info, 'train') : null;
  if (override?.value.kind === 'function') {
    invoke(
      run,
      { ...override.value, self: reference(id) },
      { positional: [training === null ? UNKNOWN : constant(training)], keywords: new Map(), complete: true },
      at,
    );
    return;
  }
  const mode = training === null ? MAY_BE_EVAL | MAY_BE_TRAIN : training ? MAY_BE_TRAIN : MAY_BE_EVAL;
  if (object.mode !== mode || object.modeWriter !== at) {
    run.state.heap.set(id, { ...object, mode, modeWriter: at });
  }
  for (const options of object.children.values()) {
    for (const child of options) if (child !== null) setMode(run, child, training, at, false, visited);
  }
}
