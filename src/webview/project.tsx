import type { StudyAction } from '../study-messages/messages.ts';
import type { ProjectView } from '../study-messages/practice.ts';
import { Checklist, LineLink, outcomeOfCheck } from './checklist.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Bar, Button, Foot, Icon } from './parts.tsx';
import './exercises.css';

const asked = (action: unknown): StudyAction => ({ type: 'do', mode: 'project', action });

const STATES = {
  done: { icon: 'pass', tone: 'right', words: 'done: ' },
  current: { icon: 'arrow-right', tone: undefined, words: 'now: ' },
  open: { icon: 'circle-large-outline', tone: undefined, words: 'later: ' },
} as const;

/** The guided project: its steps, ticked from what the code in the learner's folder does. */
export function Project({ view, act }: { view: ProjectView; act: Act }) {
  const { current, folder } = view;
  const ask = (action: unknown) => act(asked(action));
  const onLine = (line: number) => ask({ type: 'reveal', line });
  return (
    <article class="item">
      <Bar title="Project" position={null} total={view.steps.length} act={act}>
        <span class="quiet bar-count">{`${countDone(view)} of ${view.steps.length} done`}</span>
      </Bar>
      <h1 tabIndex={-1} data-focus="question">
        {view.title}
      </h1>
      {view.problem !== null && (
        <p class="notice">
          <Icon name="warning" tone="wrong" /> <span>{view.problem}</span>
        </p>
      )}
      {folder === null ? (
        <Markdown text={view.about} />
      ) : (
        <p class="exercise-tools">
          <span class="quiet">{folder}</span>
          <button type="button" class="link" onClick={() => ask({ type: 'edit' })}>
            <Icon name="go-to-file" /> Show the code
          </button>
          <button type="button" class="link" onClick={() => ask({ type: 'leave' })}>
            <Icon name="close" /> Leave this folder
          </button>
        </p>
      )}
      <ol class="steps">
        {view.steps.map((step) => {
          const { icon, tone, words } = STATES[step.state];
          const lines = [...new Set(step.rows.flatMap(({ line }) => line ?? []))];
          return (
            <li
              class={`step is-${step.state}`}
              {...(step.state === 'current' ? { 'aria-current': 'step' as const } : {})}
            >
              <Icon name={icon} {...(tone === undefined ? {} : { tone })} />
              <span class="check-words">
                <span class="visually-hidden">{words}</span>
                {step.title}
              </span>
              {lines.map((line) => (
                <LineLink line={line} onLine={onLine} />
              ))}
            </li>
          );
        })}
      </ol>
      {folder !== null && current !== null && (
        <div class="two-columns">
          <div>
            <h2>{view.steps.find(({ id }) => id === current.id)?.title}</h2>
            <Markdown text={current.task} />
            {current.hint !== null && (
              <section class="panel fade" aria-label="Hint">
                <Markdown text={current.hint} />
              </section>
            )}
          </div>
          <div>
            <Checklist
              rows={[...current.rows, ...view.whole.filter(({ state }) => state === 'missed')]}
              isOutdated={view.isOutdated}
              onLine={onLine}
            />
          </div>
        </div>
      )}
      {folder !== null && current === null && (
        <p class="outcome" tabIndex={-1} data-focus="answer">
          All steps are done. What you have now is a script that fine-tunes as it should.
        </p>
      )}
      <Foot>
        {folder === null ? (
          <Button primary keyHint="Enter" onClick={() => ask({ type: 'pick' })}>
            Choose an empty folder…
          </Button>
        ) : (
          <>
            {current !== null && current.hint === null && (
              <Button onClick={() => ask({ type: 'hint' })}>Hint</Button>
            )}
            {current !== null && current.hint !== null && (
              <Button onClick={() => ask({ type: 'solution' })}>Compare with a solution</Button>
            )}
            <Button primary keyHint="Enter" onClick={() => ask({ type: 'check' })}>
              Check
            </Button>
          </>
        )}
      </Foot>
    </article>
  );
}

function countDone({ steps }: ProjectView): number {
  return steps.filter(({ state }) => state === 'done').length;
}

/** What a key does on the project. */
export function projectKey(view: ProjectView, key: string): StudyAction | undefined {
  if (key === 'Escape') return { type: 'home' };
  if (key !== 'Enter') return undefined;
  return asked({ type: view.folder === null ? 'pick' : 'check' });
}

/** What is read out: what is wrong with a folder, or how far a check found the steps done. */
export function projectOutcome(view: ProjectView): string {
  if (view.problem !== null) return view.problem;
  if (view.checks === 0 || view.isOutdated) return '';
  const { current } = view;
  const step = current === null ? '' : ` ${outcomeOfCheck(current.rows)}`;
  return `Check ${view.checks}: ${countDone(view)} of ${view.steps.length} steps done.${step}`;
}
