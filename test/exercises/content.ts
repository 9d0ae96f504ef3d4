import * as fs from 'node:fs';
import { type ContentFile, compileExercises, FAMILIES } from '../../src/learn/exercises/content.ts';

const quizzes = new URL('../../quizzes/', import.meta.url);

/** Every file of the exercises, as the build reads them. */
const contentFiles: readonly ContentFile[] = FAMILIES.flatMap((family) =>
  (fs.readdirSync(new URL(`${family}/`, quizzes), { recursive: true }) as string[])
    .filter((name) => /\.(py|yaml|md)$/.test(name))
    .map((name) => `${family}/${name.replaceAll('\\', '/')}`)
    .map((path) => ({ path, text: fs.readFileSync(new URL(path, quizzes), 'utf8') })),
);

export const exercises = compileExercises(contentFiles);

/** Files in the folder of an exercise whose path there matches, by that path. */
export function programsOf(folder: string, pattern: RegExp): ReadonlyMap<string, string> {
  const within = contentFiles.filter(({ path }) => path.startsWith(`${folder}/`));
  const named = within.map(({ path, text }) => [path.slice(folder.length + 1), text] as const);
  return new Map(named.filter(([name]) => pattern.test(name)));
}
