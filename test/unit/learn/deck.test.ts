import assert from 'node:assert/strict';
import { checkDeck, compileDecks, findItemForRule, parseDeck } from '../../../src/learn/deck.ts';
import { sampleDeck } from './sample-deck.ts';

const head = ['format: freezelint-deck/1', 'id: sample', 'title: Sample', 'minutes: 1', 'items:'];
const deckText = (...items: string[]): string => [...head, ...items, ''].join('\n');
const card = ['  - id: one', '    kind: card', '    level: beginner', '    front: Q', '    back: A'];

describe('a deck file', () => {
  it('is read into items with their kinds', () => {
    const { deck } = parseDeck(deckText(...card), 'sample.yaml');
    assert.equal(deck?.title, 'Sample');
    assert.deepEqual(deck?.items[0], { id: 'one', kind: 'card', level: 'beginner', front: 'Q', back: 'A' });
  });

  it('reports an unknown key at the key itself and says what to do', () => {
    const errors = checkDeck(deckText(...card, '    bakc: A'), 'sample.yaml');
    assert.deepEqual(errors, [
      {
        file: 'sample.yaml',
        line: 11,
        column: 5,
        key: 'items[0].bakc',
        message: '"bakc" is not a key of this format; check its spelling or delete the line',
      },
    ]);
  });

  it('reports a missing key at the item that lacks it', () => {
    const [error] = checkDeck(deckText(...card.slice(0, 4)), 'sample.yaml');
    assert.equal(error?.key, 'items[0].back');
    assert.equal(error?.line, 6);
    assert.match(error?.message ?? '', /"back" is missing/);
  });

  it('reports a missing and a wrong kind', () => {
    const missing = checkDeck(deckText('  - id: one', '    level: beginner'), 'd.yaml');
    assert.deepEqual(
      missing.map(({ key, message }) => [key, message]),
      [['items[0].kind', '"kind" is missing; add it']],
    );
    const wrong = checkDeck(deckText(...card).replace('kind: card', 'kind: quiz'), 'd.yaml');
    assert.match(wrong[0]?.message ?? '', /card, choice or explain/);
    assert.deepEqual([wrong[0]?.line, wrong[0]?.column], [7, 11]);
  });

  it('reports all errors, in the order of the file', () => {
    const text = deckText(...card, ...card)
      .replace('minutes: 1', 'minutes: soon')
      .replace('level: beginner', 'level: easy');
    const errors = checkDeck(text, 'd.yaml');
    assert.deepEqual(
      errors.map((error) => error.key),
      ['minutes', 'items[0].level'],
    );
    assert.match(checkDeck(deckText(...card, ...card), 'd.yaml')[0]?.message ?? '', /"one" is used twice/);
  });

  it('demands a reason under every option and exactly one right option', () => {
    const choice = ['  - id: q', '    kind: choice', '    level: beginner', '    prompt: P', '    options:'];
    const noReason = checkDeck(
      deckText(...choice, '      - {text: a, correct: true}', '      - {text: b, why: w}'),
      'd.yaml',
    );
    assert.equal(noReason[0]?.key, 'items[0].options[0].why');
    const twoRight = checkDeck(
      deckText(
        ...choice,
        '      - {text: a, correct: true, why: w}',
        '      - {text: b, correct: true, why: w}',
      ),
      'd.yaml',
    );
    assert.match(twoRight[0]?.message ?? '', /exactly one option/);
    assert.equal(twoRight[0]?.line, 10);
  });

  it('reports broken YAML with its place', () => {
    const [error] = checkDeck('format: freezelint-deck/1\nid: [a\ntitle: x\n', 'd.yaml');
    assert.equal(error?.line, 3);
    assert.match(error?.message ?? '', /not valid YAML/);
  });

  it('gives errors and never an exception for files that are no decks at all', () => {
    const bomb = `a: &a [${'1,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]`;
    const texts = [
      '',
      '\0\u0001',
      '- 1',
      'x',
      'null',
      '{}',
      'items: 3',
      'items: [1, null]',
      '? [a]: b',
      bomb,
      '%YAML 9',
      '!!binary x',
    ];
    for (const text of texts) {
      const errors = checkDeck(text, 'bad.yaml');
      assert.ok(errors.length > 0, JSON.stringify(text.slice(0, 40)));
      for (const error of errors) assert.ok(error.line >= 1 && error.column >= 1 && error.message.length > 0);
    }
  });
});

describe('compiling decks', () => {
  it('keeps good decks when another is broken, and refuses a deck id that is taken', () => {
    const good = { name: 'a.yaml', text: deckText(...card) };
    const { decks, errors } = compileDecks([
      good,
      { name: 'b.yaml', text: 'x: 1' },
      { ...good, name: 'c.yaml' },
    ]);
    assert.deepEqual(
      decks.map((deck) => deck.id),
      ['sample'],
    );
    assert.ok(errors.some((error) => error.file === 'b.yaml'));
    assert.match(errors.at(-1)?.message ?? '', /taken by a\.yaml/);
  });

  it('refuses the id of a deck that is there already, at its line', () => {
    const text = 'format: freezelint-deck/1\ntitle: Mine\nid: sample\nminutes: 1\nitems: []\n';
    const whole = text.replace('[]', '[{id: a, kind: card, level: beginner, front: F, back: B}]');
    const { decks, errors } = compileDecks([{ name: 'mine.yaml', text: whole }], [sampleDeck]);
    assert.deepEqual(decks, []);
    assert.deepEqual(errors, [
      {
        file: 'mine.yaml',
        line: 3,
        column: 5,
        key: 'id',
        message: 'the deck id "sample" is taken by a built-in deck; choose another',
      },
    ]);
  });

  it('finds the card for a rule before a question about it', () => {
    const question =
      '  - {id: q, kind: choice, level: beginner, prompt: P, rules: [FRZ101], options: [{text: a, correct: true, why: w}, {text: b, why: w}]}';
    const { deck } = parseDeck(deckText(question, ...card, '    rules: [FRZ101]'), 'd.yaml');
    assert.ok(deck);
    assert.equal(findItemForRule([deck], 'FRZ101')?.item.id, 'one');
    assert.equal(findItemForRule([deck], 'FRZ999'), undefined);
  });
});
