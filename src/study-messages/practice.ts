import * as v from 'valibot';

/** The ways to learn that consist of exercises in an editor. */
const practiceModeSchema = v.picklist(['try', 'challenge']);
const levelSchema = v.picklist(['beginner', 'intermediate', 'advanced']);

/** All exercises of one kind. */
export const exerciseListSchema = v.object({
  screen: v.literal('exercises'),
  mode: practiceModeSchema,
  title: v.string(),
  /** What these exercises are, in Markdown. */
  about: v.string(),
  solved: v.number(),
  exercises: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      level: levelSchema,
      state: v.picklist(['new', 'started', 'solved']),
    }),
  ),
  /** The one to go on with; null where all are solved. */
  next: v.nullable(v.string()),
});

const checkRowSchema = v.object({
  /** Open before a check. */
  state: v.picklist(['open', 'met', 'missed']),
  text: v.string(),
  detail: v.nullable(v.string()),
  /** The line of the editor that decided it, from 1. */
  line: v.nullable(v.number()),
});

/** One try. */
export const trySchema = v.object({
  screen: v.literal('try'),
  id: v.string(),
  title: v.string(),
  level: levelSchema,
  rules: v.array(v.string()),
  /** 0-based. */
  position: v.number(),
  total: v.number(),
  /** Markdown, as are the hint and what is learned. */
  task: v.string(),
  rows: v.array(checkRowSchema),
  /** How often it was checked, so that the same outcome is read out again. */
  checks: v.number(),
  /** Whether the code has changed since. */
  isOutdated: v.boolean(),
  /** Null until asked for. */
  hint: v.nullable(v.string()),
  /** Whether the solution can be looked at: after the hint. */
  canSeeSolution: v.boolean(),
  /** Null until it is solved. */
  learned: v.nullable(v.string()),
  next: v.nullable(v.string()),
});

/** One challenge: a program with a bug to be found and mended. */
export const challengeSchema = v.object({
  screen: v.literal('challenge'),
  id: v.string(),
  title: v.string(),
  level: levelSchema,
  /** 0-based. */
  position: v.number(),
  total: v.number(),
  /** Markdown, as are the hints and what is learned. */
  task: v.string(),
  /** The lines that were marked as the bug, in order. */
  marks: v.array(v.number()),
  /** Whether the last of them is it, or the bug is mended already. */
  isFound: v.boolean(),
  /** Those that were asked for. */
  hints: v.array(v.object({ title: v.string(), text: v.string() })),
  /** What the next hint would be; null after the last. */
  nextHint: v.nullable(v.string()),
  canSeeSolution: v.boolean(),
  rows: v.array(checkRowSchema),
  checks: v.number(),
  isOutdated: v.boolean(),
  isSolved: v.boolean(),
  /** The rule of the bug and what to take away; null until it is solved. */
  learned: v.nullable(v.object({ rule: v.string(), text: v.string() })),
  next: v.nullable(v.string()),
});

/** The guided project. */
export const projectSchema = v.object({
  screen: v.literal('project'),
  title: v.string(),
  /** Markdown, as are the task and the hint. */
  about: v.string(),
  /** Where it is; null before a folder is chosen. */
  folder: v.nullable(v.string()),
  /** Why a folder could not be used. */
  problem: v.nullable(v.string()),
  steps: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      state: v.picklist(['done', 'current', 'open']),
      /** What decided it, of a step that is done. */
      rows: v.array(checkRowSchema),
    }),
  ),
  /** The step to do; null where all are done. */
  current: v.nullable(
    v.object({
      id: v.string(),
      task: v.string(),
      hint: v.nullable(v.string()),
      rows: v.array(checkRowSchema),
    }),
  ),
  /** What a check said of the whole program. */
  whole: v.array(checkRowSchema),
  checks: v.number(),
  isOutdated: v.boolean(),
});

export type ExerciseListView = v.InferOutput<typeof exerciseListSchema>;
export type TryView = v.InferOutput<typeof trySchema>;
export type CheckRowView = v.InferOutput<typeof checkRowSchema>;
export type ChallengeView = v.InferOutput<typeof challengeSchema>;
export type ProjectView = v.InferOutput<typeof projectSchema>;
