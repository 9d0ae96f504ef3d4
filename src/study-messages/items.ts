import * as v from 'valibot';
import { ratingSchema } from '../learn/review.ts';

const levelSchema = v.picklist(['beginner', 'intermediate', 'advanced']);

const itemEntries = {
  /** Differs from item to item, so that the view knows when to start afresh. */
  key: v.string(),
  level: levelSchema,
  /** Codes of the rules that the item explains. */
  rules: v.array(v.string()),
};

/** When the item comes back after its result; null before there is one. */
const returnsInSchema = v.nullable(v.string());

/** An option of a question, in the order to show. */
export const optionViewSchema = v.object({
  /** What to send as the chosen option. */
  option: v.number(),
  text: v.string(),
  chosen: v.boolean(),
  /** Null until one is chosen. */
  feedback: v.nullable(v.object({ correct: v.boolean(), why: v.string() })),
});

const itemViewSchema = v.variant('kind', [
  v.object({
    ...itemEntries,
    kind: v.literal('card'),
    front: v.string(),
    /** Null until the card is turned. */
    back: v.nullable(v.string()),
    /** When the card comes back after each rating; null for a card that is only looked at. */
    intervals: v.nullable(
      v.object({ again: v.string(), hard: v.string(), good: v.string(), easy: v.string() }),
    ),
  }),
  v.object({
    ...itemEntries,
    kind: v.literal('choice'),
    prompt: v.string(),
    options: v.array(optionViewSchema),
    returnsIn: returnsInSchema,
  }),
  v.object({
    ...itemEntries,
    kind: v.literal('explain'),
    prompt: v.string(),
    /** Null until asked for. */
    hint: v.nullable(v.string()),
    draft: v.string(),
    /** Counts the changes of the draft. */
    revision: v.number(),
    returnsIn: returnsInSchema,
    /** Null until the answer is checked. */
    checked: v.nullable(
      v.object({
        concepts: v.array(v.object({ id: v.string(), text: v.string(), ticked: v.boolean() })),
        /** The answer cut into pieces that matched a concept and pieces between. */
        pieces: v.array(v.object({ text: v.string(), matched: v.boolean() })),
      }),
    ),
  }),
]);

/** One item of a session. */
export const itemScreenSchema = v.object({
  screen: v.literal('item'),
  title: v.string(),
  /** 0-based; null for a card that was opened by itself. */
  position: v.nullable(v.number()),
  total: v.number(),
  item: itemViewSchema,
  canUndo: v.boolean(),
});

/** How a session went. */
export const summarySchema = v.object({
  screen: v.literal('summary'),
  title: v.string(),
  results: v.array(v.object({ question: v.string(), rating: ratingSchema })),
  canUndo: v.boolean(),
});

export type ItemScreenView = v.InferOutput<typeof itemScreenSchema>;
export type SummaryView = v.InferOutput<typeof summarySchema>;
export type ItemView = v.InferOutput<typeof itemViewSchema>;
export type OptionView = v.InferOutput<typeof optionViewSchema>;
