/** Tensors made in inference mode, which no layer may keep for a backward pass (catalogue F4). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { Graph, ObjectId, Value } from '../state/values.ts';
import { graphOf } from './graphs.ts';

/** Methods that give another view of the same memory: of an inference tensor, again one. */
const VIEWS = new Set('view squeeze unsqueeze transpose permute t expand narrow select'.split(' '));

/** The graph of another view of an inference tensor; undefined for any other method and tensor. */
export function graphOfView(run: Interpreter, receiver: Value, method: string): Graph | undefined {
  const graph = graphOf(run, receiver);
  return graph?.kind === 'inference' && VIEWS.has(method) ? graph : undefined;
}

/** Layers that keep what they are given for the gradient of their weight (case f05). */
const KEEPS_INPUT =
  /^torch\.nn\.(?:Linear|Bilinear|Conv(?:Transpose)?[123]d|BatchNorm[123]d|LayerNorm|GroupNorm)$/;

/** Notes that a layer with a trainable weight is given an inference tensor while gradients are recorded: that raises. */
export function noteInferenceInput(run: Interpreter, id: ObjectId, given: readonly Value[], at: Span): void {
  if (run.state.gradients.mode !== 'on') return;
  const graph = given.map((value) => graphOf(run, value)).find((found) => found?.kind === 'inference');
  const first = graph ? firstLayer(run, id) : null;
  const object = first ? run.state.heap.get(first) : undefined;
  if (!graph || object?.kind !== 'module' || !KEEPS_INPUT.test(object.library ?? '')) return;
  const [weight, ...others] = object.parameters.get('weight') ?? [];
  if (weight === undefined || weight === null || others.length > 0) return;
  if (run.state.flag(weight).bits !== MAY_BE_TRAINABLE) return;
  run.emit({ kind: 'inferenceTensorKept', span: at, context: graph.at });
}

/** The layer that sees the input as it is; null where that is not known. */
function firstLayer(run: Interpreter, id: ObjectId): ObjectId | null {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || !object.certain || object.info || object.opaque) return null;
  if (object.library !== 'torch.nn.Sequential') return id;
  for (const [child, ...others] of object.children.values()) {
    if (!child || others.length > 0) return null;
    const layer = run.state.heap.get(child);
    if (layer?.kind !== 'module' || layer.library !== 'torch.nn.Identity') return firstLayer(run, child);
  }
  return null;
}
