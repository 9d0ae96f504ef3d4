import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { PythonParser } from '../../../src/python/parser.ts';
import { rules } from '../../../src/rules/registry.ts';
import { agrees, fixedTexts, type Recorded } from '../../fixes/fixed-texts.ts';
import { notShown, proofs } from '../../fixes/proofs.ts';
import { testParser } from '../python-parser.ts';

const recorded = readFileSync(path.join(import.meta.dirname, '../../fixes/recorded.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

const stale = 'the recorded answers are stale: run `npm run test:torch -- 80000 150 --record`';

describe('the fixes, held against what PyTorch did with a program before and after', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('have a proof for every rule, or a reason why PyTorch cannot show it', () => {
    const covered = new Set([...proofs, ...notShown].map(({ code }) => code));
    assert.deepEqual([...covered].toSorted(), rules.map(({ code }) => code).toSorted());
  });

  it('were recorded for these very programs', () => {
    assert.equal(recorded.length, proofs.length, stale);
  });

  for (const [index, proof] of proofs.entries()) {
    it(`cure the program of ${proof.code}${nthOf(index)}`, () => {
      const run = recorded[index];
      const texts = fixedTexts(parser, proof);
      assert.ok(texts.length > 0, 'the rule offers no fix');
      assert.deepEqual(
        { ...run, answer: null, fixed: run?.fixed.map(({ fix, text }) => ({ fix, text })) },
        { code: proof.code, program: proof.program, probe: proof.probe, answer: null, fixed: texts },
        stale,
      );
      assert.ok(run);
      assert.ok(!agrees(proof.after, run.answer), 'nothing was wrong before the fix');
      assert.ok(agrees(proof.before, run.answer), JSON.stringify(run.answer));
      for (const { fix, answer } of run.fixed) {
        assert.ok(agrees(proof.after, answer), `${fix}: ${JSON.stringify(answer)}`);
      }
    });
  }
});

/** Tells the second and later programs of a rule apart. */
function nthOf(index: number): string {
  const earlier = proofs.slice(0, index).filter(({ code }) => code === proofs[index]?.code).length;
  return earlier === 0 ? '' : ` (${earlier + 1})`;
}
