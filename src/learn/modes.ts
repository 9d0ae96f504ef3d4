import * as v from 'valibot';

/** The ways to learn besides the reviews, in the order of the overview. */
const MODE_IDS = [
  'learn',
  'why',
  'deep',
  'visualize',
  'predict',
  'try',
  'challenge',
  'project',
  'cost',
] as const;

export const modeIdSchema = v.picklist(MODE_IDS);
export type ModeId = v.InferOutput<typeof modeIdSchema>;
