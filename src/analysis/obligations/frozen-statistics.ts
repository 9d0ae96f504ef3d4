/** Frozen BatchNorm layers whose running statistics follow the batches, as train() put them into train mode (catalogue G1). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { Sight } from '../observations/sight.ts';
import { type AtomId, MAY_BE_FROZEN } from '../state/atoms.ts';
import { MAY_BE_TRAIN, type ModuleObject } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';

export function afterTrain(run: Interpreter, at: Span): void {
  run.obligations.trainSights.set(at, new Sight(run));
}

/** A frozen part of a model, as large as can be, with the layers in it that train() reached. */
interface FrozenPart {
  readonly atoms: readonly AtomId[];
  readonly layers: readonly ModuleObject[];
}

/** A pass through the model in training, or a step. */
export function settleMode(run: Interpreter, at: Span): void {
  const parts = new Map<ObjectId, FrozenPart>();
  for (const id of run.forwarded) collect(run, id, parts);
  const byCall = new Map<Span, FrozenPart[]>();
  for (const part of parts.values()) {
    for (const train of new Set(part.layers.map(({ modeWriter }) => modeWriter))) {
      if (train) byCall.set(train, [...(byCall.get(train) ?? []), part]);
    }
  }
  for (const [train, reached] of byCall) {
    const sight = run.obligations.trainSights.get(train);
    // Who freezes nothing but normalization layers wants the rest to train, and knows about modes or does not.
    if (!sight || reached.every(({ atoms, layers }) => atoms.length <= 2 * layers.length)) continue;
    const [first] = reached.flatMap(({ atoms }) => atoms);
    const writer = first === undefined ? null : run.state.flag(first).writer;
    run.emit({
      kind: 'statisticsFollow',
      span: at,
      train,
      sight,
      parts: reached.map(({ atoms }) => atoms),
      layers: reached.reduce((sum, { layers }) => sum + layers.length, 0),
      frozen: writer === 'several' ? null : writer,
    });
  }
}

/** Adds the largest frozen parts at or below a module that have BatchNorm layers in train mode. */
function collect(run: Interpreter, id: ObjectId, parts: Map<ObjectId, FrozenPart>): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || parts.has(id)) return;
  const layers = layersInTrainMode(run, id);
  if (layers.length === 0) return;
  const { must, may } = atomsBelow(run, id);
  if (must.length === may.length && may.every((atom) => run.state.flag(atom).bits === MAY_BE_FROZEN)) {
    if (layers.every((layer) => isFrozen(run, layer))) parts.set(id, { atoms: must, layers });
    return;
  }
  for (const options of object.children.values()) {
    for (const child of options) if (child !== null) collect(run, child, parts);
  }
}

/** The BatchNorm layers with statistics at or below a module that some train() certainly put into train mode. */
function layersInTrainMode(run: Interpreter, id: ObjectId): readonly ModuleObject[] {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return [];
  const own = object.modeSensitive && /BatchNorm/.test(object.library ?? '');
  if (own) return object.mode === MAY_BE_TRAIN && object.modeWriter ? [object] : [];
  return [...object.children.values()].flatMap((options) =>
    options.flatMap((child) => (child === null ? [] : layersInTrainMode(run, child))),
  );
}

const isFrozen = (run: Interpreter, { parameters }: ModuleObject): boolean =>
  [...parameters.values()].every((options) =>
    options.every((atom) => atom !== null && run.state.flag(atom).bits === MAY_BE_FROZEN),
  );
