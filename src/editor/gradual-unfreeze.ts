/** *Unfreeze Gradually*: a schedule by epoch in the loop over epochs, from the last layers to the first. */

import { ALONE, type Program } from '../analysis/program.ts';
import type { SchedulerBuilt } from '../analysis/training-events.ts';
import { LineIndex } from '../python/positions.ts';
import type { Expression, Module, Statement } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';
import { functionAround, parametersOfAll, quoteOf, statementsAround } from '../rules/fix-text.ts';
import type { Edit } from '../rules/rule.ts';
import { schedulersAnew } from '../rules/schedulers-anew.ts';
import { textOf } from '../rules/syntax-context.ts';
import { isDisturbedByLaterGroup } from '../torch/schedulers.ts';
import { contextAt, type FreezeContext, type KnownModel } from './freeze-context.ts';
import { type LayerChoice, layerChoices } from './freeze-layers.ts';
import { flagLines } from './freeze-text.ts';
import { pointBefore, startOfCode } from './insertion-point.ts';

type Loop = Extract<Statement, { kind: 'for' }>;

export interface GradualUnfreeze {
  readonly context: FreezeContext;
  readonly model: KnownModel;
  /** The variable that counts epochs. */
  readonly epoch: string;
  /** The frozen parts, in the order in which they are usually unfrozen: the last one first. */
  readonly stages: readonly LayerChoice[];
  /** The optimizer that the parts are added to; null where it holds them already. */
  readonly extended: string | null;
  /** Statements that build the schedulers anew that a further group would disturb. */
  readonly schedulers: readonly string[];
}

/** Why there is nothing to unfreeze gradually. */
export type NoGradualUnfreeze =
  | 'no loop over epochs'
  | 'nothing frozen'
  | 'optimizer unknown'
  | 'scheduler out of reach';

/** The loop over epochs around the cursor or next after it, and what is frozen when it begins. */
export function gradualUnfreeze(
  module: Module,
  offset: number,
  program: Program = ALONE,
): GradualUnfreeze | NoGradualUnfreeze {
  const loop = epochLoop(module, startOfCode(new LineIndex(module.text), offset));
  const [first] = loop?.body ?? [];
  if (!loop || !first || loop.target.kind !== 'name') return 'no loop over epochs';
  const context = contextAt(module, pointBefore(module, first), program);
  if (!context) return 'no loop over epochs';
  const model = context.models.find((each) => frozenParts(each).length > 0);
  if (!model) return 'nothing frozen';
  const stages = frozenParts(model);
  const extended = optimizerToExtend(context, model, stages);
  if (extended === undefined) return 'optimizer unknown';
  const schedulers = extended === null ? [] : schedulersToBuild(context, extended);
  if (!schedulers) return 'scheduler out of reach';
  return { context, model, epoch: loop.target.id, stages, extended, schedulers };
}

/** The schedule for the chosen stages, one an epoch from the second epoch on; null where it cannot be inserted. */
export function insertSchedule(plan: GradualUnfreeze, chosen: readonly LayerChoice[]): Edit | null {
  const { context, epoch, extended, schedulers } = plan;
  const { module, point } = context;
  const { indentUnit } = new LineIndex(module.text);
  const quote = quoteOf(module);
  const lines = plan.stages
    .filter((stage) => chosen.some(({ path }) => path === stage.path))
    .flatMap(({ expression }, index) => {
      const body = [...flagLines(module, point.offset, [expression], true)];
      if (extended !== null) {
        const group = `{${quote}params${quote}: ${parametersOfAll([expression])}}`;
        body.push(`${extended}.add_param_group(${group})`, ...schedulers);
      }
      return [
        `${index === 0 ? 'if' : 'elif'} ${epoch} == ${index + 1}:`,
        ...body.map((line) => `${indentUnit}${line}`),
      ];
    });
  return lines.length === 0 ? null : point.insert(lines);
}

function frozenParts({ name, tree }: KnownModel): readonly LayerChoice[] {
  // A wrapper with one child is looked through.
  const choices = layerChoices({ models: [{ name, tree, mentioned: false }] });
  for (let depth = 1; ; depth++) {
    const level = choices.filter((choice) => choice.depth === depth);
    if (level.length !== 1) return level.filter(({ verdict }) => verdict === 'frozen').reverse();
  }
}

/** Null where no optimizer needs to be told; undefined where that is not certain. */
function optimizerToExtend(
  { snapshot }: FreezeContext,
  model: KnownModel,
  stages: readonly LayerChoice[],
): string | null | undefined {
  const flags = [...(snapshot.modules.get(model.name)?.parameters ?? [])].flatMap(([parameter, flag]) =>
    stages.some(({ path }) => parameter.startsWith(`${path}.`)) ? [flag] : [],
  );
  if (flags.some(({ perhapsIn }) => perhapsIn.length > 0)) return undefined;
  const held = flags.filter(({ optimizers }) => optimizers.length > 0);
  if (held.length === flags.length) return null;
  if (held.length > 0) return undefined;
  const owning = [...snapshot.optimizers].filter(([, { parameters }]) =>
    parameters.some((parameter) => parameter.startsWith(`${model.name}.`)),
  );
  // A scheduler's `scheduler.optimizer` is the same one.
  const isOne = new Set(owning.map(([, { built }]) => built.start)).size === 1;
  const [name] = owning.map(([each]) => each).toSorted((a, b) => a.length - b.length);
  return isOne ? name : undefined;
}

/** Null where one of them cannot be built again at the start of the loop. */
function schedulersToBuild(
  { module, trace, point, snapshot }: FreezeContext,
  optimizer: string,
): readonly string[] | null {
  const built = snapshot.optimizers.get(optimizer)?.built.start;
  const extended = trace.eventsOf('optimizerBuilt').findLast(({ call }) => call.start === built);
  const place = { start: point.offset, end: point.offset };
  const isDisturbed = ({ optimizers, facts }: SchedulerBuilt): boolean =>
    extended !== undefined && optimizers.includes(extended.optimizer) && isDisturbedByLaterGroup(facts);
  return schedulersAnew(module, trace, optimizer, place, isDisturbed)?.lines ?? null;
}

/** The innermost loop over epochs around an offset, else the next one after it in the same function. */
export function epochLoop(module: Module, offset: number): Loop | null {
  const around = statementsAround(module, offset).filter((each): each is Loop => each.kind === 'for');
  const inside = around.findLast((loop) => countsEpochs(module, loop)) ?? null;
  if (inside) return inside;
  const scope = functionAround(module, offset);
  for (const statement of scope ? [scope] : module.body) {
    for (const node of walk(statement)) {
      if (node.kind !== 'for' || node.start < offset || !countsEpochs(module, node)) continue;
      if (functionAround(module, node.start) === scope) return node;
    }
  }
  return null;
}

function countsEpochs(module: Module, { target, iterable }: Loop): boolean {
  if (target.kind !== 'name' || target.id.startsWith('_')) return false;
  return /epoch/i.test(target.id) || (isRange(iterable) && /epoch/i.test(textOf(module, iterable)));
}

const isRange = (iterable: Expression): boolean =>
  iterable.kind === 'call' &&
  iterable.callee.kind === 'name' &&
  /^(?:range|trange)$/.test(iterable.callee.id);
