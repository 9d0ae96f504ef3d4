import type { Lesson } from '../../learn/lessons/lesson.ts';
import type { Prediction } from '../../learn/predict/prediction.ts';
import { cost } from './cost.ts';
import { lessonMode } from './lesson-mode.ts';
import type { Mode } from './mode.ts';
import { predictMode } from './predict.ts';
import { visualize } from './visualize.ts';

/** What the build made of quizzes/ for the ways to learn; empty where it could not be read. */
export interface ModeContent {
  readonly lessons: readonly Lesson[];
  /** Questions about the built-in program of Predict. */
  readonly predictions: readonly Prediction[];
}

/** The ways to learn besides the decks, in the order of the overview. */
export function modesOf({ lessons, predictions }: ModeContent): readonly Mode[] {
  return [...lessons.map(lessonMode), visualize, predictMode(predictions), cost];
}
