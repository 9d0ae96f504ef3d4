import assert from 'node:assert/strict';
import { checkGoal } from '../../../../src/learn/exercises/check-goal.ts';
import { type LintResult, lint } from '../../../../src/lint.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { rules } from '../../../../src/rules/registry.ts';
import { exercises, programsOf } from '../../../exercises/content.ts';
import { tryPrograms } from '../../../exercises/programs.ts';
import { fingerprint, readRecorded } from '../../../exercises/recorded.ts';
import { testParser } from '../../python-parser.ts';
import { isMet } from './is-met.ts';

describe('the tries', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });
  const linted = (text: string): LintResult | null => lint(parser, text, { rules: {} });
  const recorded = readRecorded();

  it('are at least twenty, on every level, and name rules that exist', () => {
    assert.ok(exercises.tries.length >= 20);
    assert.deepEqual([...new Set(exercises.tries.map(({ level }) => level))].sort(), [
      'advanced',
      'beginner',
      'intermediate',
    ]);
    const codes = new Set(rules.map(({ code }) => code));
    const named = exercises.tries.flatMap((one) => [...one.rules, ...one.goal.without]);
    assert.deepEqual(
      named.filter((code) => !codes.has(code)),
      [],
    );
    assert.equal(new Set(exercises.tries.map(({ title }) => title)).size, exercises.tries.length);
  });

  for (const one of exercises.tries) {
    it(`"${one.title}" has another spelling and mistakes that people make`, () => {
      assert.ok(programsOf(`tries/${one.id}`, /^alternatives\/\w+\.py$/).size >= 1);
      assert.ok(programsOf(`tries/${one.id}`, /^wrong-[\w-]+\.py$/).size >= 1);
    });
  }

  for (const { path, text, goal, isRight } of tryPrograms()) {
    it(`${isRight ? 'take' : 'do not take'} ${path}, and PyTorch agrees`, () => {
      const result = linted(text);
      const rows = checkGoal(result, goal);
      const wrong = rows.filter(({ met }) => !met);
      assert.equal(isMet(rows), isRight, JSON.stringify(wrong));
      const real = recorded.get(path);
      assert.equal(
        real?.text,
        fingerprint(text),
        'recorded under PyTorch; npm run test:torch -- 80000 150 --record',
      );
      assert.equal(result?.trace.raises !== null, real.raises !== null);
      if (real.raises !== null) return;
      const ofStates = rows.slice(0, real.rows.length).map(({ met }) => met);
      // Where the analysis says that a state is reached, it is; where it is not sure, nobody is told that they are right.
      assert.deepEqual(ofStates, real.rows, JSON.stringify(wrong));
      assert.equal(real.rows.every(Boolean), isRight);
    });
  }
});
