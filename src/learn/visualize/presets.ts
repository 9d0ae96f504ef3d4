import { sampleModel } from './pictured-model.ts';
import { type BlockStart, type Simulation, startSimulation } from './simulation.ts';

/** A situation to look at, with the sample model. */
export interface Preset {
  readonly id: PresetId;
  readonly title: string;
  /** What to do and what to look for. */
  readonly task: string;
  readonly start: Simulation;
  /** Whether the last action showed what the preset is about. */
  shows(state: Simulation): boolean;
}

export const PRESET_IDS = ['headOnly', 'forgotOptimizer', 'allFrozen', 'batchNormDrift'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

const names = sampleModel.blocks.map(({ name }) => name);

/** The sample model; blocks are named, and all but the head have BatchNorm. */
function sample(given: {
  readonly trainable: readonly string[];
  readonly held: readonly string[];
  /** Frozen blocks in eval(), as they should be. */
  readonly inEval?: boolean;
}): Simulation {
  return startSimulation(
    names.map((name): BlockStart => {
      const trainable = given.trainable.includes(name);
      return {
        trainable: trainable ? 'yes' : 'no',
        held: given.held.includes(name) ? 'yes' : 'no',
        hasBatchNorm: name !== 'head',
        isLinear: name === 'head',
        training: given.inEval && !trainable ? 'no' : 'yes',
      };
    }),
  );
}

const didStep = ({ outcome }: Simulation): boolean => outcome.kind === 'step' && outcome.hadGradient;

export const presets: readonly Preset[] = [
  {
    id: 'headOnly',
    title: 'Head only',
    task: 'Go round once: Forward, Backward, step(). The gradient stops at the head, and only the head moves.',
    start: sample({ trainable: ['head'], held: ['head'], inEval: true }),
    shows: didStep,
  },
  {
    id: 'forgotOptimizer',
    title: 'Forgot the optimizer',
    task: '`layer4` was unfrozen after the optimizer was built. It gets a gradient: does step() move it? Then build a new optimizer.',
    start: sample({ trainable: ['layer4', 'head'], held: ['head'] }),
    shows: (state) => didStep(state) && state.outcome.kind === 'step' && state.outcome.unheld.length > 0,
  },
  {
    id: 'allFrozen',
    title: 'All frozen',
    task: 'Go forward, then backward. Then unfreeze the head and try again.',
    start: sample({ trainable: [], held: names }),
    shows: ({ outcome }) => outcome.kind === 'raised' && outcome.error === 'noGraph',
  },
  {
    id: 'batchNormDrift',
    title: 'BatchNorm drift',
    task: 'Go forward a few times and watch the gauges of the frozen blocks. Then put these blocks into eval().',
    start: sample({ trainable: ['head'], held: ['head'] }),
    shows: ({ outcome, blocks }) =>
      outcome.kind === 'mode' && outcome.mode !== 'train' && blocks.some(({ drifts }) => drifts > 0),
  },
];

/** The preset of an id. */
export function presetOf(id: PresetId): Preset {
  return presets.find((preset) => preset.id === id) ?? (presets[0] as Preset);
}
