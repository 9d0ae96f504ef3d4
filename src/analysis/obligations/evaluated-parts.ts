/** Parts in eval mode that train all the same, as eval() says nothing about gradients (catalogue F1). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { MAY_BE_TRAINABLE } from '../state/atoms.ts';
import { MAY_BE_EVAL } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { hasEscaped } from './ownership.ts';

/** `optimizer.step()` over a strict part of what it holds that is still in the eval mode that was asked for. */
export function settleStep(run: Interpreter, id: ObjectId, at: Span): void {
  const optimizer = run.state.heap.get(id);
  const { must } = membersOf(run, id);
  if (optimizer?.kind !== 'optimizer' || must.size === 0) return;
  for (const [part, request] of run.obligations.evalRequests) {
    const object = run.state.heap.get(part);
    if (object?.kind !== 'module' || !object.certain || object.mode !== MAY_BE_EVAL) continue;
    // Normalization layers are put into eval mode for their statistics; their weights may well train.
    if (object.modeWriter !== request || /Norm|Dropout/.test(object.library ?? '')) continue;
    const below = atomsBelow(run, part);
    const trains = below.must.every((atom) => {
      const { bits, writer } = run.state.flag(atom);
      return must.has(atom) && bits === MAY_BE_TRAINABLE && writer === null && !hasEscaped(run, atom);
    });
    if (!trains || below.must.length === 0 || below.must.length !== below.may.length) continue;
    if (below.must.length >= must.size) continue;
    run.emit({ kind: 'evaluatedPartTrains', span: request, step: at, built: optimizer.built });
  }
}
