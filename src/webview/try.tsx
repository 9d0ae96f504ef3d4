import type { StudyAction } from '../study-messages/messages.ts';
import type { TryView } from '../study-messages/practice.ts';
import {
  Checked,
  ExerciseHead,
  exerciseKey,
  inExercise,
  isReached,
  Outcome,
  outcomeOf,
  Task,
  WayOn,
} from './exercise.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Button, Foot } from './parts.tsx';

/** One try: the task and the checklist; the code is in the editor. */
export function Try({ view, act }: { view: TryView; act: Act }) {
  const ask = (action: unknown) => act(inExercise(view, action));
  return (
    <article key={view.id} class="item">
      <ExerciseHead view={view} rules={view.rules} ask={ask} act={act} />
      <div class="two-columns">
        <div>
          <Task view={view} ask={ask} />
          {view.hint !== null && (
            <section class="panel fade" aria-label="Hint">
              <Markdown text={view.hint} />
            </section>
          )}
        </div>
        <div>
          <Checked view={view} ask={ask} />
          <Outcome view={view} learned={view.learned} />
        </div>
      </div>
      <Foot>
        {view.hint === null && !isReached(view) && (
          <Button onClick={() => ask({ type: 'hint' })}>Hint</Button>
        )}
        {view.canSeeSolution && (
          <Button onClick={() => ask({ type: 'solution' })}>Compare with a solution</Button>
        )}
        <WayOn view={view} action="check" ask={ask}>
          Check
        </WayOn>
      </Foot>
    </article>
  );
}

/** What a key does on a try. */
export function tryKey(view: TryView, key: string): StudyAction | undefined {
  return exerciseKey(view, key, 'check');
}

/** What is read out after a check; the number of checks makes the same words news again. */
export function tryOutcome(view: TryView): string {
  const outcome = outcomeOf(view);
  return outcome === '' ? '' : `Check ${view.checks}: ${outcome}`;
}
