import * as v from 'valibot';
import { MODEL_IDS, OPTIMIZER_IDS } from '../learn/cost/cost.ts';

const partSchema = v.object({
  name: v.string(),
  /** How to draw it: what is there anyway, what only training needs, what the optimizer adds. */
  fill: v.picklist(['solid', 'trained', 'hatched']),
  /** In the chart's unit. */
  yours: v.number(),
  all: v.number(),
  /** The same in words. */
  yoursText: v.string(),
  allText: v.string(),
});

const chartSchema = v.object({
  title: v.string(),
  /** "31% of training everything". */
  share: v.string(),
  parts: v.array(partSchema),
  totals: v.object({ yours: v.string(), all: v.string() }),
  /** How the numbers come about, a line each. */
  formula: v.array(v.string()),
});

/** What freezing saves. */
export const costSchema = v.object({
  screen: v.literal('cost'),
  models: v.array(v.object({ id: v.picklist(MODEL_IDS), title: v.string() })),
  model: v.picklist(MODEL_IDS),
  optimizers: v.array(v.object({ id: v.picklist(OPTIMIZER_IDS), title: v.string() })),
  optimizer: v.picklist(OPTIMIZER_IDS),
  /** Names of the blocks in the order of the forward pass, and the earliest that trains. */
  blocks: v.array(v.string()),
  first: v.number(),
  charts: v.array(chartSchema),
  /** What the numbers leave out, and where they come from. */
  notes: v.array(v.string()),
  code: v.string(),
});

export type CostView = v.InferOutput<typeof costSchema>;
