import assert from 'node:assert/strict';
import * as v from 'valibot';
import { practiceModes } from '../../../../src/extension/study/practice-modes.ts';
import { Study } from '../../../../src/extension/study/study.ts';
import { exercisesSchema } from '../../../../src/learn/exercises/content.ts';
import type { ModeId } from '../../../../src/learn/modes.ts';
import { emptyProgress } from '../../../../src/learn/progress.ts';
import { readMessageToWebview, type StudyView } from '../../../../src/study-messages/messages.ts';
import { exercises } from '../../../exercises/content.ts';

const moment = { now: new Date(2026, 5, 1, 12).getTime(), seed: 1, newPerDay: 10 };
const row = (met: boolean) => ({ met, text: '`fc` trains', detail: null, line: 4 });

/** A study with the practice modes, one of which is in front and has had some actions. */
function practised(mode: ModeId, ...actions: unknown[]): StudyView {
  const study = new Study([], emptyProgress, [], practiceModes(exercises));
  study.act({ type: 'open', mode }, moment);
  for (const action of actions) study.actIn(mode, action, moment);
  const view = study.viewAt(moment);
  assert.deepEqual(readMessageToWebview({ type: 'view', view })?.view, view, 'the page can read it');
  return view;
}

describe('the practice modes', () => {
  it('read what the build wrote as it is, down to the last line end', () => {
    const read = v.parse(exercisesSchema, JSON.parse(JSON.stringify(exercises)));
    assert.deepEqual(read, exercises);
  });

  it('are on the overview, with how far each got', () => {
    const study = new Study([], emptyProgress, [], practiceModes(exercises));
    study.actIn('try', { type: 'checked', id: 'freeze-everything', rows: [row(true)] }, moment);
    const home = study.viewAt(moment);
    assert.ok(home.screen === 'home');
    assert.deepEqual(home.modes, [
      { mode: 'try', part: 1 / 20 },
      { mode: 'challenge', part: 0 },
      { mode: 'project', part: 0 },
    ]);
  });

  it('list their exercises with what is begun and what is solved', () => {
    const view = practised(
      'try',
      { type: 'checked', id: 'freeze-everything', rows: [row(true)] },
      { type: 'typed', id: 'early-layers', text: 'import torch\n' },
    );
    assert.ok(view.screen === 'exercises');
    assert.deepEqual(
      view.exercises.slice(0, 3).map(({ state }) => state),
      ['solved', 'new', 'started'],
    );
    assert.deepEqual([view.solved, view.next], [1, 'all-but-the-head']);
  });

  it('show of a try no hint, no solution and no lesson before their time', () => {
    const choose = { type: 'choose', id: 'all-but-the-head' };
    const fresh = practised('try', choose);
    assert.ok(fresh.screen === 'try');
    assert.deepEqual([fresh.hint, fresh.canSeeSolution, fresh.learned], [null, false, null]);
    assert.ok(fresh.rows.every(({ state }) => state === 'open'));
    const hinted = practised('try', choose, { type: 'hint' });
    assert.ok(hinted.screen === 'try' && hinted.hint !== null && hinted.canSeeSolution);
    const missed = practised('try', choose, {
      type: 'checked',
      id: choose.id,
      rows: [row(true), row(false)],
    });
    assert.ok(missed.screen === 'try');
    assert.deepEqual([missed.rows.map(({ state }) => state), missed.learned], [['met', 'missed'], null]);
    const solved = practised('try', choose, { type: 'checked', id: choose.id, rows: [row(true)] });
    assert.ok(solved.screen === 'try' && solved.learned !== null);
  });

  it('do not give a challenge away: no rule, no line, no hint before it is asked for', () => {
    const choose = { type: 'choose', id: 'flowers' };
    const fresh = practised('challenge', choose);
    assert.ok(fresh.screen === 'challenge');
    assert.deepEqual([fresh.hints, fresh.nextHint, fresh.learned], [[], 'The symptom', null]);
    assert.doesNotMatch(JSON.stringify(fresh), /FRZ|requires_grad/);
    const hint = { type: 'hint' };
    const hinted = practised('challenge', choose, hint, hint, hint);
    assert.ok(hinted.screen === 'challenge');
    assert.deepEqual(
      hinted.hints.map(({ title }) => title),
      ['The symptom', 'Where to look', 'The finding in the editor'],
    );
    const solved = practised('challenge', choose, { type: 'checked', id: choose.id, rows: [row(true)] });
    assert.ok(solved.screen === 'challenge');
    assert.equal(solved.learned?.rule, 'FRZ101');
    assert.equal(solved.isFound, true, 'who mends it has found it');
  });

  it('show the step of the project that is to be done, and the lines that decided those before', () => {
    const steps = Object.fromEntries(
      exercises.project.steps.map(({ id }, index) => [id, [row(index === 0)]]),
    );
    const view = practised(
      'project',
      { type: 'chosen', folder: 'file:///home/me/my%20project' },
      { type: 'checked', steps, whole: [row(true)] },
    );
    assert.ok(view.screen === 'project');
    assert.equal(view.folder, '/home/me/my project');
    assert.deepEqual(
      view.steps.map(({ state, rows }) => [state, rows.length]),
      [['done', 1], ['current', 0], ...[3, 4, 5, 6].map(() => ['open', 0])],
    );
    assert.equal(view.current?.id, 'train-the-head');
  });
});
