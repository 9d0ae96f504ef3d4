import assert from 'node:assert/strict';
import {
  configurationOf,
  goalOf,
  HINTS,
  isBugLine,
  isWithheld,
  withoutFindings,
} from '../../../../src/learn/exercises/challenges.ts';
import { checkGoal } from '../../../../src/learn/exercises/check-goal.ts';
import type { Challenge } from '../../../../src/learn/exercises/content.ts';
import {
  freshPractice,
  type PracticeAction,
  practise,
} from '../../../../src/learn/exercises/practice-state.ts';
import { type LintResult, lint } from '../../../../src/lint.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { LineIndex } from '../../../../src/python/positions.ts';
import { rules } from '../../../../src/rules/registry.ts';
import { exercises } from '../../../exercises/content.ts';
import { challengePrograms } from '../../../exercises/programs.ts';
import { fingerprint, readRecorded } from '../../../exercises/recorded.ts';
import { testParser } from '../../python-parser.ts';
import { isMet } from './is-met.ts';

const { challenges } = exercises;

/** PyTorch never sees a comment. */
const NOTHING_TO_MEASURE = ['FRZ901'];

describe('the challenges', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });
  const linted = (one: Challenge, text: string): LintResult | null =>
    lint(parser, text, configurationOf(one));
  const recorded = readRecorded();

  it('are one for every rule that reports errors or warnings, on every level', () => {
    const serious = rules.filter(({ severity }) => severity === 'error' || severity === 'warning');
    assert.deepEqual(challenges.map(({ rule }) => rule).sort(), serious.map(({ code }) => code).sort());
    assert.equal(new Set(challenges.map(({ level }) => level)).size, 3);
    assert.equal(new Set(challenges.map(({ title }) => title)).size, challenges.length);
  });

  for (const one of challenges) {
    describe(`"${one.title}"`, () => {
      it('has one bug, which its rule reports at the marked line, and nothing else of weight', () => {
        const lines = new LineIndex(one.start);
        const found = linted(one, one.start)?.problems.filter(
          ({ severity }) => severity === 'error' || severity === 'warning',
        );
        assert.deepEqual(
          found?.map(({ code }) => code),
          [one.rule],
        );
        const row = lines.positionAt(found?.[0]?.span.start ?? 0).row + 1;
        assert.ok(one.bug.includes(row), `reported in line ${row}`);
        for (const line of one.bug) assert.ok(isBugLine(one, one.start, line));
      });

      it('is a program of 30 to 60 lines, and its task does not name the rule', () => {
        const count = one.start.trimEnd().split('\n').length;
        assert.ok(count >= 30 && count <= 60, `${count} lines`);
        assert.doesNotMatch(`${one.title} ${one.task} ${one.symptom} ${one.where}`, /FRZ\d/);
      });

      it('is solved by its solution and by nothing that leaves the bug in', () => {
        assert.ok(!isMet(checkGoal(linted(one, one.start), goalOf(one))));
        const rows = checkGoal(linted(one, one.solution), goalOf(one));
        assert.ok(isMet(rows), JSON.stringify(rows.filter(({ met }) => !met)));
      });

      it('shows the symptom in PyTorch, and not after the cure', () => {
        const [start, solution] = challengePrograms(one).map(({ path, text, probe }) => {
          const real = recorded.get(path);
          assert.equal(real?.text, fingerprint(text), 'recorded; npm run test:torch -- 80000 150 --record');
          assert.equal(real.probe, fingerprint(probe ?? ''));
          return real;
        });
        for (const [real, expected] of [
          [start, one.measured.start],
          [solution, one.measured.solution],
        ] as const) {
          const isOpening = typeof expected === 'string' && String(real?.measured).startsWith(expected);
          if (!isOpening) assert.deepEqual(real?.measured, expected);
        }
        assert.equal(solution?.raises, null);
        assert.deepEqual(
          solution?.rows.filter((isReached) => !isReached),
          [],
          'the goal is reached in PyTorch',
        );
        const isSame = JSON.stringify(one.measured.start) === JSON.stringify(one.measured.solution);
        assert.equal(isSame, NOTHING_TO_MEASURE.includes(one.rule));
      });
    });
  }
});

describe('a challenge', () => {
  const one = challenges.find(({ id }) => id === 'flowers') as Challenge;
  const stateAfter = (...actions: PracticeAction[]) =>
    actions.reduce((state, action) => practise(state, action, challenges, HINTS.length), freshPractice);

  it('keeps the diagnostics to itself up to the third hint, or until it is solved', () => {
    const choose: PracticeAction = { type: 'choose', id: one.id };
    const hint: PracticeAction = { type: 'hint' };
    assert.ok(isWithheld(stateAfter(choose, hint, hint), one.id));
    assert.ok(!isWithheld(stateAfter(choose, hint, hint, hint), one.id));
    const row = { met: true, text: 'It trains', detail: null, line: null };
    assert.ok(!isWithheld(stateAfter({ type: 'checked', id: one.id, rows: [row] }), one.id));
  });

  it('knows its bug wherever edits have moved it, and takes no other line for it', () => {
    const [line = 0] = one.bug;
    assert.ok(isBugLine(one, `# a remark\n\n${one.start}`, line + 2));
    assert.ok(!isBugLine(one, one.start, line + 1));
    assert.ok(!isBugLine(one, one.start, 10_000));
    assert.ok(!isBugLine(one, '\n', 1));
  });

  it('does not give the finding away in the checklist', async () => {
    const rows = checkGoal(lint(await testParser(), one.start, configurationOf(one)), goalOf(one));
    const veiled = withoutFindings(rows);
    assert.match(JSON.stringify(rows), /FRZ101/);
    assert.doesNotMatch(JSON.stringify(veiled), /FRZ/);
    assert.equal(veiled.length, rows.length);
    assert.equal(isMet(veiled), false);
  });
});
