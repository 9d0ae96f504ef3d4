/** Notes, for the rules, where a program puts a new layer into a finished model. */
import type { Span } from '../../python/syntax.ts';
import { findWrapper } from '../../torch/wrappers.ts';
import { ancestry, findMember } from '../calls/python-classes.ts';
import type { PutInto } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { isBeingMade } from '../obligations/head-frozen.ts';
import type { ModuleObject } from '../state/heap.ts';
import type { ObjectId, Value } from '../state/values.ts';

/** To be called before `model.name = value` takes effect. */
export function noteLayerPutIn(run: Interpreter, id: ObjectId, name: string, value: Value, at: Span): void {
  const model = run.state.heap.get(id);
  const layer = run.object(value);
  if (model?.kind !== 'module' || layer?.kind !== 'module' || isBeingMade(run, id)) return;
  if (layer.origin !== 'layer' && layer.origin !== 'class') return;
  run.emit({
    kind: 'layerPutIn',
    span: at,
    name,
    execution: run.path.replace(/\/option\d+$/, ''),
    replaces:
      model.children.has(name) ||
      model.parameters.has(name) ||
      model.attributes.has(name) ||
      (model.info !== null && findMember(model.info, name) !== null),
    model: describe(run, id, model, name),
  });
}

/** What a wrapper runs instead of its own attributes; null where an attribute of the wrapper is one of that module. */
function wrapped(run: Interpreter, model: ModuleObject, name: string): PutInto['wraps'] {
  const wrapper = model.wraps === null ? null : findWrapper(model.library ?? '');
  const inner = model.wraps === null ? undefined : run.state.heap.get(model.wraps);
  if (!wrapper?.innerAttribute || wrapper.writesThrough || inner?.kind !== 'module') return null;
  if (name === wrapper.innerAttribute) return null;
  const known = inner.children.has(name);
  return { attribute: wrapper.innerAttribute, hasName: known || (inner.opaque ? null : false) };
}

function describe(run: Interpreter, id: ObjectId, model: ModuleObject, name: string): PutInto {
  const { must, may } = atomsBelow(run, id);
  const ancestors = model.info ? [...ancestry(model.info)] : [];
  return {
    certain: model.certain,
    className: model.className,
    architecture: model.origin === 'architecture' ? model.madeFrom : null,
    classes: ancestors.filter((ancestor) => typeof ancestor !== 'string'),
    complete:
      model.opaque === null &&
      model.adopted.length === 0 &&
      must.length === may.length &&
      ancestors.every((ancestor) => typeof ancestor !== 'string' || ancestor === 'torch.nn.Module') &&
      [...model.children.values()].every((options) => options.length === 1),
    head: lastLinear(run, model),
    flags: may.reduce((bits, atom) => bits | run.state.flag(atom).bits, 0),
    wraps: wrapped(run, model, name),
  };
}

/** The last layer in the order of registration, which in an image classifier is its head. */
function lastLinear(run: Interpreter, model: ModuleObject): PutInto['head'] {
  const path: string[] = [];
  let current: ModuleObject = model;
  for (;;) {
    const last = [...current.children].at(-1);
    if (!last) break;
    const [name, [child]] = last;
    const object = child ? run.state.heap.get(child) : undefined;
    if (object?.kind !== 'module' || path.length > 8) return null;
    path.push(name);
    current = object;
  }
  const [weight] = current.library === 'torch.nn.Linear' ? (current.parameters.get('weight') ?? []) : [];
  const inputs = weight === undefined || weight === null ? null : run.atoms.shapeOf(weight)?.[1];
  return inputs ? { path, inputs } : null;
}
