import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ItemScreenView } from '../study-messages/items.ts';
import type { StudyAction, StudyView } from '../study-messages/messages.ts';
import { Card, cardKey } from './card.tsx';
import { Challenge, challengeKey, challengeOutcome } from './challenge.tsx';
import { Choice, choiceKey, choiceOutcome, hasAnswer } from './choice.tsx';
import { CostScreen } from './cost.tsx';
import { Decks } from './decks.tsx';
import { ExerciseList } from './exercise-list.tsx';
import { conceptScore, Explain, explainKey } from './explain.tsx';
import { Home } from './home.tsx';
import type { Act } from './host.ts';
import { Lesson, lessonKey } from './lesson.tsx';
import { Bar, Icon } from './parts.tsx';
import { Predict, predictKey, predictOutcome } from './predict.tsx';
import { Project, projectKey, projectOutcome } from './project.tsx';
import { Statistics } from './statistics.tsx';
import { Summary } from './summary.tsx';
import { Try, tryKey, tryOutcome } from './try.tsx';
import { Visualize, visualizeKey } from './visualize.tsx';

/** The whole page: one screen, its keys, where the focus goes, and what is read out. */
export function Screen({ view, act }: { view: StudyView; act: Act }) {
  useKeys(view, act);
  useFocus(view);
  return (
    <>
      {view.screen === 'home' && <Home view={view} act={act} />}
      {view.screen === 'decks' && <Decks view={view} act={act} />}
      {view.screen === 'statistics' && <Statistics view={view} act={act} />}
      {view.screen === 'item' && <ItemScreen view={view} act={act} />}
      {view.screen === 'summary' && <Summary view={view} act={act} />}
      {view.screen === 'cost' && <CostScreen view={view} act={act} />}
      {view.screen === 'visualize' && <Visualize view={view} act={act} />}
      {view.screen === 'lesson' && <Lesson view={view} act={act} />}
      {view.screen === 'predict' && <Predict view={view} act={act} />}
      {view.screen === 'exercises' && <ExerciseList view={view} act={act} />}
      {view.screen === 'try' && <Try view={view} act={act} />}
      {view.screen === 'challenge' && <Challenge view={view} act={act} />}
      {view.screen === 'project' && <Project view={view} act={act} />}
      <div class="visually-hidden" role="status" aria-live="polite">
        {outcomeOf(view)}
      </div>
    </>
  );
}

function ItemScreen({ view, act }: { view: ItemScreenView; act: Act }) {
  const { item, position, total } = view;
  const single = position === null;
  return (
    // The key makes a new item start afresh: its own text field, its own scroll position.
    <article key={item.key} class="item">
      <Bar title={view.title} position={position} total={total} act={act}>
        {view.canUndo && (
          <button
            type="button"
            class="icon-button"
            aria-label="Undo last review"
            title="Undo last review (Ctrl+Z)"
            onClick={() => act({ type: 'undo' })}
          >
            <Icon name="discard" />
          </button>
        )}
      </Bar>
      {item.kind === 'card' && <Card item={item} act={act} single={single} />}
      {item.kind === 'choice' && <Choice item={item} act={act} single={single} />}
      {item.kind === 'explain' && <Explain item={item} act={act} />}
    </article>
  );
}

/**
 * Keys of the whole page; a key that a focused control takes for itself is left to it. Bound in a layout effect, so that a
 * key pressed right after a screen appears already means what that screen says.
 */
function useKeys(view: StudyView, act: Act): void {
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.repeat || event.altKey) return;
      const { target } = event;
      // Ctrl+Z in a text field takes the typing back.
      if (target instanceof HTMLTextAreaElement) return;
      // Letters choose from a list.
      if (target instanceof HTMLSelectElement && event.key !== 'Escape') return;
      if (event.ctrlKey || event.metaKey) {
        // VS Code has marked this key as handled already, for its own undo, which does nothing here.
        const isUndo = event.key.toLowerCase() === 'z' && !event.shiftKey;
        if (!isUndo || !('canUndo' in view) || !view.canUndo) return;
        event.preventDefault();
        act({ type: 'undo' });
        return;
      }
      if (event.defaultPrevented) return;
      const isOnControl = target instanceof HTMLButtonElement || target instanceof HTMLInputElement;
      if (isOnControl && (event.key === ' ' || event.key === 'Enter')) return;
      // Arrows scroll wide code.
      if (event.key.startsWith('Arrow') && (target as Element).closest?.('.code-block')) return;
      const action = actionOfKey(view, event.key);
      if (action === undefined) return;
      event.preventDefault();
      act(action);
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  });
}

function actionOfKey(view: StudyView, key: string): StudyAction | undefined {
  if (view.screen === 'visualize') return key === 'Escape' ? { type: 'home' } : visualizeKey(view, key);
  if (view.screen === 'lesson') return lessonKey(view, key);
  if (view.screen === 'predict') return predictKey(view, key);
  if (view.screen === 'cost' || view.screen === 'decks' || view.screen === 'statistics') {
    return key === 'Escape' ? { type: 'home' } : undefined;
  }
  if (view.screen === 'exercises' && key === 'Escape') return { type: 'home' };
  if (view.screen === 'try') return tryKey(view, key);
  if (view.screen === 'challenge') return challengeKey(view, key);
  if (view.screen === 'project') return projectKey(view, key);
  if (view.screen !== 'item') return undefined;
  if (key === 'Escape') return view.position === null ? { type: 'close' } : { type: 'home' };
  if (view.position === null) return undefined;
  if (view.item.kind === 'card') return cardKey(view.item, key);
  return view.item.kind === 'choice' ? choiceKey(view.item, key) : explainKey(view.item, key);
}

/** Moves the focus to what is new: the question of a new screen, then its answer. Never takes it from the editor. */
function useFocus(view: StudyView): void {
  const seen = useRef('');
  const place = focusPlace(view);
  useLayoutEffect(() => {
    if (seen.current === place) return;
    const isFirst = seen.current === '';
    seen.current = place;
    if (place.startsWith('question')) window.scrollTo(0, 0);
    if (isFirst || !document.hasFocus()) return;
    const name = place.startsWith('answer') ? 'answer' : 'question';
    document
      .querySelector<HTMLElement>(`[data-focus="${name}"]`)
      ?.focus({ preventScroll: name === 'question' });
  });
}

function focusPlace(view: StudyView): string {
  if (view.screen === 'lesson') {
    return `${hasAnswer(view.page.options) ? 'answer' : 'question'} ${view.mode} ${view.page.id}`;
  }
  if (view.screen === 'predict') {
    const { question } = view;
    return `${question?.isChecked ? 'answer' : 'question'} predict ${question?.id ?? ''}`;
  }
  if (view.screen === 'try' || view.screen === 'challenge') {
    const isChecked = view.checks > 0 && !view.isOutdated && view.rows.every(({ state }) => state !== 'open');
    return isChecked ? `answer ${view.id} ${view.checks}` : `question ${view.id}`;
  }
  if (view.screen !== 'item') return `question ${view.screen}`;
  const { item } = view;
  const isAnswered =
    item.kind === 'card'
      ? item.back !== null && view.position !== null
      : item.kind === 'choice'
        ? hasAnswer(item.options)
        : item.checked !== null;
  return `${isAnswered ? 'answer' : 'question'} ${item.key}`;
}

function outcomeOf(view: StudyView): string {
  if (view.screen === 'visualize') {
    const { task, outcome } = view;
    return (task ?? `${outcome.error ?? ''} ${outcome.text}`).replaceAll('`', '');
  }
  if (view.screen === 'cost') return view.charts.map(({ title, share }) => `${title}: ${share}.`).join(' ');
  if (view.screen === 'lesson') return choiceOutcome(view.page.options);
  if (view.screen === 'predict') return view.question?.isChecked ? predictOutcome(view.question) : '';
  if (view.screen === 'try') return tryOutcome(view);
  if (view.screen === 'challenge') return challengeOutcome(view);
  if (view.screen === 'project') return projectOutcome(view);
  if (view.screen !== 'item') return '';
  if (view.item.kind === 'choice') return choiceOutcome(view.item.options);
  return view.item.kind === 'explain' && view.item.checked !== null ? conceptScore(view.item.checked) : '';
}
