import fc from 'fast-check';
import type { Review } from '../../../src/learn/review.ts';

/** A review of an item of the sample deck. */
export function review(item: string, rating: Review['rating'], at = 0): Review {
  return { deck: 'sample', item, at, rating };
}

/** Reviews as a broken clock may leave them: any finite time, mostly of the sample deck. */
export const anyReview: fc.Arbitrary<Review> = fc.record({
  deck: fc.constantFrom('sample', 'other'),
  item: fc.constantFrom('card', 'choice', 'explain'),
  at: fc.oneof(
    fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  rating: fc.constantFrom('again', 'hard', 'good', 'easy'),
});
