import type { ItemView } from '../study-messages/items.ts';
import type { Act } from './host.ts';
import { Markdown, Question } from './markdown.tsx';
import { Button, Foot, Tags } from './parts.tsx';

const RATINGS = [
  { rating: 'again', name: 'Again' },
  { rating: 'hard', name: 'Hard' },
  { rating: 'good', name: 'Good' },
  { rating: 'easy', name: 'Easy' },
] as const;

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
          <div class="ratings">
            {RATINGS.map(({ rating, name }, index) => (
              <Button
                primary={rating === 'good'}
                onClick={() => act({ type: 'rate', rating })}
                keyHint={`${index + 1}`}
              >
                {name}
                {item.intervals !== null && (
                  <span class="interval">
                    <span class="visually-hidden">, in </span>
                    {item.intervals[rating]}
                  </span>
                )}
              </Button>
            ))}
          </div>
        )}
      </Foot>
    </>
  );
}

/** What a key does on a card. */
export function cardKey(item: CardView, key: string): Parameters<Act>[0] | undefined {
  if (item.back === null) return key === ' ' ? { type: 'reveal' } : undefined;
  const rating = key === ' ' ? 'good' : RATINGS[Number(key) - 1]?.rating;
  return rating === undefined ? undefined : { type: 'rate', rating };
}
