import type { Block } from '../learn/visualize/simulation.ts';
import { Icon } from './parts.tsx';

/** The word for what a block's parameters are. */
export function stateOf({ trainable }: Block): 'frozen' | 'trainable' | 'unknown' {
  return trainable === 'yes' ? 'trainable' : trainable === 'no' ? 'frozen' : 'unknown';
}

/** A block in words and meters; a click freezes or unfreezes it. */
export function BlockButton(props: { block: Block; name: string; note: string | null; onClick: () => void }) {
  const { block, name, note, onClick } = props;
  const state = stateOf(block);
  const { moves, possibleMoves, drifts, hasBatchNorm, training, gradient, accumulated } = block;
  return (
    <button
      type="button"
      class="block-button"
      aria-pressed={state === 'unknown' ? 'mixed' : state === 'frozen'}
      title={state === 'frozen' ? 'Unfreeze' : 'Freeze'}
      onClick={onClick}
    >
      <span class="block-name">
        <span class="block-title">{name}</span>
        <span class="block-state">
          <Icon name={STATE_ICONS[state]} />
          {state}
        </span>
      </span>
      <span class="block-meters">
        <span class="meter">
          <WeightBar moves={moves} possibleMoves={possibleMoves} />
          <span class="visually-hidden">, weights changed in </span>
          {moves === possibleMoves ? `×${moves}` : `×${moves}–${possibleMoves}`}
          <span class="visually-hidden"> steps</span>
        </span>
        {hasBatchNorm && (
          <span class="meter">
            <Gauge drifts={drifts} training={training} />
            <span class="visually-hidden">, BatchNorm statistics moved in </span>
            {`×${drifts}`}
            <span class="visually-hidden"> passes, mode</span>
            <span class="quiet" aria-hidden="true">
              ·
            </span>
            {{ yes: 'train', no: 'eval', unknown: '?' }[training]}
          </span>
        )}
        {gradient !== 'none' && (
          <span class="meter">
            <span class="visually-hidden">, </span>
            {{ values: 'grad', zeros: 'grad 0', unknown: 'grad ?' }[gradient]}
            {gradient === 'values' && accumulated > 1 && ` ×${accumulated}`}
          </span>
        )}
      </span>
      {note !== null && <span class="block-note">{note}</span>}
    </button>
  );
}

const STATE_ICONS = { frozen: 'lock', trainable: 'unlock', unknown: 'question' } as const;

/** Full after five steps. */
export function WeightBar({ moves, possibleMoves }: { moves: number; possibleMoves: number }) {
  const length = (count: number): number => Math.min(count, 5) * 6;
  return (
    <svg class="weight-bar" width="32" height="8" viewBox="0 0 32 8" aria-hidden="true">
      <rect class="track" x="0.5" y="0.5" width="31" height="7" />
      <rect class="possible" x="1" y="1" width={length(possibleMoves)} height="6" fill="url(#hatch)" />
      <rect class="filled" x="1" y="1" width={length(moves)} height="6" />
    </svg>
  );
}

/** A needle that goes on by a tenth of the scale with each pass that moves the statistics; it is held in eval(). */
export function Gauge({ drifts, training }: { drifts: number; training: Block['training'] }) {
  const angle = Math.PI * (1 - Math.min(drifts, 10) / 10);
  return (
    <svg class="gauge" width="18" height="11" viewBox="0 0 18 11" aria-hidden="true">
      <path class="dial" d="M1.5 10a7.5 7.5 0 0 1 15 0z" />
      <line
        class={training === 'no' ? 'needle is-held' : 'needle'}
        x1="9"
        y1="10"
        x2={9 + 6.5 * Math.cos(angle)}
        y2={10 - 6.5 * Math.sin(angle)}
      />
    </svg>
  );
}
