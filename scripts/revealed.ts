// The literate fixtures of the analysis, held against real PyTorch: see test/unit/analysis/revealed.ts.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readRevealed } from '../test/unit/analysis/revealed.ts';

const TESTS = path.resolve(import.meta.dirname, '../test');
const FOLDER = path.join(TESTS, 'unit/analysis/constructs');

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
  const wrong = run.stdout.split('\n').filter((line) => line !== '');
  for (const line of wrong) {
    const {
      name,
      line: at,
      text,
      real,
    } = JSON.parse(line) as {
      name: string;
      line: number;
      text: string;
      real: string[];
    };
    console.log(`WRONG ${name}+${at} reveals "${text}", PyTorch: ${real.join(' or ') || 'never there'}`);
  }
  const claims = programs.reduce((total, program) => total + program.claims.length, 0);
  console.log(
    `${programs.length} fixtures with ${claims} claims, ${wrong.length} of which PyTorch contradicts`,
  );
  return wrong.length;
}
