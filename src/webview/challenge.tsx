import type { StudyAction } from '../study-messages/messages.ts';
import type { ChallengeView } from '../study-messages/practice.ts';
import { Checklist, outcomeOfCheck } from './checklist.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Bar, Button, Foot, Icon, Tags } from './parts.tsx';
import './exercises.css';

const asked = (action: unknown): StudyAction => ({ type: 'do', mode: 'challenge', action });

/** One challenge: first mark the line with the bug, then mend it. The program is in the editor. */
export function Challenge({ view, act }: { view: ChallengeView; act: Act }) {
  const { learned, next, nextHint, isFound } = view;
  const outcome = view.isOutdated ? '' : outcomeOfCheck(view.rows);
  const ask = (action: unknown) => act(asked(action));
  return (
    <article key={view.id} class="item">
      <Bar
        title={`Challenge ${view.position + 1} of ${view.total}`}
        position={null}
        total={view.total}
        act={act}
      >
        <button
          type="button"
          class="icon-button"
          aria-label="All challenges"
          title="All challenges"
          onClick={() => ask({ type: 'list' })}
        >
          <Icon name="list-unordered" />
        </button>
      </Bar>
      <Tags level={view.level} rules={learned === null ? [] : [learned.rule]} />
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
          {view.hints.map((hint) => (
            <section class="panel fade" aria-label={hint.title}>
              <strong>{hint.title}</strong>
              <Markdown text={hint.text} />
            </section>
          ))}
        </div>
        <div>
          <h2>Find it</h2>
          <p>{isFound ? 'The bug is found.' : 'Put the cursor on the line with the bug, then mark it.'}</p>
          {view.marks.length > 0 && (
            <ol class="marks" aria-label="Lines marked">
              {view.marks.map((line, index) => {
                const isIt = isFound && index === view.marks.length - 1;
                return (
                  <li>
                    <Icon
                      name={isIt ? 'pass' : 'circle-slash'}
                      {...(isIt ? { tone: 'right' as const } : {})}
                    />
                    {` line ${line}${isIt ? ': this is it' : ': not this one'}`}
                  </li>
                );
              })}
            </ol>
          )}
          {(isFound || view.checks > 0) && (
            <Checklist
              rows={view.rows}
              isOutdated={view.isOutdated}
              onLine={(line) => ask({ type: 'reveal', line })}
            />
          )}
          {outcome !== '' && (
            <p class="outcome" tabIndex={-1} data-focus="answer">
              {outcome}
            </p>
          )}
          {learned !== null && (
            <section class="panel fade" aria-label="What to take away">
              <Markdown text={learned.text} />
            </section>
          )}
        </div>
      </div>
      <Foot>
        {!view.isSolved && nextHint !== null && (
          <Button onClick={() => ask({ type: 'hint' })}>{`Hint: ${nextHint}`}</Button>
        )}
        {view.canSeeSolution && (
          <Button onClick={() => ask({ type: 'solution' })}>Compare with a solution</Button>
        )}
        {!isFound && <Button onClick={() => ask({ type: 'check' })}>Check</Button>}
        {isReached(view) && next !== null ? (
          <Button primary keyHint="Enter" onClick={() => ask({ type: 'choose', id: next })}>
            Next
          </Button>
        ) : (
          <Button primary keyHint="Enter" onClick={() => ask({ type: isFound ? 'check' : 'mark' })}>
            {isFound ? 'Check' : 'Mark the line of the cursor'}
          </Button>
        )}
      </Foot>
    </article>
  );
}

function isReached({ rows, isOutdated }: ChallengeView): boolean {
  return !isOutdated && rows.every(({ state }) => state === 'met');
}

/** What a key does on a challenge. */
export function challengeKey(view: ChallengeView, key: string): StudyAction | undefined {
  if (key === 'Escape') return asked({ type: 'list' });
  if (key !== 'Enter') return undefined;
  if (isReached(view) && view.next !== null) return asked({ type: 'choose', id: view.next });
  return asked({ type: view.isFound ? 'check' : 'mark' });
}

/** What is read out after a mark or a check; the counts make the same words news again. */
export function challengeOutcome({ marks, isFound, rows, checks, isOutdated }: ChallengeView): string {
  const checked = isOutdated ? '' : outcomeOfCheck(rows);
  if (checked !== '') return `Check ${checks}: ${checked}`;
  const last = marks.at(-1);
  if (last === undefined) return '';
  return `Mark ${marks.length}: line ${last} is ${isFound ? 'the one.' : 'not the one.'}`;
}
