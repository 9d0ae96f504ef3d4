/** `callee(arguments)` for every kind of callee. */

import type { Call, Span } from '../../python/syntax.ts';
import { walkExpressions } from '../../python/walk.ts';
import { misspelledRequiresGrad } from '../../torch/attribute-spelling.ts';
import { harmlessMethod } from '../../torch/harmless.ts';
import { assignByName, callBuiltin } from '../builtins/builtins.ts';
import { callCollectionMethod } from '../builtins/collections.ts';
import { callNameMethod, callStringMethod } from '../builtins/strings.ts';
import { changedByAnyMethod } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { callModuleMethod } from '../modules/module-methods.ts';
import { knownModulesBelow } from '../modules/module-parts.ts';
import { settleWrapper } from '../obligations/stale-wrappers.ts';
import { noteNameMethod } from '../observations/name-tests.ts';
import { describeReceiver } from '../observations/receivers.ts';
import type { ModuleObject } from '../state/heap.ts';
import { type CallArguments, reference, UNKNOWN, type Value } from '../state/values.ts';
import { forEachItem } from '../statements/iteration.ts';
import { graphByMode, graphOfForward, tensor } from '../tensors/graphs.ts';
import { noteInferenceInput } from '../tensors/inference-tensors.ts';
import { callTensorMethod } from '../tensors/tensor-methods.ts';
import { callAccelerator } from '../training/accelerate.ts';
import { callOptimizerMethod } from '../training/optimizer-objects.ts';
import { allArguments, joinArguments } from './call-arguments.ts';
import { capturedBy, setsFlags } from './closures.ts';
import { callForeignMethod, graphOfMethod } from './foreign-methods.ts';
import { invoke } from './functions.ts';
import { forgetWhatIsReachable, reachableFrom } from './havoc.ts';
import { callClass, instantiate, newInstance } from './instances.ts';
import { callLibrary } from './library-calls.ts';
import { memberOf } from './python-classes.ts';
import { callThread } from './threads.ts';
import { callUnknown, forgetUnseenAliases, unknownResult } from './unknown-calls.ts';

/** Calls a value; `at` is the call expression, or where a callee without one is called from (`filter`). */
export function callValue(run: Interpreter, callee: Value, args: CallArguments, at: Call | Span): Value {
  run.step(at);
  if (run.dead) return UNKNOWN;
  switch (callee.kind) {
    case 'function':
      return invoke(run, callee, args, at);
    case 'class':
      return callClass(run, callee.info, args, at);
    case 'external':
      return callee.path.startsWith('builtins.')
        ? callBuiltin(run, callee.path.slice('builtins.'.length), args, at)
        : callLibrary(run, callee.path, args, at);
    case 'method':
      return callMethod(run, callee, args, at);
    case 'partial':
      return callValue(run, callee.callee, joinArguments(callee.args, args), at);
    case 'reference':
      if (run.object(callee)?.kind === 'module') noteFlagMethod(run, callee, at);
      return callObject(run, callee, args, at);
    case 'union':
      return run.each(callee, (option) => callValue(run, option, args, at));
    default:
      noteFlagMethod(run, callee, at);
      forgetUnseenAliases(run, at);
      return callUnknown(run, [], args, at);
  }
}

function callObject(
  run: Interpreter,
  callee: Value & { kind: 'reference' },
  args: CallArguments,
  at: Span,
): Value {
  const object = run.object(callee);
  if (object?.kind === 'module') return callModule(run, callee.id, object, args, at);
  if (object?.kind === 'instance' && object.info) {
    const call = memberOf(run, object.info, '__call__');
    if (call?.value.kind === 'function') return invoke(run, { ...call.value, self: callee }, args, at);
  }
  return callUnknown(run, [callee], args, at);
}

/** `model(x)`: a forward pass. */
function callModule(
  run: Interpreter,
  id: string,
  object: ModuleObject,
  args: CallArguments,
  at: Span,
): Value {
  run.passes.note(run, id, object, at);
  if (!object.certain) return callUncertain(run, id, object, args, at);
  if (run.state.gradients.mode === 'on') run.forwarded.add(id);
  run.emit({ kind: 'forward', span: at });
  forgetWhatForwardChanges(run, id, at);
  noteInferenceInput(run, id, allArguments(args), at);
  settleWrapper(run, id, object, at);
  return tensor(
    'graph',
    args.complete ? graphOfForward(run, id, allArguments(args), at) : graphByMode(run, at),
  );
}

/** A call of something that may be a module, or a method of something out of sight. */
function callUncertain(
  run: Interpreter,
  id: string,
  object: ModuleObject,
  args: CallArguments,
  at: Span,
): Value {
  const owner = object.parent && reference(object.parent.id);
  const name = object.parent?.name ?? '';
  if (owner && trains(run, name, args)) return callForeignMethod(run, owner, name, args, at);
  // It may be anything callable: a loss, a data set, a helper out of sight that gets a model.
  const { objects } = reachableFrom(run, allArguments(args));
  const given = [...objects].filter((reached) => run.state.heap.get(reached)?.kind === 'module');
  const graph = owner ? graphOfMethod(run, owner, name, args, at) : graphByMode(run, at);
  if (given.length > 0) {
    forgetWhatIsReachable(run, [reference(id), ...allArguments(args)], at);
    run.exceptions.mayHaveRaised = true;
  } else if (owner && mayBeStateChange(name, args)) forgetWhatIsReachable(run, owner, at);
  // What is called with data gives data; without any, it may hand out what it holds: `wrapper.get_model()`.
  const isAsked = args.complete && allArguments(args).every(({ kind }) => kind === 'constant');
  const held = given.length > 0 ? allArguments(args) : [];
  return unknownResult(run, at, isAsked || given.length > 0 ? [reference(id), ...held] : [], graph);
}

/** Whether `object.name(...)` trains whatever the object is: `loss.backward()`, `scaler.step(optimizer)`. */
function trains(run: Interpreter, name: string, { positional: [first] }: CallArguments): boolean {
  if (name === 'backward') return true;
  return name === 'step' && first?.kind === 'reference' && run.object(first)?.kind === 'optimizer';
}

/**
 * Whether `model.name(...)` may be a method that changes the model rather than a forward pass of a part: parts are
 * called with data, and what changes a model is called with settings or has a telling name.
 */
function mayBeStateChange(name: string, args: CallArguments): boolean {
  if (harmlessMethod(name)) return false;
  return TELLS_OF_CHANGE.test(name) || allArguments(args).every(({ kind }) => kind === 'constant');
}

const TELLS_OF_CHANGE =
  /freez|thaw|grad|train|tun(?:e|ing)|lock|able(?:_|$)|activate|prepare|adapter|lora|stage|phase|epoch|set_|mode|init|reset|load|configure|setup/i;

/** `p.requires_grad(False)`, `p.data.requires_grad_(False)`: noted for the rules. */
function noteFlagMethod(run: Interpreter, callee: Value, at: Call | Span): void {
  if (!('kind' in at) || at.kind !== 'call' || at.callee.kind !== 'attribute') return;
  const { name } = at.callee;
  // The right spelling matters only where it is called on a tensor that is no Parameter.
  const isRight = name === 'requires_grad_' && callee.kind === 'method' && callee.receiver.kind === 'tensor';
  if (run.dead || !(isRight || name === 'requires_grad' || misspelledRequiresGrad(name) !== null)) return;
  let object: Value;
  if (callee.kind === 'method') object = callee.receiver;
  else {
    // The attribute was no method: look at what it was asked of, unless that would run something twice.
    if ([...walkExpressions(at.callee.object)].some(({ kind }) => kind === 'call')) return;
    object = run.evaluate(at.callee.object);
  }
  for (const option of object.kind === 'union' ? object.options : [object]) {
    run.emit({
      kind: 'flagMethodCalled',
      call: at,
      attribute: at.callee,
      receiver: describeReceiver(run, option, name),
    });
  }
}

function callMethod(
  run: Interpreter,
  callee: Value & { kind: 'method' },
  args: CallArguments,
  at: Call | Span,
): Value {
  const { receiver, name } = callee;
  const changed = changedByAnyMethod(run, callee);
  if (changed) return callUnknown(run, changed, args, at);
  if (name === '__setattr__' && /arameter$/.test(receiver.kind))
    return assignByName(run, { ...args, positional: [receiver, ...args.positional] }, at, true);
  noteFlagMethod(run, callee, at);
  if (/^register_\w*hook$/.test(name)) forgetWhatHooksChange(run, receiver, args, at);
  switch (receiver.kind) {
    case 'constant': {
      if (typeof receiver.value !== 'string') return UNKNOWN;
      const value = callStringMethod(run, receiver.value, name, args);
      noteNameMethod(run, receiver, name, args, value, at);
      return value;
    }
    case 'atomName': {
      const value = callNameMethod(run, receiver, name, args);
      noteNameMethod(run, receiver, name, args, value, at);
      return value;
    }
    case 'parameter':
    case 'someParameter':
    case 'tensor':
      return callTensorMethod(run, receiver, name, args, at);
    case 'class':
      // `super().__call__(...)` of a metaclass, and `super().__new__(cls)`.
      if (name === '__call__') return instantiate(run, receiver.info, args, at);
      if (name === '__new__') {
        const [first] = args.positional;
        return newInstance(run, first?.kind === 'class' ? first.info : receiver.info, at);
      }
      return callUnknown(run, [], args, at);
    case 'tuple':
      return callCollectionMethod(run, receiver, name, args, at);
    case 'method':
      return callCollectionMethod(run, receiver, name, args, at);
    case 'reference': {
      const object = run.object(receiver);
      switch (object?.kind) {
        case 'module':
          return callModuleMethod(run, receiver.id, object, name, args, at);
        case 'optimizer':
          return callOptimizerMethod(run, receiver.id, object, name, args, at);
        case 'list':
          if (object.isSlice && SETS_ALL.test(name)) {
            forEachItem(run, object.items, (part, index) => {
              const method: Value = { kind: 'method', receiver: part, name };
              run.within(`part${index}`, () => callValue(run, method, args, at));
            });
            return receiver;
          }
          return callCollectionMethod(run, receiver, name, args, at);
        case 'dictionary':
        case 'iterator':
          return callCollectionMethod(run, receiver, name, args, at);
        default:
          return (
            callThread(run, receiver.id, name, args, at) ??
            callAccelerator(run, receiver.id, name, args, at) ??
            callForeignMethod(run, receiver, name, args, at)
          );
      }
    }
    default:
      return callUnknown(run, [], args, at);
  }
}

/** A hook is called by PyTorch, at some time from now on. */
function forgetWhatHooksChange(run: Interpreter, receiver: Value, args: CallArguments, at: Span): void {
  for (const hook of allArguments(args)) {
    if (hook.kind !== 'function') continue;
    if (setsFlags(run, hook.definition)) forgetWhatIsReachable(run, [receiver, hook], at);
    // It may fill what it keeps its findings in.
    for (const value of capturedBy(run, hook).values) {
      const object = run.object(value);
      const isFilled = object?.kind === 'list' || object?.kind === 'dictionary';
      if (isFilled && value.kind === 'reference')
        run.state.heap.set(value.id, { ...object, complete: false });
    }
  }
}

/** A `forward` of the program's own is not run here: where it may set flags, they are unknown from then on. */
function forgetWhatForwardChanges(run: Interpreter, id: string, at: Span): void {
  for (const below of knownModulesBelow(run, id)) {
    const object = run.state.heap.get(below);
    const info = object?.kind === 'module' ? object.info : null;
    const forward = info ? memberOf(run, info, 'forward')?.value : null;
    if (forward?.kind !== 'function' || !setsFlags(run, forward.definition)) continue;
    forgetWhatIsReachable(run, reference(below), at);
  }
}

/** Methods that do the same to a container and to each of its parts, and give it back. */
const SETS_ALL = /^(?:requires_grad_|train|eval|to|cuda|cpu|float|half|double)$/;
