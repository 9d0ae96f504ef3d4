/** *Filter the Optimizer* and *Rebuild the Optimizer Here*. */
import type { OptimizerBuilt } from '../analysis/training-events.ts';
import type { Module } from '../python/syntax.ts';
import { functionAround } from '../rules/fix-text.ts';
import { rebuiltOver, trainableOnly } from '../rules/optimizer-text.ts';
import type { Edit } from '../rules/rule.ts';
import { schedulersAnew } from '../rules/schedulers-anew.ts';
import { loopVariables, statementAround } from '../rules/syntax-context.ts';
import type { FreezeContext } from './freeze-context.ts';
import { freeName } from './freeze-text.ts';

/** The construction of an optimizer, and how it can be filtered. */
export interface OptimizerFilter {
  /** The name of the variable; the class where it has none. */
  readonly name: string;
  readonly built: OptimizerBuilt;
  readonly edit: Edit;
  /** Whether the cursor is on its construction. */
  readonly isHere: boolean;
}

/** Optimizers of the file that could be given the trainable parameters only; the one at the cursor alone if there is one. */
export function filterableOptimizers({ module, trace, point }: FreezeContext): readonly OptimizerFilter[] {
  const found = new Map<number, OptimizerFilter>();
  for (const built of trace.eventsOf('optimizerBuilt')) {
    const { argument, call, className } = built;
    const edit = argument && trainableOnly(module, argument);
    if (!edit) continue;
    const statement = statementAround(module, call);
    const [target] = statement?.kind === 'assignment' ? statement.targets : [];
    const name = target ? module.text.slice(target.start, target.end) : className;
    found.set(call.start, { name, built, edit, isHere: statement !== null && statement === point.statement });
  }
  const all = [...found.values()];
  const here = all.filter(({ isHere }) => isHere);
  return here.length > 0 ? here : all;
}

/** A way to build an optimizer again at the cursor. */
export interface OptimizerRebuild {
  readonly name: string;
  /** The variables of the schedulers that are built again with it. */
  readonly schedulers: readonly string[];
  readonly edit: Edit;
}

/**
 * The optimizers that exist at the cursor and can be built again there, over what is trainable by then, with the
 * schedulers that drive them.
 */
export function rebuildableOptimizers({
  module,
  trace,
  point,
  snapshot,
  models,
}: FreezeContext): readonly OptimizerRebuild[] {
  const rebuilds: OptimizerRebuild[] = [];
  for (const [name, optimizer] of snapshot.optimizers) {
    const built = trace
      .eventsOf('optimizerBuilt')
      .findLast(({ call }) => call.start === optimizer.built.start);
    if (!built || functionAround(module, built.call.start) !== functionAround(module, point.offset)) continue;
    // At its own construction there is nothing to build again.
    if (statementAround(module, built.call) === point.statement) continue;
    const owners = models.filter((model) =>
      optimizer.parameters.some((held) => held.startsWith(`${model.name}.`)),
    );
    if (owners.length === 0) continue;
    const statement = rebuiltOver(
      module,
      built,
      name,
      trainableOf(
        module,
        point.offset,
        owners.map((owner) => owner.name),
      ),
    );
    const { at, node } = point.place;
    const place = at === 'after' ? node : { start: point.offset, end: point.offset };
    const anew = schedulersAnew(module, trace, name, place, ({ optimizers }) =>
      optimizers.includes(built.optimizer),
    );
    if (statement === null || anew === null) continue;
    const edit = point.insert([statement, ...anew.lines]);
    if (edit) rebuilds.push({ name, schedulers: anew.names, edit });
  }
  return rebuilds;
}

/** A list of what is trainable in some modules. */
function trainableOf(module: Module, offset: number, owners: readonly string[]): string {
  const param = freeName(module, offset, loopVariables(module));
  const [only, ...more] = owners;
  if (more.length === 0) return `[${param} for ${param} in ${only}.parameters() if ${param}.requires_grad]`;
  const part = freeName(module, offset, ['part', 'module', 'layer'], param);
  return `[${param} for ${part} in (${owners.join(', ')}) for ${param} in ${part}.parameters() if ${param}.requires_grad]`;
}
