// npm run bench: what linting costs, as ratios taken side by side in one run. Machines are noisy and differ, so
// nothing here is asserted and single times mean little.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { analyse } from '../src/analysis/analyse.ts';
import { lint } from '../src/lint.ts';
import { loadParser } from '../src/node/load-parser.ts';
import { generate } from '../test/differential/generate.ts';

const ROUNDS = 30;
const SAMPLE = path.resolve(import.meta.dirname, '../media/sample-workspace');

/** Programs of several sizes: a script, the same with much code around it that has nothing to do with training. */
function texts(): ReadonlyMap<string, string> {
  const sample = fs.readFileSync(path.join(SAMPLE, 'train.py'), 'utf8');
  const random = Array.from({ length: 20 }, (_, seed) => generate(seed).text).sort(
    (a, b) => b.length - a.length,
  );
  const plain = Array.from(
    { length: 250 },
    (_, index) => `def tool_${index}(rows, limit=${index}):
    total = 0
    for row in rows:
        if row is None or len(row) > limit:
            continue
        total += sum(row)
    return total / max(1, limit)
`,
  ).join('\n');
  return new Map([
    ['sample train.py', sample],
    ['longest of 20 random programs', random[0] ?? ''],
    ['train.py and 2,000 lines of other functions', `${plain}\n${sample}`],
  ]);
}

function median(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

const parser = await loadParser();
const steps: Readonly<Record<string, (text: string) => unknown>> = {
  parse: (text) => parser.parse(text),
  'parse and analyse': (text) => analyse(parser.parse(text)),
  'lint (all rules)': (text) => lint(parser, text, { rules: {} }),
};

for (const [title, text] of texts()) {
  const times = new Map(Object.keys(steps).map((step) => [step, [] as number[]]));
  // The steps take turns, so that a slow moment of the machine falls on all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [step, run] of Object.entries(steps)) {
      const start = performance.now();
      run(text);
      times.get(step)?.push(performance.now() - start);
    }
  }
  const unit = median(times.get('parse') ?? []);
  console.log(`${title} (${text.split('\n').length} lines)`);
  for (const [step, taken] of times) {
    const typical = median(taken);
    console.log(
      `  ${step.padEnd(20)} ${typical.toFixed(1).padStart(7)} ms   ${(typical / unit).toFixed(1)} x parse`,
    );
  }
}
