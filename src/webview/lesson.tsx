import './lesson.css';
import type { LessonPageView, LessonScreenView } from '../study-messages/lesson.ts';
import type { StudyAction } from '../study-messages/messages.ts';
import { choiceOutcome, hasAnswer, Options, optionOfKey } from './choice.tsx';
import type { Act } from './host.ts';
import { Inline } from './markdown.tsx';
import { Bar, Button, CodeBlock, Foot, Icon } from './parts.tsx';

/** A page of Learn, Why or Deep: a program, a question about it, and what PyTorch made of the program. */
export function Lesson({ view, act }: { view: LessonScreenView; act: Act }) {
  const { page, score } = view;
  const { evidence } = page;
  const isDone = score.answered === view.total;
  return (
    // The key makes a new page start afresh: its own scroll positions.
    <article key={page.id} class="item">
      <Bar title={view.title} position={view.position} total={view.total} act={act} />
      <div class="question">
        <h1 tabIndex={-1} data-focus="question">
          <Inline text={page.title} />
        </h1>
        <p>
          <Inline text={page.text} />
        </p>
      </div>
      <div class="lesson">
        <div class="lesson-code">
          <CodeLines code={page.code} keyLine={page.key} />
          <div class="lesson-links">
            <button type="button" class="link" onClick={() => act({ type: 'openCode' })}>
              <Icon name="go-to-file" /> Open in editor
            </button>
            {page.canInsert && (
              <button type="button" class="link" onClick={() => act({ type: 'insertCode' })}>
                <Icon name="insert" />{' '}
                {evidence === null || evidence.diff.length === 0 ? 'Insert' : 'Insert the cure'}
              </button>
            )}
          </div>
        </div>
        <div class="lesson-question">
          <h2>
            <Inline text={page.prompt} />
          </h2>
          {evidence !== null && (
            <p class="outcome fade" tabIndex={-1} data-focus="answer">
              {choiceOutcome(page.options)}
            </p>
          )}
          <Options
            options={page.options}
            choose={(option) => act(inLesson(view, { type: 'answer', page: page.id, option }))}
          />
        </div>
        {evidence !== null && <Evidence evidence={evidence} act={act} />}
      </div>
      <Foot>
        {isDone && (
          <p class="lesson-score quiet">
            {`${score.right} of ${view.total} right`}
            <button type="button" class="link" onClick={() => act(inLesson(view, { type: 'restart' }))}>
              Start over
            </button>
          </p>
        )}
        {view.previous !== null && <Button onClick={() => act(turnTo(view, view.previous))}>Back</Button>}
        <Button primary onClick={() => act(turnTo(view, view.next))} keyHint="Enter">
          {view.next === null ? 'Overview' : 'Next'}
        </Button>
      </Foot>
    </article>
  );
}

/** Code with its key line marked, by an arrow and for screen readers by words. It scrolls by itself where it is wide. */
export function CodeLines({ code, keyLine }: { code: string; keyLine: number | null }) {
  return (
    <CodeBlock label="Code">
      <code>
        {code.split('\n').map((line, index) => (
          <span class={index === keyLine ? 'code-line is-key' : 'code-line'}>
            {index === keyLine && (
              <>
                <Icon name="arrow-small-right" />
                <span class="visually-hidden">key line: </span>
              </>
            )}
            {`${line}\n`}
          </span>
        ))}
      </code>
    </CodeBlock>
  );
}

type EvidenceView = NonNullable<LessonPageView['evidence']>;

/** What was measured, how the program is mended, what is frozen in the end, and where to read on. */
function Evidence({ evidence, act }: { evidence: EvidenceView; act: Act }) {
  const { torch, output, table, diff, state, rules } = evidence;
  return (
    <section class="evidence fade" aria-label="What PyTorch does">
      {output !== '' && (
        <>
          <h2>{`PyTorch ${torch} prints`}</h2>
          <CodeBlock label="Output">
            <samp>{output}</samp>
          </CodeBlock>
        </>
      )}
      {table.length > 0 && <Measured torch={torch} table={table} />}
      {diff.length > 0 && (
        <>
          <h2>The cure</h2>
          <Diff diff={diff} />
        </>
      )}
      {state.length > 0 && (
        <>
          <h2>In the end</h2>
          <ul class="flags">
            {state.map(({ target, flag }) => (
              <li class={`flag is-${flag}`}>
                <code>{target}</code>{' '}
                <span class="flag-word">{flag === 'mixed' ? 'partly frozen' : flag}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {rules.length > 0 && (
        <p class="lesson-links">
          {rules.map((code) => (
            <button type="button" class="link" onClick={() => act({ type: 'openRule', code })}>
              <Icon name="book" /> {`Rule ${code}`}
            </button>
          ))}
        </p>
      )}
    </section>
  );
}

function Measured({ torch, table }: Pick<EvidenceView, 'torch' | 'table'>) {
  return (
    <table class="measured">
      <caption>{`Measured under PyTorch ${torch}`}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {table.map(({ quantity, before, after }) => (
          <tr>
            <th scope="row">{quantity}</th>
            <td>{before}</td>
            <td>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SIGNS = {
  same: { sign: ' ', word: '' },
  removed: { sign: '-', word: 'removed: ' },
  added: { sign: '+', word: 'added: ' },
} as const;

function Diff({ diff }: Pick<EvidenceView, 'diff'>) {
  return (
    <CodeBlock label="The cure as a diff">
      <code>
        {diff.map(({ kind, text }) => (
          <span class={`code-line is-${kind}`}>
            <span class="sign" aria-hidden="true">
              {SIGNS[kind].sign}
            </span>
            <span class="visually-hidden">{SIGNS[kind].word}</span>
            {`${text}\n`}
          </span>
        ))}
      </code>
    </CodeBlock>
  );
}

/** Something done in the lesson in front. */
function inLesson(view: LessonScreenView, action: unknown): StudyAction {
  return { type: 'do', mode: view.mode, action };
}

/** To a page; where there is none, to the overview. */
function turnTo(view: LessonScreenView, page: string | null): StudyAction {
  return page === null ? { type: 'home' } : inLesson(view, { type: 'turn', page });
}

/** What a key does in a lesson: a letter chooses, Enter goes on, arrows or N and P turn the pages. */
export function lessonKey(view: LessonScreenView, key: string): StudyAction | undefined {
  const { page, next, previous } = view;
  if (key === 'Escape') return { type: 'home' };
  if (key === 'Enter') return turnTo(view, next);
  if (key === 'ArrowRight' || key.toLowerCase() === 'n')
    return next === null ? undefined : turnTo(view, next);
  if (key === 'ArrowLeft' || key.toLowerCase() === 'p') {
    return previous === null ? undefined : turnTo(view, previous);
  }
  const option = hasAnswer(page.options) ? undefined : optionOfKey(page.options, key);
  return option === undefined ? undefined : inLesson(view, { type: 'answer', page: page.id, option });
}
