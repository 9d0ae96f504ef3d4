/** A frozen part for which eval() was asked, and that a later train() puts back into train mode (catalogue G2). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow, knownModulesBelow } from '../modules/module-parts.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { MAY_BE_FROZEN } from '../state/atoms.ts';
import { MAY_BE_EVAL } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';
import { blameOwnFile } from './blame.ts';
import { type FlagWrite, type Obligation, overlaps } from './table.ts';

const pending = (run: Interpreter): readonly Obligation[] =>
  run.obligations.pending(run).filter(({ kind }) => kind === 'evalUndone');

/** A part that is no longer frozen may train as it likes. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite): void {
  const written = new Set(write.atoms);
  for (const obligation of pending(run)) {
    if (write.value !== false && overlaps(run, obligation.atoms, written)) {
      run.obligations.discharge(run, obligation.key);
    }
  }
}

/** `module.eval()` or `.train()` set the mode of everything below `id`. */
export function afterModeChange(run: Interpreter, id: ObjectId, training: boolean | null, at: Span): void {
  const { obligations } = run;
  const below = new Set(knownModulesBelow(run, id));
  if (training !== true) {
    for (const obligation of pending(run)) {
      if (obligation.module && below.has(obligation.module)) obligations.discharge(run, obligation.key);
    }
    if (training === false) {
      obligations.evalRequests.set(id, blameOwnFile(run, { anchor: at, scopes: run.scopes }).anchor);
      run.state.obligations.set(`eval:${id}`, 'pending');
    }
    return;
  }
  for (const part of below) {
    const request = obligations.evalRequests.get(part);
    if (!request || run.state.obligations.get(`eval:${part}`) !== 'pending') continue;
    if (part === id) {
      // train() on the very part that was in eval mode is a change of mind.
      run.state.obligations.set(`eval:${part}`, 'discharged');
      continue;
    }
    if (!isFrozenAndModeSensitive(run, part)) continue;
    const { anchor, scopes } = blameOwnFile(run, { anchor: at, scopes: run.scopes });
    obligations.open(run, {
      key: `eval:${at.start}:${part}`,
      kind: 'evalUndone',
      anchor,
      sight: new Sight(run, scopes),
      atoms: atomsBelow(run, part).may,
      module: part,
      moduleName: nameOf(run, part, scopes),
      optimizer: null,
      origin: request,
      sweep: '',
      scheduler: null,
    });
  }
}

function isFrozenAndModeSensitive(run: Interpreter, id: ObjectId): boolean {
  const { must, may } = atomsBelow(run, id);
  if (must.length === 0 || may.some((atom) => run.state.flag(atom).bits !== MAY_BE_FROZEN)) return false;
  return knownModulesBelow(run, id).some((moduleId) => {
    const object = run.state.heap.get(moduleId);
    return object?.kind === 'module' && object.modeSensitive && object.certain;
  });
}

/** Whether every mode-sensitive part is certainly in eval mode again. */
function isInEval(run: Interpreter, id: ObjectId): boolean {
  return knownModulesBelow(run, id).every((moduleId) => {
    const object = run.state.heap.get(moduleId);
    return object?.kind !== 'module' || !object.modeSensitive || object.mode === MAY_BE_EVAL;
  });
}

/** A pass through the model in training, or a step. */
export function settleMode(run: Interpreter, at: Span): void {
  for (const obligation of pending(run)) {
    if (obligation.module === null || isInEval(run, obligation.module)) continue;
    run.obligations.report(obligation, at, obligation.atoms);
  }
}
