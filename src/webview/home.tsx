import type { HomeView } from '../study-messages.ts';
import type { Act } from './host.ts';
import { Button, Icon, Ring } from './parts.tsx';

/** The overview: the day's share, and the decks. */
export function Home({ view, act }: { view: HomeView; act: Act }) {
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
      <Today today={view.today} resume={view.resume} act={act} />
      <h2>Decks</h2>
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
              <span class="row-facts quiet">
                {deck.due > 0 ? `${deck.due} due` : `${deck.minutes} min`}
                <span class="row-remembered">
                  <span class="visually-hidden">, </span>
                  {percent(deck.remembered)}
                  <span class="visually-hidden"> likely remembered</span>
                </span>
                <Ring part={deck.remembered} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the day asks for, or the session to go on with, behind the one primary button. */
function Today({ today, resume, act }: { today: HomeView['today']; resume: HomeView['resume']; act: Act }) {
  const share = shareOf(today);
  const start = share === null ? null : () => act({ type: 'today' });
  return (
    <section class="panel" aria-label="Today">
      {resume !== null && (
        <>
          <p>
            <strong>{resume.title}</strong>
            <br />
            <span class="quiet">
              {resume.position + 1} of {resume.total}
            </span>
          </p>
          <Button primary onClick={() => act({ type: 'resume' })}>
            Continue
          </Button>
        </>
      )}
      {resume?.title !== 'Today' && (
        <>
          <p>
            <strong>Today</strong>
            <br />
            <span class="quiet">{share ?? nothingDue(today.next)}</span>
          </p>
          {start !== null && (
            <Button primary={resume === null} onClick={start}>
              {today.due > 0 ? 'Review' : 'Start'}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

/** "4 due · 6 new · 3 min"; null where the day asks for nothing. */
function shareOf({ due, fresh, minutes }: HomeView['today']): string | null {
  const parts = [...(due > 0 ? [`${due} due`] : []), ...(fresh > 0 ? [`${fresh} new`] : [])];
  return parts.length === 0 ? null : [...parts, `${minutes} min`].join(' · ');
}

function nothingDue(next: string | null): string {
  return next === null ? 'Nothing to review yet' : `All done; the next comes up in ${next}`;
}

function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}
