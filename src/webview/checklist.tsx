import type { CheckRowView } from '../study-messages/practice.ts';
import { Inline } from './markdown.tsx';
import { Icon } from './parts.tsx';
import './exercises.css';

const STATES = {
  open: { icon: 'circle-large-outline', tone: undefined, words: '' },
  met: { icon: 'pass', tone: 'right', words: 'reached: ' },
  missed: { icon: 'warning', tone: 'wrong', words: 'not reached: ' },
} as const;

/** What is to be reached, and after a check what is and why not. A line's number leads to it in the editor. */
export function Checklist(props: {
  rows: readonly CheckRowView[];
  isOutdated: boolean;
  onLine: (line: number) => void;
}) {
  const { rows, isOutdated, onLine } = props;
  return (
    <section aria-label="Goal">
      <h2>Goal</h2>
      {isOutdated && <p class="quiet">The code has changed since this check.</p>}
      <ul class="checklist">
        {rows.map((row) => {
          const { icon, tone, words } = STATES[row.state];
          const { line } = row;
          return (
            <li class={`check-row is-${row.state}`}>
              <Icon name={icon} {...(tone === undefined ? {} : { tone })} />
              <span class="check-words">
                <span class="visually-hidden">{words}</span>
                <Inline text={row.text} />
                {row.detail !== null && (
                  <span class="check-detail quiet">
                    <Inline text={row.detail} />
                  </span>
                )}
              </span>
              {line !== null && <LineLink line={line} onLine={onLine} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Leads to a line in the editor. */
export function LineLink({ line, onLine }: { line: number; onLine: (line: number) => void }) {
  return (
    <button type="button" class="link" onClick={() => onLine(line)} aria-label={`Go to line ${line}`}>
      {`line ${line}`}
    </button>
  );
}

/** The outcome of a check in a sentence; empty before the first. */
export function outcomeOfCheck(rows: readonly CheckRowView[]): string {
  const missed = rows.filter(({ state }) => state === 'missed');
  if (rows.some(({ state }) => state === 'open')) return '';
  return missed.length === 0
    ? 'All of it is reached.'
    : `${rows.length - missed.length} of ${rows.length} reached.`;
}
