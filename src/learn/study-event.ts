import * as v from 'valibot';
import { ratingSchema } from './review.ts';

/** What a learner does with the item in front of them. */
export const studyEventSchema = v.variant('type', [
  v.strictObject({ type: v.literal('reveal') }),
  v.strictObject({ type: v.literal('rate'), rating: ratingSchema }),
  v.strictObject({ type: v.literal('choose'), option: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.strictObject({
    type: v.literal('draft'),
    text: v.pipe(v.string(), v.maxLength(20_000)),
    /** Grows with each change of the draft. One that is no greater than the draft's own is late, and changes nothing. */
    revision: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.strictObject({ type: v.literal('hint') }),
  v.strictObject({ type: v.literal('check'), text: v.pipe(v.string(), v.maxLength(20_000)) }),
  v.strictObject({ type: v.literal('edit') }),
  v.strictObject({ type: v.literal('tick'), concept: v.string(), ticked: v.boolean() }),
  v.strictObject({ type: v.literal('next') }),
]);
export type StudyEvent = v.InferOutput<typeof studyEventSchema>;
