import type { ExerciseListView } from '../study-messages/practice.ts';
import type { Act } from './host.ts';
import { Markdown } from './markdown.tsx';
import { Bar, Button, Foot, Icon } from './parts.tsx';
import './exercises.css';

const STATES = {
  new: { icon: 'circle-large-outline', words: 'not begun' },
  started: { icon: 'edit', words: 'begun' },
  solved: { icon: 'pass', words: 'solved' },
} as const;

/** All exercises of one kind, with what is done of them. */
export function ExerciseList({ view, act }: { view: ExerciseListView; act: Act }) {
  const { mode, exercises, next } = view;
  const choose = (id: string) => act({ type: 'do', mode, action: { type: 'choose', id } });
  const upcoming = exercises.find(({ id }) => id === next);
  return (
    <article class="item" key={mode}>
      <Bar title={view.title} position={null} total={exercises.length} act={act}>
        <span class="quiet bar-count">{`${view.solved} of ${exercises.length} solved`}</span>
      </Bar>
      <h1 tabIndex={-1} data-focus="question">
        {view.title}
      </h1>
      <Markdown text={view.about} />
      <ul class="decks">
        {exercises.map(({ id, title, level, state }) => (
          <li>
            <button type="button" class="row" onClick={() => choose(id)}>
              <Icon name={STATES[state].icon} {...(state === 'solved' ? { tone: 'right' as const } : {})} />
              <span class="row-name">{title}</span>
              <span class="row-facts quiet">
                {level}
                <span class="visually-hidden">{`, ${STATES[state].words}`}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {upcoming !== undefined && (
        <Foot>
          <Button primary onClick={() => choose(upcoming.id)}>
            {upcoming.state === 'started' ? `Go on: ${upcoming.title}` : `Begin: ${upcoming.title}`}
          </Button>
        </Foot>
      )}
    </article>
  );
}
