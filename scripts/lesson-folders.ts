import * as fs from 'node:fs';
import * as path from 'node:path';
import { compileLesson, type LessonFolder } from '../src/learn/lessons/compile-lesson.ts';
import { LESSON_MODES, type Lesson } from '../src/learn/lessons/lesson.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const LESSONS = 'quizzes/lessons';

/** The folders of quizzes/lessons/ with all their files, in the order of the overview. */
export function readLessonFolders(): LessonFolder[] {
  return LESSON_MODES.map((id) => {
    const name = `${LESSONS}/${id}`;
    const folder = path.join(ROOT, name);
    const texts = fs
      .readdirSync(folder)
      .map((file): [string, string] => [file, fs.readFileSync(path.join(folder, file), 'utf8')]);
    return { name, files: new Map(texts) };
  });
}

/** Writes a file into a lesson's folder. */
export function writeLessonFile({ name }: LessonFolder, file: string, text: string): void {
  fs.writeFileSync(path.join(ROOT, name, file), text);
}

/**
 * The lessons of all folders.
 * @throws naming file, line, column and what is wrong, for every error in any of them.
 */
export function compileLessons(): Lesson[] {
  const results = readLessonFolders().map(compileLesson);
  const errors = results.flatMap((result) => result.errors ?? []);
  if (errors.length > 0) {
    throw new Error(
      errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
  }
  return results.flatMap(({ lesson }) => lesson ?? []);
}
