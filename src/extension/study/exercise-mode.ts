import {
  freshPractice,
  type PracticeState,
  partSolved,
  practiceActionSchema,
  practiceStateSchema,
  practise,
} from '../../learn/exercises/practice-state.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import type { ExerciseListView } from '../../study-messages/practice.ts';
import { type ListedExercise, viewOfList } from './exercise-views.ts';
import { defineMode, type Mode } from './mode.ts';

/** A way to learn that consists of exercises: the list of them, or the one in front as `viewOf` shows it. */
export function exerciseMode<Exercise extends ListedExercise>(definition: {
  readonly words: Pick<ExerciseListView, 'mode' | 'title' | 'about'>;
  readonly exercises: readonly Exercise[];
  /** How many hints there are to ask for. */
  readonly hintCount: number;
  viewOf(state: PracticeState, exercise: Exercise): StudyView;
}): Mode {
  const { words, exercises, hintCount, viewOf } = definition;
  return defineMode({
    id: words.mode,
    stateSchema: practiceStateSchema,
    fresh: freshPractice,
    actionSchema: practiceActionSchema,
    act: (state, action) => practise(state, action, exercises, hintCount),
    part: (state) => partSolved(state, exercises),
    view: (state) => {
      const current = exercises.find(({ id }) => id === state.current);
      return current === undefined ? viewOfList(state, exercises, words) : viewOf(state, current);
    },
  });
}
