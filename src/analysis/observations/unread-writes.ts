/**
 * Writes of flags that nothing has looked at yet. A write that every path writes over before anything reads the flag
 * is dead: it might as well not be there.
 */

import type { TraceEvent } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import type { AtomId } from '../state/atoms.ts';

/** Events at which PyTorch acts on every flag. */
const READS_ALL: ReadonlySet<TraceEvent['kind']> = new Set([
  'optimizerBuilt',
  'step',
  'backward',
  'forward',
  'fit',
]);

/** Something looked at the flags of these parameters, or may have. */
export function noteRead(run: Interpreter, atoms: Iterable<AtomId>): void {
  for (const atom of atoms) {
    for (const leaf of run.atoms.leaves(atom)) {
      for (const write of run.state.flag(leaf).unread ?? []) run.readWrites.add(write);
    }
  }
}

/** Something looked at every flag: the model runs or trains, or the program ends here for all we know. */
export function noteAllRead(run: Interpreter): void {
  for (const flag of run.state.flags.values())
    for (const write of flag.unread ?? []) run.readWrites.add(write);
}

/** What an event reads. */
export function noteReadBy(run: Interpreter, event: TraceEvent): void {
  if (READS_ALL.has(event.kind)) noteAllRead(run);
}
