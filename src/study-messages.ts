/** The protocol between the extension host, which holds the state, and the Study view, which shows it. */
import * as v from 'valibot';
import { ratingSchema } from './learn/review.ts';
import { studyEventSchema } from './learn/study-event.ts';

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
    /** In the order to show. `feedback` is null until one is chosen. */
    options: v.array(
      v.object({
        /** What to send as the `option` of a `choose` event. */
        option: v.number(),
        text: v.string(),
        chosen: v.boolean(),
        feedback: v.nullable(v.object({ correct: v.boolean(), why: v.string() })),
      }),
    ),
    returnsIn: returnsInSchema,
  }),
  v.object({
    ...itemEntries,
    kind: v.literal('explain'),
    prompt: v.string(),
    /** Null until asked for. */
    hint: v.nullable(v.string()),
    draft: v.string(),
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

const studyViewSchema = v.variant('screen', [
  v.object({
    screen: v.literal('home'),
    today: v.object({
      due: v.number(),
      fresh: v.number(),
      minutes: v.number(),
      /** In how long the next item comes up; null before the first review. */
      next: v.nullable(v.string()),
    }),
    decks: v.array(deckRowSchema),
    /** The session that can go on, with 0-based position. */
    resume: v.nullable(v.object({ title: v.string(), position: v.number(), total: v.number() })),
    /** What the learner has to know, such as stored data that could not be read. */
    notices: v.array(v.string()),
  }),
  v.object({
    screen: v.literal('item'),
    title: v.string(),
    /** 0-based; null for a card that was opened by itself. */
    position: v.nullable(v.number()),
    total: v.number(),
    item: itemViewSchema,
    canUndo: v.boolean(),
  }),
  v.object({
    screen: v.literal('summary'),
    title: v.string(),
    results: v.array(v.object({ question: v.string(), rating: ratingSchema })),
    canUndo: v.boolean(),
  }),
]);

/** Everything that the Study view shows at one moment. */
export type StudyView = v.InferOutput<typeof studyViewSchema>;
export type HomeView = Extract<StudyView, { screen: 'home' }>;
export type ItemScreenView = Extract<StudyView, { screen: 'item' }>;
export type SummaryView = Extract<StudyView, { screen: 'summary' }>;
export type ItemView = v.InferOutput<typeof itemViewSchema>;
export type DeckRowView = v.InferOutput<typeof deckRowSchema>;

const actionSchema = v.variant('type', [
  ...studyEventSchema.options,
  /** What is due and new today, from all decks. */
  v.strictObject({ type: v.literal('today') }),
  /** Takes the last answer back. */
  v.strictObject({ type: v.literal('undo') }),
  v.strictObject({ type: v.literal('start'), deck: v.string() }),
  /** Once more through the items of the last session that were not right. */
  v.strictObject({ type: v.literal('repeat') }),
  v.strictObject({ type: v.literal('resume') }),
  v.strictObject({ type: v.literal('home') }),
  /** Away with the card that was opened by itself, back to what was there before. */
  v.strictObject({ type: v.literal('close') }),
]);

/** What a learner does in the Study view. */
export type StudyAction = v.InferOutput<typeof actionSchema>;

const toHostSchema = v.variant('type', [
  /** The view has loaded and listens; sent again after each reload of it. */
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('action'), action: actionSchema }),
]);

const toWebviewSchema = v.object({ type: v.literal('view'), view: studyViewSchema });

export type MessageToHost = v.InferOutput<typeof toHostSchema>;
export type MessageToWebview = v.InferOutput<typeof toWebviewSchema>;

/** The message, or undefined for anything that is not one. */
export function readMessageToHost(data: unknown): MessageToHost | undefined {
  const parsed = v.safeParse(toHostSchema, data);
  return parsed.success ? parsed.output : undefined;
}

/** The message, or undefined for anything that is not one (the page also gets messages of the editor itself). */
export function readMessageToWebview(data: unknown): MessageToWebview | undefined {
  const parsed = v.safeParse(toWebviewSchema, data);
  return parsed.success ? parsed.output : undefined;
}
