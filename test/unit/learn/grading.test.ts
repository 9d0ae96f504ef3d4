import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type Deck, type Explain, parseDeck } from '../../../src/learn/deck.ts';
import { grade, gradeAnswer } from '../../../src/learn/grading.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const basics = parseDeck(read('../../../quizzes/freezing-basics.yaml'), 'freezing-basics.yaml').deck as Deck;
const prompts = readdirSync(new URL('../../../quizzes/', import.meta.url))
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseDeck(read(`../../../quizzes/${name}`), name).deck?.items ?? [])
  .filter((item): item is Explain => item.kind === 'explain');
const explain = (id: string): Explain => {
  const item = prompts.find((each) => each.id === id);
  assert.ok(item !== undefined, id);
  return item;
};

interface GradedAnswer {
  item: string;
  set: string;
  kind: string;
  answer: string;
  concepts: string[];
}
const answers = (parse(read('answers.yaml')) as { answers: GradedAnswer[] }).answers;

const sample = (accept: string[][], reject?: string[]): Explain => ({
  id: 'sample',
  kind: 'explain',
  level: 'beginner',
  prompt: 'p',
  hint: 'h',
  concepts: [{ id: 'it', text: 't', accept, ...(reject === undefined ? {} : { reject }) }],
});
const isFound = (accept: string[][], answer: string, reject?: string[]): boolean =>
  grade(sample(accept, reject), answer).score === 1;

describe('grading an explanation', () => {
  it('agrees with at least 90% of the hand-graded answers on every concept', () => {
    assert.ok(answers.length >= 60, String(answers.length));
    const agreement = new Map<string, { agreed: number; all: number; differing: string[] }>();
    for (const { item, answer, concepts } of answers) {
      const known = explain(item).concepts.map((concept) => concept.id);
      for (const id of concepts) assert.ok(known.includes(id), `${id} is no concept of ${item}`);
      for (const { id, found } of grade(explain(item), answer).concepts) {
        const key = `${item}/${id}`;
        const tally = agreement.get(key) ?? { agreed: 0, all: 0, differing: [] };
        tally.all++;
        if (found === concepts.includes(id)) tally.agreed++;
        else tally.differing.push(answer);
        agreement.set(key, tally);
      }
    }
    assert.equal(agreement.size, prompts.flatMap((item) => item.concepts).length);
    for (const [id, { agreed, all, differing }] of agreement) {
      assert.ok(agreed / all >= 0.9, `${id}: ${agreed} of ${all}\n${differing.join('\n')}`);
    }
  });

  it('has at least eight answers, and answers of every kind, for each prompt', () => {
    for (const { id } of prompts) {
      const own = answers.filter((each) => each.item === id);
      assert.ok(own.length >= 8, `${id}: ${own.length}`);
      const kinds = new Set(own.map((each) => each.kind));
      assert.deepEqual([...kinds].sort(), [
        'good',
        'negated',
        'off-topic',
        'other words',
        'partial',
        'wrong',
      ]);
    }
  });

  it('wants every group met, and lets one word meet two groups', () => {
    assert.equal(isFound([['weight'], ['fixed']], 'The weights are fixed.'), true);
    assert.equal(isFound([['weight'], ['fixed']], 'The weights are large.'), false);
    assert.equal(
      isFound(
        [
          ['time', 'faster'],
          ['less', 'faster'],
        ],
        'It is faster.',
      ),
      true,
    );
  });

  it('wants the groups in one thought, where a pronoun goes on with the sentence before', () => {
    assert.equal(isFound([['weight'], ['fixed']], 'The weights decay. The price is fixed.'), false);
    assert.equal(isFound([['weight'], ['fixed']], 'These are weights. They stay fixed.'), true);
  });

  it('does not count a negated word, however it is negated', () => {
    const lexicon = [['weight'], ['fixed']];
    for (const answer of [
      'the weights are not fixed',
      "the weights aren't fixed",
      'the weights arent fixed',
      'the weights are never fixed',
      'no weights are fixed',
      'it does not mean that the weights are fixed',
    ]) {
      assert.equal(isFound(lexicon, answer), false, answer);
    }
    assert.equal(isFound([['optimizer'], ['rebuild']], 'Rebuilding the optimizer is not necessary.'), false);
  });

  it('counts an entry with "not" only where it is negated, in any words', () => {
    const lexicon = [['weight'], ['not change']];
    for (const answer of [
      'weights do not change',
      'the weights stop changing',
      'the weights no longer change',
      'it prevents the weights from changing',
      'it keeps the weights from changing',
      'without any change to the weights',
      'the weights cannot be changed',
      'changes of the weights are prevented',
    ]) {
      assert.equal(isFound(lexicon, answer), true, answer);
    }
    for (const answer of ['weights change', 'the weights do not stop changing']) {
      assert.equal(isFound(lexicon, answer), false, answer);
    }
  });

  it('takes two negations as none', () => {
    assert.equal(isFound([['optimizer'], ['add']], 'do not forget to add them to the optimizer'), true);
    assert.equal(isFound([['weight'], ['fixed']], 'the weights are not only fixed but also saved'), true);
  });

  it('does not take a block of a network for a negation', () => {
    assert.equal(isFound([['train']], 'Unfreeze a block at epoch 5 and train it.'), true);
    assert.equal(isFound([['starts']], 'When you thaw a block at epoch 5 it starts moving.'), true);
    assert.equal(isFound([['gradient']], 'It blocks the gradients.'), false);
  });

  it('ends a negation with its clause', () => {
    assert.equal(isFound([['weight'], ['fixed']], 'It does not train, and the weights are fixed.'), true);
    assert.equal(isFound([['weight'], ['fixed']], 'The weights not in the head are fixed.'), true);
  });

  it('takes a phrase in its order with little between', () => {
    assert.equal(isFound([['stay same']], 'they stay the same'), true);
    assert.equal(isFound([['stay same']], 'the same ones stay'), false);
    assert.equal(isFound([['freeze head']], 'freeze everything except the head'), false);
  });

  it('drops a thought that has a rejected phrase', () => {
    assert.equal(isFound([['flag true']], 'set the flag to true to freeze', ['true to freeze']), false);
    const lexicon = [['layer'], ['not train']];
    assert.equal(isFound(lexicon, 'early layers are not trained', ['not new layer train']), true);
    assert.equal(isFound(lexicon, 'new layers are not trained', ['not new layer train']), false);
  });

  it('forgives slips of the keyboard but keeps words apart that differ', () => {
    for (const slip of ['wieghts', 'weigts', 'wheights'])
      assert.equal(isFound([['weight']], slip), true, slip);
    for (const [wanted, other] of [
      ['layer', 'later'],
      ['unchanged', 'changed'],
      ['freeze', 'unfreeze'],
      ['change', 'chance'],
      ['optimizer', 'optimize'],
      ['learn', 'learning rate'],
    ] as const) {
      assert.equal(isFound([[wanted]], other), false, `${wanted} / ${other}`);
    }
  });

  it('knows irregular forms, British spelling and joined words', () => {
    for (const [wanted, written] of [
      ['keep', 'kept'],
      ['freeze', 'frozen'],
      ['optimizer', 'optimiser'],
      ['finetune', 'fine-tuning'],
      ['finetune', 'fine tuned'],
      ['pretrained', 'pre-trained'],
      ['parameter', 'params'],
    ] as const) {
      assert.equal(isFound([[wanted]], written), true, `${wanted} / ${written}`);
    }
  });

  it('recognises the attribute in all its spellings', () => {
    for (const written of [
      'requires_grad=False',
      'p.requires_grad = False',
      'model.backbone.requires_grad_(False)',
      'requires grad to false',
      'requires_grad is set to `False`',
      'require_grad False',
      'requiresGrad: false',
    ]) {
      assert.equal(isFound([['requires_grad false']], written), true, written);
      assert.equal(isFound([['requires_grad true']], written), false, written);
    }
    assert.equal(isFound([['not gradient']], 'with torch.no_grad():'), false);
  });

  it('points at the words that counted, negations included', () => {
    const answer = 'Well, the weights don\u2019t change.';
    const [concept] = grade(sample([['weight'], ['not change']]), answer).concepts;
    assert.deepEqual(
      concept?.matched.map((span) => span.text),
      ['weights', 'don\u2019t', 'change'],
    );
    for (const { start, end, text } of concept?.matched ?? []) assert.equal(answer.slice(start, end), text);
  });

  it('takes any text, finds nothing in an empty one and always points into it', () => {
    assert.equal(grade(explain('explain-freezing'), '').score, 0);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (answer) => {
        const { concepts, score } = grade(explain('explain-freezing'), answer);
        assert.equal(score, concepts.filter((concept) => concept.found).length);
        for (const { start, end, text } of concepts.flatMap((concept) => concept.matched)) {
          assert.equal(answer.slice(start, end), text);
        }
      }),
    );
  });

  it('reads the beginning of a very long answer', () => {
    const answer = 'set the flag of weights not to the head and train it '.repeat(5000);
    const { concepts } = grade(explain('freeze-then-unfreeze'), answer);
    assert.ok(concepts.flatMap((concept) => concept.matched).every((span) => span.end < answer.length / 5));
  });

  it('names the explain prompts where an item cannot be graded', () => {
    const names = 'its explain prompts are: explain-freezing, freeze-then-unfreeze';
    assert.equal(
      gradeAnswer(basics, 'nope', 'x').error,
      `the deck "freezing-basics" has no item "nope"; ${names}`,
    );
    assert.match(
      gradeAnswer(basics, 'flag-effect', 'x').error ?? '',
      /asks no explanation in item "flag-effect"/,
    );
    assert.equal(gradeAnswer(basics, 'explain-freezing', 'Weights do not change.').grade?.score, 1);
  });
});
