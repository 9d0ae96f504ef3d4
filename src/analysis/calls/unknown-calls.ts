/** Calls of code out of sight. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import type { CallArguments, Graph, Value } from '../state/values.ts';
import { graphByMode } from '../tensors/graphs.ts';
import { allArguments } from './call-arguments.ts';
import { forgetWhatIsReachable, reachableFrom } from './havoc.ts';

/** Something is done to what nothing is known of: where that may be any object, so it may be to each of them. */
export function forgetUnseenAliases(run: Interpreter, at: Span): void {
  if (run.hasUnseenAliases) forgetWhatIsReachable(run, [...run.state.variables.values()], at);
}

/** A call of code out of sight: it may do anything to what it is given. */
export function callUnknown(run: Interpreter, also: readonly Value[], args: CallArguments, at: Span): Value {
  run.exceptions.mayHaveRaised = true;
  const given = [...also, ...allArguments(args)];
  forgetWhatIsReachable(run, given, at);
  return unknownResult(run, at, given);
}

/**
 * What code out of sight gives back for what it was given: anything, but without a graph where gradients are off. A
 * tensor that was made before, or by another thread, is no inference tensor.
 */
export function unknownResult(run: Interpreter, at: Span, given: readonly Value[], known?: Graph): Value {
  const byMode = graphByMode(run, at);
  const graph: Graph | undefined = known ?? (byMode && { ...byMode, kind: 'none' });
  const id = run.identity(at, ':result');
  if (reachableFrom(run, given).atoms.size > 0) run.givenAway.note(id, given);
  return plantUnknown(run, id, { graph: graph ?? null });
}
