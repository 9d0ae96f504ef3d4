import * as v from 'valibot';

/** A question of Predict, or how all of them went. */
export const predictScreenSchema = v.object({
  screen: v.literal('predict'),
  /** The file that is asked about; null for the built-in program. */
  where: v.nullable(v.string()),
  problem: v.nullable(v.string()),
  /** 0-based. */
  position: v.number(),
  total: v.number(),
  right: v.number(),
  /** Null once all are answered. */
  question: v.nullable(
    v.object({
      id: v.string(),
      /** What a step of this optimizer changes is asked; null where it is what trains. */
      optimizer: v.nullable(v.string()),
      model: v.string(),
      row: v.number(),
      code: v.array(v.string()),
      parts: v.array(
        v.object({
          name: v.string(),
          ticked: v.boolean(),
          /** Null until the answer is checked. */
          result: v.nullable(v.object({ isWanted: v.boolean(), isRight: v.boolean(), reason: v.string() })),
        }),
      ),
      isChecked: v.boolean(),
    }),
  ),
});

export type PredictView = v.InferOutput<typeof predictScreenSchema>;
