/** What an action came to, in sentences with `code` marks. */
import { codeName, codeNames, type PicturedModel } from './pictured-model.ts';
import type { Outcome, Simulation } from './simulation.ts';

export interface Described {
  /** The exception that PyTorch raises, as it prints it; null where it raises none. */
  readonly error: string | null;
  readonly text: string;
}

export function describeOutcome(model: PicturedModel, state: Simulation): Described {
  const { outcome } = state;
  switch (outcome.kind) {
    case 'start':
      return said('Nothing has run yet. Go forward, or click a block to freeze or unfreeze it.');
    case 'forward':
      return said(...forward(model, state, outcome));
    case 'backward':
      return said(...backward(model, state, outcome));
    case 'step':
      return said(...step(model, state, outcome));
    case 'zeroGrad':
      return said(...zeroGrad(model, outcome));
    case 'freeze':
      return said(...freeze(model, state, outcome));
    case 'mode':
      return said(mode(model, state, outcome));
    case 'optimizer':
      return said('A new optimizer over the same parameters. It has no momentum yet.');
    case 'rebuild':
      return said(`The new optimizer holds what is trainable: ${codeNames(model, outcome.held)}.`);
    case 'raised':
      return RAISED[outcome.error];
    case 'changedInPlace':
      return {
        error:
          'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation',
        text: sentences(
          `step() has changed the weights of ${codeName(model, outcome.block)} since the forward pass.`,
          outcome.reached.length > 0 &&
            `The blocks above it, ${codeNames(model, outcome.reached)}, have their gradient already.`,
          'Go forward again.',
        ),
      };
    case 'undecided':
      return said(
        outcome.of === 'rebuild'
          ? 'Whether the new optimizer would hold anything depends on blocks that are not known.'
          : 'What backward() does depends on blocks that are not known.',
        'Click them to decide.',
      );
  }
}

const RAISED: Readonly<Record<Extract<Outcome, { kind: 'raised' }>['error'], Described>> = {
  noLoss: {
    error: "NameError: name 'loss' is not defined",
    text: 'There is no loss before the first forward pass.',
  },
  noGraph: {
    error: 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn',
    text: 'Every block was frozen in the forward pass, so autograd recorded nothing to go back through.',
  },
  secondBackward: {
    error: 'RuntimeError: Trying to backward through the graph a second time',
    text: 'The first backward pass has freed what it needed. Go forward again.',
  },
  emptyOptimizer: {
    error: 'ValueError: optimizer got an empty parameter list',
    text: 'Nothing is trainable, so there is nothing to hold. The old optimizer stays.',
  },
};

type Piece = string | false | undefined;

function sentences(...pieces: readonly Piece[]): string {
  return pieces.filter((piece) => typeof piece === 'string').join(' ');
}

const said = (...pieces: readonly Piece[]): Described => ({ error: null, text: sentences(...pieces) });

const isAre = (blocks: readonly unknown[]): string => (blocks.length === 1 ? 'is' : 'are');
const s = (blocks: readonly unknown[]): string => (blocks.length === 1 ? 's' : '');

function forward(
  model: PicturedModel,
  { blocks, graph }: Simulation,
  { drifted }: Extract<Outcome, { kind: 'forward' }>,
): Piece[] {
  const frozen = drifted.filter((index) => blocks[index]?.trainable === 'no');
  return [
    'The activations have run down to the loss.',
    graph?.recorded.every((answer) => answer === 'no') &&
      'Autograd recorded nothing, as no parameter requires a gradient.',
    drifted.length > 0 &&
      `BatchNorm moved its running statistics in ${drifted.length === blocks.length ? 'every block' : codeNames(model, drifted)}.`,
    frozen.length > 0 &&
      'Frozen or not: they are buffers, which `requires_grad` says nothing about. Only eval() stops them.',
  ];
}

function backward(
  model: PicturedModel,
  { blocks, graph }: Simulation,
  { reached, stopsAt }: Extract<Outcome, { kind: 'backward' }>,
): Piece[] {
  const passed = blocks.flatMap(({ trainable }, index) =>
    index >= stopsAt && trainable === 'no' ? [index] : [],
  );
  const late = passed.filter((index) => graph?.recorded[index] === 'yes');
  const early = reached.some((index) => index === stopsAt);
  const summed = reached.filter((index) => (blocks[index]?.accumulated ?? 0) > 1);
  return [
    reached.length > 0
      ? `${codeNames(model, reached)} got a gradient.`
      : 'No block got a gradient: each was frozen after the forward pass.',
    stopsAt > 0 && early
      ? `Autograd stops at ${codeName(model, stopsAt)}: nothing before it is trainable.`
      : undefined,
    passed.length > 0 &&
      reached.length > 0 &&
      `The gradient passed through frozen ${codeNames(model, passed)} and left nothing there.`,
    late.length > 0 &&
      reached.length > 0 &&
      `${codeNames(model, late)} ${isAre(late)} on its way only because of the forward pass, which came before the freeze.`,
    summed.length > 0 &&
      `In ${codeNames(model, summed)} it was added to what was there, as zero_grad() was not called.`,
  ];
}

function step(
  model: PicturedModel,
  { blocks, optimizer }: Simulation,
  { moved, unheld, hadGradient }: Extract<Outcome, { kind: 'step' }>,
): Piece[] {
  if (!hadGradient) return ['There is no gradient anywhere, so step() skips every block, without an error.'];
  const frozen = moved.filter((index) => blocks[index]?.trainable === 'no');
  const byZeros = moved.filter((index) => blocks[index]?.gradient === 'zeros');
  const stale = frozen.filter((index) => blocks[index]?.gradient !== 'zeros');
  const zeros = blocks.flatMap(({ held, gradient }, index) =>
    held === 'yes' && gradient === 'zeros' && !moved.includes(index) ? [index] : [],
  );
  return [
    moved.length > 0
      ? `The weights of ${codeNames(model, moved)} changed.`
      : blocks.some(({ held, gradient }) => held === 'unknown' || gradient === 'unknown')
        ? 'No weights changed for certain.'
        : 'No weights changed.',
    stale.length > 0 &&
      `${codeNames(model, stale)} ${isAre(stale)} frozen and move${s(stale)} all the same: step() uses the gradient that is left and never asks for \`requires_grad\`. zero_grad() ends that.`,
    byZeros.length > 0 &&
      `In ${codeNames(model, byZeros)} the gradient is zeros, and zeros are a gradient: ${optimizer === 'AdamW' ? 'momentum and weight decay go on' : 'momentum goes on'}. None is none.`,
    zeros.length > 0 && `Zeros do not move ${codeNames(model, zeros)} here.`,
    unheld.length > 0 &&
      `${codeNames(model, unheld)} ${unheld.length === 1 ? 'has' : 'have'} a gradient and did not move, as the optimizer does not hold ${unheld.length === 1 ? 'it' : 'them'}.`,
  ];
}

function zeroGrad(
  model: PicturedModel,
  { emptied, left, zeros }: Extract<Outcome, { kind: 'zeroGrad' }>,
): Piece[] {
  return [
    emptied.length > 0
      ? `The gradient of ${codeNames(model, emptied)} is ${zeros ? 'zeros' : 'None'} now.`
      : 'The optimizer holds no block that has a gradient to clear.',
    left.length > 0 &&
      `That of ${codeNames(model, left)} stays and piles up: \`optimizer.zero_grad()\` clears only what the optimizer holds.`,
  ];
}

function freeze(
  model: PicturedModel,
  { blocks, graph }: Simulation,
  { block: index, frozen }: Extract<Outcome, { kind: 'freeze' }>,
): Piece[] {
  const name = codeName(model, index);
  const block = blocks[index];
  if (frozen) {
    return [
      `${name} is frozen.`,
      block?.gradient === 'values' &&
        block.held !== 'no' &&
        'The gradient that it has stays, and step() still uses it until zero_grad() takes it away.',
    ];
  }
  return [
    `${name} is trainable${graph !== null && !graph.spent ? ' from the next forward pass on' : ''}.`,
    block?.held === 'no' && 'The optimizer does not hold it, so step() will not move it.',
  ];
}

function mode(
  model: PicturedModel,
  { blocks }: Simulation,
  { mode: called }: Extract<Outcome, { kind: 'mode' }>,
): string {
  if (called === 'train') {
    return 'Every block is in training mode: BatchNorm normalises by the batch and moves its running statistics.';
  }
  if (called === 'eval') {
    return 'Every block is in evaluation mode: BatchNorm uses its running statistics and leaves them alone. Freezing is another matter: trainable blocks still get gradients.';
  }
  const frozen = blocks.flatMap(({ trainable }, index) => (trainable === 'no' ? [index] : []));
  if (frozen.length === 0) return 'No block is frozen, so none was put into evaluation mode.';
  return `${codeNames(model, frozen)} ${isAre(frozen)} in evaluation mode, until \`model.train()\` turns everything back.`;
}
