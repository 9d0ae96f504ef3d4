import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { PythonParser } from '../../../src/python/parser.ts';
import { compare, type World } from '../../differential/compare.ts';
import { testParser } from '../python-parser.ts';

interface Recorded {
  readonly seed: number;
  readonly text: string;
  readonly worlds: readonly World[];
}

const file = path.join(import.meta.dirname, '../../differential/recorded.jsonl');
const programs = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

describe('the analysis, held against what PyTorch did with random programs', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('claims nothing that PyTorch contradicts', () => {
    const wrong = programs.flatMap(({ seed, text, worlds }) =>
      compare(parser, text, worlds).wrong.map((claim) => `seed ${seed}: ${claim}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('decides at least 97% of what all values of the unknown flags agree on', () => {
    const verdicts = programs.map(({ text, worlds }) => compare(parser, text, worlds));
    const sum = (count: (one: (typeof verdicts)[number]) => number): number =>
      verdicts.reduce((total, one) => total + count(one), 0);
    assert.ok(sum((one) => one.parameters) > 1000);
    assert.ok(sum((one) => one.parametersDecided) >= 0.97 * sum((one) => one.parameters));
    assert.ok(sum((one) => one.optimizersDecided) >= 0.97 * sum((one) => one.optimizers));
  });

  it('predicts nine of ten exceptions about parameter groups and misused parameters', () => {
    const verdicts = programs.map(({ text, worlds }) => compare(parser, text, worlds));
    const raises = verdicts.reduce((total, one) => total + one.raises, 0);
    const predicted = verdicts.reduce((total, one) => total + one.raisesPredicted, 0);
    assert.ok(raises > 10);
    assert.ok(predicted >= 0.9 * raises, `${predicted} of ${raises}`);
  });
});
