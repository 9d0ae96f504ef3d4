/** What runs however a block is left: a `finally`, the `__exit__` of a context manager. */
import type { Interpreter } from '../interpreter.ts';
import type { State } from '../state/state.ts';

/**
 * Runs `body`, and `cleanup` on every way out of it: its end, a return, break or continue, and an exception that an
 * outer `try` may catch.
 */
export function runWithCleanup(run: Interpreter, body: () => void, cleanup: () => void): void {
  const returns = run.frames.at(-1)?.returns ?? [];
  const loop = run.loops.at(-1);
  const lists = [loop?.breaks ?? [], loop?.continues ?? [], run.exceptions.handlers.at(-1)?.caught ?? []];
  const before = { returns: returns.length, lists: lists.map(({ length }) => length) };
  body();
  const end = run.dead ? null : run.state;
  const cleaned = (state: State): State | null => {
    run.state = state;
    run.dead = false;
    cleanup();
    return run.dead ? null : run.state;
  };
  for (const { state, value } of returns.splice(before.returns)) {
    const left = cleaned(state);
    if (left) returns.push({ state: left, value });
  }
  for (const [index, list] of lists.entries()) {
    for (const state of list.splice(before.lists[index] ?? 0)) {
      const left = cleaned(state);
      if (left) list.push(left);
    }
  }
  if (end) cleaned(end);
  else run.dead = true;
}
