/** The state of a program at the place where most can be said of its model. */
import { placeBefore } from '../analysis/places/places.ts';
import type { Snapshot } from '../analysis/places/snapshot.ts';
import { LineIndex } from '../python/positions.ts';
import type { ObservedProgram } from './observed-program.ts';

export interface Sight {
  readonly snapshot: Snapshot;
  /** Where the code of the line begins before which it is; null for the end of the program or of a function. */
  readonly lineStart: number | null;
  /** The function; null for the top level. */
  readonly scope: string | null;
}

/**
 * What is known just before the line that holds an offset, if a model is in sight there; else at the end of the function,
 * or of the program, that sees an optimizer and a model, or a model. Null where no model is known at all.
 */
export function modelInSight(program: ObservedProgram, offset: number): Sight | null {
  const lines = new LineIndex(program.module.text);
  const { start } = lines.lineSpan(lines.positionAt(offset).row);
  const lineStart = start + lines.indentationAt(start).length;
  const found = placeBefore(program.module, lineStart);
  const here = found && program.at(found.place);
  if (found && here && hasModel(here)) return { snapshot: here, lineStart, scope: found.scope?.name ?? null };
  const ends: Sight[] = [...program.trace.functionEnds].map(([scope, snapshot]) => ({
    snapshot,
    lineStart: null,
    scope,
  }));
  const { topLevel } = program.trace;
  if (topLevel) ends.unshift({ snapshot: topLevel, lineStart: null, scope: null });
  const withModel = ends.filter(({ snapshot }) => hasModel(snapshot));
  return withModel.find(({ snapshot }) => snapshot.optimizers.size > 0) ?? withModel[0] ?? null;
}

const hasModel = ({ modules }: Snapshot): boolean =>
  [...modules.values()].some(({ parameters }) => parameters.size > 0);
