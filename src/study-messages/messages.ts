/** The protocol between the extension host, which holds the state, and the Study view, which shows it. */
import * as v from 'valibot';
import { modeIdSchema } from '../learn/modes.ts';
import { studyEventSchema } from '../learn/study-event.ts';
import { costSchema } from './cost.ts';
import { decksSchema, homeSchema, statisticsSchema } from './home.ts';
import { itemScreenSchema, summarySchema } from './items.ts';
import { lessonScreenSchema } from './lesson.ts';
import { challengeSchema, exerciseListSchema, projectSchema, trySchema } from './practice.ts';
import { predictScreenSchema } from './predict.ts';
import { visualizeSchema } from './visualize.ts';

const studyViewSchema = v.variant('screen', [
  homeSchema,
  decksSchema,
  statisticsSchema,
  itemScreenSchema,
  summarySchema,
  lessonScreenSchema,
  visualizeSchema,
  predictScreenSchema,
  costSchema,
  exerciseListSchema,
  trySchema,
  challengeSchema,
  projectSchema,
]);

/** Everything that the Study view shows at one moment. */
export type StudyView = v.InferOutput<typeof studyViewSchema>;

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
  v.strictObject({ type: v.literal('decks') }),
  v.strictObject({ type: v.literal('statistics') }),
  /** Shows the card of a finding, by its rule. */
  v.strictObject({ type: v.literal('card'), rule: v.string() }),
  /** Opens a way to learn where the learner left it. */
  v.strictObject({ type: v.literal('open'), mode: modeIdSchema }),
  /** Something done in the way to learn that is in front, which reads the action itself. */
  v.strictObject({ type: v.literal('do'), mode: modeIdSchema, action: v.unknown() }),
  /** Puts the code that the screen shows at the cursor of the editor beside, or into a new editor. */
  v.strictObject({ type: v.literal('insertCode') }),
  /** Opens the program that the code on the screen is from. */
  v.strictObject({ type: v.literal('openCode') }),
  /** Opens the page of a rule. */
  v.strictObject({ type: v.literal('openRule'), code: v.string() }),
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
