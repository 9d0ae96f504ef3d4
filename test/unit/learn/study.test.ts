import assert from 'node:assert/strict';
import { Study } from '../../../src/extension/study/study.ts';
import { emptyProgress } from '../../../src/learn/progress.ts';
import {
  readMessageToHost,
  readMessageToWebview,
  type StudyAction,
  type StudyView,
} from '../../../src/study-messages.ts';
import { sampleDeck } from './sample-deck.ts';

const moment = { now: 5, seed: 1 };
const studyOf = (progress = emptyProgress): Study => new Study([sampleDeck], progress, []);
const act = (study: Study, ...actions: StudyAction[]): StudyView => {
  for (const action of actions) study.act(action, moment);
  return study.view;
};
const walk: StudyAction[] = [
  { type: 'start', deck: 'sample' },
  { type: 'reveal' },
  { type: 'rate', rating: 'good' },
  { type: 'choose', option: 1 },
  { type: 'next' },
  { type: 'check', text: 'The weights stay fixed.' },
  { type: 'next' },
];

describe('the Study view', () => {
  it('starts with an overview of the decks', () => {
    assert.deepEqual(studyOf().view, {
      screen: 'home',
      decks: [{ id: 'sample', title: 'Sample', description: '', minutes: 1, items: 3, known: 0 }],
      resume: null,
      notices: [],
    });
  });

  it('does not give the answer away before the card is turned or the question answered', () => {
    const study = studyOf();
    assert.doesNotMatch(JSON.stringify(act(study, ...walk.slice(0, 1))), /Back/);
    assert.match(JSON.stringify(act(study, { type: 'reveal' })), /Back/);
    assert.doesNotMatch(JSON.stringify(act(study, { type: 'rate', rating: 'good' })), /because|correct/);
    assert.match(JSON.stringify(act(study, { type: 'choose', option: 0 })), /because not/);
  });

  it('shows concepts ticked by matching, with the matched words cut out', () => {
    const view = act(studyOf(), ...walk.slice(0, 6));
    assert.ok(view.screen === 'item' && view.item.kind === 'explain');
    assert.deepEqual(
      view.item.checked?.concepts.map(({ id, ticked }) => [id, ticked]),
      [
        ['fixed', true],
        ['faster', false],
      ],
    );
    const pieces = view.item.checked?.pieces ?? [];
    assert.equal(pieces.map((piece) => piece.text).join(''), 'The weights stay fixed.');
    assert.deepEqual(
      pieces.filter((piece) => piece.matched).map((piece) => piece.text),
      ['weights', 'fixed'],
    );
  });

  it('ends with a summary, from which what was not right can be repeated', () => {
    const study = studyOf();
    const summary = act(study, ...walk);
    assert.ok(summary.screen === 'summary');
    assert.deepEqual(
      summary.results.map(({ item, rating }) => [item, rating]),
      [
        ['card', 'good'],
        ['choice', 'again'],
        ['explain', 'hard'],
      ],
    );
    assert.equal(study.progress.reviews.length, 3);
    const again = act(study, { type: 'repeat' });
    assert.ok(again.screen === 'item');
    assert.deepEqual([again.item.kind, again.total], ['choice', 2]);
  });

  it('goes on where it was after a reload, with the draft', () => {
    const study = studyOf();
    act(study, ...walk.slice(0, 5), { type: 'draft', text: 'half a thought' });
    const reloaded = studyOf(JSON.parse(JSON.stringify(study.progress))).view;
    assert.deepEqual(reloaded, study.view);
    assert.match(JSON.stringify(reloaded), /half a thought/);
  });

  it('keeps the place in a deck while the learner looks at the overview', () => {
    const study = studyOf();
    const home = act(study, ...walk.slice(0, 3), { type: 'home' });
    assert.ok(home.screen === 'home');
    assert.deepEqual(home.resume, { title: 'Sample', position: 1, total: 3 });
    const back = act(study, { type: 'start', deck: 'sample' });
    assert.ok(back.screen === 'item');
    assert.equal(back.position, 1);
  });

  it('opens the card of a rule with its answer, and goes back to what was there', () => {
    const study = studyOf();
    const before = act(study, ...walk.slice(0, 3));
    assert.equal(study.openCardForRule('FRZ101'), true);
    const opened = study.view;
    assert.ok(opened.screen === 'item' && opened.item.kind === 'card');
    assert.equal(opened.position, null);
    assert.equal(opened.item.back, 'Back.');
    assert.deepEqual(act(study, { type: 'rate', rating: 'good' }), opened);
    assert.deepEqual(act(study, { type: 'close' }), before);
    assert.equal(study.openCardForRule('FRZ999'), false);
    assert.deepEqual(study.view, before);
  });

  it('ignores actions that do not fit the moment', () => {
    const study = studyOf();
    const before = study.progress;
    act(
      study,
      { type: 'next' },
      { type: 'repeat' },
      { type: 'resume' },
      { type: 'start', deck: 'gone' },
      { type: 'close' },
    );
    assert.equal(study.progress, before);
  });
});

describe('messages between the Study view and the extension', () => {
  it('reads every view that the extension shows', () => {
    const study = studyOf();
    const views = [study.view, ...walk.map((action) => act(study, action))];
    for (const view of views) {
      const message = JSON.parse(JSON.stringify({ type: 'view', view }));
      assert.deepEqual(readMessageToWebview(message), message);
    }
  });

  it('takes nothing else for a message', () => {
    for (const data of [
      null,
      1,
      'ready',
      {},
      { type: 'view' },
      { type: 'action', action: { type: 'rate', rating: 5 } },
    ]) {
      assert.equal(readMessageToHost(data), undefined);
      assert.equal(readMessageToWebview(data), undefined);
    }
    assert.deepEqual(readMessageToHost({ type: 'ready' }), { type: 'ready' });
    assert.equal(
      readMessageToHost({ type: 'action', action: { type: 'draft', text: 'x'.repeat(30_000) } }),
      undefined,
    );
  });
});
