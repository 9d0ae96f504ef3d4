/** Tests that nobody can decide, and the exceptions that may depend on how they turn out (see case-analysis.ts). */
import type { Expression, Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import type { State } from '../state/state.ts';
import { UNKNOWN, type Value } from '../state/values.ts';

/** An exception of which it is not certain that it comes, or that none comes before it. */
export interface DoubtfulException {
  readonly at: Span;
  readonly error: string;
  /** States in which the program gets there. */
  readonly states: State[];
  /** The undecided tests before it, each by the path to it. */
  readonly tests: readonly string[];
}

/** The undecided tests of one run. */
export class UndecidedTests {
  /** Whether each of them was met only once, so that it turns out in one way. */
  readonly #tests = new Map<string, boolean>();
  readonly #exceptions = new Map<string, DoubtfulException>();

  /** `assumed` says how some of them turn out in this run. */
  constructor(readonly assumed: ReadonlyMap<string, boolean> = new Map()) {}

  /** The truth of imported constants, as the tests of them were assumed to turn out. */
  readonly truths = new Map<string, boolean>();

  /** Every undecided test, by the path to it. */
  get all(): readonly string[] {
    return [...this.#tests.keys()];
  }

  get exceptions(): readonly DoubtfulException[] {
    return [...this.#exceptions.values()];
  }

  /** Those that turn out in one way. */
  single(tests: readonly string[]): readonly string[] {
    return tests.filter((test) => this.#tests.get(test));
  }

  note(test: string, mayRepeat: boolean): void {
    this.#tests.set(test, !mayRepeat && !this.#tests.has(test));
  }

  noteException(at: Span, error: string, state: State): void {
    const key = `${at.start} ${error}`;
    const known = this.#exceptions.get(key);
    if (known) known.states.push(state.fork());
    else this.#exceptions.set(key, { at, error, states: [state.fork()], tests: [...this.#tests.keys()] });
  }
}

/** Python's spelling of a name that is bound once. */
const CONSTANT = /(?:^|\.)[A-Z][A-Z0-9_]*$/;

/** A test of an imported constant turns out alike wherever it stands. */
function assumeTruth(run: Interpreter, condition: Expression, outcome: boolean): void {
  if (condition.kind === 'unary' && condition.operator === 'not')
    assumeTruth(run, condition.operand, !outcome);
  if (condition.kind !== 'name') return;
  const value = run.variables.lookup(condition.id);
  if (value?.kind === 'external' && CONSTANT.test(value.path))
    run.undecidedTests.truths.set(value.path, outcome);
}

/** Runs both arms of a statement or expression whose condition nobody can decide, or the one that is assumed. */
export function branchOnTest(
  run: Interpreter,
  node: Span,
  condition: Expression,
  yes: () => Value,
  no: () => Value,
): Value {
  if (run.dead) return UNKNOWN;
  const key = run.identity(node);
  const assumed = run.undecidedTests.assumed.get(key);
  if (assumed !== undefined) {
    assumeTruth(run, condition, assumed);
    return run.branch([assumed ? yes : no]);
  }
  const before = run.state;
  const value = run.branch([yes, no]);
  const makesDifference = run.dead || value.kind === 'union' || !run.state.isForkOf(before);
  if (makesDifference) run.undecidedTests.note(key, run.certainty.repetitions > 0);
  return value;
}
