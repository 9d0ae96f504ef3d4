/** Parameters that are unfrozen although no optimizer holds them (catalogue D1). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { MAY_BE_FROZEN } from '../state/atoms.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { blameWhereAtHand } from './blame.ts';
import { commonModule, hasEscaped, heldByOptimizers, stillOutside } from './ownership.ts';
import { type FlagWrite, type Obligation, overlaps } from './table.ts';

const pending = (run: Interpreter): readonly Obligation[] =>
  run.obligations.pending(run).filter(({ kind }) => kind === 'unfrozenOutsideOptimizer');

/** An unfreeze opens the obligation; a freeze, or a write that nobody can tell, discharges it. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite, sweep: string): void {
  const written = new Set(write.atoms);
  for (const obligation of pending(run)) {
    if (write.value === true || !overlaps(run, obligation.atoms, written)) continue;
    if (!write.certain || write.value === null || stillOutside(run, obligation).length === 0) {
      run.obligations.discharge(run, obligation.key);
    }
  }
  if (write.certain && write.value === true) openUnfrozenOutside(run, write, sweep);
}

/** An optimizer may hold now what was unfrozen. */
export function afterMembershipChange(run: Interpreter): void {
  for (const obligation of pending(run)) {
    if (stillOutside(run, obligation).length === 0) run.obligations.discharge(run, obligation.key);
  }
}

export function settleStep(run: Interpreter, at: Span): void {
  for (const obligation of pending(run)) {
    const outside = stillOutside(run, obligation);
    if (outside.length > 0) run.obligations.report(obligation, at, outside);
  }
}

function openUnfrozenOutside(run: Interpreter, write: FlagWrite, sweep: string): void {
  const thawed = write.atoms.filter((atom) => ((write.before.get(atom)?.bits ?? 0) & MAY_BE_FROZEN) !== 0);
  if (thawed.length === 0) return;
  const held = heldByOptimizers(run);
  if (!held) return;
  const outside = thawed.filter((atom) => !held.may.has(atom) && !hasEscaped(run, atom));
  if (outside.length === 0) return;
  const id = held.ids.find((candidate) => commonModule(run, membersOf(run, candidate).may, outside) !== null);
  const optimizer = id === undefined ? undefined : run.state.heap.get(id);
  if (id === undefined || optimizer?.kind !== 'optimizer') return;
  const { anchor, scopes } = blameWhereAtHand(run, write, id);
  run.obligations.open(run, {
    key: `unfrozen:${sweep}:${id}`,
    kind: 'unfrozenOutsideOptimizer',
    anchor,
    sight: new Sight(run, scopes),
    atoms: outside,
    module: null,
    moduleName: null,
    optimizer: { id, name: nameOf(run, id, scopes), built: optimizer.built },
    origin: null,
    sweep,
    scheduler: null,
  });
}
