/** What is known of models and optimizers at the cursor, for those who insert statements there. */
import { analyse } from '../analysis/analyse.ts';
import { type FreezeNode, freezeTree } from '../analysis/places/freeze-tree.ts';
import type { Snapshot } from '../analysis/places/snapshot.ts';
import { ALONE, type Program } from '../analysis/program.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Module } from '../python/syntax.ts';
import { type InsertionPoint, insertionPoint, mentions } from './insertion-point.ts';

/** A model in a variable. */
export interface KnownModel {
  /** As the source calls it: `model`, `self.model`. */
  readonly name: string;
  readonly tree: FreezeNode;
  /** Whether the statement at the cursor mentions it. */
  readonly mentioned: boolean;
}

export interface FreezeContext {
  readonly module: Module;
  readonly trace: Trace;
  readonly point: InsertionPoint;
  /** The state in which inserted statements will run. */
  readonly snapshot: Snapshot;
  /** Models with parameters: those that the cursor's statement mentions first, then the larger ones. */
  readonly models: readonly KnownModel[];
}

/**
 * Runs the program on paper up to the cursor. Null where no statement can be inserted, or where the analysis never gets
 * there.
 */
export function freezeContext(
  module: Module,
  offset: number,
  program: Program = ALONE,
): FreezeContext | null {
  const point = insertionPoint(module, offset);
  return point && contextAt(module, point, program);
}

/** The same for a place that is known. */
export function contextAt(
  module: Module,
  point: InsertionPoint,
  program: Program = ALONE,
): FreezeContext | null {
  const trace = analyse(module, program, { places: [point.place] });
  const snapshot = trace.at(point.place, 'visible');
  return snapshot && { module, trace, point, snapshot, models: modelsIn(snapshot, point) };
}

function modelsIn({ modules }: Snapshot, { statement }: InsertionPoint): readonly KnownModel[] {
  const models: KnownModel[] = [];
  for (const [name, module] of modules) {
    // Its parts are in its tree.
    if (name.startsWith('self.') && modules.has('self')) continue;
    const tree = freezeTree(module);
    if (tree.verdict === 'none') continue;
    models.push({ name, tree, mentioned: statement !== null && mentions(statement, name) });
  }
  return models.toSorted(
    (a, b) => Number(b.mentioned) - Number(a.mentioned) || b.tree.tensors - a.tree.tensors,
  );
}
