/** Calls of code out of sight. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import type { CallArguments, Graph, Value } from '../state/values.ts';
import { graphByMode } from '../tensors/graphs.ts';
import { allArguments } from './call-arguments.ts';
import { forgetWhatIsReachable } from './havoc.ts';

/** Something is done to what nothing is known of: where that may be any object, so it may be to each of them. */
export function forgetUnseenAliases(run: Interpreter, at: Span): void {
  if (run.hasUnseenAliases) forgetWhatIsReachable(run, [...run.state.variables.values()], at);
}

/** A call of code out of sight: it may do anything to what it is given. */
export function callUnknown(run: Interpreter, also: readonly Value[], args: CallArguments, at: Span): Value {
  run.exceptions.mayHaveRaised = true;
  forgetWhatIsReachable(run, [...also, ...allArguments(args)], at);
  return unknownResult(run, at);
}

/**
 * What code out of sight gives back: anything, but without a graph where gradients are off. A tensor that was made
 * before, or by another thread, is no inference tensor.
 */
export function unknownResult(run: Interpreter, at: Span, known?: Graph): Value {
  const byMode = graphByMode(run, at);
  const graph: Graph | undefined = known ?? (byMode && { ...byMode, kind: 'none' });
  return plantUnknown(run, run.identity(at, ':result'), { graph: graph ?? null });
}
