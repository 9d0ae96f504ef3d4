/** Flags and modes of a module and everything below it. */
import type { Span } from '../../python/syntax.ts';
import { invoke } from '../calls/functions.ts';
import { findMember } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterModeChange } from '../obligations/moments.ts';
import { writeFlag } from '../state/flags.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN, type ModuleObject } from '../state/heap.ts';
import {
  type CallArguments,
  constant,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { flagArgument, flagCode, flagGiven, noteFlagValue } from '../tensors/flag-values.ts';
import { askForGradient, graphOf } from '../tensors/graphs.ts';
import { noteMethodUse } from './module-objects.ts';
import { parametersOf } from './module-parts.ts';

/** `module.requires_grad_(...)`; gives the module. */
export function setFlags(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  args: CallArguments,
  at: Span,
): Value {
  const self = reference(id);
  noteMethodUse(run, self, 'requires_grad_');
  const all = parametersOf(run, id);
  const value = flagArgument(run, args);
  if (object.certain && all.length > 0) noteFlagValue(run, 'method', self, flagGiven(args), flagCode(at), at);
  const sure = all.filter(({ multiplicity }) => multiplicity !== 'maybe').map(({ atom }) => atom);
  const unsure = all.filter(({ multiplicity }) => multiplicity === 'maybe').map(({ atom }) => atom);
  writeFlag(run, sure, value, true, at);
  if (unsure.length > 0) writeFlag(run, unsure, value, false, at);
  // It may be a loss without a graph; on one that has a graph this changes nothing.
  if (value === true && graphOf(run, self)) askForGradient(run, self, null, at);
  return self;
}

/** `module.train(...)` or `module.eval()`; gives the module. */
export function switchMode(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: 'train' | 'eval',
  training: boolean | null,
  at: Span,
): Value {
  const self = reference(id);
  noteMethodUse(run, self, name);
  if (!object.certain && name === 'train') run.emit({ kind: 'fit', span: at });
  // `eval()` is `train(False)`, also where the program has a `train` of its own.
  setMode(run, id, training, at, name === 'train');
  afterModeChange(run, id, training, at);
  return self;
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
