/** The moments of a program that concern obligations, told to every kind of them. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import type { AtomId } from '../state/atoms.ts';
import type { ObjectId, ScopeId, Value } from '../state/values.ts';
import * as evalUndone from './eval-undone.ts';
import * as evaluatedParts from './evaluated-parts.ts';
import * as frozenStatistics from './frozen-statistics.ts';
import * as gradientLeft from './gradient-left.ts';
import * as headFrozen from './head-frozen.ts';
import * as optimizerRebound from './optimizer-rebound.ts';
import { recordStep } from './optimizer-steps.ts';
import * as replacedOutside from './replaced-outside.ts';
import * as schedulerLeftBehind from './scheduler-left-behind.ts';
import type { FlagWrite } from './table.ts';
import * as unfrozenOutside from './unfrozen-outside.ts';
import * as ungradedParts from './ungraded-parts.ts';

/** requires_grad of some parameters was written. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite): void {
  const { sweeps } = run.obligations;
  const sweep = `${run.scopes.findLast((scope) => !scope.endsWith(':scope'))}:${write.at.start}`;
  const swept = sweeps.get(sweep) ?? new Set();
  sweeps.set(sweep, swept);
  for (const atom of write.atoms) swept.add(atom);
  unfrozenOutside.afterFlagWrite(run, write, sweep);
  headFrozen.afterFlagWrite(run, write, sweep);
  replacedOutside.afterFlagWrite(run, write);
  evalUndone.afterFlagWrite(run, write);
  gradientLeft.afterFlagWrite(run, write, sweep);
}

/** `parent.name = module`: a head may be new, and what was there is let go of. */
export function afterModuleChange(
  run: Interpreter,
  parent: ObjectId,
  name: string,
  before: readonly (ObjectId | null)[],
  after: readonly (ObjectId | null)[],
  at: Span,
): void {
  const { obligations } = run;
  const gone = before.filter((id) => id !== null && !after.includes(id));
  for (const obligation of obligations.pending(run)) {
    if (obligation.module !== null && gone.includes(obligation.module))
      obligations.discharge(run, obligation.key);
  }
  headFrozen.afterModuleChange(run, parent, name, before, after, at);
  const [module] = after;
  if (!module || after.length !== 1) return;
  replacedOutside.afterReplacement(run, {
    parent,
    name,
    before: () => before.flatMap((id) => (id === null ? [] : atomsBelow(run, id).may)),
    after: () => atomsBelow(run, module),
    module,
    at,
  });
}

/** `parent.name = nn.Parameter(...)` */
export function afterParameterChange(
  run: Interpreter,
  parent: ObjectId,
  name: string,
  before: readonly (AtomId | null)[],
  after: AtomId,
  at: Span,
): void {
  const now = run.atoms.leaves(after);
  replacedOutside.afterReplacement(run, {
    parent,
    name,
    before: () => before.filter((atom) => atom !== null),
    after: () => ({ must: now, may: now }),
    module: null,
    at,
  });
}

/** Weights were loaded into a module. */
export function afterLoad(run: Interpreter, id: ObjectId): void {
  headFrozen.afterLoad(run, id);
}

/** Some optimizer's groups changed. */
export function afterMembershipChange(run: Interpreter): void {
  unfrozenOutside.afterMembershipChange(run);
  replacedOutside.afterMembershipChange(run);
}

/** `module.eval()` or `.train()` set the mode of everything below `id`; null where it cannot be told which. */
export function afterModeChange(run: Interpreter, id: ObjectId, training: boolean | null, at: Span): void {
  evalUndone.afterModeChange(run, id, training, at);
  if (training === true) frozenStatistics.afterTrain(run, at);
}

/** An optimizer was built; `empty` where it certainly got no parameters. */
export function settleAtOptimizer(run: Interpreter, id: ObjectId, empty: boolean, at: Span): void {
  run.obligations.optimizers.add(id);
  if (!run.dead) headFrozen.settleAtOptimizer(run, id, empty, at);
}

/** `optimizer.step()`, also through a scaler. */
export function settleStep(run: Interpreter, id: ObjectId, at: Span): void {
  if (run.dead) return;
  run.emit({ kind: 'step', span: at });
  unfrozenOutside.settleStep(run, at);
  replacedOutside.settleStep(run, id, at);
  settleMode(run, at);
  ungradedParts.settleStep(run, id, at);
  evaluatedParts.settleStep(run, id, at);
  recordStep(run, id, at);
  gradientLeft.settleStep(run, id, at);
}

/** A forward or backward pass in training. */
export function settleMode(run: Interpreter, at: Span): void {
  if (run.dead) return;
  evalUndone.settleMode(run, at);
  frozenStatistics.settleMode(run, at);
}

/** A variable was bound by an assignment of its own. */
export function afterRebinding(run: Interpreter, rebinding: optimizerRebound.Rebinding): void {
  optimizerRebound.afterRebinding(run, rebinding);
  afterReplacedValue(run, rebinding.before, rebinding.value, rebinding.at);
}

/** `backward()`, through whatever object. */
export function afterBackward(run: Interpreter): void {
  if (!run.dead) gradientLeft.afterBackward(run);
}

/**
 * `zero_grad()` of an optimizer or module with these parameters, or of something that may be either (null);
 * `setToNone` is null where it is not told.
 */
export function afterZeroGrad(
  run: Interpreter,
  atoms: ReadonlySet<AtomId> | null,
  setToNone: boolean | null,
  at: Span,
): void {
  if (run.dead) return;
  run.emit({ kind: 'gradientsZeroed', span: at, atoms: [...(atoms ?? [])], setToNone });
  gradientLeft.afterZeroGrad(run, atoms, setToNone);
}

/** `parameter.grad = ...` */
export function afterGradientWrite(run: Interpreter, atoms: readonly AtomId[]): void {
  gradientLeft.afterGradientWrite(run, atoms);
}

/** A variable or attribute that held `before` holds `value` now. */
export function afterReplacedValue(run: Interpreter, before: Value | null, value: Value, at: Span): void {
  schedulerLeftBehind.afterRebinding(run, before, value, at);
}

/** A learning rate scheduler was built for an optimizer; null where that is not known. */
export function afterSchedulerBuilt(run: Interpreter, id: ObjectId, optimizer: Value | null, at: Span): void {
  schedulerLeftBehind.afterSchedulerBuilt(run, id, optimizer, at);
}

/** An attribute of a scheduler was asked for or set. */
export function afterSchedulerUse(run: Interpreter, id: ObjectId, attribute: string): void {
  if (!QUIET.has(attribute)) schedulerLeftBehind.afterSchedulerTouch(run, id);
}

/** What schedulers are asked without a change. */
const QUIET = new Set(['step', 'get_last_lr', 'get_lr', 'last_epoch', 'state_dict', 'print_lr']);

/** `optimizer.add_param_group(...)` was accepted. */
export function afterGroupAdded(run: Interpreter, optimizer: ObjectId, at: Span): void {
  if (!run.dead) schedulerLeftBehind.afterGroupAdded(run, optimizer, at);
}

/** `scheduler.step()` */
export function settleSchedulerStep(run: Interpreter, id: ObjectId, at: Span): void {
  if (!run.dead) schedulerLeftBehind.settleSchedulerStep(run, id, at);
}

/** A variable was read or deleted. */
export function afterNameUse(run: Interpreter, name: string): void {
  optimizerRebound.afterNameUse(run, name);
}

/** A function came to its end; `caller` is the call that it returns to, null where none is known. */
export function atFunctionEnd(run: Interpreter, scope: ScopeId, caller: Span | null): void {
  if (!run.dead) optimizerRebound.atFunctionEnd(run, scope, caller);
}
