/** Writes of requires_grad. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterFlagWrite } from '../obligations/moments.ts';
import { noteWritten } from '../running/handlers.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE, UNKNOWN_FLAG } from './atoms.ts';

/**
 * Sets the flag of `atoms` to `value` (null: unknown). A write that is not `certain` may have reached any of
 * them or none.
 */
export function writeFlag(
  run: Interpreter,
  atoms: readonly AtomId[],
  value: boolean | null,
  certain: boolean,
  at: Span,
): void {
  if (run.dead) return;
  const written = value === null ? UNKNOWN_FLAG : value ? MAY_BE_TRAINABLE : MAY_BE_FROZEN;
  const leaves = atoms.flatMap((atom) => run.atoms.leaves(atom));
  const before = new Map(leaves.map((leaf) => [leaf, run.state.flag(leaf)]));
  for (const [leaf, flag] of before) {
    noteWritten(run, leaf, written);
    if (certain) run.state.setFlag(leaf, { bits: written, writer: at, unread: [at] });
    else {
      const writer = flag.writer === at ? at : 'several';
      const unread = [...new Set([...(flag.unread ?? []), at])];
      run.state.setFlag(leaf, { bits: flag.bits | written, writer, unread });
    }
  }
  run.givenAway.afterWrite(run, leaves, at);
  const overwrites = new Set(certain ? [...before.values()].flatMap(({ unread = [] }) => unread) : []);
  run.emit({ kind: 'flagWritten', span: at, atoms: leaves, value, certain, overwrites: [...overwrites] });
  afterFlagWrite(run, { atoms: leaves, before, value, certain, at });
}
