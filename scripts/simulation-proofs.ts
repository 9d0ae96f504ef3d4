// The picture of six blocks in the study view, held against a real model: random actions, every block after each one.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { sampleModel } from '../src/learn/visualize/pictured-model.ts';
import { pythonOf } from '../src/learn/visualize/python-of.ts';
import { simulate } from '../src/learn/visualize/simulate.ts';
import type { Simulation } from '../src/learn/visualize/simulation.ts';
import {
  disagreements,
  type RealStep,
  randomSequence,
  writeBlock,
} from '../test/visualize/action-sequences.ts';

const FOLDER = path.resolve(import.meta.dirname, '../test/visualize');

/** What the Python of a state made of a new model; `training` of each BatchNorm. */
interface Made {
  readonly trainable: boolean;
  readonly held: boolean;
  readonly training: readonly boolean[];
}

/** Whether the Python of a state brought a new model to that state. */
function isMade({ blocks }: Simulation, made: readonly Made[]): boolean {
  return blocks.every(({ trainable, held, training }, index) => {
    const real = made[index];
    return (
      real?.trainable === (trainable === 'yes') &&
      real.held === (held === 'yes') &&
      real.training.every((mode) => mode === (training === 'yes'))
    );
  });
}

/**
 * Runs random sequences of actions under `python` and prints where the simulation disagrees, or the
 * Python of the last state does not make that state. With
 * `isRecording` the answers become the data that `npm test` reads. Returns how many sequences it gets wrong.
 */
export function checkSimulation(python: string, first: number, count: number, isRecording: boolean): number {
  const sequences = Array.from({ length: count }, (_, index) => {
    const sequence = randomSequence(first + index);
    const last = sequence.actions.reduce(simulate, sequence.start);
    return { ...sequence, last, code: pythonOf(sampleModel, last) };
  });
  const run = spawnSync(python, [path.join(FOLDER, 'run_actions.py')], {
    input: sequences.map((sequence) => `${JSON.stringify(sequence)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the actions did not run: ${run.error ?? run.status}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { readonly steps: readonly RealStep[]; readonly made: readonly Made[] },
    );
  if (answers.length !== count) throw new Error('not all sequences of actions ran');

  let wrong = 0;
  for (const [index, sequence] of sequences.entries()) {
    const { steps = [], made = [] } = answers[index] ?? {};
    const found = disagreements(sequence, steps);
    if (!isMade(sequence.last, made)) found.push(`another state by ${JSON.stringify(sequence.code)}`);
    if (found.length === 0) continue;
    wrong++;
    console.log(`WRONG actions of seed ${sequence.seed}: ${found.slice(0, 3).join(' | ')}`);
  }
  const actions = sequences.reduce((total, sequence) => total + sequence.actions.length, 0);
  console.log(`${count} sequences of ${actions} actions on six blocks, ${wrong} with a wrong claim`);
  if (isRecording) {
    const lines = sequences.map(({ seed }, index) => {
      const steps = answers[index]?.steps.map(({ raises, blocks }) => [raises, ...blocks.map(writeBlock)]);
      return JSON.stringify({ seed, steps });
    });
    fs.writeFileSync(path.join(FOLDER, 'recorded.jsonl'), `${lines.join('\n')}\n`);
  }
  return wrong;
}
