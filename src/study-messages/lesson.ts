import * as v from 'valibot';
import { flagWordSchema, LESSON_MODES } from '../learn/lessons/lesson.ts';
import { optionViewSchema } from './items.ts';

/** A page of a lesson. What gives the answer away is null until the question is answered. */
export const lessonScreenSchema = v.object({
  screen: v.literal('lesson'),
  mode: v.picklist(LESSON_MODES),
  title: v.string(),
  /** 0-based. */
  position: v.number(),
  total: v.number(),
  /** The ids of the pages before and after. */
  previous: v.nullable(v.string()),
  next: v.nullable(v.string()),
  /** Of the whole lesson so far. */
  score: v.object({ answered: v.number(), right: v.number() }),
  page: v.object({
    id: v.string(),
    title: v.string(),
    text: v.string(),
    code: v.string(),
    /** The 0-based index of the line that matters most. */
    key: v.nullable(v.number()),
    prompt: v.string(),
    options: v.array(optionViewSchema),
    canInsert: v.boolean(),
    evidence: v.nullable(
      v.object({
        /** The version of PyTorch that it was recorded under. */
        torch: v.string(),
        /** What the program prints; empty where it prints nothing. */
        output: v.string(),
        table: v.array(v.object({ quantity: v.string(), before: v.string(), after: v.string() })),
        diff: v.array(v.object({ kind: v.picklist(['same', 'removed', 'added']), text: v.string() })),
        /** What is frozen at the end of the program. */
        state: v.array(v.object({ target: v.string(), flag: flagWordSchema })),
        /** Rules whose pages say more. */
        rules: v.array(v.string()),
      }),
    ),
  }),
});

export type LessonScreenView = v.InferOutput<typeof lessonScreenSchema>;
export type LessonPageView = LessonScreenView['page'];
