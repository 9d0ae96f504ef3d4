import * as v from 'valibot';
import { PRESET_IDS } from '../learn/visualize/presets.ts';
import { simulationSchema } from '../learn/visualize/simulation.ts';

/** The picture of a model in six blocks. */
export const visualizeSchema = v.object({
  screen: v.literal('visualize'),
  presets: v.array(v.object({ id: v.picklist(PRESET_IDS), title: v.string() })),
  /** Null for your file's model. */
  preset: v.nullable(v.picklist(PRESET_IDS)),
  /** What to do in the situation; null once something was done. */
  task: v.nullable(v.string()),
  /** Where your file's model is from, and what is left out of it; null for the sample. */
  place: v.nullable(v.string()),
  /** Why your file's model is not shown; null where nobody asked, or it is. */
  problem: v.nullable(v.string()),
  /** Names of the blocks, from the stem to the head, and what the picture hides of each. */
  names: v.array(v.object({ name: v.string(), note: v.nullable(v.string()) })),
  simulation: simulationSchema,
  /** What a training loop would do next. */
  next: v.picklist(['forward', 'backward', 'step']),
  zeros: v.boolean(),
  turn: v.number(),
  /** What the last action came to, with the exception that PyTorch raises. */
  outcome: v.object({ error: v.nullable(v.string()), text: v.string() }),
  /** The Python that the state means. */
  code: v.string(),
});

export type VisualizeView = v.InferOutput<typeof visualizeSchema>;
