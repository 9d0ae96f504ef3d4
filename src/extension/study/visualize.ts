import { describeOutcome } from '../../learn/visualize/describe-outcome.ts';
import { presetOf, presets } from '../../learn/visualize/presets.ts';
import { pythonOf } from '../../learn/visualize/python-of.ts';
import type { Simulation } from '../../learn/visualize/simulation.ts';
import {
  actVisualize,
  freshVisualize,
  modelOf,
  partOfVisualize,
  type VisualizeState,
  visualizeActionSchema,
  visualizeStateSchema,
} from '../../learn/visualize/visualize.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import { defineMode } from './mode.ts';

/** Visualize: what forward, backward and step() do to a model in six blocks. */
export const visualize = defineMode({
  id: 'visualize',
  stateSchema: visualizeStateSchema,
  fresh: freshVisualize,
  actionSchema: visualizeActionSchema,
  asksEditor: ({ type }) => type === 'readFile',
  act: (state, action, { editor }) => actVisualize(state, action, editor?.model()),
  view: viewOf,
  part: partOfVisualize,
  code: (state) => pythonOf(modelOf(state), state.simulation),
});

function viewOf(state: VisualizeState): StudyView {
  const { preset, file, problem, simulation, zeros, turn } = state;
  const model = modelOf(state);
  return {
    screen: 'visualize',
    presets: presets.map(({ id, title }) => ({ id, title })),
    preset,
    task: preset !== null && simulation.outcome.kind === 'start' ? presetOf(preset).task : null,
    place:
      preset === null && file !== null
        ? [`\`${model.variable}\` of ${file.where}.`, ...file.notes].join(' ')
        : null,
    problem,
    names: model.blocks.map(({ name, note }, index) => ({
      name,
      // Whoever has clicked a block has made it all alike.
      note: isAsRead(state, index) ? note : null,
    })),
    simulation,
    next: nextOf(simulation),
    zeros,
    turn,
    outcome: describeOutcome(model, simulation),
    code: pythonOf(model, simulation),
  };
}

function isAsRead({ file, simulation }: VisualizeState, index: number): boolean {
  return file?.start.blocks[index]?.trainable === simulation.blocks[index]?.trainable;
}

function nextOf({ graph, outcome }: Simulation): 'forward' | 'backward' | 'step' {
  if (outcome.kind === 'backward') return 'step';
  return graph === null || graph.spent || outcome.kind === 'raised' ? 'forward' : 'backward';
}
