import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  freshPractice,
  nextOpen,
  type PracticeAction,
  type PracticeState,
  partSolved,
  practiceStateSchema,
  practise,
  textOf,
  workOf,
} from '../../../../src/learn/exercises/practice-state.ts';

const exercises = ['a', 'b', 'c'].map((id) => ({ id, start: `start of ${id}\n` }));
const [a] = exercises;
const stateAfter = (...actions: PracticeAction[]): PracticeState =>
  actions.reduce((state, action) => practise(state, action, exercises, 2), freshPractice);
const row = (met: boolean) => ({ met, text: 'It trains', detail: null, line: null });

describe('what is kept of exercises', () => {
  it('is the code, as long as it is not as it was given', () => {
    const typed = stateAfter({ type: 'typed', id: 'a', text: 'mine\n' });
    assert.equal(textOf(typed, a!), 'mine\n');
    const back = practise(typed, { type: 'typed', id: 'a', text: 'start of a\n' }, exercises, 2);
    assert.equal(workOf(back, 'a').text, null);
    assert.ok(v.is(practiceStateSchema, JSON.parse(JSON.stringify(typed))), 'as plain JSON');
  });

  it('calls a check out of date once the code changes, and never unlearns a solution', () => {
    const checked = stateAfter(
      { type: 'typed', id: 'a', text: 'mine\n' },
      { type: 'checked', id: 'a', rows: [row(true)] },
    );
    assert.deepEqual([workOf(checked, 'a').isSolved, workOf(checked, 'a').isOutdated], [true, false]);
    const typed = practise(checked, { type: 'typed', id: 'a', text: 'other\n' }, exercises, 2);
    assert.equal(workOf(typed, 'a').isOutdated, true);
    const missed = practise(typed, { type: 'checked', id: 'a', rows: [row(true), row(false)] }, exercises, 2);
    assert.deepEqual([workOf(missed, 'a').isSolved, workOf(missed, 'a').checks], [true, 2]);
    const reset = practise(missed, { type: 'reset', id: 'a' }, exercises, 2);
    assert.deepEqual(
      [textOf(reset, a!), workOf(reset, 'a').rows, workOf(reset, 'a').isSolved],
      [a!.start, null, true],
    );
  });

  it('counts hints up to the last one, and marks up to the right one', () => {
    const hint: PracticeAction = { type: 'hint' };
    const choose: PracticeAction = { type: 'choose', id: 'b' };
    assert.equal(workOf(stateAfter(choose, hint, hint, hint), 'b').hints, 2);
    const mark = (line: number, isRight: boolean): PracticeAction => ({
      type: 'marked',
      id: 'b',
      line,
      isRight,
    });
    const marked = stateAfter(choose, mark(3, false), mark(7, true), mark(9, false));
    assert.deepEqual([workOf(marked, 'b').marks, workOf(marked, 'b').isFound], [[3, 7], true]);
  });

  it('leaves alone what it does not know', () => {
    for (const action of [
      { type: 'choose', id: 'gone' },
      { type: 'typed', id: 'gone', text: '' },
      { type: 'typed', id: 'a', text: 'start of a\n' },
      { type: 'hint' },
    ] as const) {
      assert.equal(practise(freshPractice, action, exercises, 2), freshPractice);
    }
  });

  it('goes on with the next one that is not solved, and comes round to what was left out', () => {
    const solve = (id: string): PracticeAction => ({ type: 'checked', id, rows: [row(true)] });
    assert.equal(nextOpen(stateAfter(), exercises, null), 'a');
    assert.equal(nextOpen(stateAfter(solve('b')), exercises, 'a'), 'c');
    assert.equal(nextOpen(stateAfter(solve('c'), solve('b')), exercises, 'c'), 'a');
    const all = stateAfter(solve('a'), solve('b'), solve('c'));
    assert.deepEqual([nextOpen(all, exercises, 'a'), partSolved(all, exercises)], [null, 1]);
  });
});
