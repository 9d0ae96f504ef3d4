import * as fs from 'node:fs';
import * as path from 'node:path';
import { ALONE } from '../src/analysis/program.ts';
import { ObservedProgram } from '../src/editor/observed-program.ts';
import { type Prediction, predictionsOf } from '../src/learn/predict/prediction.ts';
import { loadParser } from '../src/node/load-parser.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../quizzes/predict/sample.py');

/**
 * The questions of Predict about its built-in program.
 * @throws Error where the program gives fewer than five.
 */
export async function predictSample(): Promise<readonly Prediction[]> {
  const module = (await loadParser()).parse(fs.readFileSync(SAMPLE, 'utf8'));
  const questions = predictionsOf(new ObservedProgram(module, ALONE), 0);
  if (questions.length < 5) throw new Error(`${SAMPLE} gives only ${questions.length} questions.`);
  return questions;
}
