import * as v from 'valibot';

/** How well an item was known; the four grades that spaced repetition works with. */
export const ratingSchema = v.picklist(['again', 'hard', 'good', 'easy']);

/** A review as it is stored. */
export const reviewSchema = v.strictObject({
  deck: v.string(),
  item: v.string(),
  /** Milliseconds since 1970. */
  at: v.pipe(v.number(), v.finite()),
  rating: ratingSchema,
});

/** One answered item. The log of reviews is the truth; whatever is due or known is worked out from it. */
export type Review = v.InferOutput<typeof reviewSchema>;
