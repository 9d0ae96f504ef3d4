/** The Python that a state of the picture means. */
import { type PicturedModel, pythonPath } from './pictured-model.ts';
import type { Block, OptimizerKind, Simulation } from './simulation.ts';

const OPTIMIZERS: Readonly<Record<OptimizerKind, (parameters: string) => string>> = {
  SGD: (parameters) => `torch.optim.SGD(${parameters}, lr=0.01)`,
  momentum: (parameters) => `torch.optim.SGD(${parameters}, lr=0.01, momentum=0.9)`,
  AdamW: (parameters) => `torch.optim.AdamW(${parameters}, lr=0.001)`,
};

/** Three to six lines that bring a new model to the flags, the optimizer and the modes of a state. */
export function pythonOf(model: PicturedModel, { blocks, optimizer }: Simulation): string {
  return [
    ...flagLines(model, blocks),
    ...optimizerLines(model, blocks, optimizer),
    ...modeLines(model, blocks),
  ].join('\n');
}

type Wanted = (block: Block) => boolean;

const isTrainable: Wanted = ({ trainable }) => trainable === 'yes';
const isFrozen: Wanted = ({ trainable }) => trainable === 'no';
const isHeld: Wanted = ({ held }) => held === 'yes';

function flagLines(model: PicturedModel, blocks: readonly Block[]): string[] {
  const { variable } = model;
  if (blocks.every(isTrainable)) return [`${variable}.requires_grad_(True)`];
  if (blocks.every(isFrozen)) return [`${variable}.requires_grad_(False)`];
  const isKnown = blocks.every(({ trainable }) => trainable !== 'unknown');
  const set = (wanted: Wanted, value: 'True' | 'False'): string[] =>
    loop(model, blocks, wanted, `requires_grad_(${value})`);
  // Nothing is said of blocks that are not known.
  if (!isKnown) return [...set(isFrozen, 'False'), ...set(isTrainable, 'True')];
  const trains = blocks.filter(isTrainable).length;
  return trains * 2 <= blocks.length
    ? [`${variable}.requires_grad_(False)`, ...set(isTrainable, 'True')]
    : [`${variable}.requires_grad_(True)`, ...set(isFrozen, 'False')];
}

function optimizerLines(model: PicturedModel, blocks: readonly Block[], kind: OptimizerKind): string[] {
  const parameters = heldParameters(model, blocks);
  return parameters === null ? [] : [`optimizer = ${OPTIMIZERS[kind](parameters)}`];
}

/** Null where nothing is held for certain, or something that is not known. */
function heldParameters(model: PicturedModel, blocks: readonly Block[]): string | null {
  const { variable } = model;
  if (!blocks.some(isHeld) || blocks.some(({ held }) => held === 'unknown')) return null;
  if (blocks.every(isHeld)) return `${variable}.parameters()`;
  const parts = partsOf(model, blocks, isHeld);
  const [only] = parts;
  if (only?.isModule && parts.length === 1) return `${pythonPath(variable, only.path)}.parameters()`;
  if (blocks.every((block) => isHeld(block) === isTrainable(block))) {
    return `[p for p in ${variable}.parameters() if p.requires_grad]`;
  }
  if (parts.every(({ isModule }) => isModule)) {
    return `[p for block in ${listOf(variable, parts)} for p in block.parameters()]`;
  }
  const starts = parts.map(({ path, isModule }) => JSON.stringify(isModule ? `${path}.` : path));
  return `[p for name, p in ${variable}.named_parameters() if name.startswith((${starts.join(', ')},))]`;
}

function modeLines(model: PicturedModel, blocks: readonly Block[]): string[] {
  const { variable } = model;
  const withNorm = blocks.filter(({ hasBatchNorm }) => hasBatchNorm);
  if (withNorm.some(({ training }) => training === 'unknown')) return [];
  if (withNorm.every(({ training }) => training === 'yes')) return [`${variable}.train()`];
  if (blocks.every(({ training }) => training === 'no')) return [`${variable}.eval()`];
  const inEval: Wanted = ({ hasBatchNorm, training }) => hasBatchNorm && training === 'no';
  const [head = '', ...body] = loop(model, blocks, inEval, 'eval()');
  return [`${head}  # again after each ${variable}.train()`, ...body];
}

function loop(model: PicturedModel, blocks: readonly Block[], wanted: Wanted, call: string): string[] {
  const parts = partsOf(model, blocks, wanted).filter(({ isModule }) => isModule || call !== 'eval()');
  const [only] = parts;
  if (only === undefined) return [];
  if (parts.length === 1) return [`${pythonPath(model.variable, only.path)}.${call}`];
  return [`for block in ${listOf(model.variable, parts)}:`, `    block.${call}`];
}

const partsOf = (model: PicturedModel, blocks: readonly Block[], wanted: Wanted) =>
  model.blocks.flatMap(({ parts }, index) => {
    const block = blocks[index];
    return block !== undefined && wanted(block) ? parts : [];
  });

const listOf = (variable: string, parts: readonly { readonly path: string }[]): string =>
  `[${parts.map(({ path }) => pythonPath(variable, path)).join(', ')}]`;
