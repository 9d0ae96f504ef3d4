/**
 * One root cause, one report: which findings are mere consequences of another one. Each rule says what it found;
 * this file says which rule speaks where several could.
 */

import type { Receiver } from '../analysis/events.ts';
import type { ObligationKind, Violation } from '../analysis/obligations/table.ts';
import type { AtomId } from '../analysis/state/atoms.ts';
import type { Trace } from '../analysis/trace.ts';
import type { GradientsZeroed, OptimizerBuilt } from '../analysis/training-events.ts';
import type { Module, Span } from '../python/syntax.ts';
import { decisionOf, filtersThatMatchNothing } from './name-decisions.ts';

const same = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

export function violationsOf(trace: Trace, kind: ObligationKind): readonly Violation[] {
  return trace.violations.filter(({ obligation }) => obligation.kind === kind);
}

/**
 * Whether an optimizer has nothing to train because of something that is reported elsewhere: a new head that was
 * frozen with the rest (FRZ301), or an iterator that was used up before (FRZ403).
 */
export function emptinessIsExplained(trace: Trace, built: OptimizerBuilt): boolean {
  if (violationsOf(trace, 'headFrozen').some(({ event }) => same(event, built.call))) return true;
  return trace
    .eventsOf('iteratorReused')
    .some(({ span }) => built.call.start <= span.start && span.end <= built.call.end);
}

/**
 * Whether a test on names decides wrongly what is frozen or listed, so that an optimizer may have nothing to train: no
 * name passes it (FRZ304), or every name does (FRZ306).
 */
export const selectionIsMistaken = (module: Module, trace: Trace): boolean =>
  filtersThatMatchNothing(module, trace).length > 0 ||
  trace.eventsOf('textAsCondition').some(({ operation }) => decisionOf(module, operation) !== null);

/** Whether the condition that was to keep frozen parameters out of an optimizer asks a method instead (FRZ108). */
export const filterIsMistaken = (trace: Trace, { call }: OptimizerBuilt): boolean =>
  trace
    .eventsOf('flagMethodRead')
    .some(({ attribute }) => call.start <= attribute.start && attribute.end <= call.end);

/** Whether an unfreeze was followed by a new optimizer that only never left its function (FRZ405). */
export function unfreezeIsExplained(trace: Trace, { atoms }: Violation): boolean {
  return overlap(trace, atoms, violationsOf(trace, 'optimizerRebound'));
}

/**
 * Whether trainable parameters are outside the optimizer because an unfreeze (FRZ401) or a new layer (FRZ402) came too
 * late for it, because the optimizer that holds them never left its function (FRZ405), or because the freeze that was
 * to leave them out only set an attribute of a module (FRZ101).
 */
export function outsideIsExplained(trace: Trace, outside: readonly AtomId[]): boolean {
  const late = [
    ...violationsOf(trace, 'unfrozenOutsideOptimizer'),
    ...violationsOf(trace, 'replacedOutsideOptimizer'),
    ...violationsOf(trace, 'optimizerRebound'),
  ];
  return overlap(trace, outside, late) || overlap(trace, outside, freezesOnModules(trace));
}

/** The assignments `module.requires_grad = False`, which freeze nothing. */
const freezesOnModules = (trace: Trace): readonly Receiver[] =>
  trace
    .eventsOf('attributeAssigned')
    .filter(
      ({ attribute, value }) =>
        attribute === 'requires_grad' && value.kind === 'constant' && value.value === false,
    )
    .map(({ receiver }) => receiver)
    .filter(({ what, certain }) => what === 'module' && certain);

/** Whether a violation concerns one of these parameters. */
function overlap(
  trace: Trace,
  atoms: readonly AtomId[],
  violations: readonly { readonly atoms: readonly AtomId[] }[],
): boolean {
  const concerned = new Set(violations.flatMap((violation) => trace.leaves(violation.atoms)));
  return trace.leaves(atoms).some((atom) => concerned.has(atom));
}

/** Whether this train() undoes an eval() that the program asked for (FRZ602 says more than FRZ601 then). */
export const evalIsUndoneAt = (trace: Trace, train: Span): boolean =>
  violationsOf(trace, 'evalUndone').some(({ obligation }) => same(obligation.anchor, train));

/** The `zero_grad(set_to_none=False)` that keeps gradients which a violation is about. */
export function explicitZeros(trace: Trace, { atoms }: Violation): GradientsZeroed | null {
  const concerned = new Set(trace.leaves(atoms));
  const zeroing = trace
    .eventsOf('gradientsZeroed')
    .find(
      (event) => event.setToNone === false && trace.leaves(event.atoms).some((atom) => concerned.has(atom)),
    );
  return zeroing ?? null;
}

/** Gradients that outlive a freeze (FRZ407): where `zero_grad` is told to keep them, or does so in old PyTorch. */
export function staleGradients(trace: Trace, torchVersion: number): readonly Violation[] {
  return violationsOf(trace, 'gradientLeft').filter((violation) =>
    violation.obligation.zeroGrad === 'none' ? explicitZeros(trace, violation) !== null : torchVersion < 2,
  );
}
