import { type Deck, type Explain, findItem, type Item } from '../../learn/deck.ts';
import { grade, type TextSpan } from '../../learn/grading.ts';
import { keyOfPlace, type Rating } from '../../learn/review.ts';
import { describeInterval, type Memories, nextIntervals } from '../../learn/scheduling.ts';
import {
  type Answer,
  currentItem,
  ratingOfResult,
  type Session,
  tickedConcepts,
  undoResult,
} from '../../learn/session.ts';
import type { ItemView } from '../../study-messages/items.ts';
import type { StudyView } from '../../study-messages/messages.ts';

/** The item a session is at, or its summary once it is over. */
export function viewOfSession(
  session: Session,
  decks: readonly Deck[],
  memories: Memories,
  now: number,
): StudyView {
  const title = titleOfSession(session, decks);
  const canUndo = undoResult(session, decks) !== null;
  const item = currentItem(session, decks);
  const place = session.queue[session.position];
  if (item === undefined || place === undefined || session.answer === null) {
    return {
      screen: 'summary',
      title,
      results: session.results.map((result) => ({
        question: titleOf(findItem(decks, result)),
        rating: result.rating,
      })),
      canUndo,
    };
  }
  const intervals = nextIntervals(memories, place, now);
  const inWords = (rating: Rating): string => describeInterval(intervals[rating]);
  return {
    screen: 'item',
    title,
    position: session.position,
    total: session.queue.length,
    item: viewOfItem(
      item,
      session.answer,
      `${session.seed}/${session.position}/${keyOfPlace(place)}`,
      inWords,
    ),
    canUndo,
  };
}

/** What a session is called. */
export function titleOfSession(session: Session, decks: readonly Deck[]): string {
  if (session.deck === null) return 'Today';
  return decks.find(({ id }) => id === session.deck)?.title ?? '';
}

const freshExplanation: Extract<Answer, { kind: 'explain' }> = {
  kind: 'explain',
  draft: '',
  hintShown: false,
  checked: false,
  overruled: {},
};

/** One card by itself, with its answer shown: somebody asked why. */
export function viewOfOpenedCard(deck: Deck, item: Item): StudyView {
  const answer: Answer =
    item.kind === 'choice'
      ? {
          kind: 'choice',
          order: item.options.map((_, index) => index),
          chosen: item.options.findIndex((each) => each.correct === true),
        }
      : item.kind === 'card'
        ? { kind: 'card', revealed: true }
        : { ...freshExplanation, hintShown: true };
  return {
    screen: 'item',
    title: deck.title,
    position: null,
    total: 1,
    item: viewOfItem(item, answer, `opened/${item.id}`, null),
    canUndo: false,
  };
}

/** @param inWords when the item comes back after a rating; null for an item that is not being reviewed. */
function viewOfItem(
  item: Item,
  answer: Answer,
  key: string,
  inWords: ((rating: Rating) => string) | null,
): ItemView {
  const common = { key, level: item.level, rules: item.rules ?? [] };
  if (item.kind === 'card') {
    const revealed = answer.kind === 'card' && answer.revealed;
    const intervals =
      inWords === null
        ? null
        : {
            again: inWords('again'),
            hard: inWords('hard'),
            good: inWords('good'),
            easy: inWords('easy'),
          };
    return { ...common, kind: 'card', front: item.front, back: revealed ? item.back : null, intervals };
  }
  const result = ratingOfResult(item, answer);
  const returnsIn = inWords === null || result === null ? null : inWords(result);
  if (item.kind === 'choice') {
    const { order, chosen } =
      answer.kind === 'choice' ? answer : { order: item.options.map((_, i) => i), chosen: null };
    const options = order.flatMap((index) => {
      const option = item.options[index];
      if (option === undefined) return [];
      const feedback = chosen === null ? null : { correct: option.correct === true, why: option.why };
      return [{ option: index, text: option.text, chosen: chosen === index, feedback }];
    });
    return { ...common, kind: 'choice', prompt: item.prompt, options, returnsIn };
  }
  if (answer.kind !== 'explain') return viewOfItem(item, freshExplanation, key, inWords);
  const { draft, revision = 0, hintShown, checked, overruled } = answer;
  return {
    ...common,
    kind: 'explain',
    prompt: item.prompt,
    hint: hintShown ? item.hint : null,
    draft,
    revision,
    returnsIn,
    checked: checked ? viewOfGrade(item, draft, overruled) : null,
  };
}

function viewOfGrade(item: Explain, draft: string, overruled: Readonly<Record<string, boolean>>) {
  const found = grade(item, draft);
  const { concepts } = tickedConcepts(found, overruled);
  return {
    concepts: concepts.map(({ id, ticked }, index) => ({
      id,
      text: item.concepts[index]?.text ?? id,
      ticked,
    })),
    pieces: cutAt(
      draft,
      found.concepts.flatMap((concept) => concept.matched),
    ),
  };
}

/** Cuts the text at the spans, which may overlap and come in any order. */
function cutAt(text: string, spans: readonly TextSpan[]): { text: string; matched: boolean }[] {
  const pieces: { text: string; matched: boolean }[] = [];
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start > at) pieces.push({ text: text.slice(at, start), matched: false });
    if (end > at) pieces.push({ text: text.slice(Math.max(start, at), end), matched: true });
    at = Math.max(at, end);
  }
  if (at < text.length) pieces.push({ text: text.slice(at), matched: false });
  return pieces;
}

function titleOf(item: Item | undefined): string {
  if (item === undefined) return '';
  return item.kind === 'card' ? item.front : item.prompt;
}
