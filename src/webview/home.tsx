import type { ModeId } from '../learn/modes.ts';
import type { HomeView } from '../study-messages/home.ts';
import type { Act } from './host.ts';
import { firstParagraph, Inline } from './markdown.tsx';
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

/** The overview: the day's share, what was found in the code, and the ways to learn. */
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
      <FromYourCode findings={view.findings} act={act} />
      {GROUPS.map(({ title, modes }) => {
        const rows = view.modes.filter(({ mode }) => modes.includes(mode));
        const hasRecall = title === 'Remember';
        return rows.length === 0 && !hasRecall ? null : (
          <>
            <h2>{title}</h2>
            <ul class="decks">
              {hasRecall && <Recall recall={view.recall} act={act} />}
              {rows.map((row) => (
                <ModeRow row={row} act={act} />
              ))}
            </ul>
          </>
        );
      })}
      <ul class="decks">
        <li>
          <button type="button" class="row" onClick={() => act({ type: 'statistics' })}>
            <Icon name="graph-line" />
            <span class="row-name">Statistics</span>
          </button>
        </li>
      </ul>
    </>
  );
}

/** What was found in the file in the editor; it is only offered, never put into the reviews. */
function FromYourCode({ findings, act }: { findings: HomeView['findings']; act: Act }) {
  if (findings.length === 0) return null;
  return (
    <>
      <h2>From your code</h2>
      <ul class="decks">
        {findings.map(({ code, place, question }) => (
          <li>
            <button type="button" class="row" onClick={() => act({ type: 'card', rule: code })}>
              <Icon name="warning" tone="wrong" />
              <span class="row-name">
                <Inline text={firstParagraph(question)} />
                <span class="quiet row-place">{`${code} · ${place}`}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Recall({ recall, act }: { recall: HomeView['recall']; act: Act }) {
  return (
    <li>
      <button type="button" class="row" onClick={() => act({ type: 'decks' })}>
        <Icon name="library" />
        <span class="row-name">Recall</span>
        <RecallFacts row={recall} />
      </button>
    </li>
  );
}

/** What is due, or how long it takes, and how much is remembered. */
export function RecallFacts({ row }: { row: { due: number; minutes: number; remembered: number } }) {
  return (
    <span class="row-facts quiet">
      {row.due > 0 ? `${row.due} due` : `${row.minutes} min`}
      <span class="row-remembered">
        <span class="visually-hidden">, </span>
        {percent(row.remembered)}
        <span class="visually-hidden"> likely remembered</span>
      </span>
      <Ring part={row.remembered} />
    </span>
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

/** A part in percent. */
export function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}
