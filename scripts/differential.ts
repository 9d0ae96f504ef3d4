// npm run test:torch [-- FIRST COUNT] [--undecided] [--constructs] [--record]: the analysis against real PyTorch, on random
// programs. --constructs adds the figures of the programs that use each construct.
// Then the fixtures in test/unit/analysis/constructs, the fixes in test/fixes, and random actions for the picture of six
// blocks in the study view. --record keeps programs and answers as the samples that run in `npm test`.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadParser } from '../src/node/load-parser.ts';
import { compare, noVerdicts, type Verdicts, type World } from '../test/differential/compare.ts';
import { generate } from '../test/differential/generate.ts';
import { checkExercises } from './exercise-proofs.ts';
import { checkFixes } from './fix-proofs.ts';
import { checkLessons } from './lesson-programs.ts';
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

/** A function that is called again and again mostly ends alike, which would make the sample many times as large. */
const differentEnds = (scopes: NonNullable<World['scopes']>): World['scopes'] =>
  Object.fromEntries(
    Object.entries(scopes).map(([name, ends]) => {
      const different = new Map(ends.map((end) => [JSON.stringify(end), end]));
      return [name, [...different.values()]];
    }),
  );

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
  const lines = programs.map(({ seed, text, files }, index) => {
    const { worlds } = JSON.parse(answers[index] ?? '') as { worlds: World[] };
    const kept = worlds.map((world) => ({ ...world, scopes: differentEnds(world.scopes ?? {}) }));
    return JSON.stringify({ seed, text, files, worlds: kept });
  });
  fs.writeFileSync(path.join(FOLDER, 'recorded.jsonl'), `${lines.join('\n')}\n`);
}

const parser = await loadParser();
const total = noVerdicts();
const byConstruct = new Map<string, Verdicts & { programs: number; wrongPrograms: number }>();
let wrongPrograms = 0;
for (const [index, line] of run.stdout.trimEnd().split('\n').entries()) {
  const { seed, worlds } = JSON.parse(line) as { seed: number; worlds: World[] };
  const { wrong, undecided, ...counts } = await compare(parser, programs[index] ?? { text: '' }, worlds);
  const add = (sum: Verdicts): void => {
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) sum[key] += counts[key];
  };
  add(total);
  for (const construct of programs[index]?.idioms ?? []) {
    const sum = byConstruct.get(construct) ?? { ...noVerdicts(), programs: 0, wrongPrograms: 0 };
    byConstruct.set(construct, sum);
    add(sum);
    sum.programs++;
    if (wrong.length > 0) sum.wrongPrograms++;
  }
  if (wrong.length > 0) {
    wrongPrograms++;
    console.log(`WRONG seed ${seed}: ${wrong.slice(0, 3).join(' | ')}`);
  }
  if (process.argv.includes('--undecided') && undecided.length > 0) {
    console.log(`undecided seed ${seed}: ${undecided.slice(0, 4).join(', ')}`);
  }
}
const share = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)}%`;
if (process.argv.includes('--constructs')) {
  for (const [construct, sum] of [...byConstruct].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(
      `${construct}: ${sum.programs} programs, ${sum.wrongPrograms} wrong, parameters ${share(sum.parametersDecided, sum.parameters)}, ` +
        `optimizers ${share(sum.optimizersDecided, sum.optimizers)}, raises ${sum.raisesPredicted} of ${sum.raises}`,
    );
  }
}
console.log(
  `${count} programs, ${wrongPrograms} with a wrong claim; decided: parameters ${share(total.parametersDecided, total.parameters)} of ` +
    `${total.parameters}, optimizers ${share(total.optimizersDecided, total.optimizers)} of ${total.optimizers}; ` +
    `raises predicted ${total.raisesPredicted} of ${total.raises}, by an optimizer ${total.refusalsPredicted} of ${total.refusals}`,
);
const contradicted = checkRevealed(python);
const unproved = checkFixes(python, parser, process.argv.includes('--record'));
const isRecording = process.argv.includes('--record');
const unlike = checkSimulation(python, first, isRecording ? 60 : Math.ceil(count / 5), isRecording);
const misremembered = checkLessons(python, isRecording);
const unpractised = checkExercises(python, isRecording);
const wrong = wrongPrograms + contradicted + unproved + unlike + misremembered + unpractised;
process.exitCode = wrong > 0 ? 1 : 0;
