import type { Exercises } from '../../learn/exercises/content.ts';
import type { Lesson } from '../../learn/lessons/lesson.ts';
import type { Prediction } from '../../learn/predict/prediction.ts';
import { cost } from './cost.ts';
import { lessonMode } from './lesson-mode.ts';
import type { Mode } from './mode.ts';
import { practiceModes } from './practice-modes.ts';
import { predictMode } from './predict.ts';
import { visualize } from './visualize.ts';

/** What the build made of quizzes/ for the ways to learn; empty or null where it could not be read. */
export interface ModeContent {
  readonly lessons: readonly Lesson[];
  /** Questions about the built-in program of Predict. */
  readonly predictions: readonly Prediction[];
  readonly exercises: Exercises | null;
}

/** The ways to learn besides the decks, in the order of the overview. */
export function modesOf({ lessons, predictions, exercises }: ModeContent): readonly Mode[] {
  const practice = exercises === null ? [] : practiceModes(exercises);
  return [...lessons.map(lessonMode), visualize, predictMode(predictions), ...practice, cost];
}
