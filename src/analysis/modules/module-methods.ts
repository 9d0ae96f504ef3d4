/** Methods of nn.Module. */

import type { Span } from '../../python/syntax.ts';
import { harmlessMethod, returnsSelf } from '../../torch/harmless.ts';
import { assignByName, callBuiltin } from '../builtins/builtins.ts';
import { callForeignMethod } from '../calls/foreign-methods.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { memberOf } from '../calls/python-classes.ts';
import { callUnknown } from '../calls/unknown-calls.ts';
import { getAttribute, getRegistered } from '../expressions/attributes.ts';
import { truthOf } from '../expressions/comparisons.ts';
import { anyChild, anyOf } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterLoad, afterZeroGrad } from '../obligations/moments.ts';
import type { ModuleObject } from '../state/heap.ts';
import {
  type CallArguments,
  isNone,
  isString,
  NONE,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { setModuleAttribute } from '../statements/assignment.ts';
import { forEachItem } from '../statements/iteration.ts';
import { callLightningMethod, isLightningMethod } from '../training/lightning.ts';
import { setToNone } from '../training/training-calls.ts';
import { callContainerMethod } from './container-methods.ts';
import { emptyParameter, setChild } from './module-changes.ts';
import { initialiseFromLibrary } from './module-construction.ts';
import { iterate } from './module-iterations.ts';
import { isContainerMethod, isModuleIteration } from './module-method-names.ts';
import { noteMethodUse } from './module-objects.ts';
import { atomsBelow, knownModulesBelow, modulesOf, parametersOf } from './module-parts.ts';
import { setFlags, switchMode } from './module-state.ts';

/** The built-in functions that do the same as these methods. */
const BY_NAME = {
  __getattribute__: 'getattr',
  __delattr__: 'delattr',
} as const;

/** Methods of nn.Module that go by others, which a class may have in its own way. */
const GOES_BY: Readonly<Record<string, readonly string[]>> = {
  requires_grad_: ['parameters', 'named_parameters', 'named_modules'],
  parameters: ['named_parameters', 'named_modules'],
  named_parameters: ['named_modules'],
  modules: ['named_modules'],
  children: ['named_children'],
  apply: ['children', 'named_children'],
};

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
  const { info } = object;
  if (info && GOES_BY[name]?.some((other) => memberOf(run, info, other))) {
    forgetWhatIsReachable(run, [self, ...args.positional], at);
    return isModuleIteration(name) ? UNKNOWN : self;
  }
  if (isModuleIteration(name)) return iterate(run, id, name, args, at);
  if (name.startsWith('__init__ of ')) {
    initialiseFromLibrary(run, name.slice('__init__ of '.length), self, args, at);
    return UNKNOWN;
  }
  if (isLightningMethod(object.info, name)) return callLightningMethod(run, id, object, name, at);
  if (isContainerMethod(name)) return callContainerMethod(run, id, object, name, args, at);
  switch (name) {
    case 'requires_grad_':
      return setFlags(run, id, object, args, at);
    case 'train':
    case 'eval': {
      const argument = first ?? args.keywords.get('mode');
      const training =
        name === 'eval' ? false : argument ? truthOf(run, argument) : args.complete ? true : null;
      if (!object.certain && argument && run.object(argument) !== null) {
        // `trainer.train(model)` is no mode switch.
        return callForeignMethod(run, self, name, args, at);
      }
      return switchMode(run, id, object, name, training, at);
    }
    case 'apply': {
      if (first) {
        const modules = modulesOf(run, id, '', 'innermost first').map(({ id: child, multiplicity }) => ({
          value: reference(child),
          multiplicity,
        }));
        forEachItem(run, modules, (module, index) => {
          run.within(`a${index}`, () =>
            run.each(first, (callee) =>
              run.call(callee, { positional: [module], keywords: new Map(), complete: true }, at),
            ),
          );
        });
      }
      return self;
    }
    case 'add_module':
    case 'register_module':
    case 'register_parameter':
      if (first && second && isString(first)) {
        if (!isNone(second)) setModuleAttribute(run, id, first.value, second, at);
        else if (name === 'register_parameter') emptyParameter(run, id, first.value);
        else setChild(run, id, first.value, [null]);
      }
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
    case '__setattr__':
      return assignByName(run, { ...args, positional: [self, ...args.positional] }, at, true);
    case '__getattr__':
      if (first && isString(first)) return getRegistered(run, id, object, first.value);
      return callBuiltin(run, 'getattr', { ...args, positional: [self, ...args.positional] }, at);
    case '__getattribute__':
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
      return run.call(self, args, at);
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
