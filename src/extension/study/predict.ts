import {
  freshPredict,
  isRight,
  type PredictState,
  predictActionSchema,
  predictStateSchema,
  predictStep,
  questionOf,
  questionsOf,
} from '../../learn/predict/predict.ts';
import { type Prediction, reasonOf } from '../../learn/predict/prediction.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import { defineMode, type Mode } from './mode.ts';

/** Predict: what trains after a line of a program, which its trace answers. `sample` asks about the built-in program. */
export const predictMode = (sample: readonly Prediction[]): Mode =>
  defineMode({
    id: 'predict',
    stateSchema: predictStateSchema,
    fresh: freshPredict,
    actionSchema: predictActionSchema,
    asksEditor: ({ type }) => type === 'readFile',
    act: (state, action, { editor }) => predictStep(state, action, sample, editor?.predictions()),
    view: (state) => viewOf(state, sample),
    part: (state) => {
      const { length } = questionsOf(state, sample);
      return length === 0 ? 0 : Math.min(1, state.results.length / length);
    },
  });

function viewOf(state: PredictState, sample: readonly Prediction[]): StudyView {
  const { where, problem, position, ticked, isChecked, results } = state;
  const question = questionOf(state, sample);
  return {
    screen: 'predict',
    where,
    problem,
    position,
    total: questionsOf(state, sample).length,
    right: results.filter(Boolean).length,
    question:
      question === undefined
        ? null
        : {
            id: question.id,
            optimizer: question.optimizer,
            model: question.model,
            row: question.row,
            code: question.code,
            parts: question.parts.map((part) => ({
              name: part.name,
              ticked: ticked.includes(part.name),
              result: isChecked
                ? {
                    isWanted: part.isWanted,
                    isRight: isRight({ ...question, parts: [part] }, ticked),
                    reason: reasonOf(question, part),
                  }
                : null,
            })),
            isChecked,
          },
  };
}
