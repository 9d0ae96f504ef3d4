/** What the picture of six blocks keeps: plain data, so that it can be stored, shown and compared with real PyTorch. */
import * as v from 'valibot';

/** The most blocks that the picture has room for. */
export const BLOCKS = 6;

/** An answer that may be out of sight: your file's model may hang on something that Freezelint does not see. */
const answerSchema = v.picklist(['yes', 'no', 'unknown']);
export type Answer = v.InferOutput<typeof answerSchema>;

/** What a block's parameters have in `.grad`: nothing (None), zeros, or values. */
const gradientSchema = v.picklist(['none', 'zeros', 'values', 'unknown']);
export type Gradient = v.InferOutput<typeof gradientSchema>;

const optimizerKindSchema = v.picklist(['SGD', 'momentum', 'AdamW']);
export type OptimizerKind = v.InferOutput<typeof optimizerKindSchema>;

const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

const blockSchema = v.object({
  /** `requires_grad` of its parameters. */
  trainable: answerSchema,
  /** Whether it contains BatchNorm. */
  hasBatchNorm: v.boolean(),
  /** Whether it is one `nn.Linear`, whose backward pass needs its weights only to pass a gradient on to the block below. */
  isLinear: v.boolean(),
  /** Whether its BatchNorm is in training mode. */
  training: answerSchema,
  /** Whether the optimizer holds its parameters. */
  held: answerSchema,
  gradient: gradientSchema,
  /** How many backward passes are summed up in the gradient. */
  accumulated: countSchema,
  /** Whether the optimizer keeps momentum of it that is not zero. */
  momentum: answerSchema,
  /** In how many steps its weights changed, and in how many they may have. */
  moves: countSchema,
  possibleMoves: countSchema,
  /** In how many forward passes its running statistics changed, and in how many they may have. */
  drifts: countSchema,
  possibleDrifts: countSchema,
});
export type Block = v.InferOutput<typeof blockSchema>;

/** 0-based numbers of blocks. */
const blocksSchema = v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(BLOCKS - 1)));

/** What the last action came to. */
const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('start') }),
  v.object({ kind: v.literal('forward'), drifted: blocksSchema }),
  v.object({
    kind: v.literal('backward'),
    /** The blocks that got a gradient. */
    reached: blocksSchema,
    /** The earliest block that the gradient flows through. */
    stopsAt: v.number(),
  }),
  v.object({ kind: v.literal('step'), moved: blocksSchema, unheld: blocksSchema, hadGradient: v.boolean() }),
  v.object({ kind: v.literal('zeroGrad'), emptied: blocksSchema, left: blocksSchema, zeros: v.boolean() }),
  v.object({ kind: v.literal('freeze'), block: v.number(), frozen: v.boolean() }),
  v.object({ kind: v.literal('mode'), mode: v.picklist(['train', 'eval', 'frozenEval']) }),
  v.object({ kind: v.literal('optimizer'), optimizer: optimizerKindSchema }),
  v.object({ kind: v.literal('rebuild'), held: blocksSchema }),
  v.object({
    kind: v.literal('raised'),
    error: v.picklist(['noLoss', 'noGraph', 'secondBackward', 'emptyOptimizer']),
  }),
  /** backward() raised at a block whose weights have changed since forward(); those above it got their gradient. */
  v.object({ kind: v.literal('changedInPlace'), block: v.number(), reached: blocksSchema }),
  v.object({ kind: v.literal('undecided'), of: v.picklist(['backward', 'rebuild']) }),
]);
export type Outcome = v.InferOutput<typeof outcomeSchema>;

export const simulationSchema = v.object({
  /** From the stem to the head. */
  blocks: v.pipe(v.array(blockSchema), v.minLength(1), v.maxLength(BLOCKS)),
  optimizer: optimizerKindSchema,
  /** What the last forward pass recorded; null before the first. */
  graph: v.nullable(
    v.object({
      /** Which blocks required gradients then. */
      recorded: v.array(answerSchema),
      /** Whether a backward pass has used it up. */
      spent: v.boolean(),
      /** Which blocks an optimizer has written to since. */
      written: v.array(answerSchema),
    }),
  ),
  outcome: outcomeSchema,
});
export type Simulation = v.InferOutput<typeof simulationSchema>;

export const simulationActionSchema = v.variant('type', [
  /** `loss = criterion(model(images), labels)`. */
  v.strictObject({ type: v.literal('forward') }),
  /** `loss.backward()`. */
  v.strictObject({ type: v.literal('backward') }),
  /** `optimizer.step()`. */
  v.strictObject({ type: v.literal('step') }),
  /** `optimizer.zero_grad(set_to_none=not zeros)`. */
  v.strictObject({ type: v.literal('zeroGrad'), zeros: v.boolean() }),
  /** `block.requires_grad_(not frozen)`. */
  v.strictObject({
    type: v.literal('freeze'),
    block: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(BLOCKS - 1)),
    frozen: v.boolean(),
  }),
  /** `model.train()`. */
  v.strictObject({ type: v.literal('train') }),
  /** `model.eval()`. */
  v.strictObject({ type: v.literal('eval') }),
  /** `block.eval()` for each block that is frozen now. */
  v.strictObject({ type: v.literal('evalFrozen') }),
  /** A new optimizer of another kind over the parameters that the old one held. */
  v.strictObject({ type: v.literal('optimizer'), optimizer: optimizerKindSchema }),
  /** A new optimizer over the parameters that require gradients now. */
  v.strictObject({ type: v.literal('rebuild') }),
]);
export type SimulationAction = v.InferOutput<typeof simulationActionSchema>;

export interface BlockStart {
  readonly trainable: Answer;
  readonly held: Answer;
  readonly hasBatchNorm: boolean;
  readonly isLinear?: boolean;
  readonly training?: Answer;
}

/** A model that has not been used yet. */
export function startSimulation(blocks: readonly BlockStart[], optimizer: OptimizerKind = 'SGD'): Simulation {
  return {
    blocks: blocks.map(({ trainable, held, hasBatchNorm, isLinear = false, training = 'yes' }) => ({
      trainable,
      hasBatchNorm,
      isLinear,
      training,
      held,
      gradient: 'none',
      accumulated: 0,
      momentum: 'no',
      moves: 0,
      possibleMoves: 0,
      drifts: 0,
      possibleDrifts: 0,
    })),
    optimizer,
    graph: null,
    outcome: { kind: 'start' },
  };
}
