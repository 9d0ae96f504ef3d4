import type { StudyAction } from '../study-messages/messages.ts';
import type { ChallengeView } from '../study-messages/practice.ts';
import {
  Checked,
  ExerciseHead,
  exerciseKey,
  inExercise,
  Outcome,
  outcomeOf,
  Task,
  WayOn,
} from './exercise.tsx';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Button, Foot, Icon } from './parts.tsx';

/** One challenge: first mark the line with the bug, then mend it. The program is in the editor. */
export function Challenge({ view, act }: { view: ChallengeView; act: Act }) {
  const { learned, nextHint, isFound } = view;
  const ask = (action: unknown) => act(inExercise(view, action));
  return (
    <article key={view.id} class="item">
      <ExerciseHead view={view} rules={learned === null ? [] : [learned.rule]} ask={ask} act={act} />
      <div class="two-columns">
        <div>
          <Task view={view} ask={ask} />
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
          {(isFound || view.checks > 0) && <Checked view={view} ask={ask} />}
          <Outcome view={view} learned={learned?.text ?? null} />
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
        <WayOn view={view} action={isFound ? 'check' : 'mark'} ask={ask}>
          {isFound ? 'Check' : 'Mark the line of the cursor'}
        </WayOn>
      </Foot>
    </article>
  );
}

/** What a key does on a challenge. */
export function challengeKey(view: ChallengeView, key: string): StudyAction | undefined {
  return exerciseKey(view, key, view.isFound ? 'check' : 'mark');
}

/** What is read out after a mark or a check; the counts make the same words news again. */
export function challengeOutcome(view: ChallengeView): string {
  const { marks, isFound, checks } = view;
  const checked = outcomeOf(view);
  if (checked !== '') return `Check ${checks}: ${checked}`;
  const last = marks.at(-1);
  if (last === undefined) return '';
  return `Mark ${marks.length}: line ${last} is ${isFound ? 'the one.' : 'not the one.'}`;
}
