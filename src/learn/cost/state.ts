/** The state of the Cost screen, and what its lists do to it. */
import * as v from 'valibot';
import { blocksOf, MODEL_IDS, OPTIMIZER_IDS } from './cost.ts';

const choiceSchema = v.picklist(['model', 'optimizer', 'first']);

export const costStateSchema = v.pipe(
  v.object({
    model: v.picklist(MODEL_IDS),
    optimizer: v.picklist(OPTIMIZER_IDS),
    /** The earliest block that trains, 0-based. */
    first: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** The lists that the learner has used. */
    tried: v.array(choiceSchema),
  }),
  v.check(({ model, first }) => first < blocksOf(model).length),
);
export type CostState = v.InferOutput<typeof costStateSchema>;

export const costActionSchema = v.variant('type', [
  v.strictObject({ type: v.literal('model'), model: v.picklist(MODEL_IDS) }),
  v.strictObject({ type: v.literal('optimizer'), optimizer: v.picklist(OPTIMIZER_IDS) }),
  v.strictObject({ type: v.literal('first'), first: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);
export type CostAction = v.InferOutput<typeof costActionSchema>;

/** A ResNet-18 with only its head to train: the largest difference first. */
export const freshCost: CostState = { model: 'resnet18', optimizer: 'AdamW', first: 5, tried: [] };

export function actCost(state: CostState, action: CostAction): CostState {
  const tried = state.tried.includes(action.type) ? state.tried : [...state.tried, action.type];
  if (action.type === 'optimizer') return { ...state, optimizer: action.optimizer, tried };
  if (action.type === 'first') {
    return action.first < blocksOf(state.model).length ? { ...state, first: action.first, tried } : state;
  }
  // As far up as before: to the head if it was the head.
  const last = blocksOf(action.model).length - 1;
  const wasHead = state.first === blocksOf(state.model).length - 1;
  return { ...state, model: action.model, first: wasHead ? last : Math.min(state.first, last), tried };
}

export const partOfCost = ({ tried }: CostState): number => tried.length / choiceSchema.options.length;
