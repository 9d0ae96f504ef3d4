/** Schedulers that a fix has to build anew, as it changes the optimizer that they drive (what FRZ406 reports). */

import type { Trace } from '../analysis/trace.ts';
import type { SchedulerBuilt } from '../analysis/training-events.ts';
import type { Module, Span } from '../python/syntax.ts';
import { functionAround, groupBySpan, inWords } from './fix-text.ts';
import { callAt, sameSpan, statementAround, textOf } from './syntax-context.ts';

/** What goes on after the change of the optimizer, as unindented lines. */
export interface SchedulersAnew {
  readonly lines: readonly string[];
  /** The variables of the schedulers. */
  readonly names: readonly string[];
  /** How the fix's message ends: `, and build \`scheduler\` anew`; empty where there is nothing to build. */
  readonly inMessage: string;
}

/**
 * How the schedulers that `isLeftBehind` picks are built again after `place`, a statement or an offset, where the
 * optimizer called `optimizer` changes; null where one of them cannot be built by repeating its statement there.
 */
export function schedulersAnew(
  module: Module,
  trace: Trace,
  optimizer: string,
  place: Span,
  isLeftBehind: (built: SchedulerBuilt) => boolean,
): SchedulersAnew | null {
  const built = trace.eventsOf('schedulerBuilt').filter(isLeftBehind);
  const names: string[] = [];
  const lines: string[] = [];
  for (const [{ span }] of groupBySpan(built, (event) => event.span)) {
    const isNear = functionAround(module, span.start) === functionAround(module, place.start);
    if (isNear && span.start >= place.end) continue;
    const statement = schedulerStatement(module, span, optimizer);
    if (!isNear || !statement) return null;
    names.push(statement.name);
    lines.push(statement.text);
  }
  return { lines, names, inMessage: names.length > 0 ? `, and build ${inWords(names)} anew` : '' };
}

/** The statement that built a scheduler for an optimizer of this name, if it does nothing else. */
export function schedulerStatement(
  module: Module,
  built: Span,
  optimizer: string | null,
): { readonly name: string; readonly text: string } | null {
  const call = callAt(module, built);
  const made = statementAround(module, built);
  if (!call || made?.kind !== 'assignment') return null;
  const [target, ...others] = made.targets;
  if (!target || others.length > 0 || !sameSpan(made.value, call)) return null;
  if (!call.args.some(({ value }) => textOf(module, value) === optimizer)) return null;
  return { name: textOf(module, target), text: textOf(module, made) };
}
