import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Deck } from '../../../src/learn/deck.ts';
import { resumeSession, type Session, studyStep, undoResult } from '../../../src/learn/session.ts';
import { shuffledIndices } from '../../../src/learn/shuffle.ts';
import type { StudyEvent } from '../../../src/learn/study-event.ts';
import { sampleDeck as deck, sessionOfSample } from './sample-deck.ts';

const run = (events: readonly StudyEvent[], from: Session = sessionOfSample(7)) => {
  let session = from;
  const reviews = [];
  for (const event of events) {
    const step = studyStep(session, event, [deck], 1000);
    session = step.session;
    if (step.review !== undefined) reviews.push(step.review);
  }
  return { session, reviews };
};
const toChoice: StudyEvent[] = [{ type: 'reveal' }, { type: 'rate', rating: 'good' }];
const toExplain: StudyEvent[] = [...toChoice, { type: 'choose', option: 0 }, { type: 'next' }];

describe('a study session', () => {
  it('turns a card before it takes a rating', () => {
    assert.equal(run([{ type: 'rate', rating: 'good' }]).session.position, 0);
    const { session, reviews } = run(toChoice);
    assert.equal(session.position, 1);
    assert.deepEqual(reviews, [{ deck: 'sample', item: 'card', at: 1000, rating: 'good' }]);
  });

  it('takes one answer to a question and rates it', () => {
    const wrong = run([
      ...toChoice,
      { type: 'choose', option: 1 },
      { type: 'choose', option: 0 },
      { type: 'next' },
    ]);
    assert.equal(wrong.reviews.at(-1)?.rating, 'again');
    assert.equal(run(toExplain).reviews.at(-1)?.rating, 'good');
    assert.equal(run([...toChoice, { type: 'choose', option: 9 }, { type: 'next' }]).session.position, 1);
  });

  it('rates an explanation by the ticks, and lets the learner overrule them', () => {
    const check: StudyEvent = { type: 'check', text: 'The weights are fixed.' };
    const half = run([...toExplain, check, { type: 'next' }]);
    assert.equal(half.reviews.at(-1)?.rating, 'hard');
    const all = run([
      ...toExplain,
      check,
      { type: 'tick', concept: 'faster', ticked: true },
      { type: 'next' },
    ]);
    assert.equal(all.reviews.at(-1)?.rating, 'good');
    const none = run([
      ...toExplain,
      check,
      { type: 'tick', concept: 'fixed', ticked: false },
      { type: 'next' },
    ]);
    assert.equal(none.reviews.at(-1)?.rating, 'again');
  });

  it('keeps a draft, checks no empty answer, and goes back to editing', () => {
    const { session } = run([
      ...toExplain,
      { type: 'draft', text: 'half a thought', revision: 2 },
      { type: 'draft', text: 'half a', revision: 1 },
      { type: 'check', text: '  ' },
    ]);
    assert.deepEqual(session.answer, {
      kind: 'explain',
      draft: 'half a thought',
      revision: 2,
      hintShown: false,
      checked: false,
      overruled: {},
    });
    const edited = run([{ type: 'check', text: 'done' }, { type: 'hint' }, { type: 'edit' }], session).session
      .answer;
    assert.deepEqual(edited, {
      kind: 'explain',
      draft: 'done',
      revision: 2,
      hintShown: true,
      checked: false,
      overruled: {},
    });
  });

  it('keeps what was begun of an item while the learner goes back and takes reviews back', () => {
    const { session } = run([...toExplain, { type: 'draft', text: 'half a thought', revision: 1 }]);
    const back = undoResult(session, [deck]);
    const first = undoResult(back?.session ?? session, [deck]);
    assert.equal(first?.session.position, 0);
    const stored: Session = JSON.parse(JSON.stringify(first.session));
    assert.deepEqual(resumeSession(stored, [deck]), stored);
    const again = run([{ type: 'rate', rating: 'easy' }, ...toExplain.slice(2)], stored).session;
    assert.deepEqual(again.answer, session.answer);
    assert.equal(again.begun, undefined);
  });

  it('is over after the last item and then changes no more', () => {
    const { session } = run([...toExplain, { type: 'check', text: 'x' }, { type: 'next' }]);
    assert.equal(session.answer, null);
    assert.deepEqual(
      session.results.map((result) => result.item),
      ['card', 'choice', 'explain'],
    );
    assert.equal(run([{ type: 'reveal' }, { type: 'next' }], session).session, session);
  });

  it('survives being stored and read back at every moment, for any sequence of events', () => {
    const event = fc.oneof(
      fc.constantFrom<StudyEvent>(
        { type: 'reveal' },
        { type: 'rate', rating: 'again' },
        { type: 'rate', rating: 'good' },
        { type: 'hint' },
        { type: 'edit' },
        { type: 'next' },
        { type: 'tick', concept: 'fixed', ticked: true },
      ),
      fc.nat(3).map((option): StudyEvent => ({ type: 'choose', option })),
      fc.string().map((text): StudyEvent => ({ type: 'check', text })),
      fc
        .tuple(fc.string(), fc.integer({ min: 1, max: 9 }))
        .map(([text, revision]): StudyEvent => ({ type: 'draft', text, revision })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.integer(), (events, seed) => {
        let session = sessionOfSample(seed);
        let reviews = 0;
        for (const each of events) {
          const step = studyStep(session, each, [deck], 0);
          session = step.session;
          if (step.review !== undefined) reviews++;
          assert.equal(session.position, reviews);
          assert.equal(session.results.length, reviews);
          if (step.review !== undefined) {
            const undo = undoResult(session, [deck]);
            assert.equal(undo?.session.position, reviews - 1);
            assert.deepEqual(resumeSession(undo.session, [deck]), undo.session);
          }
          assert.deepEqual(resumeSession(JSON.parse(JSON.stringify(session)), [deck]), session);
        }
      }),
    );
  });

  it('drops items that have left the deck, and starts a changed one afresh', () => {
    const { session } = run(toChoice);
    const without: Deck = { ...deck, items: deck.items.filter((item) => item.id !== 'choice') };
    const resumed = resumeSession(session, [without]);
    assert.deepEqual(
      resumed?.queue.map(({ item }) => item),
      ['card', 'explain'],
    );
    assert.equal(resumed?.position, 1);
    assert.equal(resumed?.answer?.kind, 'explain');
    assert.equal(resumeSession(session, [{ ...deck, id: 'other' }]), null);
    assert.equal(
      resumeSession({ ...session, queue: [{ deck: 'sample', item: 'gone' }], position: 0 }, [deck]),
      null,
    );
  });

  it('takes answers back one by one: a card shows its answer, a question is open, an explanation is checked', () => {
    const { session } = run([
      ...toExplain,
      { type: 'check', text: 'The weights are fixed.' },
      { type: 'next' },
    ]);
    const answers = [];
    let undo = undoResult(session, [deck]);
    while (undo !== null) {
      answers.push([undo.undone.item, undo.session.answer]);
      undo = undoResult(undo.session, [deck]);
    }
    const order = shuffledIndices(3, 7, 'choice');
    assert.deepEqual(answers, [
      [
        'explain',
        { kind: 'explain', draft: 'The weights are fixed.', hintShown: false, checked: true, overruled: {} },
      ],
      ['choice', { kind: 'choice', order, chosen: null }],
      ['card', { kind: 'card', revealed: true }],
    ]);
  });
});

describe('shuffling options', () => {
  it('keeps every option, and the same order for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.integer(), fc.string(), (count, seed, salt) => {
        const order = shuffledIndices(count, seed, salt);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          Array.from({ length: count }, (_, i) => i),
        );
        assert.deepEqual(shuffledIndices(count, seed, salt), order);
      }),
    );
  });

  it('puts each option in each place about equally often', () => {
    const first = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const index = shuffledIndices(4, seed, 'item')[0] ?? 0;
      first[index] = (first[index] ?? 0) + 1;
    }
    for (const count of first) assert.ok(count > 850 && count < 1150, first.join());
  });
});
