import * as v from 'valibot';
import { ruleCodesSchema } from '../content-schemas.ts';

/** The ways to learn that are lessons: pages with a program and a question. */
export const LESSON_MODES = ['learn', 'why', 'deep'] as const;

export const flagWordSchema = v.picklist(
  ['frozen', 'trainable', 'mixed'],
  'a part of a model is frozen, trainable or mixed',
);

const optionSchema = v.object({ text: v.string(), correct: v.boolean(), why: v.string() });

const pageSchema = v.object({
  /** Permanent, since answers hang on it. */
  id: v.string(),
  title: v.string(),
  text: v.string(),
  /** The lines to show. */
  shown: v.string(),
  /** Whether they are worth having in one's own code. */
  insert: v.boolean(),
  /** The 0-based index of the line among them that matters most. */
  key: v.nullable(v.number()),
  /** The whole program, with what is not shown. */
  program: v.string(),
  prompt: v.string(),
  options: v.array(optionSchema),
  /** What the program prints under PyTorch; empty where it prints nothing, or where a table shows it. */
  output: v.string(),
  /** How the program is mended, and what that changes; null where there is nothing to mend. */
  cure: v.nullable(
    v.object({
      shown: v.string(),
      diff: v.array(v.object({ kind: v.picklist(['same', 'removed', 'added']), text: v.string() })),
      table: v.array(v.object({ quantity: v.string(), before: v.string(), after: v.string() })),
    }),
  ),
  /** What is frozen at the end of the program, by the names of its variables. */
  state: v.array(v.object({ target: v.string(), flag: flagWordSchema })),
  /** Rules whose pages say more. */
  rules: ruleCodesSchema,
});

/** A lesson as the build makes it from a folder in quizzes/lessons/. */
export const lessonSchema = v.object({
  id: v.picklist(LESSON_MODES),
  title: v.string(),
  /** The version of PyTorch that the programs ran under. */
  torch: v.string(),
  pages: v.pipe(v.array(pageSchema), v.minLength(1)),
});

export type Lesson = v.InferOutput<typeof lessonSchema>;
export type LessonPage = v.InferOutput<typeof pageSchema>;
