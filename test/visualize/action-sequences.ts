/** Random sequences of actions for the picture of six blocks, and where PyTorch's answers differ from ours. */
import { simulate } from '../../src/learn/visualize/simulate.ts';
import {
  type Answer,
  BLOCKS,
  type BlockStart,
  type OptimizerKind,
  type Outcome,
  type Simulation,
  type SimulationAction,
  startSimulation,
} from '../../src/learn/visualize/simulation.ts';
import { Random } from '../differential/random.ts';

export interface Sequence {
  readonly seed: number;
  readonly start: Simulation;
  readonly actions: readonly SimulationAction[];
}

/** What PyTorch says of a block after an action, and what the action changed. */
export interface RealBlock {
  readonly trainable: boolean;
  readonly held: boolean;
  readonly training: boolean;
  readonly gradient: 'none' | 'zeros' | 'values';
  readonly gradientChanged: boolean;
  readonly moved: boolean;
  readonly drifted: boolean;
}

export interface RealStep {
  readonly raises: string | null;
  readonly blocks: readonly RealBlock[];
}

/** A block as seven letters, so that a recording stays small; a hyphen for what is not so. */
export function writeBlock(block: RealBlock): string {
  return [
    block.trainable ? 'T' : '-',
    block.held ? 'H' : '-',
    block.training ? 'M' : '-',
    { none: '-', zeros: '0', values: 'V' }[block.gradient],
    block.gradientChanged ? 'g' : '-',
    block.moved ? 'w' : '-',
    block.drifted ? 's' : '-',
  ].join('');
}

export function readBlock(text: string): RealBlock {
  return {
    trainable: text[0] === 'T',
    held: text[1] === 'H',
    training: text[2] === 'M',
    gradient: text[3] === '-' ? 'none' : text[3] === '0' ? 'zeros' : 'values',
    gradientChanged: text[4] === 'g',
    moved: text[5] === 'w',
    drifted: text[6] === 's',
  };
}

const KINDS: readonly OptimizerKind[] = ['SGD', 'momentum', 'AdamW'];

/** The same sequence for the same seed. */
export function randomSequence(seed: number): Sequence {
  const random = new Random(seed);
  const answer = (chance: number): Answer => (random.chance(chance) ? 'yes' : 'no');
  const trains = random.next();
  const holds = random.chance(0.3) ? 1 : random.next();
  const blocks = Array.from({ length: BLOCKS }, (): BlockStart => {
    const hasBatchNorm = random.chance(0.7);
    return { trainable: answer(trains), held: answer(holds), hasBatchNorm, isLinear: !hasBatchNorm };
  });
  // PyTorch builds no optimizer over nothing.
  const first = random.below(BLOCKS);
  const start = startSimulation(
    blocks.map((block, index) => (index === first ? { ...block, held: 'yes' } : block)),
    random.pick(KINDS),
  );
  const actions: SimulationAction[] = [];
  while (actions.length < 16) {
    // Half of the time in the order of a training loop, else as it comes.
    const kind = random.next();
    if (kind < 0.25) actions.push({ type: 'forward' }, { type: 'backward' }, { type: 'step' });
    // Weights that change between the forward and the backward pass.
    else if (kind < 0.33) actions.push({ type: 'forward' }, { type: 'step' }, { type: 'backward' });
    // A block that is frozen with its gradient left, which is then made zeros.
    else if (kind < 0.4) {
      actions.push(
        { type: 'forward' },
        { type: 'backward' },
        { type: 'step' },
        { type: 'freeze', block: random.below(BLOCKS), frozen: true },
        { type: 'zeroGrad', zeros: true },
        { type: 'step' },
      );
    } else actions.push(randomAction(random));
  }
  return { seed, start, actions };
}

function randomAction(random: Random): SimulationAction {
  return random.pick<() => SimulationAction>([
    () => ({ type: 'forward' }),
    () => ({ type: 'backward' }),
    () => ({ type: 'step' }),
    () => ({ type: 'zeroGrad', zeros: random.chance(0.5) }),
    () => ({ type: 'freeze', block: random.below(BLOCKS), frozen: random.chance(0.5) }),
    () => ({ type: 'freeze', block: random.below(BLOCKS), frozen: random.chance(0.5) }),
    () => ({ type: random.pick(['train', 'eval', 'evalFrozen', 'evalFrozen']) }),
    () => ({ type: 'optimizer', optimizer: random.pick(KINDS) }),
    () => ({ type: 'rebuild' }),
  ])();
}

/** How the exceptions begin that PyTorch raises. */
const MESSAGES: Readonly<Record<Extract<Outcome, { kind: 'raised' }>['error'] | 'changedInPlace', string>> = {
  noLoss: "NameError: name 'loss' is not defined",
  noGraph: 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn',
  secondBackward: 'RuntimeError: Trying to backward through the graph a second time',
  changedInPlace:
    'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation',
  emptyOptimizer: 'ValueError: optimizer got an empty parameter list',
};

/** Where the simulation says something else than PyTorch; empty where they agree. */
export function disagreements({ start, actions }: Sequence, real: readonly RealStep[]): string[] {
  const found: string[] = [];
  let state = start;
  for (const [index, { raises, blocks }] of real.entries()) {
    const action = actions[index - 1];
    const before = state;
    if (action !== undefined) state = simulate(state, action);
    const where = `${index} ${JSON.stringify(action)}`;
    const { outcome } = state;
    const expected =
      outcome.kind === 'raised'
        ? MESSAGES[outcome.error]
        : outcome.kind === 'changedInPlace'
          ? MESSAGES.changedInPlace
          : null;
    if (expected === null ? raises !== null : raises?.startsWith(expected) !== true) {
      found.push(`${where}: expected ${expected}, PyTorch: ${raises}`);
    }
    for (const [place, block] of state.blocks.entries()) {
      const was = before.blocks[place];
      const ours: RealBlock = {
        trainable: block.trainable === 'yes',
        held: block.held === 'yes',
        training: block.training === 'yes',
        gradient: block.gradient === 'unknown' ? 'none' : block.gradient,
        gradientChanged: block.accumulated !== was?.accumulated || block.gradient !== was?.gradient,
        moved: block.moves !== was?.moves,
        drifted: block.drifts !== was?.drifts,
      };
      const theirs = blocks[place];
      for (const key of Object.keys(ours) as (keyof RealBlock)[]) {
        if (ours[key] !== theirs?.[key]) {
          found.push(`${where}: block ${place} ${key} is ${ours[key]}, PyTorch: ${theirs?.[key]}`);
        }
      }
    }
    if (real.length !== actions.length + 1) found.push(`${real.length} answers to ${actions.length} actions`);
  }
  return found;
}
