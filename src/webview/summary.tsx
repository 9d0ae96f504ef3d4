import type { SummaryView } from '../study-messages/items.ts';
import type { Act } from './host.ts';
import { firstParagraph, Inline } from './markdown.tsx';
import { Button, Foot, Icon } from './parts.tsx';

const words = { again: 'not yet', hard: 'partly', good: 'known', easy: 'known' } as const;

/** How a session went, and a second round through what was not right. */
export function Summary({ view, act }: { view: SummaryView; act: Act }) {
  const missed = view.results.filter(({ rating }) => rating === 'again' || rating === 'hard').length;
  return (
    <>
      <h1 tabIndex={-1} data-focus="question">
        {`${view.results.length - missed} of ${view.results.length} known`}
      </h1>
      <p class="quiet">{view.title}</p>
      <ul class="results">
        {view.results.map(({ question, rating }) => (
          <li>
            {words[rating] === 'known' ? (
              <Icon name="pass" tone="right" />
            ) : (
              <Icon name={rating === 'hard' ? 'circle-large' : 'circle-slash'} tone="wrong" />
            )}
            <span>
              <Inline text={firstParagraph(question)} />
              <span class="quiet"> {words[rating]}</span>
            </span>
          </li>
        ))}
      </ul>
      <Foot>
        {view.canUndo && (
          <Button onClick={() => act({ type: 'undo' })} keyHint="Ctrl+Z">
            Undo
          </Button>
        )}
        {missed > 0 && <Button onClick={() => act({ type: 'repeat' })}>{`Repeat ${missed}`}</Button>}
        <Button primary onClick={() => act({ type: 'home' })}>
          Overview
        </Button>
      </Foot>
    </>
  );
}
