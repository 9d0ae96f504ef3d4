import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { compare, type ProgramTexts, type Verdicts, type World } from '../../differential/compare.ts';
import { testParser } from '../python-parser.ts';

interface Recorded extends ProgramTexts {
  readonly seed: number;
  readonly worlds: readonly World[];
}

const file = path.join(import.meta.dirname, '../../differential/recorded.jsonl');
const programs = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

describe('the analysis, held against what PyTorch did with random programs', () => {
  const verdicts: Verdicts[] = [];
  const sum = (count: (one: Verdicts) => number): number =>
    verdicts.reduce((total, one) => total + count(one), 0);

  before(async () => {
    const parser = await testParser();
    for (const program of programs) verdicts.push(await compare(parser, program, program.worlds));
  });

  it('claims nothing that PyTorch contradicts', () => {
    const wrong = verdicts.flatMap(({ wrong: claims }, index) =>
      claims.map((claim) => `seed ${programs[index]?.seed}: ${claim}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('decides at least 97% of what all values of the unknown flags agree on', () => {
    assert.ok(sum((one) => one.parameters) > 1000);
    assert.ok(sum((one) => one.parametersDecided) >= 0.97 * sum((one) => one.parameters));
    assert.ok(sum((one) => one.optimizersDecided) >= 0.97 * sum((one) => one.optimizers));
  });

  it('predicts every exception about parameter groups, and nine of ten about misused parameters', () => {
    assert.equal(
      sum((one) => one.refusalsPredicted),
      sum((one) => one.refusals),
    );
    const raises = sum((one) => one.raises);
    const predicted = sum((one) => one.raisesPredicted);
    assert.ok(raises > 10);
    assert.ok(predicted >= 0.9 * raises, `${predicted} of ${raises}`);
  });

  it('holds programs of several files', () => {
    assert.ok(programs.some(({ files = {} }) => Object.keys(files).length > 0));
  });
});
