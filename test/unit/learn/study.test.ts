import assert from 'node:assert/strict';
import * as v from 'valibot';
import { defineMode } from '../../../src/extension/study/mode.ts';
import { Study } from '../../../src/extension/study/study.ts';
import type { Deck } from '../../../src/learn/deck.ts';
import { emptyProgress } from '../../../src/learn/progress.ts';
import {
  readMessageToHost,
  readMessageToWebview,
  type StudyAction,
  type StudyView,
} from '../../../src/study-messages/messages.ts';
import { sampleDeck } from './sample-deck.ts';

const moment = { now: new Date(2026, 5, 1, 12).getTime(), seed: 1, newPerDay: 10 };
const DAY = 24 * 3600 * 1000;
const studyOf = (progress = emptyProgress): Study => new Study([sampleDeck], progress, []);
const act = (study: Study, ...actions: StudyAction[]): StudyView => {
  for (const action of actions) study.act(action, moment);
  return study.viewAt(moment);
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
    assert.deepEqual(studyOf().viewAt(moment), {
      screen: 'home',
      today: { due: 0, fresh: 3, minutes: 3, next: null },
      modes: [],
      recall: { minutes: 3, due: 0, remembered: 0 },
      findings: [],
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
      summary.results.map(({ question, rating }) => [question, rating]),
      [
        ['Front?', 'good'],
        ['Which?', 'again'],
        ['Explain.', 'hard'],
      ],
    );
    assert.equal(study.progress.reviews.length, 3);
    const again = act(study, { type: 'repeat' });
    assert.ok(again.screen === 'item');
    assert.deepEqual([again.item.kind, again.total], ['choice', 2]);
  });

  it('shows on each button when the card would come back, and after a result when it will', () => {
    const study = studyOf();
    const card = act(study, ...walk.slice(0, 2));
    assert.ok(card.screen === 'item' && card.item.kind === 'card');
    assert.equal(card.item.intervals?.again, '10 min');
    assert.match(card.item.intervals?.easy ?? '', /^\d+ d$/);
    const wrong = act(study, ...walk.slice(2, 4));
    assert.ok(wrong.screen === 'item' && wrong.item.kind === 'choice');
    assert.equal(wrong.item.returnsIn, '10 min');
  });

  it('takes the last review back, out of the log as well, as often as there are reviews', () => {
    const study = studyOf();
    act(study, ...walk);
    const counts = [];
    for (let step = 0; step < 4; step++) {
      const view = act(study, { type: 'undo' });
      assert.ok(view.screen === 'item');
      counts.push([view.position, study.progress.reviews.length, view.canUndo]);
    }
    assert.deepEqual(counts, [
      [2, 2, true],
      [1, 1, true],
      [0, 0, false],
      [0, 0, false],
    ]);
    act(study, { type: 'rate', rating: 'easy' });
    assert.deepEqual(
      study.progress.reviews.map(({ rating }) => rating),
      ['easy'],
    );
  });

  it('asks today for what is new, later for what is due, and then for nothing until it is', () => {
    const study = studyOf();
    const first = act(study, { type: 'today' });
    assert.ok(first.screen === 'item');
    assert.deepEqual([first.title, first.total], ['Today', 3]);
    act(study, ...walk.slice(1), { type: 'home' });
    const done = study.viewAt(moment);
    assert.ok(done.screen === 'home');
    assert.deepEqual(done.today, { due: 0, fresh: 0, minutes: 0, next: '10 min' });
    const later = study.viewAt({ ...moment, now: moment.now + 30 * DAY });
    assert.ok(later.screen === 'home');
    assert.equal(later.today.due, 3);
    assert.equal(study.countDue(moment.now + 30 * DAY), 3);
    assert.equal(later.recall.due, 3);
    const { remembered } = later.recall;
    assert.ok(remembered > 0 && remembered < done.recall.remembered);
    assert.equal(act(study, { type: 'today' }).screen, 'home');
  });

  it("goes on with today's session on the same day, and makes a new one on the next", () => {
    const study = studyOf();
    act(study, { type: 'today' }, { type: 'reveal' }, { type: 'rate', rating: 'good' }, { type: 'home' });
    const back = act(study, { type: 'today' });
    assert.ok(back.screen === 'item');
    assert.deepEqual([back.position, back.total], [1, 3]);
    act(study, { type: 'home' });
    const tomorrow = { ...moment, now: moment.now + DAY };
    const home = study.viewAt(tomorrow);
    assert.ok(home.screen === 'home');
    assert.equal(home.resume, null);
    study.act({ type: 'today' }, tomorrow);
    const anew = study.viewAt(tomorrow);
    assert.ok(anew.screen === 'item');
    assert.deepEqual([anew.position, anew.total], [0, 2]);
  });

  it('takes the reviews of another log in, once', () => {
    const study = studyOf();
    act(study, ...walk);
    const other = studyOf();
    assert.equal(other.importReviews(study.progress.reviews), 3);
    assert.equal(other.importReviews(study.progress.reviews), 0);
    const home = other.viewAt(moment);
    assert.ok(home.screen === 'home');
    assert.equal(home.today.fresh, 0);
  });

  it('lists the decks, each with what is due of it', () => {
    const view = act(studyOf(), ...walk, { type: 'decks' });
    assert.ok(view.screen === 'decks');
    const [{ remembered, ...row } = { remembered: 0 }] = view.decks;
    assert.ok(remembered > 0.3);
    assert.deepEqual(row, { id: 'sample', title: 'Sample', description: '', minutes: 1, due: 0 });
  });

  it('shows in its statistics every item once, by days and by strength', () => {
    const view = act(studyOf(), ...walk, { type: 'statistics' });
    assert.ok(view.screen === 'statistics');
    assert.equal(view.reviews, 3);
    assert.deepEqual(
      view.forecast.slice(0, 3).map(({ short, label }) => [short, label]),
      [
        ['1', 'Today'],
        ['2', 'Tomorrow'],
        ['3', 'Wednesday, June 3'],
      ],
    );
    const countsOf = (bars: typeof view.forecast) => bars.reduce((sum, { count }) => sum + count, 0);
    assert.equal(countsOf(view.forecast) + view.later, 3);
    assert.equal(countsOf(view.strengths), 3);
  });

  it('names at most two findings of the open file, each rule once, and shows the card of one without enrolling it', () => {
    const study = studyOf();
    const finding = { code: 'FRZ101', place: 'train.py, line 22' };
    assert.equal(
      study.setFindings([finding, { ...finding, place: 'line 30' }, { code: 'FRZ999', place: '' }]),
      true,
    );
    assert.equal(study.setFindings([finding]), true);
    assert.equal(study.setFindings([finding]), false);
    const home = study.viewAt(moment);
    assert.ok(home.screen === 'home');
    assert.deepEqual(home.findings, [{ ...finding, question: 'Front?' }]);
    const card = act(study, { type: 'card', rule: 'FRZ101' });
    assert.ok(card.screen === 'item' && card.position === null);
    assert.deepEqual(study.progress.mistakes ?? [], []);
    assert.equal(act(study, { type: 'close' }).screen, 'home');
  });

  it("puts the card of a mistake into today's reviews, until it has been reviewed", () => {
    const study = studyOf();
    act(study, ...walk, { type: 'home' });
    const later = { ...moment, now: moment.now + 3600_000 };
    const dueAt = (now: number) => study.countDue(now);
    const before = dueAt(later.now);
    assert.equal(study.addMistake('FRZ999', later.now), false);
    assert.equal(study.addMistake('FRZ101', later.now), true);
    assert.equal(study.addMistake('FRZ101', later.now), true);
    assert.equal(dueAt(later.now), before + 1);
    assert.deepEqual(JSON.parse(JSON.stringify(study.progress)).mistakes.length, 1);
    const afterwards = { ...later, now: later.now + 1000 };
    study.act({ type: 'today' }, afterwards);
    const view = study.viewAt(afterwards);
    assert.ok(view.screen === 'item');
    while (study.progress.reviews.filter(({ item }) => item === 'card').length < 2) {
      const { item } = study.viewAt(afterwards) as Extract<StudyView, { screen: 'item' }>;
      if (item.kind === 'card') {
        study.act({ type: 'reveal' }, afterwards);
        study.act({ type: 'rate', rating: 'good' }, afterwards);
      } else {
        study.act(
          item.kind === 'choice' ? { type: 'choose', option: 0 } : { type: 'check', text: 'x' },
          afterwards,
        );
        study.act({ type: 'next' }, afterwards);
      }
    }
    assert.equal(dueAt(afterwards.now), 0);
  });

  it('counts a mistake whose card was never seen among what is due, not among what is new', () => {
    const study = studyOf();
    study.addMistake('FRZ101', moment.now);
    const home = study.viewAt(moment);
    assert.ok(home.screen === 'home');
    assert.deepEqual([home.today.due, home.today.fresh], [1, 2]);
  });

  it('takes decks that come later, and says which cannot be read', () => {
    const own: Deck = { ...sampleDeck, id: 'own', title: 'Own' };
    const study = studyOf();
    study.setDecks([sampleDeck, own], []);
    act(study, { type: 'start', deck: 'own' }, { type: 'reveal' });
    study.setDecks([sampleDeck], ['own.yaml is left out']);
    const home = study.viewAt(moment);
    assert.ok(home.screen === 'home');
    assert.deepEqual(home.notices, ['own.yaml is left out']);
    study.setDecks([sampleDeck, own], []);
    const back = study.viewAt(moment);
    assert.ok(back.screen === 'item' && back.item.kind === 'card');
    assert.equal(back.item.back, 'Back.');
  });

  it('goes on where it was after a reload, with the draft', () => {
    const study = studyOf();
    act(study, ...walk.slice(0, 5), { type: 'draft', text: 'half a thought', revision: 1 });
    const reloaded = studyOf(JSON.parse(JSON.stringify(study.progress))).viewAt(moment);
    assert.deepEqual(reloaded, study.viewAt(moment));
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
    const opened = study.viewAt(moment);
    assert.ok(opened.screen === 'item' && opened.item.kind === 'card');
    assert.equal(opened.position, null);
    assert.equal(opened.item.back, 'Back.');
    assert.deepEqual(act(study, { type: 'rate', rating: 'good' }), opened);
    assert.deepEqual(act(study, { type: 'close' }), before);
    assert.equal(study.openCardForRule('FRZ999'), false);
    assert.deepEqual(study.viewAt(moment), before);
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

describe('a way to learn', () => {
  const counting = defineMode({
    id: 'learn',
    stateSchema: v.strictObject({ count: v.number() }),
    fresh: { count: 0 },
    actionSchema: v.strictObject({ add: v.number() }),
    act: (state, { add }) => (add === 0 ? state : { count: state.count + add }),
    view: ({ count }) => ({ screen: 'summary', title: `Counted ${count}`, results: [], canUndo: false }),
    part: ({ count }) => count / 4,
    code: ({ count }) => (count === 0 ? null : `count = ${count}\n`),
  });
  const open: StudyAction = { type: 'open', mode: 'learn' };
  const add = (add: unknown): StudyAction => ({ type: 'do', mode: 'learn', action: { add } });
  const studyWith = (progress = emptyProgress): Study => new Study([sampleDeck], progress, [], [counting]);

  it('opens from the overview, keeps what is done in it, and shows how far it got', () => {
    const study = studyWith();
    const view = act(study, open, add(1), add(2));
    assert.ok(view.screen === 'summary');
    assert.equal(view.title, 'Counted 3');
    const home = act(study, { type: 'home' });
    assert.ok(home.screen === 'home');
    assert.deepEqual(home.modes, [{ mode: 'learn', part: 0.75 }]);
    assert.equal(study.code, null, 'the code is out of sight');
    const again = studyWith(study.progress);
    act(again, open);
    assert.equal(again.code, 'count = 3\n');
  });

  it('takes no action that it does not know, and none while it is not in front', () => {
    const study = studyWith();
    act(study, add(1), open, add('one'), add(0), { type: 'do', mode: 'why', action: { add: 1 } });
    assert.deepEqual(study.progress.modes, {});
  });

  it('starts afresh where its stored state cannot be read', () => {
    const progress = { ...emptyProgress, front: 'learn', modes: { learn: 'broken' } } as const;
    assert.equal(counting.isReadable(progress.modes.learn), false);
    const view = act(studyWith(progress), add(1));
    assert.ok(view.screen === 'summary');
    assert.equal(view.title, 'Counted 1');
  });

  it('gives way to the overview where this build does not have it', () => {
    const view = studyWith({ ...emptyProgress, front: 'why' }).viewAt(moment);
    assert.equal(view.screen, 'home');
  });
});

describe('messages between the Study view and the extension', () => {
  it('reads every view that the extension shows', () => {
    const study = studyOf();
    study.setFindings([{ code: 'FRZ101', place: 'line 1' }]);
    const views: StudyView[] = [
      study.viewAt(moment),
      act(study, { type: 'decks' }),
      act(study, { type: 'statistics' }),
      ...walk.map((action) => act(study, action)),
    ];
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
