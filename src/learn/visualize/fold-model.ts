/** The model of a program folded into at most six blocks, as far as it is known. */
import { type FreezeNode, flagsBelow, freezeTree } from '../../analysis/places/freeze-tree.ts';
import type { FlagSnapshot, ModuleSnapshot, Snapshot } from '../../analysis/places/snapshot.ts';
import type { PicturedModel } from './pictured-model.ts';
import {
  type Answer,
  BLOCKS,
  type BlockStart,
  type OptimizerKind,
  type Simulation,
  startSimulation,
} from './simulation.ts';

export interface FoldedModel {
  readonly model: PicturedModel;
  readonly start: Simulation;
  /** What the picture cannot show of it, in sentences. */
  readonly notes: readonly string[];
}

/** Something of the model that stands in one block: a module, or a parameter of the model itself. */
interface Part {
  readonly path: string;
  readonly className: string;
  readonly isModule: boolean;
  readonly flags: readonly FlagSnapshot[];
  /** What it consists of, if it can be taken apart. */
  readonly children: readonly Part[];
}

interface Group {
  readonly parts: readonly Part[];
  readonly flags: readonly FlagSnapshot[];
}

/** The largest model in sight, or null where no model is known well enough to be drawn. */
export function foldModel(snapshot: Snapshot): FoldedModel | null {
  let largest: { readonly variable: string; readonly module: ModuleSnapshot } | null = null;
  for (const [variable, module] of snapshot.modules) {
    if (variable.startsWith('self.') && snapshot.modules.has('self')) continue;
    if (module.parameters.size > (largest?.module.parameters.size ?? 0)) largest = { variable, module };
  }
  if (largest === null) return null;
  const { variable, module } = largest;
  const groups = fold(takeApart(partOf(freezeTree(module)).children));
  if (groups.length === 0) return null;
  const kinds = new Set([...snapshot.optimizers.values()].map(({ className }) => className));
  return {
    model: {
      variable,
      blocks: groups.map((group) => ({
        name: nameOf(group.parts),
        parts: group.parts.map(({ path, isModule }) => ({ path, isModule })),
        note: noteOf(group),
      })),
    },
    start: startSimulation(
      groups.map((group) => startOf(group, module, snapshot.optimizers.size > 0)),
      kindOf([...kinds]),
    ),
    notes: [
      ...(module.complete ? [] : [`Some of \`${variable}\` is not known and left out.`]),
      ...optimizerNotes([...kinds]),
    ],
  };
}

function partOf(node: FreezeNode): Part {
  const prefix = node.path === '' ? '' : `${node.path}.`;
  const own = [...node.parameters].map(
    ([name, flag]): Part => ({
      path: prefix + name,
      className: '',
      isModule: false,
      flags: [flag],
      children: [],
    }),
  );
  const below = node.children.filter(({ verdict }) => verdict !== 'none').map(partOf);
  return {
    path: node.path,
    className: node.className,
    isModule: true,
    flags: [...flagsBelow(node)],
    // A layer stays whole; so does what has parameters that no child stands for.
    children:
      below.length === 0 || node.unlisted.length > 0 ? (node.path === '' ? own : []) : [...own, ...below],
  };
}

/** Takes the largest part apart until there are enough for the picture: a model is often a backbone and a head. */
function takeApart(parts: readonly Part[]): readonly Part[] {
  if (parts.length >= BLOCKS) return parts;
  const [largest] = parts
    .filter(({ children }) => children.length > 0)
    .toSorted((a, b) => b.flags.length - a.flags.length);
  if (largest === undefined) return parts;
  return takeApart(parts.flatMap((part) => (part === largest ? part.children : [part])));
}

/** Joins neighbours until all have room: those that are alike before those that are not, small ones before large ones. */
function fold(parts: readonly Part[]): readonly Group[] {
  let groups: readonly Group[] = parts.map((part) => ({ parts: [part], flags: part.flags }));
  while (groups.length > BLOCKS) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index + 1 < groups.length; index++) {
      const cost = costOf(groups[index] as Group, groups[index + 1] as Group);
      if (cost < least) [best, least] = [index, cost];
    }
    groups = groups.flatMap((group, index) => {
      const next = groups[index + 1];
      if (index === best && next) {
        return [{ parts: [...group.parts, ...next.parts], flags: [...group.flags, ...next.flags] }];
      }
      return index === best + 1 ? [] : [group];
    });
  }
  return groups;
}

function costOf(first: Group, second: Group): number {
  const isAlike = trainableOf(first) === trainableOf(second) && heldOf(first, true) === heldOf(second, true);
  return first.flags.length + second.flags.length + (isAlike ? 0 : 1_000_000);
}

function trainableOf({ flags }: Group): Answer {
  if (flags.some(({ flag }) => flag === 'trainable')) return 'yes';
  return flags.every(({ flag }) => flag === 'frozen') ? 'no' : 'unknown';
}

/** Whether an optimizer holds what of the group matters: what is trainable, or all of it where nothing is. */
function heldOf({ flags }: Group, hasOptimizer: boolean): Answer {
  // One that is out of sight may hold it.
  if (!hasOptimizer) return 'unknown';
  const trainable = flags.filter(({ flag }) => flag === 'trainable');
  const those = trainable.length > 0 ? trainable : flags;
  if (those.some(({ optimizers }) => optimizers.length > 0)) return 'yes';
  return those.every(({ perhapsIn }) => perhapsIn.length === 0) ? 'no' : 'unknown';
}

function startOf(group: Group, module: ModuleSnapshot, hasOptimizer: boolean): BlockStart {
  const [only] = group.parts;
  const norms = [...module.submodules].filter(
    ([path, { className }]) =>
      /^(?:Sync|Lazy)?BatchNorm/.test(className) &&
      group.parts.some((part) => path === part.path || path.startsWith(`${part.path}.`)),
  );
  const modes = new Set(norms.map(([, { mode }]) => mode));
  const [mode] = modes;
  return {
    trainable: trainableOf(group),
    held: heldOf(group, hasOptimizer),
    hasBatchNorm: norms.length > 0,
    isLinear: group.parts.length === 1 && only?.className === 'Linear',
    training:
      norms.length === 0 || (modes.size === 1 && mode === 'train')
        ? 'yes'
        : modes.size === 1 && mode === 'eval'
          ? 'no'
          : 'unknown',
  };
}

/** What the one answer of a block hides; null where all of it is alike. */
function noteOf({ flags }: Group): string | null {
  const trainable = flags.filter(({ flag }) => flag === 'trainable');
  const unheld = trainable.filter(({ optimizers, perhapsIn }) => optimizers.length + perhapsIn.length === 0);
  const notes = [
    ...(trainable.length > 0 && trainable.length < flags.length
      ? [`${trainable.length} of ${flags.length} tensors train`]
      : []),
    ...(unheld.length > 0 && unheld.length < trainable.length
      ? [`${unheld.length} of these in no optimizer`]
      : []),
  ];
  return notes.length === 0 ? null : notes.join(', ');
}

/** `bn1`, `conv1, bn1` or `conv1 … layer2`; the second name without what it has in common with the first. */
function nameOf(parts: readonly Part[]): string {
  const first = parts[0]?.path ?? '';
  const last = parts.at(-1)?.path ?? '';
  if (parts.length < 2) return first;
  const parent = first.slice(0, first.lastIndexOf('.') + 1);
  const rest = last.startsWith(parent) ? last.slice(parent.length) : last;
  return `${first}${parts.length === 2 ? ',' : ' …'} ${rest}`;
}

const kindOf = (classNames: readonly string[]): OptimizerKind =>
  classNames.length === 1 && /Adam/.test(classNames[0] ?? '') ? 'AdamW' : 'SGD';

function optimizerNotes(classNames: readonly string[]): readonly string[] {
  if (classNames.length === 0) return ['No optimizer is in sight there.'];
  if (classNames.length > 1) return [`Several optimizers (${classNames.join(', ')}) are drawn as one SGD.`];
  const [name = ''] = classNames;
  if (name === 'AdamW') return [];
  if (name === 'SGD') return ['If its SGD has momentum, choose that below.'];
  return [`Its optimizer, ${name || 'of a class that is not known'}, is drawn as ${kindOf(classNames)}.`];
}
