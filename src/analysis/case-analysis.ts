/**
 * Exceptions that every path ends in, although the joined state no longer shows it: one branch replaces a layer, the
 * next line freezes whatever layer there is, and nothing is left for the optimizer. The program is run again in each
 * case of the tests in question; where all cases raise, so does the program.
 */

import type { Raised } from './exceptions.ts';
import { Interpreter } from './interpreter.ts';
import { State } from './state.ts';
import { BudgetExhausted } from './step-budget.ts';
import { type DoubtfulException, UndecidedTests } from './undecided-tests.ts';

/** Tests that are gone through, the last ones before the exception: each of them doubles the cases. */
const MAX_TESTS = 4;
/** Steps that all cases together may take, a tenth of those of a whole analysis. */
const MAX_STEPS_IN_CASES = 20_000;

/**
 * The exception that certainly ends the program in every case, if there is one; null otherwise. `runTopLevel` runs
 * the program.
 */
export function raisedInAllCases(run: Interpreter, runTopLevel: (run: Interpreter) => void): Raised | null {
  let steps = MAX_STEPS_IN_CASES;
  const runCase = (assumed: ReadonlyMap<string, boolean>): Raised | null => {
    const inCase = new Interpreter(run.language, run.module, run.program, null, new UndecidedTests(assumed));
    inCase.steps.allow(steps);
    try {
      runTopLevel(inCase);
    } catch (problem) {
      if (!(problem instanceof BudgetExhausted)) throw problem;
    }
    steps -= inCase.steps.taken;
    return inCase.exceptions.raised;
  };
  const raisesAlways = (
    exception: DoubtfulException,
    [test, ...later]: readonly string[],
    assumed: ReadonlyMap<string, boolean>,
  ): boolean => {
    if (test === undefined || steps <= 0) return false;
    return [true, false].every((outcome) => {
      const all = new Map(assumed).set(test, outcome);
      const raised = runCase(all);
      if (!raised) return raisesAlways(exception, later, all);
      return raised.at.start === exception.at.start && raised.error === exception.error;
    });
  };
  for (const exception of run.undecidedTests.exceptions) {
    const single = run.undecidedTests.single(exception.tests);
    const tests = single.slice(-MAX_TESTS);
    if (tests.length === 0) continue;
    const [first, ...others] = exception.states;
    if (first && raisesAlways(exception, tests, new Map())) {
      // Nobody goes on from here to write to what a variable can no longer tell apart.
      const join = (a: State, b: State): State => State.join(a, b, () => undefined);
      return { at: exception.at, error: exception.error, state: others.reduce(join, first) };
    }
    if (steps <= 0 || tests.length < single.length) run.exhaustions.note('cases', exception.at);
    if (steps <= 0) return null;
  }
  return null;
}
