/** The state of the Visualize screen and what its buttons do to it. */
import * as v from 'valibot';
import type { FoldedModel } from './fold-model.ts';
import { type PicturedModel, picturedModelSchema, sampleModel } from './pictured-model.ts';
import { PRESET_IDS, type PresetId, presetOf, presets } from './presets.ts';
import { simulate } from './simulate.ts';
import { type Simulation, simulationActionSchema, simulationSchema } from './simulation.ts';

/** Your file's model, as it was when it was read. */
const readModelSchema = v.object({
  model: picturedModelSchema,
  start: simulationSchema,
  notes: v.array(v.string()),
  /** "train.py, at the end of main()". */
  where: v.string(),
});

export const visualizeStateSchema = v.object({
  /** The situation shown; null for your file's model. */
  preset: v.nullable(v.picklist(PRESET_IDS)),
  file: v.nullable(readModelSchema),
  /** Why your file's model could not be shown; null where it could. */
  problem: v.nullable(v.string()),
  simulation: simulationSchema,
  /** Whether zero_grad() writes zeros instead of None. */
  zeros: v.boolean(),
  /** How many actions there have been: the page knows by it whether it has shown the last one. */
  turn: v.number(),
  /** The situations that have shown what they are about. */
  seen: v.array(v.picklist(PRESET_IDS)),
});
export type VisualizeState = v.InferOutput<typeof visualizeStateSchema>;

export const visualizeActionSchema = v.variant('type', [
  ...simulationActionSchema.options,
  v.strictObject({ type: v.literal('preset'), preset: v.picklist(PRESET_IDS) }),
  /** Reads the model of the file in the editor. */
  v.strictObject({ type: v.literal('readFile') }),
  v.strictObject({ type: v.literal('reset') }),
  v.strictObject({ type: v.literal('zeros'), zeros: v.boolean() }),
]);
export type VisualizeAction = v.InferOutput<typeof visualizeActionSchema>;

/** What the editor has: a model, or why there is none. */
export type ModelInEditor = (FoldedModel & { readonly where: string }) | { readonly problem: string };

const first = presetOf('headOnly');

export const freshVisualize: VisualizeState = {
  preset: first.id,
  file: null,
  problem: null,
  simulation: first.start,
  zeros: false,
  turn: 0,
  seen: [],
};

/** @param editor what the editor has; asked for where the action is `readFile`. */
export function actVisualize(
  state: VisualizeState,
  action: VisualizeAction,
  editor: ModelInEditor | undefined,
): VisualizeState {
  switch (action.type) {
    case 'preset': {
      const { id, start } = presetOf(action.preset);
      return { ...state, preset: id, problem: null, simulation: start, turn: state.turn + 1 };
    }
    case 'readFile':
      return editor === undefined ? state : readFile(state, editor);
    case 'reset':
      return { ...state, simulation: startOf(state), turn: state.turn + 1 };
    case 'zeros':
      return state.zeros === action.zeros ? state : { ...state, zeros: action.zeros };
    case 'freeze':
      // There may be fewer blocks than the picture has room for.
      return action.block < state.simulation.blocks.length
        ? turn(state, simulate(state.simulation, action))
        : state;
    default:
      return turn(state, simulate(state.simulation, action));
  }
}

/** The model that is shown. */
export function modelOf({ preset, file }: VisualizeState): PicturedModel {
  return preset === null && file !== null ? file.model : sampleModel;
}

/** How many of the situations have shown what they are about, from 0 to 1. */
export const partOfVisualize = ({ seen }: VisualizeState): number => seen.length / presets.length;

function startOf({ preset, file }: VisualizeState): Simulation {
  if (preset !== null) return presetOf(preset).start;
  return file?.start ?? first.start;
}

function readFile(state: VisualizeState, editor: ModelInEditor): VisualizeState {
  if ('problem' in editor) return { ...state, problem: editor.problem, turn: state.turn + 1 };
  const { model, start, notes, where } = editor;
  return {
    ...state,
    preset: null,
    problem: null,
    file: { model, start, notes: [...notes], where },
    simulation: start,
    turn: state.turn + 1,
  };
}

function turn(state: VisualizeState, simulation: Simulation): VisualizeState {
  const { preset, seen } = state;
  const shows: PresetId[] =
    preset !== null && !seen.includes(preset) && presetOf(preset).shows(simulation) ? [preset] : [];
  return { ...state, simulation, turn: state.turn + 1, seen: [...seen, ...shows] };
}
