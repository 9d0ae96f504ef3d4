/** Tensors that functions of torch make or compute. */
import type { Span } from '../../python/syntax.ts';
import { passesGradients } from '../../torch/differentiable.ts';
import { createsIntegers, createsTensor, isIntegralType } from '../../torch/tensor-creation.ts';
import { allArguments } from '../calls/call-arguments.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { type CallArguments, isNumber, type TensorValue, type Value } from '../state/values.ts';
import { cutGraph, forced, graphByMode, graphOfResult, isComputed, tensor } from './graphs.ts';

/** What a function of torch computes, or the leaf that it makes. */
export function libraryTensor(run: Interpreter, name: string, args: CallArguments, at: Span): Value {
  if (!createsTensor(name)) {
    return tensor(
      'result',
      args.complete
        ? graphOfResult(run, allArguments(args), at, passesGradients(name.split('.').at(-1) ?? ''))
        : graphByMode(run, at),
    );
  }
  const [given] = args.positional;
  const leaf = newLeaf(run, name === 'torch.tensor' ? given : undefined, args, at);
  const shape = TAKES_SHAPE.test(name) ? shapeGiven(run, args) : null;
  const type = args.keywords.get('dtype');
  const isIntegral = type ? type.kind === 'external' && isIntegralType(type.path) : createsIntegers(name);
  return { ...leaf, ...(shape ? { shape } : {}), ...(isIntegral ? { isIntegral } : {}) };
}

/** What makes a tensor of the shape that its positional arguments give: `torch.zeros(3, 4)`, `torch.ones((3, 4))`. */
const TAKES_SHAPE = /^torch\.(?:zeros|ones|empty|rand|randn)$/;

function shapeGiven(run: Interpreter, { positional, complete }: CallArguments): readonly number[] | null {
  const [first] = positional;
  const list = first ? run.object(first) : null;
  const lengths =
    positional.length !== 1 || !first || isNumber(first)
      ? positional
      : first.kind === 'tuple'
        ? first.items
        : list?.kind === 'list' &&
            list.complete &&
            list.items.every(({ multiplicity }) => multiplicity === 'one')
          ? list.items.map(({ value }) => value)
          : null;
  return complete && lengths?.every(isNumber) ? lengths.map(({ value }) => value) : null;
}

/** A leaf, with the values of `given` but without its graph; it asks for a gradient where the call says so. */
export function newLeaf(
  run: Interpreter,
  given: Value | undefined,
  args: CallArguments,
  at: Span,
): TensorValue {
  const flag = args.keywords.get('requires_grad');
  const asks = flag ? truthOf(run, flag) : args.complete ? false : null;
  const computed = given !== undefined && isComputed(run, given);
  if (asks === false) return tensor('fresh', computed ? cutGraph(run, given, at) : undefined);
  if (asks === null) return tensor('result', undefined);
  if (!computed) return tensor('leaf', undefined);
  return tensor('result', forced(run, given, at));
}
