import type { GoalRow } from '../../../../src/learn/exercises/check-goal.ts';

/** Whether all of a goal is reached. */
export const isMet = (rows: readonly GoalRow[]): boolean => rows.every(({ met }) => met);
