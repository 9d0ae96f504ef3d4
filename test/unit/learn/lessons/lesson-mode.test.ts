import assert from 'node:assert/strict';
import { compileLessons } from '../../../../scripts/lesson-folders.ts';
import { modesOf } from '../../../../src/extension/study/modes.ts';
import { Study } from '../../../../src/extension/study/study.ts';
import type { Lesson } from '../../../../src/learn/lessons/lesson.ts';
import { emptyProgress } from '../../../../src/learn/progress.ts';
import type { LessonScreenView } from '../../../../src/study-messages/lesson.ts';
import { readMessageToWebview, type StudyAction } from '../../../../src/study-messages/messages.ts';
import { sampleDeck } from '../sample-deck.ts';

const moment = { now: new Date(2026, 5, 1, 12).getTime(), seed: 1, newPerDay: 10 };
const lessons = compileLessons();
const lessonOf = (id: string): Lesson => lessons.find((lesson) => lesson.id === id) as Lesson;

/** A learner in front of a lesson. */
class Learner {
  study: Study;
  constructor(
    readonly mode: Lesson['id'],
    progress = emptyProgress,
  ) {
    this.study = new Study(
      [sampleDeck],
      progress,
      [],
      modesOf({ lessons, predictions: [], exercises: null }),
    );
    this.act({ type: 'open', mode });
  }
  act(...actions: StudyAction[]): LessonScreenView {
    for (const action of actions) this.study.act(action, moment);
    return this.view();
  }
  do(action: unknown): LessonScreenView {
    return this.act({ type: 'do', mode: this.mode, action });
  }
  /** Answers the page in front with its right or its first wrong option. */
  answer(isRight: boolean): LessonScreenView {
    const { page } = this.view();
    const { options } = lessonOf(this.mode).pages.find(({ id }) => id === page.id) as Lesson['pages'][number];
    return this.do({
      type: 'answer',
      page: page.id,
      option: options.findIndex(({ correct }) => correct === isRight),
    });
  }
  view(): LessonScreenView {
    const view = this.study.viewAt(moment);
    assert.ok(view.screen === 'lesson');
    const message = { type: 'view', view };
    assert.deepEqual(readMessageToWebview(JSON.parse(JSON.stringify(message))), message);
    return view;
  }
  /** How far the overview says that the lesson got. */
  part(): number | undefined {
    this.study.act({ type: 'home' }, moment);
    const home = this.study.viewAt(moment);
    this.study.act({ type: 'open', mode: this.mode }, moment);
    assert.ok(home.screen === 'home');
    return home.modes.find(({ mode }) => mode === this.mode)?.part;
  }
}

describe('a lesson in the Study view', () => {
  it('stands in the overview with its part done', () => {
    const learner = new Learner('why');
    assert.equal(learner.part(), 0);
    learner.answer(false);
    assert.equal(learner.part(), 1 / 5);
  });

  it('turns its pages both ways and stops at the ends', () => {
    const learner = new Learner('learn');
    const first = learner.view();
    assert.deepEqual([first.position, first.total, first.previous], [0, 6, null]);
    const second = learner.do({ type: 'turn', page: first.next });
    assert.equal(second.position, 1);
    assert.equal(second.previous, first.page.id);
    assert.equal(learner.do({ type: 'turn', page: 'nowhere' }).position, 1);
    for (let view = second; view.next !== null; ) view = learner.do({ type: 'turn', page: view.next });
    assert.equal(learner.view().position, 5);
  });

  it('gives nothing away before the answer, and all of it after', () => {
    for (const { id } of lessons) {
      const learner = new Learner(id);
      const before = learner.view();
      assert.equal(before.page.evidence, null);
      assert.ok(before.page.options.every(({ feedback, chosen }) => feedback === null && !chosen));
      const { page } = learner.answer(true);
      assert.ok(page.evidence !== null);
      assert.ok(page.options.every(({ feedback }) => feedback !== null));
      assert.equal(page.options.find(({ chosen }) => chosen)?.feedback?.correct, true);
    }
  });

  it('keeps the first answer, and takes none for a page that is not there or an option that is not', () => {
    const learner = new Learner('deep');
    const { page } = learner.view();
    learner.do({ type: 'answer', page: page.id, option: 9 });
    learner.do({ type: 'answer', page: 'nowhere', option: 0 });
    assert.equal(learner.view().score.answered, 0);
    learner.answer(false);
    learner.answer(true);
    assert.deepEqual(learner.view().score, { answered: 1, right: 0 });
  });

  it('comes back to its page with its answers after a reload', () => {
    const learner = new Learner('deep');
    learner.answer(true);
    learner.do({ type: 'turn', page: learner.view().next });
    const before = learner.answer(false);
    const stored = JSON.parse(JSON.stringify(learner.study.progress));
    assert.deepEqual(new Learner('deep', stored).view(), before);
    const otherPages = {
      ...emptyProgress,
      modes: { deep: { page: 'gone', answers: { gone: 1, toString: 0 } } },
    };
    assert.deepEqual(new Learner('deep', otherPages).view().score, { answered: 0, right: 0 });
  });

  it('counts what was right, and starts over with nothing answered', () => {
    const learner = new Learner('why');
    let view = learner.answer(false);
    while (view.next !== null) {
      learner.do({ type: 'turn', page: view.next });
      view = learner.answer(true);
    }
    assert.deepEqual(view.score, { answered: 5, right: 4 });
    assert.equal(learner.part(), 1);
    const again = learner.do({ type: 'restart' });
    assert.deepEqual([again.position, again.score.answered], [0, 0]);
  });

  it('opens the whole program, and inserts only lines that are right: of an incident, its cure', () => {
    const learn = new Learner('learn');
    const [first] = lessonOf('learn').pages;
    assert.equal(learn.study.program, first?.program);
    assert.equal(learn.study.code, first?.shown);
    const why = new Learner('why');
    assert.equal(why.view().page.canInsert, false);
    assert.equal(why.study.code, null);
    assert.equal(why.answer(true).page.canInsert, true);
    assert.equal(why.study.code, lessonOf('why').pages[0]?.cure?.shown);
    const deep = new Learner('deep');
    assert.equal(deep.answer(true).page.canInsert, false);
    assert.equal(deep.study.program, lessonOf('deep').pages[0]?.program);
  });
});
