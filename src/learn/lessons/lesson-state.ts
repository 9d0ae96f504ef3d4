import * as v from 'valibot';
import type { Lesson, LessonPage } from './lesson.ts';

/** What is kept of a learner in a lesson. Pages go by their ids, so that a page may be added or moved later. */
export const lessonStateSchema = v.strictObject({
  /** The page in front; one that the lesson does not have stands for the first. */
  page: v.string(),
  /** The index of the chosen option, by page. */
  answers: v.record(v.string(), v.number()),
});
export type LessonState = v.InferOutput<typeof lessonStateSchema>;

export const freshLesson: LessonState = { page: '', answers: {} };

/** What a learner does in a lesson. Actions name their page: a key pressed twice must not count for two pages. */
export const lessonActionSchema = v.variant('type', [
  v.strictObject({ type: v.literal('turn'), page: v.string() }),
  v.strictObject({ type: v.literal('answer'), page: v.string(), option: v.number() }),
  /** From the first page, with nothing answered. */
  v.strictObject({ type: v.literal('restart') }),
]);
export type LessonAction = v.InferOutput<typeof lessonActionSchema>;

/** The state after an action; the same object where the action does not fit. The first answer counts. */
export function lessonStep(lesson: Lesson, state: LessonState, action: LessonAction): LessonState {
  switch (action.type) {
    case 'restart':
      return freshLesson;
    case 'turn':
      return lesson.pages.some(({ id }) => id === action.page) ? { ...state, page: action.page } : state;
    case 'answer': {
      const page = lesson.pages.find(({ id }) => id === action.page);
      if (page?.options[action.option] === undefined || answerOf(page, state) !== undefined) return state;
      return { ...state, answers: { ...state.answers, [page.id]: action.option } };
    }
  }
}

/** The index of the page in front. */
export function currentIndex(lesson: Lesson, state: LessonState): number {
  return Math.max(
    0,
    lesson.pages.findIndex(({ id }) => id === state.page),
  );
}

/** The index of the option that was chosen; undefined before the answer. */
export function answerOf(page: LessonPage, { answers }: LessonState): number | undefined {
  const answer = Object.hasOwn(answers, page.id) ? answers[page.id] : undefined;
  return answer !== undefined && page.options[answer] !== undefined ? answer : undefined;
}

/** How many pages are answered, and how many of them right. */
export function lessonScore(lesson: Lesson, state: LessonState): { answered: number; right: number } {
  const answers = lesson.pages.flatMap((page) => {
    const answer = answerOf(page, state);
    return answer === undefined ? [] : [page.options[answer]];
  });
  return { answered: answers.length, right: answers.filter((option) => option?.correct).length };
}

/** The lines of the page in front for one's own code: of a faulty program its cure, once the question is answered. Null where there are none. */
export function codeToInsert(lesson: Lesson, state: LessonState): string | null {
  const page = lesson.pages[currentIndex(lesson, state)];
  if (page === undefined) return null;
  if (page.cure !== null) return answerOf(page, state) === undefined ? null : page.cure.shown;
  return page.insert ? page.shown : null;
}
