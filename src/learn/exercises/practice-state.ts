import * as v from 'valibot';

/** Far beyond any exercise; keeps a file pasted in by mistake out of the store. */
const MAX_CHARACTERS = 50_000;

const idSchema = v.pipe(v.string(), v.maxLength(100));
const textSchema = v.pipe(v.string(), v.maxLength(MAX_CHARACTERS));
const lineSchema = v.pipe(v.number(), v.integer(), v.minValue(1));

/** One line of a checklist, as it is stored. */
export const rowSchema = v.strictObject({
  met: v.boolean(),
  text: v.string(),
  detail: v.nullable(v.string()),
  line: v.nullable(v.number()),
});

/** What is kept of one exercise. */
const workSchema = v.strictObject({
  /** The code as the learner left it; null where it is as it was given. */
  text: v.nullable(textSchema),
  /** What the last check said; null before the first. */
  rows: v.nullable(v.array(rowSchema)),
  /** Whether the code has changed since the last check. */
  isOutdated: v.boolean(),
  checks: v.number(),
  /** How many hints were asked for. */
  hints: v.number(),
  /** The lines that were marked as the bug, in order. */
  marks: v.array(lineSchema),
  /** Whether the last of them is it. */
  isFound: v.boolean(),
  isSolved: v.boolean(),
});

/** What is kept of a way to learn that consists of exercises. */
export const practiceStateSchema = v.strictObject({
  /** The exercise in front of the learner; null for the list of them. */
  current: v.nullable(idSchema),
  works: v.record(v.string(), workSchema),
});

export type PracticeState = v.InferOutput<typeof practiceStateSchema>;
export type Work = v.InferOutput<typeof workSchema>;

export const freshPractice: PracticeState = { current: null, works: {} };

const freshWork: Work = {
  text: null,
  rows: null,
  isOutdated: false,
  checks: 0,
  hints: 0,
  marks: [],
  isFound: false,
  isSolved: false,
};

/** What changes the state. What the learner asks of the editor, such as a check, comes in with its outcome. */
export const practiceActionSchema = v.variant('type', [
  v.strictObject({ type: v.literal('choose'), id: idSchema }),
  v.strictObject({ type: v.literal('list') }),
  v.strictObject({ type: v.literal('hint') }),
  v.strictObject({ type: v.literal('typed'), id: idSchema, text: textSchema }),
  v.strictObject({ type: v.literal('reset'), id: idSchema }),
  v.strictObject({ type: v.literal('checked'), id: idSchema, rows: v.array(rowSchema) }),
  v.strictObject({ type: v.literal('marked'), id: idSchema, line: lineSchema, isRight: v.boolean() }),
]);

export type PracticeAction = v.InferOutput<typeof practiceActionSchema>;

/** An exercise, as far as its progress is concerned. */
export interface Practised {
  readonly id: string;
  readonly start: string;
}

export function workOf({ works }: PracticeState, id: string): Work {
  return works[id] ?? freshWork;
}

/** The code of an exercise as the learner left it. */
export function textOf(state: PracticeState, { id, start }: Practised): string {
  return workOf(state, id).text ?? start;
}

/** The state after an action; the same object where it does not fit. `hintCount` is how many hints there are to ask for. */
export function practise(
  state: PracticeState,
  action: PracticeAction,
  exercises: readonly Practised[],
  hintCount: number,
): PracticeState {
  if (action.type === 'list') return { ...state, current: null };
  const id = action.type === 'hint' ? state.current : action.id;
  const exercise = exercises.find((one) => one.id === id);
  if (exercise === undefined) return state;
  const work = workOf(state, exercise.id);
  const change = (changed: Partial<Work>): PracticeState => ({
    ...state,
    works: { ...state.works, [exercise.id]: { ...work, ...changed } },
  });
  switch (action.type) {
    case 'choose':
      return { ...state, current: exercise.id };
    case 'hint':
      return work.hints < hintCount ? change({ hints: work.hints + 1 }) : state;
    case 'typed': {
      const text = action.text === exercise.start ? null : action.text;
      return text === work.text ? state : change({ text, isOutdated: work.rows !== null });
    }
    case 'reset':
      return change({ text: null, rows: null, isOutdated: false });
    case 'checked': {
      const isSolved = action.rows.every(({ met }) => met);
      return change({
        rows: action.rows,
        isOutdated: false,
        checks: work.checks + 1,
        isSolved: work.isSolved || isSolved,
        isFound: work.isFound || isSolved,
      });
    }
    case 'marked':
      return work.isFound ? state : change({ marks: [...work.marks, action.line], isFound: action.isRight });
  }
}

/** How much of the exercises is solved, from 0 to 1. */
export function partSolved(state: PracticeState, exercises: readonly Practised[]): number {
  const solved = exercises.filter(({ id }) => workOf(state, id).isSolved).length;
  return exercises.length === 0 ? 0 : solved / exercises.length;
}

/** The exercise to go on with: the next one in order that is not solved, after `id` or from the start; null if none. */
export function nextOpen(
  state: PracticeState,
  exercises: readonly Practised[],
  id: string | null,
): string | null {
  const at = exercises.findIndex((one) => one.id === id) + 1;
  const inOrder = [...exercises.slice(at), ...exercises.slice(0, at)];
  return inOrder.find((one) => one.id !== id && !workOf(state, one.id).isSolved)?.id ?? null;
}
