import type { Lesson } from '../../learn/lessons/lesson.ts';
import {
  answerOf,
  codeToInsert,
  currentIndex,
  freshLesson,
  type LessonState,
  lessonActionSchema,
  lessonScore,
  lessonStateSchema,
  lessonStep,
} from '../../learn/lessons/lesson-state.ts';
import type { LessonPageView } from '../../study-messages/lesson.ts';
import { defineMode, type Mode } from './mode.ts';

/** A lesson as a way to learn. */
export function lessonMode(lesson: Lesson): Mode {
  return defineMode({
    id: lesson.id,
    stateSchema: lessonStateSchema,
    fresh: freshLesson,
    actionSchema: lessonActionSchema,
    act: (state, action) => lessonStep(lesson, state, action),
    view: (state) => {
      const position = currentIndex(lesson, state);
      return {
        screen: 'lesson',
        mode: lesson.id,
        title: lesson.title,
        position,
        total: lesson.pages.length,
        previous: lesson.pages[position - 1]?.id ?? null,
        next: lesson.pages[position + 1]?.id ?? null,
        score: lessonScore(lesson, state),
        page: viewOfPage(lesson, state, position),
      };
    },
    part: (state) => lessonScore(lesson, state).answered / lesson.pages.length,
    code: (state) => codeToInsert(lesson, state),
    program: (state) => lesson.pages[currentIndex(lesson, state)]?.program ?? null,
  });
}

function viewOfPage(lesson: Lesson, state: LessonState, position: number): LessonPageView {
  const page = lesson.pages[position];
  if (page === undefined) throw new Error(`${lesson.id} has no page ${position}`);
  const answer = answerOf(page, state);
  return {
    id: page.id,
    title: page.title,
    text: page.text,
    code: page.shown,
    key: page.key,
    prompt: page.prompt,
    options: page.options.map(({ text, correct, why }, option) => ({
      option,
      text,
      chosen: option === answer,
      feedback: answer === undefined ? null : { correct, why },
    })),
    canInsert: codeToInsert(lesson, state) !== null,
    evidence:
      answer === undefined
        ? null
        : {
            torch: lesson.torch,
            output: page.output,
            table: page.cure?.table ?? [],
            diff: page.cure?.diff ?? [],
            state: page.state,
            rules: page.rules,
          },
  };
}
