import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { compileDecks, findItemForRule, type Item } from '../../../src/learn/deck.ts';
import { splitWords } from '../../../src/learn/words.ts';
import { rules } from '../../../src/rules/registry.ts';
import { isKnownSource } from './known-sources.ts';

const folder = new URL('../../../quizzes/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const { decks, errors } = compileDecks(files);
const items = decks.flatMap((deck) => deck.items);
const choices = items.filter((item): item is Extract<Item, { kind: 'choice' }> => item.kind === 'choice');

describe('the built-in decks', () => {
  it('are all readable, the five-minute deck first', () => {
    assert.deepEqual(errors, []);
    assert.deepEqual(
      decks.map((deck) => deck.id),
      [
        'freezing-basics',
        'freezing-bugs',
        'gradients',
        'modes-and-batchnorm',
        'optimizers',
        'python-traps',
        'reading-findings',
        'selecting-parameters',
        'unfreezing',
        'wrappers',
      ],
    );
  });

  it('have at least 40 cards, 40 questions and 8 explain prompts, on every level', () => {
    const count = (kind: Item['kind']): number => items.filter((item) => item.kind === kind).length;
    assert.ok(count('card') >= 40, `${count('card')} cards`);
    assert.ok(count('choice') >= 40, `${count('choice')} questions`);
    assert.ok(count('explain') >= 8, `${count('explain')} explain prompts`);
    for (const level of ['beginner', 'intermediate', 'advanced']) {
      assert.ok(items.filter((item) => item.level === level).length >= 20, level);
    }
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

  it('name for every item a case that was measured, or a document', () => {
    for (const { id, sources } of items) {
      assert.ok(sources !== undefined && sources.length > 0, id);
      for (const source of sources) assert.ok(isKnownSource(source), `${id}: ${source}`);
    }
  });

  it('name only rules that there are', () => {
    const known = new Set(rules.map((rule) => rule.code));
    for (const item of items) for (const code of item.rules ?? []) assert.ok(known.has(code), code);
  });

  it('teach every rule, each error and warning by a card, so that Learn why always leads somewhere', () => {
    for (const { code, severity, isOffByDefault } of rules) {
      const found = findItemForRule(decks, code)?.item.kind;
      assert.ok(found !== undefined, `no item teaches ${code}`);
      if (isOffByDefault === true) continue;
      if (severity === 'error' || severity === 'warning') assert.equal(found, 'card', code);
    }
  });

  it('do not give the right option away by its length', () => {
    const extreme = (choose: (...lengths: number[]) => number): string[] =>
      choices
        .filter(({ options }) => {
          const length = choose(...options.map((option) => option.text.length));
          return options.some((option) => option.correct === true && option.text.length === length);
        })
        .map((item) => item.id);
    for (const givenAway of [extreme(Math.max), extreme(Math.min)]) {
      assert.ok(givenAway.length <= 0.3 * choices.length, givenAway.join());
    }
  });

  it('offer four different options in every question, each with a reason of its own', () => {
    for (const { id, options } of choices) {
      assert.equal(options.length, 4, id);
      assert.equal(new Set(options.map((option) => option.text)).size, 4, id);
      assert.equal(new Set(options.map((option) => option.why)).size, 4, id);
    }
  });

  it('never ask the same thing twice: ids are unique, and no two questions share most of their words', () => {
    assert.equal(new Set(items.map((item) => item.id)).size, items.length);
    const asked = items.map((item) => ({
      id: item.id,
      stems: new Set(splitWords(item.kind === 'card' ? item.front : item.prompt).map((word) => word.stem)),
    }));
    const similar = asked.flatMap((one, index) =>
      asked.slice(index + 1).flatMap((other) => {
        const shared = [...one.stems].filter((stem) => other.stems.has(stem)).length;
        const share = shared / (one.stems.size + other.stems.size - shared);
        return share >= 0.6 ? [`${one.id} / ${other.id}: ${share.toFixed(2)}`] : [];
      }),
    );
    assert.deepEqual(similar, []);
  });

  it('never give the same reason or the same answer twice', () => {
    const answers = items.flatMap((item) => {
      if (item.kind === 'card') return [item.back];
      return item.kind === 'choice' ? item.options.map((option) => option.why) : [];
    });
    const repeated = answers.filter((text, index) => answers.indexOf(text) !== index);
    assert.deepEqual(repeated, []);
  });
});
