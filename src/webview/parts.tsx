import type { ComponentChildren } from 'preact';

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

/** The buttons of a screen; they stay in sight at its foot. */
export function Foot({ children }: { children: ComponentChildren }) {
  return <footer class="foot">{children}</footer>;
}

/** How much of a deck is known, as a ring. The number stands in words beside it. */
export function Ring({ part, whole }: { part: number; whole: number }) {
  const length = 2 * Math.PI * 6;
  const filled = whole === 0 ? 0 : (part / whole) * length;
  return (
    <svg class="ring" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle class="ring-whole" cx="8" cy="8" r="6" />
      {part > 0 && <circle class="ring-part" cx="8" cy="8" r="6" stroke-dasharray={`${filled} ${length}`} />}
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
