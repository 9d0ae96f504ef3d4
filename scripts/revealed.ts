// The literate fixtures of the analysis, held against real PyTorch: see test/unit/analysis/revealed.ts.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readRevealed } from '../test/unit/analysis/revealed.ts';

const TESTS = path.resolve(import.meta.dirname, '../test');
const FOLDER = path.join(TESTS, 'unit/analysis/constructs');

interface Contradiction {
  readonly name: string;
  readonly line: number;
  readonly text: string;
  /** What PyTorch says, in each world. */
  readonly real: readonly string[];
}

/** Runs every fixture under `python` and prints each claim that PyTorch contradicts. Returns how many there are. */
export function checkRevealed(python: string): number {
  const programs = fs.readdirSync(FOLDER).flatMap((file) =>
    readRevealed(fs.readFileSync(path.join(FOLDER, file), 'utf8')).map(({ line, text, claims }) => ({
      name: `${file}:${line}`,
      text,
      claims,
    })),
  );
  const run = spawnSync(python, [path.join(TESTS, 'differential/run_revealed.py')], {
    input: programs.map((program) => `${JSON.stringify(program)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the fixtures did not run: ${run.error ?? run.status}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Contradiction | { readonly done: string });
  const wrong = answers.filter((answer) => 'line' in answer);
  if (answers.length - wrong.length !== programs.length) throw new Error('not all fixtures ran');
  for (const { name, line, text, real } of wrong) {
    console.log(`WRONG ${name}+${line} reveals "${text}", PyTorch: ${real.join(' or ') || 'never there'}`);
  }
  const claims = programs.reduce((total, program) => total + program.claims.length, 0);
  console.log(
    `${programs.length} fixtures with ${claims} claims, ${wrong.length} of which PyTorch contradicts`,
  );
  return wrong.length;
}
