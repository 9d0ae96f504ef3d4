// The exercises of quizzes/, held against real PyTorch: what a goal asks for is, or is not, really so (test/exercises/).
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkState } from '../src/learn/exercises/check-goal.ts';
import { practicePrograms } from '../test/exercises/programs.ts';
import { fingerprint, type RealRun, type Recorded, snapshotOf } from '../test/exercises/recorded.ts';

const FOLDER = path.resolve(import.meta.dirname, '../test/exercises');
const FILE = path.join(FOLDER, 'recorded.jsonl');

/**
 * Runs every program of the exercises under `python` and prints where PyTorch disagrees with what is recorded. With
 * `isRecording` the answers are what is recorded from then on. Returns how many differ.
 */
export function checkExercises(python: string, isRecording: boolean): number {
  const programs = practicePrograms();
  const run = spawnSync(python, [path.join(FOLDER, 'run_exercises.py')], {
    input: programs.map(({ text, probe }) => `${JSON.stringify({ text, probe })}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the exercises did not run: ${run.error ?? run.status}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RealRun);
  if (answers.length !== programs.length) throw new Error('not all exercises ran');
  const lines = programs.map(({ path, text, goal, probe }, index) => {
    const { raises, states, measured } = answers[index] as RealRun;
    const rows = goal.states.flatMap((state) => {
      // What is written to files is not looked at.
      if ('saves' in state) return [];
      const there = states[state.at];
      return checkState(state, there ? snapshotOf(there) : null, () => null, null);
    });
    const recorded: Recorded = {
      path,
      text: fingerprint(text),
      raises,
      rows: rows.map(({ met }) => met),
      ...(probe === null ? {} : { probe: fingerprint(probe), measured: raises ?? measured }),
    };
    return JSON.stringify(recorded);
  });
  if (isRecording) fs.writeFileSync(FILE, `${lines.join('\n')}\n`);
  const known = new Set(fs.readFileSync(FILE, 'utf8').split('\n'));
  const other = lines.filter((line) => !known.has(line));
  for (const line of other) console.log(`WRONG exercise, other than recorded: ${line}`);
  console.log(`${programs.length} programs of exercises, ${other.length} other than recorded`);
  return other.length;
}
