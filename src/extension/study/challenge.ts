import { goalOf, HINTS } from '../../learn/exercises/challenges.ts';
import type { Challenge, Exercises } from '../../learn/exercises/content.ts';
import { nextOpen, type PracticeState, workOf } from '../../learn/exercises/practice-state.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import { exerciseMode } from './exercise-mode.ts';
import { viewOfRows } from './exercise-views.ts';
import type { Mode } from './mode.ts';

/** *Challenge*: find the bug of a program without the linter's help, then mend it. */
export const challengeMode = ({ challenges }: Exercises): Mode =>
  exerciseMode({
    words: {
      mode: 'challenge',
      title: 'Challenge',
      about:
        'Each program has one bug, and the linter says nothing about it. Mark the line, then mend it. There is no clock.',
    },
    exercises: challenges,
    hintCount: HINTS.length,
    viewOf: (state, one) => viewOfChallenge(state, one, challenges),
  });

function viewOfChallenge(state: PracticeState, one: Challenge, challenges: readonly Challenge[]): StudyView {
  const work = workOf(state, one.id);
  const texts: Readonly<Record<(typeof HINTS)[number], string>> = {
    'The symptom': one.symptom,
    'Where to look': one.where,
    'The finding in the editor': `Freezelint reports **${one.rule}** in the editor now.`,
    'A solution': 'Compare your code with it; every other way that reaches the goal is right as well.',
  };
  return {
    screen: 'challenge',
    id: one.id,
    title: one.title,
    level: one.level,
    position: challenges.indexOf(one),
    total: challenges.length,
    task: one.task,
    marks: work.marks,
    isFound: work.isFound,
    hints: HINTS.slice(0, work.hints).map((title) => ({ title, text: texts[title] })),
    nextHint: HINTS[work.hints] ?? null,
    canSeeSolution: work.hints >= HINTS.length || work.isSolved,
    rows: viewOfRows(work.rows, goalOf(one)),
    checks: work.checks,
    isOutdated: work.isOutdated,
    isSolved: work.isSolved,
    learned: work.isSolved ? { rule: one.rule, text: one.learned } : null,
    next: nextOpen(state, challenges, one.id),
  };
}
