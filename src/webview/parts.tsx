import type { ComponentChildren } from 'preact';
import type { Act } from './host.ts';

/** A codicon; decoration only, the words beside it say the same. */
export function Icon({ name, tone }: { name: string; tone?: 'right' | 'wrong' }) {
  return <span class={`codicon codicon-${name}${tone === undefined ? '' : ` ${tone}`}`} aria-hidden="true" />;
}

/** A button with an optional key shown beside its words. */
export function Button(props: {
  children: ComponentChildren;
  onClick: () => void;
  primary?: boolean;
  keyHint?: string;
  focusName?: string;
}) {
  const { children, onClick, primary, keyHint, focusName } = props;
  return (
    <button
      type="button"
      class={primary === true ? 'button primary' : 'button'}
      onClick={onClick}
      data-focus={focusName}
    >
      <span>{children}</span>
      {keyHint !== undefined && (
        <span class="key" aria-hidden="true">
          {keyHint}
        </span>
      )}
    </button>
  );
}

/** Lines that scroll by themselves where they are wide, and can be reached by keyboard for that. */
export function CodeBlock({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide code must be scrollable by keyboard
    <section class="code-block" tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  );
}

/** The buttons of a screen; they stay in sight at its foot. */
export function Foot({ children }: { children: ComponentChildren }) {
  return <footer class="foot">{children}</footer>;
}

/** When an item comes back, now that it has a result. */
export function ReturnsIn({ interval }: { interval: string | null }) {
  return interval === null ? null : <p class="returns quiet">{`Comes back in ${interval}`}</p>;
}

/** The top of a screen: the way back, where the learner is, and how far. `position` counts from 0; null hides it. */
export function Bar(props: {
  title: string;
  position: number | null;
  total: number;
  act: Act;
  children?: ComponentChildren;
}) {
  const { title, position, total, act, children } = props;
  return (
    <>
      <header class="bar">
        <button
          type="button"
          class="icon-button"
          aria-label="Overview"
          title="Overview"
          onClick={() => act({ type: 'home' })}
        >
          <Icon name="arrow-left" />
        </button>
        <span class="bar-title">{title}</span>
        {children}
        {position !== null && (
          <span class="quiet bar-count">
            {position + 1} of {total}
          </span>
        )}
      </header>
      {position !== null && (
        <progress class="progress" value={position} max={total} aria-label="Done">
          {position} of {total}
        </progress>
      )}
    </>
  );
}

/** A part from 0 to 1 as a ring. The number stands in words beside it. */
export function Ring({ part }: { part: number }) {
  const length = 2 * Math.PI * 6;
  return (
    <svg class="ring" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle class="ring-whole" cx="8" cy="8" r="6" />
      {part > 0 && (
        <circle class="ring-part" cx="8" cy="8" r="6" stroke-dasharray={`${part * length} ${length}`} />
      )}
    </svg>
  );
}

/** Level and rule codes of an item. */
export function Tags({ level, rules }: { level: string; rules: readonly string[] }) {
  return (
    <p class="tags">
      <span class="tag">{level}</span>
      {rules.map((code) => (
        <span class="tag code">{code}</span>
      ))}
    </p>
  );
}
