import * as vscode from 'vscode';

/** The scheme of the code of exercises, which lives in memory and in the study progress. */
export const EXERCISE_SCHEME = 'freezelint-exercise';

/** The ways to learn that keep code under this scheme. */
export type ExerciseKind = 'try' | 'challenge';

/** What a document of an exercise is: the learner's code, or the solution to compare it with. */
export interface ExerciseAddress {
  /** The steps of the project have a solution here; the learner's code is in a folder of their own. */
  readonly kind: ExerciseKind | 'project';
  readonly id: string;
  readonly file: 'code' | 'solution';
}

export function uriOfExercise({ kind, id, file }: ExerciseAddress): vscode.Uri {
  const name = file === 'solution' ? 'solution' : id.replaceAll('-', '_');
  return vscode.Uri.from({ scheme: EXERCISE_SCHEME, path: `/${kind}/${id}/${name}.py` });
}

/** What an address stands for; null where it is none that `uriOfExercise` gives. */
export function exerciseOf(uri: vscode.Uri): ExerciseAddress | null {
  const [, kind, id, name] = /^\/(try|challenge|project)\/([\w-]+)\/(\w+)\.py$/.exec(uri.path) ?? [];
  if (uri.scheme !== EXERCISE_SCHEME || kind === undefined || id === undefined) return null;
  return { kind: kind as ExerciseAddress['kind'], id, file: name === 'solution' ? 'solution' : 'code' };
}
