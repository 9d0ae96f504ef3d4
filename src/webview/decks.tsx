import type { DecksView } from '../study-messages/home.ts';
import { percent, RecallFacts } from './home.tsx';
import type { Act } from './host.ts';
import { Bar, Icon } from './parts.tsx';

/** The decks, each with what of it is due and how much of it is remembered. */
export function Decks({ view, act }: { view: DecksView; act: Act }) {
  return (
    <>
      <Bar title="Recall" position={null} total={0} act={act} />
      <h1 tabIndex={-1} data-focus="question">
        Decks
      </h1>
      <ul class="decks">
        {view.decks.map((deck) => (
          <li>
            <button
              type="button"
              class="row"
              title={`${percent(deck.remembered)} likely remembered now`}
              onClick={() => act({ type: 'start', deck: deck.id })}
            >
              <Icon name="library" />
              <span class="row-name">{deck.title}</span>
              <RecallFacts row={deck} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
