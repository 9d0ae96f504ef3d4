/** Methods of objects that the analysis does not model, which may be tensors, optimizers or trainers all the same. */
import type { Span } from '../../python/syntax.ts';
import { harmlessMethod, returnsSelf } from '../../torch/harmless.ts';
import { assignByName } from '../builtins/builtins.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterZeroGrad, settleSchedulerStep, settleStep } from '../obligations/moments.ts';
import { type CallArguments, type Graph, NONE, UNKNOWN, type Value } from '../state/values.ts';
import { cutGraph, graphByMode, graphOf, graphOfResult } from '../tensors/graphs.ts';
import { graphOfView } from '../tensors/inference-tensors.ts';
import { fitByTrainer } from '../training/lightning.ts';
import { initialiseOptimizer } from '../training/optimizer-objects.ts';
import { goBackward, setToNone } from '../training/training-calls.ts';
import { trainWithTransformers } from '../training/transformers-trainer.ts';
import { allArguments } from './call-arguments.ts';
import { awaited } from './functions.ts';
import { callUnknown, unknownResult } from './unknown-calls.ts';

/** A method of an object that the analysis does not model: a scaler, a logger, a trainer. */
export function callForeignMethod(
  run: Interpreter,
  receiver: Value,
  name: string,
  args: CallArguments,
  at: Span,
): Value {
  const [first] = args.positional;
  const base = /^__init__ of (.*)$/.exec(name)?.[1];
  if (base && initialiseOptimizer(run, base, receiver, args, at)) return NONE;
  if (name === '__setattr__')
    return assignByName(run, { ...args, positional: [receiver, ...args.positional] }, at, true);
  // Of an event loop.
  if (name === 'run_until_complete' && first) return awaited(run, first, at);
  if (name === 'step' && first?.kind === 'reference' && run.object(first)?.kind === 'optimizer') {
    settleStep(run, first.id, at);
    return UNKNOWN;
  }
  if (name === 'step' && receiver.kind === 'reference' && run.obligations.schedulers.has(receiver.id)) {
    settleSchedulerStep(run, receiver.id, at);
    return UNKNOWN;
  }
  if (name === 'backward') {
    // `accelerator.backward(loss)`, or `loss.backward()`
    goBackward(run, first ?? receiver, at);
    return UNKNOWN;
  }
  if (name === 'zero_grad') afterZeroGrad(run, null, setToNone(run, args), at);
  if (name === 'train' && trainWithTransformers(run, receiver, args, at)) return UNKNOWN;
  if (name === 'fit') {
    run.emit({ kind: 'fit', span: at });
    if (fitByTrainer(run, receiver, args, at)) return NONE;
  }
  const facts = harmlessMethod(name, 'other') ?? harmlessMethod(name);
  if (facts?.keepsMode) {
    const held = returnsSelf(name) ? [receiver] : [];
    return unknownResult(run, at, held, graphOfMethod(run, receiver, name, args, at));
  }
  return callUnknown(run, [receiver], args, at);
}

/** The graph of what a method of an unknown object gives, if that object is a tensor, a scaler or the like. */
export function graphOfMethod(
  run: Interpreter,
  receiver: Value,
  name: string,
  args: CallArguments,
  at: Span,
): Graph | undefined {
  const [first] = args.positional;
  // `scaler.scale(loss)` is the loss as far as its graph goes.
  if (name === 'scale' && first) return graphOf(run, first) ?? undefined;
  if (name === 'detach') return cutGraph(run, receiver, at);
  const view = graphOfView(run, receiver, name);
  if (view) return view;
  if (TENSOR_ARITHMETIC.has(name)) return graphOfResult(run, [receiver, ...allArguments(args)], at);
  return graphByMode(run, at);
}

/** Methods that, called on something that may be a tensor, compute from it. */
const TENSOR_ARITHMETIC = new Set(
  'mean sum abs sqrt log exp pow view reshape squeeze unsqueeze flatten to float half double cuda cpu clone'.split(
    ' ',
  ),
);
