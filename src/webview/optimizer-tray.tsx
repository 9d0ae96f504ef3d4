import type { VisualizeView } from '../study-messages/visualize.ts';
import { Icon } from './parts.tsx';

const OPTIMIZERS = { SGD: 'SGD', momentum: 'SGD, momentum 0.9', AdamW: 'AdamW' } as const;

/** What the optimizer holds, and what is trainable without being held. */
export function Tray({ view: { names, simulation } }: { view: VisualizeView }) {
  const { blocks, optimizer } = simulation;
  const named = blocks.map((block, index) => ({ ...block, name: names[index]?.name ?? '' }));
  const held = named.filter((block) => block.held !== 'no');
  const loose = named.filter((block) => block.held === 'no' && block.trainable === 'yes');
  return (
    <section class="tray" aria-label="Optimizer">
      <span class="quiet">{OPTIMIZERS[optimizer]} holds</span>
      {held.length === 0 ? (
        <span>nothing</span>
      ) : (
        <ul>
          {held.map((block) => (
            <li class={block.held === 'yes' ? 'chip' : 'chip is-unknown'}>
              {block.name}
              {block.held === 'unknown' && '?'}
            </li>
          ))}
        </ul>
      )}
      {loose.length > 0 && (
        <p class="notice">
          <Icon name="warning" tone="wrong" />
          <span>{`trainable, but not held: ${loose.map(({ name }) => name).join(', ')}`}</span>
        </p>
      )}
    </section>
  );
}
