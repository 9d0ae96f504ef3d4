import type { Deck, Explain, Item } from '../../learn/deck.ts';
import { grade, type TextSpan } from '../../learn/grading.ts';
import { countKnown, type Progress } from '../../learn/progress.ts';
import { type Answer, currentItem, type Session, tickedConcepts } from '../../learn/session.ts';
import type { ItemView, StudyView } from '../../study-messages.ts';

/** The overview: each deck with its progress, and the session that can go on. */
export function viewOfHome(
  decks: readonly Deck[],
  progress: Progress,
  resume: { readonly session: Session; readonly deck: Deck } | null,
  notices: readonly string[],
): StudyView {
  return {
    screen: 'home',
    decks: decks.map((deck) => ({
      id: deck.id,
      title: deck.title,
      description: deck.description ?? '',
      minutes: deck.minutes,
      items: deck.items.length,
      known: countKnown(progress, deck),
    })),
    resume:
      resume === null
        ? null
        : {
            title: resume.deck.title,
            position: resume.session.position,
            total: resume.session.queue.length,
          },
    notices: [...notices],
  };
}

/** The item a session is at, or its summary once it is over. */
export function viewOfSession(session: Session, deck: Deck): StudyView {
  const item = currentItem(session, deck);
  if (item === undefined || session.answer === null) {
    const question = (id: string): string => titleOf(deck.items.find((each) => each.id === id));
    return {
      screen: 'summary',
      title: deck.title,
      deck: deck.id,
      results: session.results.map(({ item, rating }) => ({ item, question: question(item), rating })),
    };
  }
  return {
    screen: 'item',
    title: deck.title,
    position: session.position,
    total: session.queue.length,
    item: viewOfItem(item, session.answer, `${session.seed}/${session.position}/${item.id}`),
  };
}

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
        : { kind: 'explain', draft: '', hintShown: true, checked: false, overruled: {} };
  return {
    screen: 'item',
    title: deck.title,
    position: null,
    total: 1,
    item: viewOfItem(item, answer, `opened/${item.id}`),
  };
}

function viewOfItem(item: Item, answer: Answer, key: string): ItemView {
  const common = { key, level: item.level, rules: item.rules ?? [] };
  if (item.kind === 'card') {
    const revealed = answer.kind === 'card' && answer.revealed;
    return { ...common, kind: 'card', front: item.front, back: revealed ? item.back : null };
  }
  if (item.kind === 'choice') {
    const { order, chosen } =
      answer.kind === 'choice' ? answer : { order: item.options.map((_, i) => i), chosen: null };
    const options = order.flatMap((index) => {
      const option = item.options[index];
      if (option === undefined) return [];
      const feedback = chosen === null ? null : { correct: option.correct === true, why: option.why };
      return [{ option: index, text: option.text, chosen: chosen === index, feedback }];
    });
    return { ...common, kind: 'choice', prompt: item.prompt, options };
  }
  const { draft, hintShown, checked, overruled } =
    answer.kind === 'explain' ? answer : { draft: '', hintShown: false, checked: false, overruled: {} };
  return {
    ...common,
    kind: 'explain',
    prompt: item.prompt,
    hint: hintShown ? item.hint : null,
    draft,
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
