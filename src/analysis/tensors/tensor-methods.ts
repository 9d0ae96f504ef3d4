/** Methods of Parameters and other tensors. */
import type { Call, Expression, Span } from '../../python/syntax.ts';
import { passesGradients } from '../../torch/differentiable.ts';
import { allArguments } from '../calls/call-arguments.ts';
import { forgetFlag } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { MAY_BE_FROZEN } from '../state/atoms.ts';
import { writeFlag } from '../state/flags.ts';
import {
  atomsIn,
  type CallArguments,
  constant,
  type Graph,
  type ParameterValue,
  type SomeParameterValue,
  type TensorValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { goBackward } from '../training/training-calls.ts';
import { flagArgument, flagCode, flagGiven, noteFlagValue } from './flag-values.ts';
import {
  askForGradient,
  asksNoGradient,
  cutGraph,
  detachInPlace,
  graphOfResult,
  refuseFlag,
  tensor,
} from './graphs.ts';
import { graphOfView } from './inference-tensors.ts';

/** Methods that give a new tensor without history. */
const COPIES: Readonly<Record<string, TensorValue['origin']>> = {
  detach: 'detach',
  clone: 'clone',
  cpu: 'clone',
};

export function callTensorMethod(
  run: Interpreter,
  receiver: ParameterValue | SomeParameterValue | TensorValue,
  name: string,
  args: CallArguments,
  at: Call | Span,
): Value {
  const atoms = atomsIn(receiver);
  const certain = receiver.kind === 'parameter';
  const given = allArguments(args);
  const computed = (): Graph | undefined =>
    graphOfResult(run, [receiver, ...given], at, passesGradients(name, receiver.kind === 'tensor'));
  switch (name) {
    case 'requires_grad_':
      noteFlagValue(run, 'method', receiver, flagGiven(args), flagCode(at), at);
      if (atoms.length > 0) writeFlag(run, atoms, flagArgument(run, args), certain, at);
      if (receiver.kind === 'tensor' && receiver.graph?.kind === 'attached') {
        return flagArgument(run, args) === false ? refuseFlag(run, receiver, calledOn(at), at) : receiver;
      }
      if (receiver.kind === 'tensor' && flagArgument(run, args) === true) {
        // On a tensor with a graph it changes nothing.
        const isLeaf = receiver.origin === 'fresh' || receiver.graph !== undefined;
        return isLeaf ? askForGradient(run, receiver, calledOn(at), at) : receiver;
      }
      return receiver;
    case 'detach_':
      // On a leaf this really freezes (catalogue a10).
      if (atoms.length > 0) writeFlag(run, atoms, false, certain, at);
      return receiver.kind === 'tensor' ? detachInPlace(run, receiver, calledOn(at), at) : receiver;
    case 'backward':
      goBackward(run, receiver, at);
      return UNKNOWN;
    case 'detach':
    case 'clone': {
      const of = receiver.kind === 'tensor' ? receiver.of : receiver;
      const origin = COPIES[name] ?? 'clone';
      if (name === 'clone') return tensor(origin, graphOfResult(run, [receiver], at), of);
      return tensor(origin, cutGraph(run, receiver, at), of);
    }
    case 'numel':
    case 'nelement':
    case 'dim': {
      const shape = certain ? run.atoms.shapeOf(receiver.atom) : null;
      if (!shape) return UNKNOWN;
      return constant(name === 'dim' ? shape.length : shape.reduce((product, length) => product * length, 1));
    }
    case 'item':
    case 'size':
      return UNKNOWN;
    case 'to':
    case 'cpu':
    case 'cuda':
    case 'float':
    case 'double':
    case 'half':
    case 'bfloat16':
    case 'type':
    case 'type_as':
    case 'contiguous': {
      // A tensor that is as it is wanted is given back itself.
      const moved = tensor('graph', computed());
      return receiver.kind === 'tensor' ? moved : run.joinValues(receiver, moved);
    }
    default:
      // In-place methods (`normal_`, `copy_`) return the tensor itself, the others a new one.
      if (name.endsWith('_')) {
        takeUp(run, receiver, given, at);
        return receiver;
      }
      return tensor('graph', graphOfView(run, receiver, name) ?? computed());
  }
}

/** Writes values into parameters: a frozen one that takes up what asks for a gradient asks for one from then on. */
export function takeUp(run: Interpreter, tensor: Value, values: readonly Value[], at: Span): void {
  if (run.state.gradients.mode === 'off' || values.every((value) => asksNoGradient(run, value))) return;
  for (const leaf of atomsIn(tensor).flatMap((atom) => run.atoms.leaves(atom))) {
    if (run.state.flag(leaf).bits === MAY_BE_FROZEN) forgetFlag(run, leaf, at);
  }
}

/** The expression that a method is called on. */
const calledOn = (at: Call | Span): Expression | null =>
  'kind' in at && at.kind === 'call' && at.callee.kind === 'attribute' ? at.callee.object : null;
