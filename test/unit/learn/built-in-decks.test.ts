import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type Choice, compileDecks, findItemForRule } from '../../../src/learn/deck.ts';

const folder = new URL('../../../quizzes/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const { decks, errors } = compileDecks(files);
const items = decks.flatMap((deck) => deck.items);

describe('the built-in decks', () => {
  it('are all readable', () => {
    assert.deepEqual(errors, []);
    assert.deepEqual(decks.map((deck) => deck.id).sort(), ['freezing-basics', 'freezing-bugs']);
  });

  it('have five cards, five questions and two explain prompts for the basics', () => {
    const basics = decks.find((deck) => deck.id === 'freezing-basics');
    const count = (kind: string) => basics?.items.filter((item) => item.kind === kind).length;
    assert.deepEqual([count('card'), count('choice'), count('explain')], [5, 5, 2]);
    const concepts = basics?.items.flatMap((item) =>
      item.kind === 'explain' ? [[item.id, ...item.concepts.map((c) => c.id)]] : [],
    );
    assert.deepEqual(concepts, [
      ['explain-freezing', 'weights-fixed', 'features-kept', 'others-train', 'saves-time'],
      ['freeze-then-unfreeze', 'freeze-flag', 'train-first', 'unfreeze-flag', 'optimizer-holds'],
    ]);
  });

  it('name a measured case or a document for every item', () => {
    for (const item of items) assert.ok((item.sources?.length ?? 0) > 0, item.id);
  });

  it('have a card for each rule that can be explained', () => {
    const codes = [101, 102, 103, 105, 206, 301, 305, 401, 403, 408, 409, 602].map(
      (number) => `FRZ${number}`,
    );
    for (const code of codes) assert.equal(findItemForRule(decks, code)?.item.kind, 'card', code);
  });

  it('do not give the right option away by its length', () => {
    const choices = items.filter((item): item is Choice => item.kind === 'choice');
    const givenAway = choices.filter(({ options }) => {
      const longest = Math.max(...options.map((option) => option.text.length));
      return options.some((option) => option.correct === true && option.text.length === longest);
    });
    assert.ok(givenAway.length <= 0.3 * choices.length, givenAway.map((item) => item.id).join());
  });

  it('offer four options in every question', () => {
    for (const item of items) if (item.kind === 'choice') assert.equal(item.options.length, 4, item.id);
  });
});
