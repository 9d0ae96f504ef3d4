import * as v from 'valibot';
import { modeIdSchema } from '../learn/modes.ts';

const deckRowSchema = v.object({
  id: v.string(),
  title: v.string(),
  description: v.string(),
  minutes: v.number(),
  /** How many items are due. */
  due: v.number(),
  /** How much the learner is likely to remember now, from 0 to 1. */
  remembered: v.number(),
});

/** The overview. */
export const homeSchema = v.object({
  screen: v.literal('home'),
  today: v.object({
    due: v.number(),
    fresh: v.number(),
    minutes: v.number(),
    /** In how long the next item comes up; null before the first review. */
    next: v.nullable(v.string()),
  }),
  /** The ways to learn besides the decks, in order. */
  modes: v.array(
    v.object({
      mode: modeIdSchema,
      /** How far the learner got, from 0 to 1. */
      part: v.number(),
    }),
  ),
  decks: v.array(deckRowSchema),
  /** The session that can go on, with 0-based position. */
  resume: v.nullable(v.object({ title: v.string(), position: v.number(), total: v.number() })),
  /** What the learner has to know, such as stored data that could not be read. */
  notices: v.array(v.string()),
});

export type HomeView = v.InferOutput<typeof homeSchema>;
export type DeckRowView = v.InferOutput<typeof deckRowSchema>;
