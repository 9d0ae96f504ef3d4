/** Fresh layers that are frozen by a sweep over more than themselves (catalogue C1). */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow, knownModulesBelow } from '../modules/module-parts.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ModuleObject } from '../state/heap.ts';
import type { ObjectId } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { blameForFreezing } from './blame.ts';
import { type FlagWrite, freshKey, type Obligation, overlaps } from './table.ts';

const pending = (run: Interpreter): readonly Obligation[] =>
  run.obligations.pending(run).filter(({ kind }) => kind === 'headFrozen');

/** A freeze of a fresh layer opens the obligation; any other write to it discharges it. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite, sweep: string): void {
  const written = new Set(write.atoms);
  for (const obligation of pending(run)) {
    if (write.value !== false && overlaps(run, obligation.atoms, written)) {
      run.obligations.discharge(run, obligation.key);
    }
  }
  if (write.certain && write.value === false) openHeadFrozen(run, write, sweep);
}

/** Notes a fresh layer that is put into a model. */
export function afterModuleChange(
  run: Interpreter,
  parent: ObjectId,
  name: string,
  before: readonly (ObjectId | null)[],
  after: readonly (ObjectId | null)[],
  at: Span,
): void {
  const { obligations } = run;
  const owner = run.state.heap.get(parent);
  if (owner?.kind !== 'module' || isBeingMade(run, parent) || isMadeWithin(run, parent)) return;
  if (before.length === 0 && isNewContainer(run, parent, owner)) return;
  const [head] = after;
  const object = head ? run.state.heap.get(head) : undefined;
  if (!head || after.length !== 1 || object?.kind !== 'module') return;
  if (object.origin !== 'layer' && object.origin !== 'class') return;
  const { must, may } = atomsBelow(run, head);
  if (must.length === 0 || must.length !== may.length) return;
  if (must.some((atom) => run.state.flag(atom).bits !== MAY_BE_TRAINABLE)) return;
  obligations.heads.set(head, { parent, name, at });
  run.state.obligations.set(freshKey(head), 'pending');
}

/** True inside the `__init__` that builds this very module: its own layers are no replacements. */
export function isBeingMade(run: Interpreter, id: ObjectId): boolean {
  return run.frames.some(
    ({ self, name }) => name === '__init__' && self?.kind === 'reference' && self.id === id,
  );
}

/** True for a fresh part of what an `__init__` is building: its layers are as new as everything around them. */
function isMadeWithin(run: Interpreter, id: ObjectId): boolean {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module' || (object.origin !== 'layer' && object.origin !== 'class')) return false;
  return run.frames.some(
    ({ self, name }) =>
      name === '__init__' && self?.kind === 'reference' && knownModulesBelow(run, self.id).includes(id),
  );
}

/** True for a container of PyTorch's that the program fills with layers of its own: one more is as new as the others. */
function isNewContainer(run: Interpreter, id: ObjectId, { origin }: ModuleObject): boolean {
  if (origin !== 'layer') return false;
  return knownModulesBelow(run, id).every((below) => {
    const object = run.state.heap.get(below);
    return object?.kind === 'module' && (object.origin === 'layer' || object.origin === 'class');
  });
}

/** Weights were loaded into a module: its heads are no longer fresh. */
export function afterLoad(run: Interpreter, id: ObjectId): void {
  const below = new Set(knownModulesBelow(run, id));
  for (const head of run.obligations.heads.keys()) {
    if (below.has(head)) run.state.obligations.set(freshKey(head), 'discharged');
  }
  for (const obligation of pending(run)) {
    if (obligation.module && below.has(obligation.module)) run.obligations.discharge(run, obligation.key);
  }
}

/** An optimizer was built: a frozen head of the model that it trains, or that leaves it empty, is a certain mistake. */
export function settleAtOptimizer(run: Interpreter, id: ObjectId, empty: boolean, at: Span): void {
  const { may } = membersOf(run, id);
  for (const obligation of pending(run)) {
    const head = obligation.module === null ? undefined : run.obligations.heads.get(obligation.module);
    const around = head ? atomsBelow(run, head.parent).may : [];
    const trainsModel = [...obligation.atoms, ...around].some((atom) =>
      run.atoms.leaves(atom).some((leaf) => may.has(leaf)),
    );
    if (trainsModel || empty) settleHead(run, obligation, at);
  }
}

function settleHead(run: Interpreter, obligation: Obligation, at: Span): void {
  const swept = run.obligations.sweeps.get(obligation.sweep) ?? new Set();
  const own = new Set(obligation.atoms);
  const isBlanket = [...swept].some((atom) => !own.has(atom));
  if (isBlanket && obligation.atoms.every((atom) => (run.state.flag(atom).bits & MAY_BE_FROZEN) !== 0)) {
    run.obligations.report(obligation, at, obligation.atoms);
  }
}

function openHeadFrozen(run: Interpreter, write: FlagWrite, sweep: string): void {
  const { obligations } = run;
  for (const [head, { parent, name, at }] of obligations.heads) {
    if (run.state.obligations.get(freshKey(head)) !== 'pending') continue;
    const { must } = atomsBelow(run, head);
    if (!must.some((atom) => write.atoms.includes(atom))) continue;
    const { anchor, scopes } = blameForFreezing(run, write, parent, at);
    const parentName = nameOf(run, parent, scopes);
    obligations.open(run, {
      key: `head:${sweep}:${head}`,
      kind: 'headFrozen',
      anchor,
      sight: new Sight(run, scopes),
      atoms: must,
      module: head,
      moduleName: parentName === null ? null : `${parentName}.${name}`,
      optimizer: null,
      origin: at,
      sweep,
      scheduler: null,
    });
  }
}
