import type { HomeView } from '../study-messages.ts';
import type { Act } from './host.ts';
import { Button, Icon, Ring } from './parts.tsx';

/** The overview: what to do now, and the decks. */
export function Home({ view, act }: { view: HomeView; act: Act }) {
  const next = view.decks.find((deck) => deck.known < deck.items);
  return (
    <>
      <h1 tabIndex={-1} data-focus="question">
        Study layer freezing
      </h1>
      {view.notices.map((notice) => (
        <p class="notice">
          <Icon name="warning" tone="wrong" /> <span>{notice}</span>
        </p>
      ))}
      {view.resume !== null ? (
        <section class="panel" aria-label="Continue">
          <p>
            <strong>{view.resume.title}</strong>
            <br />
            <span class="quiet">
              {view.resume.position + 1} of {view.resume.total}
            </span>
          </p>
          <Button primary onClick={() => act({ type: 'resume' })}>
            Continue
          </Button>
        </section>
      ) : (
        next !== undefined && (
          <section class="panel" aria-label="Next">
            <p>
              <strong>{next.title}</strong>
              <br />
              <span class="quiet">{next.description}</span>
            </p>
            <Button primary onClick={() => act({ type: 'start', deck: next.id })}>
              {`Start, ${next.minutes} min`}
            </Button>
          </section>
        )
      )}
      <h2>Decks</h2>
      <ul class="decks">
        {view.decks.map((deck) => (
          <li>
            <button type="button" class="row" onClick={() => act({ type: 'start', deck: deck.id })}>
              <Icon name="library" />
              <span class="row-name">{deck.title}</span>
              <span class="row-facts quiet">
                {deck.minutes} min
                <span class="row-known">
                  <span class="visually-hidden">, </span>
                  {deck.known}/{deck.items}
                  <span class="visually-hidden"> known</span>
                </span>
                <Ring part={deck.known} whole={deck.items} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
