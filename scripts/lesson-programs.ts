// The programs of the lessons, held against real PyTorch: what their recorded.json says is what they print.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { type Recording, targetsOf } from '../src/learn/lessons/compile-lesson.ts';
import { sameOutput } from '../test/lessons/same-output.ts';
import { readLessonFolders, writeLessonFile } from './lesson-folders.ts';

const RUNNER = path.resolve(import.meta.dirname, '../test/lessons/run_lessons.py');

type Answer = Pick<Recording['programs'][string], 'output' | 'state'> & { readonly torch: string };

/**
 * Runs every program of the lessons under `python` and prints what differs from the recording. With `isRecording`
 * the answers become the recording. Returns how many differ.
 */
export function checkLessons(python: string, isRecording: boolean): number {
  const programs = readLessonFolders().flatMap((folder) => {
    const targets = targetsOf(folder);
    return [...folder.files]
      .filter(([file]) => file.endsWith('.py'))
      .map(([file, text]) => ({ folder, file, text, targets: targets.get(file) ?? [] }));
  });
  const run = spawnSync(python, [RUNNER], {
    input: programs.map(({ text, targets }) => `${JSON.stringify({ text, targets })}\n`).join(''),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the lessons did not run: ${run.error ?? run.status}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  if (answers.length !== programs.length) throw new Error('not all lessons ran');
  let wrong = 0;
  for (const folder of readLessonFolders()) {
    const own = programs.flatMap((program, index) => {
      const answer = answers[index];
      return program.folder.name === folder.name && answer ? [{ ...program, answer }] : [];
    });
    if (isRecording) writeLessonFile(folder, 'recorded.json', recordingOf(own));
    else wrong += countWrong(folder.name, folder.files.get('recorded.json') ?? '', own);
  }
  console.log(`${programs.length} programs of lessons, ${wrong} other than recorded`);
  return wrong;
}

interface Answered {
  readonly file: string;
  readonly text: string;
  readonly answer: Answer;
}

function recordingOf(answered: readonly Answered[]): string {
  const recording: Recording = {
    torch: answered[0]?.answer.torch ?? '',
    programs: Object.fromEntries(
      answered.map(({ file, text, answer: { output, state } }) => [
        file,
        { sha256: sha256(text), output, state },
      ]),
    ),
  };
  return `${JSON.stringify(recording, null, 2)}\n`;
}

function countWrong(name: string, recorded: string, answered: readonly Answered[]): number {
  const { programs } = JSON.parse(recorded) as Recording;
  const wrong = answered.filter(({ file, answer }) => {
    const expected = programs[file];
    return (
      expected === undefined ||
      !sameOutput(expected.output, answer.output) ||
      JSON.stringify(expected.state) !== JSON.stringify(answer.state)
    );
  });
  for (const { file, answer } of wrong) {
    console.log(
      `WRONG ${name}/${file}: recorded ${JSON.stringify(programs[file])}, PyTorch: ${JSON.stringify(answer)}`,
    );
  }
  return wrong.length;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
