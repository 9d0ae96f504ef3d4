import { type Deck, parseDeck } from '../../../src/learn/deck.ts';
import { type Session, startSession } from '../../../src/learn/session.ts';

/** A deck with one item of each kind. */
export const sampleDeck: Deck = parseDeck(
  `format: freezelint-deck/1
id: sample
title: Sample
minutes: 1
items:
  - {id: card, kind: card, level: beginner, front: Front?, back: Back., rules: [FRZ101]}
  - id: choice
    kind: choice
    level: beginner
    prompt: Which?
    options:
      - {text: this, correct: true, why: because}
      - {text: that, why: because not}
      - {text: other, why: nor this}
  - id: explain
    kind: explain
    level: beginner
    prompt: Explain.
    hint: Think.
    concepts:
      - {id: fixed, text: Weights are fixed., accept: [[weight], [fixed]]}
      - {id: faster, text: It is faster., accept: [[faster]]}
`,
  'sample.yaml',
).deck as Deck;

/** A session over the whole sample deck. */
export function sessionOfSample(seed: number): Session {
  const places = sampleDeck.items.map((item) => ({ deck: sampleDeck.id, item: item.id }));
  return startSession([sampleDeck], sampleDeck.id, places, { now: 0, seed });
}
