/**
 * Parameters that are frozen with a gradient in `.grad`, which their optimizer goes on applying: it looks at the
 * gradient and never at requires_grad (catalogue E1, E2).
 *
 * What becomes of a gradient depends on what `zero_grad()` writes, None from PyTorch 2 on and zeros before, so each
 * freeze opens one obligation under either assumption.
 */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { blameOwnFile } from './blame.ts';
import { hasEscaped } from './ownership.ts';
import { type FlagWrite, type Obligation, overlaps } from './table.ts';

/** What `zero_grad()` is taken to write where it is not told. */
export type ZeroGrad = 'zeros' | 'none';

const ASSUMPTIONS: readonly ZeroGrad[] = ['zeros', 'none'];

/** Whether the parameters of an optimizer may have gradients, and whether these are more than zeros. */
const gradientKey = (assumed: ZeroGrad, optimizer: ObjectId): string => `gradient:${assumed}:${optimizer}`;
const unzeroedKey = (optimizer: ObjectId): string => `unzeroed:${optimizer}`;
const steppedKey = (optimizer: ObjectId): string => `stepped:${optimizer}`;
/** Marks an obligation whose gradients may be zeros, at the freeze or since. */
const zeroedKey = (obligation: string): string => `zeroed:${obligation}`;

const isPending = (run: Interpreter, key: string): boolean => run.state.obligations.get(key) === 'pending';

const pending = (run: Interpreter): readonly Obligation[] =>
  run.obligations.pending(run).filter(({ kind }) => kind === 'gradientLeft');

/** `backward()` gives gradients to whatever trains. */
export function afterBackward(run: Interpreter): void {
  for (const id of run.obligations.optimizers) {
    if (run.state.heap.get(id)?.kind !== 'optimizer') continue;
    for (const assumed of ASSUMPTIONS) run.state.obligations.set(gradientKey(assumed, id), 'pending');
    run.state.obligations.set(unzeroedKey(id), 'pending');
  }
}

/**
 * `zero_grad()` of an optimizer, of a module, or of something that may be either (null); `setToNone` is null where it
 * is not told.
 */
export function afterZeroGrad(
  run: Interpreter,
  atoms: ReadonlySet<AtomId> | null,
  setToNone: boolean | null,
): void {
  for (const id of run.obligations.optimizers) {
    const members = membersOf(run, id).may;
    if (atoms && ![...members].some((atom) => atoms.has(atom))) continue;
    run.state.obligations.set(unzeroedKey(id), 'discharged');
    for (const assumed of ASSUMPTIONS) {
      if (setsToNone(assumed, setToNone)) run.state.obligations.set(gradientKey(assumed, id), 'discharged');
    }
  }
  for (const { key, atoms: stale, zeroGrad } of pending(run)) {
    if (!zeroGrad || (atoms && !overlaps(run, stale, atoms))) continue;
    if (setsToNone(zeroGrad, setToNone)) run.obligations.discharge(run, key);
    else run.state.obligations.set(zeroedKey(key), 'pending');
  }
}

const setsToNone = (assumed: ZeroGrad, told: boolean | null): boolean => told ?? assumed === 'none';

/** `parameter.grad = ...`: the program looks after these gradients itself. */
export function afterGradientWrite(run: Interpreter, atoms: readonly AtomId[]): void {
  const written = new Set(atoms.flatMap((atom) => run.atoms.leaves(atom)));
  for (const atom of written) run.obligations.ownGradients.add(atom);
  for (const { key, atoms: stale } of pending(run)) {
    if (overlaps(run, stale, written)) run.obligations.discharge(run, key);
  }
}

export function afterFlagWrite(run: Interpreter, write: FlagWrite, sweep: string): void {
  const written = new Set(write.atoms);
  for (const { key, atoms } of pending(run)) {
    if (write.value !== false && overlaps(run, atoms, written)) run.obligations.discharge(run, key);
  }
  if (!write.certain || write.value !== false) return;
  const trained = write.atoms.filter(
    (atom) =>
      mayHaveTrained(run, atom, write) && !run.obligations.ownGradients.has(atom) && !hasEscaped(run, atom),
  );
  if (trained.length === 0) return;
  for (const id of run.obligations.optimizers) {
    if (!ASSUMPTIONS.some((assumed) => isPending(run, gradientKey(assumed, id)))) continue;
    const { must } = membersOf(run, id);
    const atoms = trained.filter((atom) => must.has(atom));
    if (atoms.length > 0 && isForwarded(run, atoms)) open(run, id, atoms, write, sweep);
  }
}

/** Whether a parameter trains on some path that leads to the freeze: a flag that nobody set is no sign of it. */
function mayHaveTrained(run: Interpreter, atom: AtomId, { before }: FlagWrite): boolean {
  const bits = before.get(atom)?.bits ?? 0;
  if (bits === MAY_BE_TRAINABLE) return true;
  return (bits & MAY_BE_TRAINABLE) !== 0 && run.atoms.initialOf(atom) === MAY_BE_TRAINABLE;
}

/** Whether these parameters are part of something that ran with gradients on. */
function isForwarded(run: Interpreter, atoms: readonly AtomId[]): boolean {
  return [...run.forwarded].some((id) => {
    const below = new Set(atomsBelow(run, id).may);
    return atoms.every((atom) => below.has(atom));
  });
}

function open(
  run: Interpreter,
  id: ObjectId,
  atoms: readonly AtomId[],
  write: FlagWrite,
  sweep: string,
): void {
  const optimizer = run.state.heap.get(id);
  if (optimizer?.kind !== 'optimizer') return;
  const { anchor, scopes } = blameOwnFile(run, { anchor: write.at, scopes: run.scopes });
  for (const assumed of ASSUMPTIONS) {
    if (!isPending(run, gradientKey(assumed, id))) continue;
    const key = `stale:${assumed}:${sweep}:${id}`;
    if (!isPending(run, unzeroedKey(id))) run.state.obligations.set(zeroedKey(key), 'pending');
    run.obligations.open(run, {
      key,
      kind: 'gradientLeft',
      anchor,
      sight: new Sight(run, scopes),
      atoms,
      module: null,
      moduleName: null,
      optimizer: { id, name: nameOf(run, id, scopes), built: optimizer.built },
      origin: null,
      sweep,
      scheduler: null,
      zeroGrad: assumed,
    });
  }
}

/** Whether the next step of an optimizer may apply a gradient to something frozen. */
export const mayMoveFrozen = (run: Interpreter, id: ObjectId): boolean =>
  pending(run).some(({ optimizer }) => optimizer?.id === id);

/** The optimizer applies what is in `.grad`: certainly a change where it is no zero, or where zeros do not stop it. */
export function settleStep(run: Interpreter, id: ObjectId, at: Span): void {
  const optimizer = run.state.heap.get(id);
  const hasStepped = isPending(run, steppedKey(id));
  run.state.obligations.set(steppedKey(id), 'pending');
  if (optimizer?.kind !== 'optimizer') return;
  const { must } = membersOf(run, id);
  for (const obligation of pending(run)) {
    if (obligation.optimizer?.id !== id) continue;
    const moves = isPending(run, zeroedKey(obligation.key))
      ? hasStepped && optimizer.movesOnZeroGradient === true
      : true;
    const held = obligation.atoms
      .flatMap((atom) => run.atoms.leaves(atom))
      .filter((atom) => must.has(atom) && (run.state.flag(atom).bits & MAY_BE_FROZEN) !== 0);
    if (moves && held.length > 0) run.obligations.report(obligation, at, held);
  }
}
