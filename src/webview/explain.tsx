import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ItemView } from '../study-messages/items.ts';
import { newerDraft } from './draft.ts';
import { type Act, keepDraft, keptDraft } from './host.ts';
import { Inline, Question } from './markdown.tsx';
import { Button, Foot, Icon, ReturnsIn, Tags } from './parts.tsx';

type ExplainView = Extract<ItemView, { kind: 'explain' }>;

/** A prompt to answer in one's own words, with a hint on demand and a checklist of concepts afterwards. */
export function Explain({ item, act }: { item: ExplainView; act: Act }) {
  return (
    <>
      <Tags level={item.level} rules={item.rules} />
      <Question text={item.prompt} />
      {item.checked === null ? (
        <Writing item={item} act={act} />
      ) : (
        <Checked checked={item.checked} returnsIn={item.returnsIn} act={act} />
      )}
    </>
  );
}

function Writing({ item, act }: { item: ExplainView; act: Act }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const shown = { key: item.key, text: item.draft, revision: item.revision };
  const latest = useRef(newerDraft(keptDraft(), shown));
  const change = (text: string, revision: number): void => {
    latest.current = { key: item.key, text, revision };
    keepDraft(latest.current);
    act({ type: 'draft', text, revision });
  };
  useLayoutEffect(() => {
    const { text, revision } = latest.current;
    if (revision > shown.revision) act({ type: 'draft', text, revision });
  }, []);
  useLayoutEffect(() => {
    // Somebody has typed in another page that shows the same item.
    if (shown.revision <= latest.current.revision) return;
    latest.current = shown;
    if (field.current !== null) field.current.value = shown.text;
  });
  const check = (): void => {
    const text = field.current?.value ?? '';
    if (text.trim() === '') field.current?.focus();
    else act({ type: 'check', text });
  };
  return (
    <>
      <label class="visually-hidden" for="draft">
        Your answer
      </label>
      <textarea
        id="draft"
        ref={field}
        rows={6}
        placeholder="In your own words"
        defaultValue={latest.current.text}
        maxLength={20_000}
        onInput={(event) => change(event.currentTarget.value, latest.current.revision + 1)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) check();
        }}
      />
      {item.hint === null ? (
        <button type="button" class="link" onClick={() => act({ type: 'hint' })}>
          <Icon name="lightbulb" /> Hint
        </button>
      ) : (
        <p class="hint fade">
          <Icon name="lightbulb" />
          <span>
            <Inline text={item.hint} />
          </span>
        </p>
      )}
      <Foot>
        <Button primary onClick={check} keyHint="Ctrl+Enter">
          Check
        </Button>
      </Foot>
    </>
  );
}

function Checked(props: {
  checked: NonNullable<ExplainView['checked']>;
  returnsIn: string | null;
  act: Act;
}) {
  const { checked, returnsIn, act } = props;
  return (
    <>
      <blockquote class="own-words">
        {checked.pieces.map((piece) => (piece.matched ? <mark>{piece.text}</mark> : piece.text))}
      </blockquote>
      <fieldset class="concepts fade">
        <legend tabIndex={-1} data-focus="answer">
          {conceptScore(checked)}
        </legend>
        {checked.concepts.map((concept) => (
          <label class="concept">
            <input
              type="checkbox"
              checked={concept.ticked}
              onChange={(event) =>
                act({ type: 'tick', concept: concept.id, ticked: event.currentTarget.checked })
              }
            />
            <span>
              <Inline text={concept.text} />
            </span>
          </label>
        ))}
        <p class="quiet">Ticked by the underlined words. Where a tick is wrong, change it.</p>
      </fieldset>
      <Foot>
        <ReturnsIn interval={returnsIn} />
        <Button onClick={() => act({ type: 'edit' })}>Edit answer</Button>
        <Button primary onClick={() => act({ type: 'next' })} keyHint="Enter">
          Next
        </Button>
      </Foot>
    </>
  );
}

/** The score in words: "3 of 4 concepts". */
export function conceptScore(checked: NonNullable<ExplainView['checked']>): string {
  return `${checked.concepts.filter((concept) => concept.ticked).length} of ${checked.concepts.length} concepts`;
}

/** What a key does on a checked explanation. */
export function explainKey(item: ExplainView, key: string): Parameters<Act>[0] | undefined {
  return item.checked !== null && key === 'Enter' ? { type: 'next' } : undefined;
}
