/** The state of a program at the place where most can be said of its model. */
import { placeBefore } from '../analysis/places.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { LineIndex } from '../python/positions.ts';
import type { ObservedProgram } from './observed-program.ts';

export interface Sight {
  readonly snapshot: Snapshot;
  /** The line before which it is, from 0; null for the end of the program or of a function. */
  readonly row: number | null;
  /** The function; null for the top level. */
  readonly scope: string | null;
}

/**
 * What is known just before the line that holds an offset, if a model is in sight there; else at the end of the function,
 * or of the program, that sees an optimizer and a model, or a model. Null where no model is known at all.
 */
export function modelInSight(program: ObservedProgram, offset: number): Sight | null {
  const lines = new LineIndex(program.module.text);
  const { row } = lines.positionAt(offset);
  const { start } = lines.lineSpan(row);
  const found = placeBefore(program.module, start + lines.indentationAt(start).length);
  const here = found && program.at(found.place);
  if (found && here && hasModel(here)) return { snapshot: here, row, scope: found.scope?.name ?? null };
  const ends: Sight[] = [...program.trace.functionEnds].map(([scope, snapshot]) => ({
    snapshot,
    row: null,
    scope,
  }));
  const { topLevel } = program.trace;
  if (topLevel) ends.unshift({ snapshot: topLevel, row: null, scope: null });
  const withModel = ends.filter(({ snapshot }) => hasModel(snapshot));
  return withModel.find(({ snapshot }) => snapshot.optimizers.size > 0) ?? withModel[0] ?? null;
}

const hasModel = ({ modules }: Snapshot): boolean =>
  [...modules.values()].some(({ parameters }) => parameters.size > 0);
