/** The Freeze Map: the modules of a program's models as a tree, with what is frozen at one line. */
import { describeNames, type FreezeNode, flagsBelow, freezeTree } from '../analysis/places/freeze-tree.ts';
import { placeBefore } from '../analysis/places/places.ts';
import type { FlagSnapshot, Snapshot } from '../analysis/places/snapshot.ts';
import type { Trace } from '../analysis/trace.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import type { ObservedProgram } from './observed-program.ts';
import { amount, tensors, type Words } from './wording.ts';

export interface FreezeMapItem {
  /** The same for the same part of the program in every map of it: `model.layer1.0`. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly verdict: FreezeNode['verdict'];
  /** The statement that decided the state of everything below; null where nobody did, or several. */
  readonly decidedBy: Span | null;
  /** Whether it is a module that can be frozen or unfrozen as one. */
  readonly isModule: boolean;
  readonly children: readonly FreezeMapItem[];
}

export interface FreezeMap {
  /** Where the code of the line begins that it is about. */
  readonly lineStart: number;
  /** The function around that line; null at the top level. */
  readonly scope: string | null;
  /** One for each model in sight, the largest first; none where no model is known there. */
  readonly models: readonly FreezeMapItem[];
}

/**
 * Whether the map of a program has anything to show, at whichever line: some model is known, or parameters of one are
 * frozen, trained or replaced. Answered from the linter's run.
 */
export function knowsModel(trace: Trace): boolean {
  const { topLevel } = trace;
  if (topLevel && [...topLevel.modules.values()].some(({ parameters }) => parameters.size > 0)) return true;
  return trace.events.some(
    (event) =>
      event.kind === 'layerPutIn' ||
      event.kind === 'optimizerBuilt' ||
      (event.kind === 'flagWritten' && event.atoms.length > 0),
  );
}

/** The map just before the line that holds an offset. */
export function freezeMapAt(program: ObservedProgram, offset: number, words: Words): FreezeMap {
  const lines = new LineIndex(program.module.text);
  const { start } = lines.lineSpan(lines.positionAt(offset).row);
  const lineStart = start + lines.indentationAt(start).length;
  const found = placeBefore(program.module, lineStart);
  const snapshot = found && program.at(found.place);
  return {
    lineStart,
    scope: found?.scope?.name ?? null,
    models: snapshot ? modelsOf(snapshot, words) : [],
  };
}

function modelsOf(snapshot: Snapshot, words: Words): readonly FreezeMapItem[] {
  const models: { readonly size: number; readonly item: FreezeMapItem }[] = [];
  for (const [name, module] of snapshot.modules) {
    // Its parts are in its tree.
    if (name.startsWith('self.') && snapshot.modules.has('self')) continue;
    const tree = freezeTree(module);
    if (tree.verdict === 'none') continue;
    const item = itemOf({ snapshot, words }, tree, name, name);
    models.push({ size: tree.size ?? tree.tensors, item });
  }
  return models.toSorted((a, b) => b.size - a.size).map(({ item }) => item);
}

interface Drawing {
  readonly snapshot: Snapshot;
  readonly words: Words;
}

function itemOf(drawing: Drawing, node: FreezeNode, id: string, label: string): FreezeMapItem {
  const flags = [...flagsBelow(node)];
  const parameters = [...node.parameters].map(([name, parameter]): FreezeMapItem => {
    const shape = parameter.shape ? `[${parameter.shape.join(', ')}]` : '';
    return {
      id: `${id}.${name}`,
      label: name,
      description: described(stateOf(drawing, [parameter], parameter.flag), shape),
      verdict: parameter.flag,
      decidedBy: deciderOf([parameter]),
      isModule: false,
      children: [],
    };
  });
  const { translate } = drawing.words;
  const unlisted = node.unlisted.map(
    (part, index): FreezeMapItem => ({
      id: `${id}?${index}`,
      label: describeNames(part) || translate('any name'),
      description: stateOf(drawing, [part], part.flag),
      verdict: part.flag,
      decidedBy: deciderOf([part]),
      isModule: false,
      children: [],
    }),
  );
  const below = node.children
    .filter(({ verdict }) => verdict !== 'none')
    .map((child) => itemOf(drawing, child, `${id}.${child.name}`, child.name));
  return {
    id,
    label,
    // A narrow side bar cuts the end off.
    description: described(
      stateOf(drawing, flags, node.verdict),
      amountOf(drawing, node, flags),
      node.className,
    ),
    verdict: node.verdict,
    decidedBy: deciderOf(flags),
    isModule: true,
    children: [...below, ...parameters, ...unlisted],
  };
}

const described = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join(' · ');

/** How much there is; of a mixed module, how much of it trains. */
function amountOf({ words }: Drawing, node: FreezeNode, flags: readonly FlagSnapshot[]): string {
  const { translate } = words;
  const isMixed = node.verdict === 'mixed';
  // Parameters of unknown names cannot be counted.
  if (!node.complete) return isMixed ? translate('partly frozen') : '';
  if (isMixed) {
    const train = translate('{0} of {1} tensors train', amount(node.trainableTensors), amount(node.tensors));
    const unknown = flags.filter(({ flag }) => flag === 'unknown').length;
    // First what a narrow side bar must not cut off.
    if (unknown > 0) return described(translate('{0} unknown', amount(unknown)), train);
    if (node.trainableSize === null || node.size === null) return train;
    const sizes = [node.trainableSize, node.size].map(amount);
    return described(train, translate('{0} of {1} parameters', ...sizes));
  }
  return node.size === null ? tensors(words, node.tensors) : translate('{0} parameters', amount(node.size));
}

/** `frozen · in optimizer`; of optimizers nothing is said where none is in sight, or where parts differ. */
function stateOf({ snapshot, words }: Drawing, flags: readonly FlagSnapshot[], verdict: string): string {
  const { translate } = words;
  const states: Readonly<Record<string, string>> = {
    frozen: translate('frozen'),
    trainable: translate('trainable'),
    unknown: translate('unknown'),
  };
  const state = states[verdict] ?? '';
  const [first, ...others] = flags;
  const holdersOf = ({ optimizers, perhapsIn }: FlagSnapshot): string =>
    [...optimizers, ...perhapsIn.map((name) => translate('perhaps {0}', name))].join(', ');
  if (!first || snapshot.optimizers.size === 0) return state;
  const holders = holdersOf(first);
  if (others.some((other) => holdersOf(other) !== holders)) return state;
  // That nothing holds what is frozen is as it should be.
  if (holders === '') return verdict === 'frozen' ? state : described(state, translate('in no optimizer'));
  return described(state, translate('in {0}', holders));
}

function deciderOf([first, ...others]: readonly FlagSnapshot[]): Span | null {
  const writer = first?.writer;
  if (!writer || writer === 'several') return null;
  const isSame = ({ writer: other }: FlagSnapshot): boolean =>
    other !== null && other !== 'several' && other.start === writer.start && other.end === writer.end;
  return others.every(isSame) ? writer : null;
}
