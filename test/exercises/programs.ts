import type { Challenge } from '../../src/learn/exercises/content.ts';
import type { Goal } from '../../src/learn/exercises/goal.ts';
import { exercises, programsOf } from './content.ts';

/** A program of an exercise, with the goal that it is held against. */
export interface PracticeProgram {
  readonly path: string;
  readonly text: string;
  readonly goal: Goal;
  /** Whether it reaches the goal, by its name. */
  readonly isRight: boolean;
  /** Python that runs after it and whose last line is measured; null for none. */
  readonly probe: string | null;
}

/** Every program of the tries: where each begins, its solution, other spellings of that, and wrong ones. */
export function tryPrograms(): readonly PracticeProgram[] {
  return exercises.tries.flatMap(({ id, goal }) =>
    [...programsOf(`tries/${id}`, /\.py$/)].map(([name, text]) => ({
      path: `tries/${id}/${name}`,
      text,
      goal,
      isRight: !/^(?:start|wrong)/.test(name),
      probe: null,
    })),
  );
}

/** The two programs of a challenge, with the bug and without it. */
export function challengePrograms({ id, goal, start, solution }: Challenge): readonly PracticeProgram[] {
  const probe = programsOf(`challenges/${id}`, /^probe\.py$/).get('probe.py');
  if (probe === undefined) throw new Error(`quizzes/challenges/${id}/probe.py is missing`);
  return [
    { path: `challenges/${id}/start.py`, text: start, goal, isRight: false, probe },
    { path: `challenges/${id}/solution.py`, text: solution, goal, isRight: true, probe },
  ];
}

/** Whether what the last step of the project saves is the whole model. */
const SAVED = 'set(torch.load("model.pt")) == set(model.state_dict())';

/** The code of the project as it begins, and as it may be after each step, held against the states of all steps. */
export function projectPrograms(): readonly PracticeProgram[] {
  const { files, steps } = exercises.project;
  const goal: Goal = { states: steps.flatMap(({ states }) => states), without: [] };
  const begun = files.find(({ name }) => name === 'train.py')?.text ?? '';
  const start = { path: 'project/files/train.py', text: begun, goal, isRight: false, probe: null };
  return [
    start,
    ...steps.map(({ id, solution }) => ({
      path: `project/steps/${id}.py`,
      text: solution,
      goal,
      isRight: id === steps.at(-1)?.id,
      probe: id === 'save' ? SAVED : null,
    })),
  ];
}

/** Every program that is held against PyTorch. */
export function practicePrograms(): readonly PracticeProgram[] {
  return [...tryPrograms(), ...exercises.challenges.flatMap(challengePrograms), ...projectPrograms()];
}
