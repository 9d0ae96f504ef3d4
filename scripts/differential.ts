// npm run test:torch [-- FIRST COUNT] [--undecided] [--record]: the analysis against real PyTorch, on random programs.
// Then the fixtures in test/unit/analysis/constructs, the fixes in test/fixes, and random actions for the picture of six
// blocks in the study view. --record keeps programs and answers as
// the samples that run in `npm test`.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadParser } from '../src/node/load-parser.ts';
import { compare, noVerdicts, type World } from '../test/differential/compare.ts';
import { generate } from '../test/differential/generate.ts';
import { checkFixes } from './fix-proofs.ts';
import { checkRevealed } from './revealed.ts';
import { checkSimulation } from './simulation-proofs.ts';

const FOLDER = path.resolve(import.meta.dirname, '../test/differential');

/** The Python that has torch: Debian's packages belong to /usr/bin/python3, whatever else is on the PATH. */
function pythonWithTorch(): string {
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3', 'python']) {
    if (python && spawnSync(python, ['-c', 'import torch']).status === 0) return python;
  }
  throw new Error('No Python with torch found: on Debian `apt install python3-torch`, or set PYTHON.');
}

const numbers = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument));
const first = Number(numbers[0] ?? 0);
const count = Number(numbers[1] ?? 2000);
const programs = Array.from({ length: count }, (_, index) => generate(first + index));

const python = pythonWithTorch();
const run = spawnSync(python, [path.join(FOLDER, 'run_programs.py')], {
  input: programs.map((program) => `${JSON.stringify(program)}\n`).join(''),
  encoding: 'utf8',
  maxBuffer: 1 << 30,
  stdio: ['pipe', 'pipe', 'inherit'],
});
if (run.status !== 0) throw new Error(`the programs did not run: ${run.error ?? run.status}`);

if (process.argv.includes('--record')) {
  const answers = run.stdout.trimEnd().split('\n');
  const lines = programs.map(({ seed, text }, index) => {
    const { worlds } = JSON.parse(answers[index] ?? '') as { worlds: World[] };
    // The ends of functions would make the sample many times as large.
    const kept = worlds.map(({ scopes, ...world }) => world);
    return JSON.stringify({ seed, text, worlds: kept });
  });
  fs.writeFileSync(path.join(FOLDER, 'recorded.jsonl'), `${lines.join('\n')}\n`);
}

const parser = await loadParser();
const total = noVerdicts();
let wrongPrograms = 0;
for (const [index, line] of run.stdout.trimEnd().split('\n').entries()) {
  const { seed, worlds } = JSON.parse(line) as { seed: number; worlds: World[] };
  const { wrong, undecided, ...counts } = compare(parser, programs[index]?.text ?? '', worlds);
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) total[key] += counts[key];
  if (wrong.length > 0) {
    wrongPrograms++;
    console.log(`WRONG seed ${seed}: ${wrong.slice(0, 3).join(' | ')}`);
  }
  if (process.argv.includes('--undecided') && undecided.length > 0) {
    console.log(`undecided seed ${seed}: ${undecided.slice(0, 4).join(', ')}`);
  }
}
const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(2)}%`;
console.log(
  `${count} programs, ${wrongPrograms} with a wrong claim; decided: parameters ${share(total.parametersDecided, total.parameters)} of ` +
    `${total.parameters}, optimizers ${share(total.optimizersDecided, total.optimizers)} of ${total.optimizers}; ` +
    `raises predicted ${total.raisesPredicted} of ${total.raises}`,
);
const contradicted = checkRevealed(python);
const unproved = checkFixes(python, parser, process.argv.includes('--record'));
const isRecording = process.argv.includes('--record');
const unlike = checkSimulation(python, first, isRecording ? 60 : Math.ceil(count / 5), isRecording);
process.exitCode = wrongPrograms + contradicted + unproved + unlike > 0 ? 1 : 0;
