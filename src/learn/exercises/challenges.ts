import type { LintConfiguration } from '../../lint.ts';
import { LineIndex } from '../../python/positions.ts';
import type { GoalRow } from './check-goal.ts';
import type { Challenge } from './content.ts';
import type { Goal } from './goal.ts';
import { type PracticeState, workOf } from './practice-state.ts';
import { IS_CLEAN } from './wants.ts';

/** What the learner may ask for, one after the other. */
export const HINTS = ['The symptom', 'Where to look', 'The finding in the editor', 'A solution'] as const;

const FINDING_IS_SHOWN = HINTS.indexOf('The finding in the editor') + 1;

/** Whether the diagnostics of a challenge are kept from the learner: until they are asked for, or it is solved. */
export function isWithheld(state: PracticeState, id: string): boolean {
  const { hints, isSolved } = workOf(state, id);
  return hints < FINDING_IS_SHOWN && !isSolved;
}

/** The rules at their defaults; that of the bug runs even where it is off by default. */
export const configurationOf = ({ rule }: Challenge): LintConfiguration => ({ rules: { [rule]: 'on' } });

/** The goal of a challenge: its states, and that the rule of the bug is silent however mild it is. */
export const goalOf = ({ goal, rule }: Challenge): Goal => ({ ...goal, without: [...goal.without, rule] });

/**
 * Whether a line of the learner's text, from 1, is the bug. Lines are compared by what they say, since those above may
 * have been edited.
 */
export function isBugLine({ start, bug }: Challenge, text: string, line: number): boolean {
  const marked = lineIn(text, line);
  return marked !== '' && bug.some((one) => lineIn(start, one) === marked);
}

function lineIn(text: string, line: number): string {
  const lines = new LineIndex(text);
  if (line > lines.lineCount) return '';
  const start = lines.offsetAt({ row: line - 1, column: 0 });
  const end = lines.offsetAt({ row: line - 1, column: Number.MAX_SAFE_INTEGER });
  return text.slice(start, end).trim();
}

/** The rows of a check without what the withheld diagnostics would say. */
export function withoutFindings(rows: readonly GoalRow[]): readonly GoalRow[] {
  const isFinding = ({ met, text }: GoalRow): boolean => !met && text === IS_CLEAN.should;
  if (!rows.some(isFinding)) return rows;
  const veiled: GoalRow = {
    met: false,
    text: IS_CLEAN.should,
    detail: 'it does; a hint shows what',
    line: null,
  };
  return [...rows.filter((row) => !isFinding(row)), veiled];
}
