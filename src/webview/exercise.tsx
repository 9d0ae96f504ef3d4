/** What a try and a challenge have in common. */
import type { ComponentChildren } from 'preact';
import type { StudyAction } from '../study-messages/messages.ts';
import type { ChallengeView, TryView } from '../study-messages/practice.ts';
import { Checklist, outcomeOfCheck } from './checklist.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Bar, Button, Icon, Tags } from './parts.tsx';
import './exercises.css';

type ExerciseView = TryView | ChallengeView;
type Ask = (action: unknown) => void;

/** Something done in the exercise in front. */
export const inExercise = ({ screen }: ExerciseView, action: unknown): StudyAction => ({
  type: 'do',
  mode: screen,
  action,
});

export const isReached = ({ rows, isOutdated }: ExerciseView): boolean =>
  !isOutdated && rows.every(({ state }) => state === 'met');

/** The outcome of the last check in a sentence; empty before it, and once the code has changed. */
export const outcomeOf = ({ rows, isOutdated }: ExerciseView): string =>
  isOutdated ? '' : outcomeOfCheck(rows);

const NAMES = {
  try: { one: 'Try', all: 'All tries' },
  challenge: { one: 'Challenge', all: 'All challenges' },
} as const;

export function ExerciseHead(props: { view: ExerciseView; rules: readonly string[]; ask: Ask; act: Act }) {
  const { view, rules, ask, act } = props;
  const { one, all } = NAMES[view.screen];
  return (
    <>
      <Bar
        title={`${one} ${view.position + 1} of ${view.total}`}
        position={null}
        total={view.total}
        act={act}
      >
        <button
          type="button"
          class="icon-button"
          aria-label={all}
          title={all}
          onClick={() => ask({ type: 'list' })}
        >
          <Icon name="list-unordered" />
        </button>
      </Bar>
      <Tags level={view.level} rules={rules} />
      <h1 tabIndex={-1} data-focus="question">
        {view.title}
      </h1>
    </>
  );
}

/** What to do. */
export function Task({ view, ask }: { view: ExerciseView; ask: Ask }) {
  return (
    <>
      <Markdown text={view.task} />
      <p class="exercise-tools">
        <button type="button" class="link" onClick={() => ask({ type: 'edit' })}>
          <Icon name="go-to-file" /> Show the code
        </button>
        <button type="button" class="link" onClick={() => ask({ type: 'restart' })}>
          <Icon name="discard" /> Start over
        </button>
      </p>
    </>
  );
}

/** What the last check said, line by line. */
export function Checked({ view, ask }: { view: ExerciseView; ask: Ask }) {
  return (
    <Checklist
      rows={view.rows}
      isOutdated={view.isOutdated}
      onLine={(line) => ask({ type: 'reveal', line })}
    />
  );
}

/** What the last check came to, and once all is reached what to take away. */
export function Outcome({ view, learned }: { view: ExerciseView; learned: string | null }) {
  const outcome = outcomeOf(view);
  return (
    <>
      {outcome !== '' && (
        <p class="outcome" tabIndex={-1} data-focus="answer">
          {outcome}
        </p>
      )}
      {learned !== null && (
        <section class="panel fade" aria-label="What to take away">
          <Markdown text={learned} />
        </section>
      )}
    </>
  );
}

/** The button that Enter presses: to the next exercise once the goal is reached, else `action`, in the words of `children`. */
export function WayOn(props: {
  view: ExerciseView;
  action: 'check' | 'mark';
  ask: Ask;
  children: ComponentChildren;
}) {
  const { view, action, ask, children } = props;
  const { next } = view;
  return isReached(view) && next !== null ? (
    <Button primary keyHint="Enter" onClick={() => ask({ type: 'choose', id: next })}>
      Next
    </Button>
  ) : (
    <Button primary keyHint="Enter" onClick={() => ask({ type: action })}>
      {children}
    </Button>
  );
}

/** What a key does on an exercise: Escape leads to the list, Enter on, which is `action` until the goal is reached. */
export function exerciseKey(
  view: ExerciseView,
  key: string,
  action: 'check' | 'mark',
): StudyAction | undefined {
  if (key === 'Escape') return inExercise(view, { type: 'list' });
  if (key !== 'Enter') return undefined;
  return inExercise(
    view,
    isReached(view) && view.next !== null ? { type: 'choose', id: view.next } : { type: action },
  );
}
