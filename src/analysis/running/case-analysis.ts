/**
 * Exceptions that every path ends in, although the joined state no longer shows it: one branch replaces a layer, the
 * next line freezes whatever layer there is, and nothing is left for the optimizer. The program is run again in each
 * case of the tests in question; where all cases raise, so does the program. What is known at a place is sharpened in
 * the same way.
 */

import { Interpreter } from '../interpreter.ts';
import type { Watch } from '../places/watch.ts';
import { State } from '../state/state.ts';
import type { Raised } from './exceptions.ts';
import { BudgetExhausted } from './step-budget.ts';
import { type DoubtfulException, UndecidedTests } from './undecided-tests.ts';

/** Tests that are gone through, the last ones before the exception: each of them doubles the cases. */
const MAX_TESTS = 4;
/** Steps that all cases together may take, a tenth of those of a whole analysis. */
const MAX_STEPS_IN_CASES = 20_000;

/** Tests that are gone through for what is known at some place of the program. */
const MAX_TESTS_AT_END = 3;

type Case = ReadonlyMap<string, boolean>;

/** What runs the program again in a case; null where the steps run out. */
function runnerOf(
  run: Interpreter,
  runTopLevel: (run: Interpreter) => void,
  newWatch: () => Watch | null = () => null,
): (assumed: Case) => Interpreter | null {
  let steps = MAX_STEPS_IN_CASES;
  return (assumed) => {
    if (steps <= 0) return null;
    const inCase = new Interpreter(
      run.language,
      run.module,
      run.program,
      newWatch(),
      new UndecidedTests(assumed),
    );
    inCase.steps.allow(steps);
    let isOver = false;
    try {
      runTopLevel(inCase);
    } catch (problem) {
      if (!(problem instanceof BudgetExhausted)) throw problem;
      isOver = true;
    }
    steps -= inCase.steps.taken;
    // A case that raises stops there.
    return isOver && !inCase.exceptions.raised ? null : inCase;
  };
}

/**
 * The program after it ran in each case of the undecided tests, each with a watch of its own: what all of them agree on
 * is certain. Null where there are none or they take too long.
 */
export function runsInAllCases(
  run: Interpreter,
  runTopLevel: (run: Interpreter) => void,
  newWatch: () => Watch | null,
): readonly Interpreter[] | null {
  const tests = run.undecidedTests.single(run.undecidedTests.all).slice(-MAX_TESTS_AT_END);
  if (tests.length === 0) return null;
  let cases: readonly Case[] = [new Map()];
  for (const test of tests) {
    cases = cases.flatMap((one) => [true, false].map((outcome) => new Map(one).set(test, outcome)));
  }
  const runCase = runnerOf(run, runTopLevel, newWatch);
  const runs: Interpreter[] = [];
  const { raised } = run.exceptions;
  for (const one of cases) {
    const inCase = runCase(one);
    // An exception that ends the program comes in every case, though not every case shows it.
    const endsAlike = !raised || inCase?.exceptions.raised?.at.start === raised.at.start;
    if (!inCase || !endsAlike) return null;
    runs.push(inCase);
  }
  return runs;
}

/**
 * The exception that certainly ends the program in every case, if there is one; null otherwise. `runTopLevel` runs
 * the program.
 */
export function raisedInAllCases(run: Interpreter, runTopLevel: (run: Interpreter) => void): Raised | null {
  let isOver = false;
  const runner = runnerOf(run, runTopLevel);
  const runCase = (assumed: Case): Raised | null => {
    const inCase = runner(assumed);
    isOver ||= !inCase;
    return inCase?.exceptions.raised ?? null;
  };
  const raisesAlways = (
    exception: DoubtfulException,
    [test, ...later]: readonly string[],
    assumed: Case,
  ): boolean => {
    if (test === undefined || isOver) return false;
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
    if (isOver || tests.length < single.length) run.exhaustions.note('cases', exception.at);
    if (isOver) return null;
  }
  return null;
}
