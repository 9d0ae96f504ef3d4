/** What is certain about the graph behind a tensor: where gradients flow or cannot, and where one was forced into being a leaf. */
import type { Expression, Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow, knownModulesBelow } from '../modules/module-parts.ts';
import { MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import { atomsIn, type Graph, type ObjectId, type TensorValue, type Value } from '../state/values.ts';

/** The graph of a value that is a tensor or may turn out to be one; null where nothing is certain. */
export function graphOf(run: Interpreter, value: Value): Graph | null {
  if (value.kind === 'tensor') return value.graph ?? null;
  const object = run.object(value);
  if (object?.kind !== 'module' || object.certain) return null;
  if (object.graph) return object.graph;
  if (!object.parent) return null;
  // `outputs.loss` of something computed without gradients has none either.
  const whole = graphOf(run, { kind: 'reference', id: object.parent.id });
  return whole && hasNone(whole) ? whole : null;
}

/** Whether there is no graph: it was cut, or never recorded. */
const hasNone = ({ kind }: Graph): boolean => kind === 'none' || kind === 'inference';

/** The graph of whatever is computed here, by the gradient mode alone; undefined where gradients are or may be on. */
export function graphByMode(run: Interpreter, at: Span): Graph | undefined {
  const { mode, since } = run.state.gradients;
  if (mode !== 'off' && mode !== 'inference') return undefined;
  return { kind: mode === 'off' ? 'none' : 'inference', at: since ?? at, byMode: true };
}

/**
 * The graph of what an operation of PyTorch computes from these operands; `passesGradients` says that the operation
 * is one that gradients pass.
 */
export function graphOfResult(
  run: Interpreter,
  operands: readonly Value[],
  at: Span,
  passesGradients = false,
): Graph | undefined {
  const byMode = graphByMode(run, at);
  if (byMode) return byMode;
  if (passesGradients && recordsGradients(run) && operands.some((operand) => asksForGradient(run, operand))) {
    return attached(at);
  }
  if (run.state.gradients.mode !== 'on' || !operands.every((operand) => asksNoGradient(run, operand)))
    return undefined;
  const cut = operands.map((operand) => graphOf(run, operand)).find((graph) => graph !== null);
  return cut ? { ...cut, kind: 'none' } : undefined;
}

/** Whether a value certainly asks for no gradient: a number, a new tensor, a tensor without a graph. */
export function asksNoGradient(run: Interpreter, value: Value): boolean {
  switch (value.kind) {
    case 'constant':
    case 'external':
      return true;
    case 'tuple':
      return value.items.every((item) => asksNoGradient(run, item));
    case 'tensor':
      if (value.graph) return hasNone(value.graph);
      return value.origin === 'fresh';
    default: {
      const graph = graphOf(run, value);
      return graph !== null && hasNone(graph);
    }
  }
}

const attached = (at: Span): Graph => ({ kind: 'attached', at, byMode: false });

/**
 * Whether operations are certainly recorded here. A function that only code out of sight calls may run under that
 * code's `no_grad`, on parameters that it froze; a constructor hardly does.
 */
function recordsGradients(run: Interpreter): boolean {
  if (run.state.gradients.mode !== 'on') return false;
  const [outermost] = run.frames;
  return !outermost || outermost.caller !== null || outermost.name === '__init__';
}

/** Whether a value certainly asks for a gradient: a trainable Parameter, or what was computed from one. */
function asksForGradient(run: Interpreter, value: Value): boolean {
  if (value.kind === 'tensor') return value.graph?.kind === 'attached';
  if (value.kind !== 'parameter' && value.kind !== 'someParameter') return false;
  return atomsIn(value)
    .flatMap((atom) => run.atoms.leaves(atom))
    .every((leaf) => run.state.flag(leaf).bits === MAY_BE_TRAINABLE);
}

/** Layers that give something else than one tensor, or that gradients do not pass. */
const OTHER_LAYERS =
  /^(?:Module|\w*RNN\w*|\w*LSTM\w*|\w*GRU\w*|MultiheadAttention|Transformer\w*|AdaptiveLogSoftmaxWithLoss|\w*MaxPool\dd|ModuleList|ModuleDict|Parameter\w+|Lazy\w+)$/;

/** Whether a module certainly gives one tensor that gradients pass to, from its input and from its parameters. */
function layersPassGradients(run: Interpreter, id: ObjectId): boolean {
  return knownModulesBelow(run, id).every((below) => {
    const object = run.state.heap.get(below);
    if (object?.kind !== 'module' || object.opaque || object.adopted.length > 0) return false;
    const layer = /^torch\.nn\.(\w+)$/.exec(object.library ?? '')?.[1];
    return layer !== undefined && !OTHER_LAYERS.test(layer);
  });
}

/** The graph of what a module gives: frozen layers of the library pass on that their input asks for no gradient. */
export function graphOfForward(
  run: Interpreter,
  id: ObjectId,
  given: readonly Value[],
  at: Span,
): Graph | undefined {
  const byMode = graphByMode(run, at);
  if (byMode) return byMode;
  if (run.state.gradients.mode !== 'on' || given.length === 0) return undefined;
  if (recordsGradients(run) && layersPassGradients(run, id)) {
    const own = atomsBelow(run, id).must.map((atom): Value => ({ kind: 'parameter', atom }));
    // An Identity gives back a Parameter as it is.
    const computed = given.filter(({ kind }) => kind === 'tensor');
    if ([...own, ...computed].some((value) => asksForGradient(run, value))) return attached(at);
  }
  const object = run.state.heap.get(id);
  // What an Embedding is given are indices.
  const isEmbedding = object?.kind === 'module' && object.library === 'torch.nn.Embedding';
  if (!isEmbedding && !given.every((value) => asksNoGradient(run, value))) return undefined;
  const { must, may } = atomsBelow(run, id);
  const isFrozen =
    must.length === may.length && may.every((atom) => run.state.flag(atom).bits === MAY_BE_FROZEN);
  const isLibrary = knownModulesBelow(run, id).every((below) => {
    const object = run.state.heap.get(below);
    return object?.kind === 'module' && object.library !== null && object.opaque === null;
  });
  if (!isFrozen || !isLibrary) return undefined;
  const cut = given.map((value) => graphOf(run, value)).find((graph) => graph !== null);
  return { kind: 'none', at: cut?.at ?? at, byMode: cut?.byMode ?? false };
}

/** A tensor with this graph, where there is something to say about it. */
export function tensor(
  origin: TensorValue['origin'],
  graph: Graph | undefined,
  of: Value | null = null,
): TensorValue {
  return graph ? { kind: 'tensor', origin, of, graph } : { kind: 'tensor', origin, of };
}

/** The graph of a copy without history. */
export function cutGraph(run: Interpreter, of: Value, at: Span): Graph {
  const graph = graphOf(run, of);
  return graph && hasNone(graph) ? graph : { kind: 'none', at, byMode: false };
}

/** The graph of a leaf that has the values of a computed tensor; it remembers whether that one was cut by the mode. */
export const forced = (run: Interpreter, of: Value, at: Span): Graph => ({
  kind: 'forced',
  at,
  byMode: graphOf(run, of)?.byMode ?? false,
});

/** Whether a value was computed, so that wrapping it into a new leaf cuts it from what it was computed from. */
export function isComputed(run: Interpreter, value: Value): boolean {
  switch (value.kind) {
    case 'unknown':
      return true;
    case 'tensor':
      return value.origin !== 'fresh' || value.graph !== undefined;
    case 'tuple':
      return value.items.some((item) => isComputed(run, item));
    case 'reference': {
      const object = run.object(value);
      if (object?.kind === 'list') return object.items.some((item) => isComputed(run, item.value));
      return object?.kind === 'module' && !object.certain;
    }
    default:
      return false;
  }
}

/**
 * `tensor.requires_grad = True` and `tensor.requires_grad_()`: what the tensor is from now on. `node` is the
 * expression by which the program reaches it; a variable has the new value from here on.
 */
export function askForGradient(run: Interpreter, value: Value, node: Expression | null, at: Span): Value {
  if (value.kind === 'tensor') {
    const asking = isComputed(run, value)
      ? tensor(value.origin, forced(run, value, at), value.of)
      : tensor('leaf', undefined, value.of);
    if (node?.kind === 'name') run.variables.assign(node.id, asking);
    return asking;
  }
  const object = run.object(value);
  const mayBeTensor = object?.kind === 'module' && !object.certain && !run.hasOtherFramework;
  if (value.kind === 'reference' && mayBeTensor) {
    run.state.heap.set(value.id, { ...object, graph: forced(run, value, at) });
  }
  return value;
}

/**
 * A write of the flag of a tensor with a graph, which PyTorch refuses (catalogue b06, b07): read on as if it had been
 * detached where that was meant, which `node` shows.
 */
export function refuseFlag(run: Interpreter, value: TensorValue, node: Expression | null, at: Span): Value {
  // A class of parameters may turn out to be empty, and its loop never to run.
  const isReached = value.of === null || (value.of.kind === 'parameter' && !run.atoms.isClass(value.of.atom));
  if (isReached) run.exceptions.note(at, 'RuntimeError');
  else run.exceptions.doubt('RuntimeError');
  return node ? detachInPlace(run, value, node, at) : value;
}

/** `tensor.detach_()`; `node` is the expression by which the program reaches it. */
export function detachInPlace(
  run: Interpreter,
  value: TensorValue,
  node: Expression | null,
  at: Span,
): Value {
  const detached = tensor('detach', cutGraph(run, value, at), value.of);
  if (node?.kind === 'name') run.variables.assign(node.id, detached);
  return detached;
}
