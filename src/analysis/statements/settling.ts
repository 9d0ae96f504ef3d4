/** Bodies that run an unknown number of times: until nothing changes. */
import type { Span } from '../../python/syntax.ts';
import { forgetFlags, reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { State } from '../state/state.ts';
import { UNKNOWN, type Value } from '../state/values.ts';
import { changedConstants } from './iteration.ts';

/** Rounds after which a loop's state is taken as settled; what still changes is made unknown. */
const MAX_ROUNDS = 3;

/** Whether some path has left the loop by `break`. */
export const mayHaveEnded = (run: Interpreter): boolean => (run.loops.at(-1)?.breaks.length ?? 0) > 0;

/** Runs a body again and again until nothing changes: a first round by itself, then the later ones together. */
export function settle(run: Interpreter, node: Span, mayBeSkipped: boolean, body: () => void): void {
  const before = run.state.fork();
  if (mayBeSkipped) run.certainty.undecided(() => run.within('first', body));
  else run.within('first', body);
  if (!run.dead) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const start = run.state.fork();
      const earlier = round === 0 ? before : start;
      for (const name of changedConstants(earlier, run.state)) run.state.variables.set(name, UNKNOWN);
      const later = (): void =>
        run.certainty.undecided(() => run.certainty.repeated(() => run.within('later', body)));
      // The second round is certain where the loop has several; nothing tells how many there are.
      if (round > 0 || mayBeSkipped || mayHaveEnded(run)) run.certainty.unproven(later);
      else later();
      if (run.dead) {
        run.state = start;
        run.dead = false;
        break;
      }
      const changed = changedConstants(start, run.state);
      run.joinInto(start);
      for (const name of changed) run.state.variables.set(name, UNKNOWN);
      if (State.same(run.state, start)) break;
      if (round === MAX_ROUNDS - 1) forgetUnsettled(run, run.state.changedSince(start), node);
    }
  }
  if (mayBeSkipped) run.joinInto(before);
}

/** What a loop still changes, it may go on changing, and reach other parameters by it. */
function forgetUnsettled(run: Interpreter, changed: readonly Value[], node: Span): void {
  const { objects, atoms } = reachableFrom(run, changed);
  const isModule = (id: string): boolean => {
    const object = run.state.heap.get(id);
    return object?.kind === 'module' && object.certain;
  };
  // Data that only may turn out to be modules is what most loops change.
  if ([...atoms].every((atom) => run.atoms.isClass(atom)) && ![...objects].some(isModule)) return;
  run.exhaustions.note('loopRounds', node);
  forgetFlags(run, changed);
}
