import * as v from 'valibot';
import { type Prediction, predictionSchema } from './prediction.ts';

/** Questions about the file in the editor, or why there are none. */
export type PredictionsInEditor =
  | { readonly questions: readonly Prediction[]; readonly where: string }
  | { readonly problem: string };

/** What is kept of a learner who predicts. */
export const predictStateSchema = v.strictObject({
  /** The file that the questions are about; null for the built-in program. */
  where: v.nullable(v.string()),
  /** The file's questions; the built-in program has its own. */
  questions: v.array(predictionSchema),
  /** Index of the question in front; their number once all are answered. */
  position: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The names of the parts that are ticked. */
  ticked: v.array(v.string()),
  isChecked: v.boolean(),
  /** For each question done, whether it was right. */
  results: v.array(v.boolean()),
  /** Why the file in the editor could not be asked about. */
  problem: v.nullable(v.string()),
});
export type PredictState = v.InferOutput<typeof predictStateSchema>;

export const freshPredict: PredictState = {
  where: null,
  questions: [],
  position: 0,
  ticked: [],
  isChecked: false,
  results: [],
  problem: null,
};

/** What a learner does; an answer names its question, so that a key pressed twice does not count for two. */
export const predictActionSchema = v.variant('type', [
  v.strictObject({ type: v.literal('tick'), question: v.string(), part: v.string(), ticked: v.boolean() }),
  v.strictObject({ type: v.literal('check'), question: v.string() }),
  v.strictObject({ type: v.literal('next'), question: v.string() }),
  /** Questions about the file in the editor. */
  v.strictObject({ type: v.literal('readFile') }),
  /** The built-in program, from its first question. */
  v.strictObject({ type: v.literal('sample') }),
]);
export type PredictAction = v.InferOutput<typeof predictActionSchema>;

export const questionsOf = (state: PredictState, sample: readonly Prediction[]): readonly Prediction[] =>
  state.where === null ? sample : state.questions;

export const questionOf = (state: PredictState, sample: readonly Prediction[]): Prediction | undefined =>
  questionsOf(state, sample)[state.position];

/** Whether exactly the right parts are ticked. */
export const isRight = ({ parts }: Prediction, ticked: readonly string[]): boolean =>
  parts.every(({ name, isWanted }) => ticked.includes(name) === isWanted);

/** The state after an action; the same object where the action does not fit the moment. */
export function predictStep(
  state: PredictState,
  action: PredictAction,
  sample: readonly Prediction[],
  editor: PredictionsInEditor | undefined,
): PredictState {
  if (action.type === 'sample') return freshPredict;
  if (action.type === 'readFile') {
    if (editor === undefined) return state;
    return 'problem' in editor
      ? { ...state, problem: editor.problem }
      : { ...freshPredict, where: editor.where, questions: [...editor.questions] };
  }
  const question = questionOf(state, sample);
  if (question === undefined || question.id !== action.question) return state;
  switch (action.type) {
    case 'tick': {
      if (state.isChecked || !question.parts.some(({ name }) => name === action.part)) return state;
      const others = state.ticked.filter((name) => name !== action.part);
      return { ...state, ticked: action.ticked ? [...others, action.part] : others };
    }
    case 'check':
      if (state.isChecked) return state;
      return { ...state, isChecked: true, results: [...state.results, isRight(question, state.ticked)] };
    case 'next':
      if (!state.isChecked) return state;
      return { ...state, position: state.position + 1, ticked: [], isChecked: false };
  }
}
