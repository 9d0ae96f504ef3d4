import type { StudyAction } from '../study-messages/messages.ts';
import type { TryView } from '../study-messages/practice.ts';
import { Checklist, outcomeOfCheck } from './checklist.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Bar, Button, Foot, Icon, Tags } from './parts.tsx';
import './exercises.css';

const asked = (action: unknown): StudyAction => ({ type: 'do', mode: 'try', action });

/** One try: the task and the checklist; the code is in the editor. */
export function Try({ view, act }: { view: TryView; act: Act }) {
  const { next, learned } = view;
  const outcome = outcomeOfCheck(view.rows);
  const isReached = outcome !== '' && !view.isOutdated && view.rows.every(({ state }) => state === 'met');
  const ask = (action: unknown) => act(asked(action));
  return (
    <article key={view.id} class="item">
      <Bar title={`Try ${view.position + 1} of ${view.total}`} position={null} total={view.total} act={act}>
        <button
          type="button"
          class="icon-button"
          aria-label="All tries"
          title="All tries"
          onClick={() => ask({ type: 'list' })}
        >
          <Icon name="list-unordered" />
        </button>
      </Bar>
      <Tags level={view.level} rules={view.rules} />
      <h1 tabIndex={-1} data-focus="question">
        {view.title}
      </h1>
      <div class="two-columns">
        <div>
          <Markdown text={view.task} />
          <p class="exercise-tools">
            <button type="button" class="link" onClick={() => ask({ type: 'edit' })}>
              <Icon name="go-to-file" /> Show the code
            </button>
            <button type="button" class="link" onClick={() => ask({ type: 'restart' })}>
              <Icon name="discard" /> Start over
            </button>
          </p>
          {view.hint !== null && (
            <section class="panel fade" aria-label="Hint">
              <Markdown text={view.hint} />
            </section>
          )}
        </div>
        <div>
          <Checklist
            rows={view.rows}
            isOutdated={view.isOutdated}
            onLine={(line) => ask({ type: 'reveal', line })}
          />
          {outcome !== '' && !view.isOutdated && (
            <p class="outcome" tabIndex={-1} data-focus="answer">
              {outcome}
            </p>
          )}
          {learned !== null && (
            <section class="panel fade" aria-label="What to take away">
              <Markdown text={learned} />
            </section>
          )}
        </div>
      </div>
      <Foot>
        {view.hint === null && !isReached && <Button onClick={() => ask({ type: 'hint' })}>Hint</Button>}
        {view.canSeeSolution && (
          <Button onClick={() => ask({ type: 'solution' })}>Compare with a solution</Button>
        )}
        {isReached && next !== null ? (
          <Button primary keyHint="Enter" onClick={() => ask({ type: 'choose', id: next })}>
            Next
          </Button>
        ) : (
          <Button primary keyHint="Enter" onClick={() => ask({ type: 'check' })}>
            Check
          </Button>
        )}
      </Foot>
    </article>
  );
}

/** What a key does on a try. */
export function tryKey(view: TryView, key: string): StudyAction | undefined {
  if (key === 'Escape') return asked({ type: 'list' });
  if (key !== 'Enter') return undefined;
  const isReached = !view.isOutdated && view.rows.every(({ state }) => state === 'met');
  return isReached && view.next !== null
    ? asked({ type: 'choose', id: view.next })
    : asked({ type: 'check' });
}

/** What is read out after a check; the number of checks makes the same words news again. */
export function tryOutcome({ rows, isOutdated, checks }: TryView): string {
  const outcome = isOutdated ? '' : outcomeOfCheck(rows);
  return outcome === '' ? '' : `Check ${checks}: ${outcome}`;
}
