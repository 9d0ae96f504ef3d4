import * as v from 'valibot';

/** How well an item was known; the four grades that spaced repetition works with. */
export const ratingSchema = v.picklist(['again', 'hard', 'good', 'easy']);

export type Rating = v.InferOutput<typeof ratingSchema>;

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

/** An item that a mistake in code has put into the reviews, until it is reviewed. */
export const mistakeSchema = v.strictObject({
  deck: v.string(),
  item: v.string(),
  /** Milliseconds since 1970. */
  at: v.pipe(v.number(), v.finite()),
});

export type Mistake = v.InferOutput<typeof mistakeSchema>;

/** Where an item is: the ids of its deck and of itself. */
export interface ItemPlace {
  readonly deck: string;
  readonly item: string;
}

/** One text for a place, to look it up by. Ids have no slash. */
export function keyOfPlace({ deck, item }: ItemPlace): string {
  return `${deck}/${item}`;
}
