/** What PyTorch does to a model of six blocks, action by action. `npm run test:torch` holds it against a real one. */
import type { Answer, Block, Gradient, Outcome, Simulation, SimulationAction } from './simulation.ts';

/** The state after an action. What cannot be decided, because blocks are unknown, is not done. */
export function simulate(state: Simulation, action: SimulationAction): Simulation {
  switch (action.type) {
    case 'forward':
      return forward(state);
    case 'backward':
      return backward(state);
    case 'step':
      return step(state);
    case 'zeroGrad':
      return zeroGradients(state, action.zeros);
    case 'freeze':
      return {
        ...state,
        blocks: state.blocks.map((block, index) =>
          index === action.block ? { ...block, trainable: action.frozen ? 'no' : 'yes' } : block,
        ),
        outcome: { kind: 'freeze', block: action.block, frozen: action.frozen },
      };
    case 'train':
    case 'eval':
    case 'evalFrozen':
      return setMode(state, action.type);
    case 'optimizer':
      return {
        ...state,
        optimizer: action.optimizer,
        blocks: state.blocks.map((block) => ({ ...block, momentum: 'no' })),
        outcome: { kind: 'optimizer', optimizer: action.optimizer },
      };
    case 'rebuild':
      return rebuild(state);
  }
}

/**
 * Autograd records an operation if one of its inputs requires gradients at that moment. BatchNorm in training mode moves
 * its running statistics whether its weights are frozen or not: they are buffers, no parameters.
 */
function forward(state: Simulation): Simulation {
  const drifts = state.blocks.map(({ hasBatchNorm, training }) => (hasBatchNorm ? training : 'no'));
  return {
    ...state,
    blocks: state.blocks.map((block, index) => ({
      ...block,
      drifts: block.drifts + (drifts[index] === 'yes' ? 1 : 0),
      possibleDrifts: block.possibleDrifts + (drifts[index] === 'no' ? 0 : 1),
    })),
    graph: {
      recorded: state.blocks.map(({ trainable }) => trainable),
      spent: false,
      written: state.blocks.map(() => 'no'),
    },
    outcome: { kind: 'forward', drifted: placesOf(drifts, 'yes') },
  };
}

/**
 * The gradient runs from the loss down to the earliest block that was trainable in the forward pass, through frozen blocks
 * above it. It is added to what `.grad` holds already, except in a block that was frozen since.
 */
function backward(state: Simulation): Simulation {
  const raised = (error: Extract<Outcome, { kind: 'raised' }>['error']): Simulation => ({
    ...state,
    outcome: { kind: 'raised', error },
  });
  const undecided: Simulation = { ...state, outcome: { kind: 'undecided', of: 'backward' } };
  const { graph } = state;
  if (graph === null) return raised('noLoss');
  const { recorded } = graph;
  const isRecorded = anyOf(recorded);
  if (isRecorded === 'no') return raised('noGraph');
  if (isRecorded === 'unknown') return undecided;
  if (graph.spent) return raised('secondBackward');
  const failing = needsWhatChanged(state, recorded, graph.written);
  if (failing === 'unknown') return undecided;
  const reached = state.blocks.map(
    ({ trainable }, index): Answer => (index > failing ? both(trainable, recorded[index] ?? 'no') : 'no'),
  );
  return {
    ...state,
    blocks: state.blocks.map((block, index) => addGradient(block, reached[index] ?? 'no')),
    graph: { ...graph, spent: true },
    outcome:
      failing === NONE
        ? { kind: 'backward', reached: placesOf(reached, 'yes'), stopsAt: recorded.indexOf('yes') }
        : { kind: 'changedInPlace', block: failing, reached: placesOf(reached, 'yes') },
  };
}

function addGradient(block: Block, reached: Answer): Block {
  if (reached === 'no') return block;
  if (reached === 'yes') return { ...block, gradient: 'values', accumulated: block.accumulated + 1 };
  return { ...block, gradient: block.gradient === 'values' ? 'values' : 'unknown' };
}

/** The number of no block, below all others. */
const NONE = -1;

/**
 * The first block, from the head, whose weights the backward pass needs and an optimizer has overwritten since the forward
 * pass; NONE where there is none. Passing a gradient on to the block below takes the block's weights; BatchNorm asks for
 * its own in any case.
 */
function needsWhatChanged(
  { blocks }: Simulation,
  recorded: readonly Answer[],
  written: readonly Answer[],
): number | 'unknown' {
  for (let index = blocks.length - 1; index >= 0; index--) {
    const block = blocks[index];
    const own = recorded[index] ?? 'no';
    const below = anyOf(recorded.slice(0, index));
    const usesOwn = block?.hasBatchNorm ? own : block?.isLinear ? 'no' : both(own, 'unknown');
    const needs = both(written[index] ?? 'no', either(below, usesOwn));
    if (needs !== 'no') return needs === 'yes' ? index : 'unknown';
  }
  return NONE;
}

/**
 * An optimizer updates what it holds wherever there is a gradient; it never asks for `requires_grad`. A gradient of zeros
 * is a gradient, too: momentum goes on, and AdamW's weight decay shrinks the weights.
 */
function step(state: Simulation): Simulation {
  const { optimizer, graph } = state;
  const applied = state.blocks.map(({ held, gradient }) => both(held, hasGradient(gradient)));
  const pushed = state.blocks.map(({ gradient }) => hasValues(gradient));
  const moved = state.blocks.map((block, index) => {
    const push = pushed[index] ?? 'no';
    const moves = optimizer === 'AdamW' ? 'yes' : optimizer === 'SGD' ? push : either(push, block.momentum);
    return both(applied[index] ?? 'no', moves);
  });
  return {
    ...state,
    blocks: state.blocks.map((block, index) => ({
      ...block,
      momentum: either(block.momentum, both(applied[index] ?? 'no', pushed[index] ?? 'no')),
      moves: block.moves + (moved[index] === 'yes' ? 1 : 0),
      possibleMoves: block.possibleMoves + (moved[index] === 'no' ? 0 : 1),
    })),
    graph: graph && {
      ...graph,
      written: graph.written.map((before, index) => either(before, applied[index] ?? 'no')),
    },
    outcome: {
      kind: 'step',
      moved: placesOf(moved, 'yes'),
      unheld: state.blocks.flatMap(({ trainable, held, gradient }, index) =>
        trainable === 'yes' && held === 'no' && gradient === 'values' ? [index] : [],
      ),
      hadGradient: state.blocks.some(({ gradient }) => gradient !== 'none'),
    },
  };
}

/** `optimizer.zero_grad()` reaches what the optimizer holds and nothing else. */
function zeroGradients(state: Simulation, zeros: boolean): Simulation {
  const empty = ({ gradient }: Block): Gradient => {
    if (!zeros) return 'none';
    return gradient === 'values' ? 'zeros' : gradient;
  };
  const blocks = state.blocks.map((block): Block => {
    if (block.held === 'no') return block;
    const gradient = empty(block);
    if (block.held === 'yes') return { ...block, gradient, accumulated: 0 };
    return gradient === block.gradient ? block : { ...block, gradient: 'unknown', accumulated: 0 };
  });
  return {
    ...state,
    blocks,
    outcome: {
      kind: 'zeroGrad',
      zeros,
      emptied: state.blocks.flatMap(({ gradient }, index) =>
        gradient === 'values' && blocks[index]?.gradient !== 'values' ? [index] : [],
      ),
      left: blocks.flatMap(({ gradient }, index) => (gradient === 'values' ? [index] : [])),
    },
  };
}

function setMode(state: Simulation, call: 'train' | 'eval' | 'evalFrozen'): Simulation {
  const modeOf = ({ trainable, training }: Block): Answer => {
    if (call === 'train') return 'yes';
    if (call === 'eval' || trainable === 'no') return 'no';
    // Frozen or not, it keeps the mode it had, if that is eval.
    return trainable === 'unknown' ? both(training, 'unknown') : training;
  };
  return {
    ...state,
    blocks: state.blocks.map((block) => ({ ...block, training: modeOf(block) })),
    outcome: { kind: 'mode', mode: call === 'evalFrozen' ? 'frozenEval' : call },
  };
}

function rebuild(state: Simulation): Simulation {
  const held = state.blocks.map(({ trainable }) => trainable);
  const any = anyOf(held);
  if (any === 'no') return { ...state, outcome: { kind: 'raised', error: 'emptyOptimizer' } };
  if (any === 'unknown') return { ...state, outcome: { kind: 'undecided', of: 'rebuild' } };
  return {
    ...state,
    blocks: state.blocks.map((block) => ({ ...block, held: block.trainable, momentum: 'no' })),
    outcome: { kind: 'rebuild', held: placesOf(held, 'yes') },
  };
}

const hasGradient = (gradient: Gradient): Answer =>
  gradient === 'unknown' ? 'unknown' : gradient === 'none' ? 'no' : 'yes';

const hasValues = (gradient: Gradient): Answer =>
  gradient === 'unknown' ? 'unknown' : gradient === 'values' ? 'yes' : 'no';

function both(a: Answer, b: Answer): Answer {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

function either(a: Answer, b: Answer): Answer {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'unknown';
}

const anyOf = (answers: readonly Answer[]): Answer => answers.reduce(either, 'no');

const placesOf = (answers: readonly Answer[], wanted: Answer): number[] =>
  answers.flatMap((answer, index) => (answer === wanted ? [index] : []));
