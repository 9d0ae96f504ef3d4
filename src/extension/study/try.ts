import type { Exercises, Try } from '../../learn/exercises/content.ts';
import { nextOpen, type PracticeState, workOf } from '../../learn/exercises/practice-state.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import { exerciseMode } from './exercise-mode.ts';
import { viewOfRows } from './exercise-views.ts';
import type { Mode } from './mode.ts';

/** *Try*: write a few lines so that the model gets into a given state. */
export const tryMode = ({ tries }: Exercises): Mode =>
  exerciseMode({
    words: {
      mode: 'try',
      title: 'Try',
      about:
        'Reach a state with a few lines of your own. *Check* looks at what they do, so any way to write it is right.',
    },
    exercises: tries,
    hintCount: 1,
    viewOf: (state, one) => viewOfTry(state, one, tries),
  });

function viewOfTry(state: PracticeState, one: Try, tries: readonly Try[]): StudyView {
  const work = workOf(state, one.id);
  return {
    screen: 'try',
    id: one.id,
    title: one.title,
    level: one.level,
    rules: one.rules,
    position: tries.indexOf(one),
    total: tries.length,
    task: one.task,
    rows: viewOfRows(work.rows, one.goal),
    checks: work.checks,
    isOutdated: work.isOutdated,
    hint: work.hints > 0 ? one.hint : null,
    canSeeSolution: work.hints > 0,
    learned: work.isSolved ? one.learned : null,
    next: nextOpen(state, tries, one.id),
  };
}
