import type { ModeId } from '../learn/modes.ts';
import type { HomeView } from '../study-messages/home.ts';
import type { Act } from './host.ts';
import { Button, Icon, Ring } from './parts.tsx';

const GROUPS: readonly { readonly title: string; readonly modes: readonly ModeId[] }[] = [
  { title: 'Understand', modes: ['learn', 'why', 'deep', 'visualize'] },
  { title: 'Practise', modes: ['predict', 'try', 'challenge', 'project'] },
  { title: 'Remember', modes: ['cost'] },
];

const MODES: Readonly<Record<ModeId, { title: string; icon: string; minutes: number }>> = {
  learn: { title: 'Learn', icon: 'book', minutes: 5 },
  why: { title: 'Why', icon: 'question', minutes: 3 },
  deep: { title: 'Deep', icon: 'telescope', minutes: 15 },
  visualize: { title: 'Visualize', icon: 'layers', minutes: 12 },
  predict: { title: 'Predict', icon: 'lightbulb', minutes: 4 },
  try: { title: 'Try', icon: 'edit', minutes: 10 },
  challenge: { title: 'Challenge', icon: 'bug', minutes: 20 },
  project: { title: 'Project', icon: 'project', minutes: 20 },
  cost: { title: 'Cost', icon: 'graph', minutes: 8 },
};

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
      {GROUPS.map(({ title, modes }) => {
        const rows = view.modes.filter(({ mode }) => modes.includes(mode));
        return rows.length === 0 ? null : (
          <>
            <h2>{title}</h2>
            <ul class="decks">
              {rows.map((row) => (
                <ModeRow row={row} act={act} />
              ))}
            </ul>
          </>
        );
      })}
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

function ModeRow({ row, act }: { row: HomeView['modes'][number]; act: Act }) {
  const { title, icon, minutes } = MODES[row.mode];
  return (
    <li>
      <button type="button" class="row" onClick={() => act({ type: 'open', mode: row.mode })}>
        <Icon name={icon} />
        <span class="row-name">{title}</span>
        <span class="row-facts quiet">
          {minutes} min
          <span class="visually-hidden">{`, ${percent(row.part)} done`}</span>
          <Ring part={row.part} />
        </span>
      </button>
    </li>
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
