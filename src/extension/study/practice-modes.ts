import type { Exercises } from '../../learn/exercises/content.ts';
import type { ModeId } from '../../learn/modes.ts';
import { challengeMode } from './challenge.ts';
import type { Mode } from './mode.ts';
import { projectMode } from './project.ts';
import { tryMode } from './try.ts';

/** The ways to learn whose code is in an editor, in the order of the overview. */
export function practiceModes(exercises: Exercises): readonly Mode[] {
  return [tryMode(exercises), challengeMode(exercises), projectMode(exercises)];
}

/** Whether what is done in a way to learn concerns an editor. */
export const isPractice = (mode: ModeId): boolean => ['try', 'challenge', 'project'].includes(mode);
