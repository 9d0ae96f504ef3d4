/**
 * Learning rate schedulers that a change of the optimizer left behind: the optimizer was built anew, or it got a group
 * of which the scheduler knows nothing (catalogue D5).
 */
import type { Span } from '../../python/syntax.ts';
import { findScheduler, isDisturbedByLaterGroup, type Scheduler } from '../../torch/schedulers.ts';
import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import type { ObjectId, Value } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';
import { blameWhereAtHand } from './blame.ts';
import type { Obligation } from './table.ts';

/** The scheduler that no longer fits, as far as a rule needs to know. */
export interface SchedulerLeftBehind {
  readonly id: ObjectId;
  /** How the program calls it where the optimizer changed. */
  readonly name: string;
  readonly facts: Scheduler;
  readonly built: Span;
  /** Whether the whole optimizer is another one, or one of its groups is new. */
  readonly change: 'rebuilt' | 'groupAdded';
  /** The optimizer that is not scheduled, or not wholly. */
  readonly optimizer: { readonly id: ObjectId; readonly name: string | null };
}

interface Left extends Obligation {
  readonly scheduler: SchedulerLeftBehind;
}

const pending = (run: Interpreter): readonly Left[] =>
  run.obligations.pending(run).filter((obligation): obligation is Left => obligation.scheduler !== null);

/** The schedulers that were built for an optimizer. */
function schedulersOf(run: Interpreter, optimizer: ObjectId): readonly ObjectId[] {
  return [...run.obligations.schedulers.keys()].filter((id) => {
    const object = run.state.heap.get(id);
    const driven = object?.kind === 'instance' ? object.attributes.get('optimizer') : undefined;
    return driven?.kind === 'reference' && driven.id === optimizer;
  });
}

/** A scheduler was built: it suits its optimizer as that is now. */
export function afterSchedulerBuilt(run: Interpreter, id: ObjectId, optimizer: Value | null, at: Span): void {
  run.obligations.schedulers.set(id, at);
  for (const option of optimizer?.kind === 'union' ? optimizer.options : [optimizer]) {
    for (const { key, scheduler } of pending(run)) {
      if (option?.kind === 'reference' && option.id === scheduler.optimizer.id) {
        run.obligations.discharge(run, key);
      }
    }
  }
}

/** Something other than `step()` was asked of a scheduler or done to it: it may suit again. */
export function afterSchedulerTouch(run: Interpreter, id: ObjectId): void {
  for (const { key, scheduler } of pending(run)) {
    if (scheduler.id === id) run.obligations.discharge(run, key);
  }
}

/** A variable or attribute that held `before` holds `value` now. */
export function afterRebinding(run: Interpreter, before: Value | null, value: Value, at: Span): void {
  if (run.obligations.schedulers.size === 0 || !before || run.dead) return;
  const replaced = before.kind === 'union' ? before.options : [before];
  for (const option of replaced) if (option.kind === 'reference') afterSchedulerTouch(run, option.id);
  if (value.kind !== 'reference' || run.object(value)?.kind !== 'optimizer') return;
  for (const option of replaced) {
    if (option.kind !== 'reference' || option.id === value.id) continue;
    if (run.object(option)?.kind !== 'optimizer') continue;
    const behind = schedulersOf(run, option.id);
    if (behind.length === 0 || isReachable(run, option.id)) continue;
    for (const id of behind) open(run, id, 'rebuilt', value.id, at);
  }
}

/** Whether the program still has an optimizer, other than through its schedulers. */
function isReachable(run: Interpreter, optimizer: ObjectId): boolean {
  const passes = (id: ObjectId): boolean => !run.obligations.schedulers.has(id);
  return reachableFrom(run, run.state.variables.values(), passes).objects.has(optimizer);
}

/** A group was added to an optimizer. */
export function afterGroupAdded(run: Interpreter, optimizer: ObjectId, at: Span): void {
  for (const id of schedulersOf(run, optimizer)) open(run, id, 'groupAdded', optimizer, at);
}

function open(
  run: Interpreter,
  id: ObjectId,
  change: SchedulerLeftBehind['change'],
  optimizer: ObjectId,
  at: Span,
): void {
  const object = run.state.heap.get(id);
  const facts = object?.kind === 'instance' && object.library ? findScheduler(object.library) : null;
  const built = run.obligations.schedulers.get(id);
  const { anchor, scopes } = blameWhereAtHand(run, { atoms: [...membersOf(run, optimizer).may], at }, id);
  const name = nameOf(run, id, scopes);
  if (!facts || !built || name === null) return;
  if (change === 'groupAdded' && !isDisturbedByLaterGroup(facts)) return;
  run.obligations.open(run, {
    key: `scheduler:${anchor.start}:${id}`,
    kind: 'schedulerLeftBehind',
    anchor,
    sight: new Sight(run, scopes),
    atoms: [],
    module: null,
    moduleName: null,
    optimizer: null,
    origin: built,
    sweep: '',
    scheduler: {
      id,
      name,
      facts,
      built,
      change,
      optimizer: { id: optimizer, name: nameOf(run, optimizer, scopes) },
    },
  });
}

/** `scheduler.step()` */
export function settleSchedulerStep(run: Interpreter, id: ObjectId, at: Span): void {
  // Of several schedulers that it may be, one may be right.
  if (run.certainty.alternatives > 0) return;
  for (const obligation of pending(run)) {
    if (obligation.scheduler.id === id) run.obligations.report(obligation, at, []);
  }
}
