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
  /** All decks together. */
  recall: v.object({ minutes: v.number(), due: v.number(), remembered: v.number() }),
  /** Findings of the file in the editor that a card explains, at most two. */
  findings: v.array(
    v.object({
      code: v.string(),
      /** Where it is, for people. */
      place: v.string(),
      /** What the card asks, as Markdown. */
      question: v.string(),
    }),
  ),
  /** The session that can go on, with 0-based position. */
  resume: v.nullable(v.object({ title: v.string(), position: v.number(), total: v.number() })),
  /** What the learner has to know, such as stored data that could not be read. */
  notices: v.array(v.string()),
});

/** The decks, each with how much of it is remembered. */
export const decksSchema = v.object({
  screen: v.literal('decks'),
  decks: v.array(deckRowSchema),
});

const barSchema = v.object({
  /** Below the bar. */
  short: v.string(),
  /** In full, in the table. */
  label: v.string(),
  count: v.number(),
});

/** What comes up, and how strong memories are. */
export const statisticsSchema = v.object({
  screen: v.literal('statistics'),
  reviews: v.number(),
  forecast: v.array(barSchema),
  /** How many items come up after the last of these days. */
  later: v.number(),
  strengths: v.array(barSchema),
});

export type DecksView = v.InferOutput<typeof decksSchema>;
export type StatisticsView = v.InferOutput<typeof statisticsSchema>;
export type BarView = v.InferOutput<typeof barSchema>;
export type HomeView = v.InferOutput<typeof homeSchema>;
