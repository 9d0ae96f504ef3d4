import type { Level } from '../../learn/deck.ts';
import type { Goal } from '../../learn/exercises/goal.ts';
import {
  nextOpen,
  type PracticeState,
  type Practised,
  type Work,
  workOf,
} from '../../learn/exercises/practice-state.ts';
import { describeGoal } from '../../learn/exercises/wants.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import type { CheckRowView, ExerciseListView } from '../../study-messages/practice.ts';

/** An exercise as the list of them shows it. */
export type ListedExercise = Practised & { readonly title: string; readonly level: Level };

/** The list of exercises, with what the learner has done of them. */
export function viewOfList(
  state: PracticeState,
  exercises: readonly ListedExercise[],
  words: Pick<ExerciseListView, 'mode' | 'title' | 'about'>,
): StudyView {
  const rows = exercises.map(({ id, title, level }) => {
    const { isSolved, text, checks, marks } = workOf(state, id);
    const isStarted = text !== null || checks > 0 || marks.length > 0;
    const done = isSolved ? ('solved' as const) : isStarted ? ('started' as const) : ('new' as const);
    return { id, title, level, state: done };
  });
  return {
    screen: 'exercises',
    ...words,
    solved: rows.filter((row) => row.state === 'solved').length,
    exercises: rows,
    next: nextOpen(state, exercises, null),
  };
}

/** The checklist: what the last check said, or before the first one what there is to reach. */
export function viewOfRows(rows: Work['rows'], goal: Goal): CheckRowView[] {
  if (rows !== null) return viewOfChecked(rows);
  return describeGoal(goal).map((text) => ({ state: 'open', text, detail: null, line: null }));
}

/** What a check said. */
export function viewOfChecked(rows: NonNullable<Work['rows']>): CheckRowView[] {
  return rows.map(({ met, ...row }) => ({ ...row, state: met ? 'met' : 'missed' }));
}
