import type { ItemView } from '../study-messages.ts';
import type { Act } from './host.ts';
import { Markdown, Question } from './markdown.tsx';
import { Button, Foot, Tags } from './parts.tsx';

type CardView = Extract<ItemView, { kind: 'card' }>;

/** A flip card: the answer unfolds below the question. */
export function Card({ item, act, single }: { item: CardView; act: Act; single: boolean }) {
  return (
    <>
      <Tags level={item.level} rules={item.rules} />
      <Question text={item.front} />
      {item.back !== null && (
        <section class="answer fade" aria-label="Answer" tabIndex={-1} data-focus="answer">
          <Markdown text={item.back} />
        </section>
      )}
      <Foot>
        {single ? (
          <Button primary onClick={() => act({ type: 'close' })} keyHint="Esc">
            Done
          </Button>
        ) : item.back === null ? (
          <Button primary onClick={() => act({ type: 'reveal' })} keyHint="Space">
            Show answer
          </Button>
        ) : (
          <>
            <Button onClick={() => act({ type: 'rate', rating: 'again' })} keyHint="1">
              Not yet
            </Button>
            <Button primary onClick={() => act({ type: 'rate', rating: 'good' })} keyHint="2">
              Knew it
            </Button>
          </>
        )}
      </Foot>
    </>
  );
}

/** What a key does on a card. */
export function cardKey(item: CardView, key: string): Parameters<Act>[0] | undefined {
  if (item.back === null) return key === ' ' ? { type: 'reveal' } : undefined;
  if (key === '1') return { type: 'rate', rating: 'again' };
  return key === '2' || key === ' ' ? { type: 'rate', rating: 'good' } : undefined;
}
