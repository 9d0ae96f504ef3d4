import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Block } from '../learn/visualize/simulation.ts';
import type { VisualizeView } from '../study-messages/visualize.ts';
import { BlockButton, Gauge, stateOf, WeightBar } from './block-button.tsx';
import { Tray } from './optimizer-tray.tsx';
import { Icon } from './parts.tsx';

const WIDEST = 280;
const NARROWEST = 180;
const BLOCK_HEIGHT = 46;
const GAP = 6;
/** Room for "autograd stops here". */
const STOP_GAP = 22;
const TOP = 20;
const BOTTOM = 20;
/** The left rail, the block's edges from left and right, the right rail and the wire to the optimizer. */
const LEFT_RAIL = 9;
const BLOCK_LEFT = 20;
const BLOCK_RIGHT = 46;
const RIGHT_RAIL = 36;
const WIRE = 10;

interface Layout {
  readonly width: number;
  readonly heights: readonly number[];
}

/**
 * The blocks from the stem to the head: activations go down on the left, gradients up on the right, and what the optimizer
 * holds hangs on its wire. Everything in it is also said in words: on the blocks, below, and in the table.
 */
export function BlockPicture(props: {
  view: VisualizeView;
  onFreeze: (block: number, frozen: boolean) => void;
}) {
  const { view, onFreeze } = props;
  const { names, simulation } = view;
  const { blocks } = simulation;
  const frame = useRef<HTMLElement>(null);
  const { width, heights } = useLayout(frame, blocks.length);
  const stop = stoppingBlock(blocks);
  const places = placesOf(heights, stop);
  const bottom = (places.at(-1)?.end ?? TOP) + BOTTOM;
  const blockWidth = width - BLOCK_LEFT - BLOCK_RIGHT;
  return (
    <>
      <section class="picture" aria-label="Blocks" ref={frame}>
        <svg width={width} height={bottom} viewBox={`0 0 ${width} ${bottom}`} role="presentation">
          <defs>
            <pattern
              id="hatch"
              patternUnits="userSpaceOnUse"
              width="6"
              height="6"
              patternTransform="rotate(45)"
            >
              <line class="hatch" x1="1" y1="0" x2="1" y2="6" />
            </pattern>
          </defs>
          <g>
            <text class="end" x="0" y="12">
              images
            </text>
            <text class="end" x="0" y={bottom - 4}>
              loss
            </text>
            <Rails view={view} places={places} width={width} bottom={bottom} />
            <Links blocks={blocks} places={places} width={width} bottom={bottom} />
            <Packet view={view} places={places} width={width} bottom={bottom} />
          </g>
          {stop > 0 && (
            <foreignObject
              x={BLOCK_LEFT}
              y={(places[stop]?.start ?? 0) - STOP_GAP + 2}
              width={blockWidth + 10}
              height={STOP_GAP - 2}
            >
              <div class="stop">autograd stops here</div>
            </foreignObject>
          )}
          {blocks.map((block, index) => {
            const { start = 0, end = 0 } = places[index] ?? {};
            const shape = { x: BLOCK_LEFT + 0.5, y: start + 0.5, height: end - start - 1 };
            return (
              <>
                <rect class={`block is-${stateOf(block)}`} {...shape} width={blockWidth - 1} rx="4" />
                <rect
                  class={`strip is-${stateOf(block)}`}
                  {...shape}
                  width="12"
                  rx="4"
                  fill={stateOf(block) === 'frozen' ? 'url(#hatch)' : undefined}
                />
                <foreignObject x={BLOCK_LEFT} y={start} width={blockWidth} height={end - start}>
                  <BlockButton
                    block={block}
                    name={names[index]?.name ?? ''}
                    note={names[index]?.note ?? null}
                    onClick={() => onFreeze(index, block.trainable !== 'no')}
                  />
                </foreignObject>
              </>
            );
          })}
        </svg>
      </section>
      <Tray view={view} />
      <p class="legend quiet">
        <WeightBar moves={2} possibleMoves={2} /> steps that changed the weights
        <br />
        <Gauge drifts={3} training="yes" /> passes that moved BatchNorm statistics
      </p>
    </>
  );
}

/** As wide as there is room, and as high as the words in each block need. */
function useLayout(frame: { readonly current: HTMLElement | null }, count: number): Layout {
  const [layout, setLayout] = useState<Layout>({ width: WIDEST, heights: [] });
  const measure = useRef(() => {});
  measure.current = () => {
    const { current } = frame;
    if (current === null) return;
    const width = Math.max(NARROWEST, Math.min(WIDEST, current.clientWidth));
    const heights = [...current.querySelectorAll<HTMLElement>('.block-button')].map((button) =>
      Math.max(BLOCK_HEIGHT, button.offsetHeight),
    );
    setLayout((was) =>
      was.width === width && was.heights.join() === heights.join() ? was : { width, heights },
    );
  };
  useLayoutEffect(() => measure.current());
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => measure.current());
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const heights = Array.from({ length: count }, (_, index) => layout.heights[index] ?? BLOCK_HEIGHT);
  return { width: layout.width, heights };
}

/** The earliest trainable block, below which autograd records nothing; 0 where that hangs on an unknown block, -1 for none. */
function stoppingBlock(blocks: readonly Block[]): number {
  const first = blocks.findIndex(({ trainable }) => trainable !== 'no');
  return first === -1 || blocks[first]?.trainable === 'yes' ? first : 0;
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

function placesOf(heights: readonly number[], stop: number): Extent[] {
  let at = TOP - GAP;
  return heights.map((height, index) => {
    const start = at + (index === stop && stop > 0 ? STOP_GAP : GAP);
    at = start + height;
    return { start, end: at };
  });
}

const middle = (place: Extent | undefined): number => ((place?.start ?? 0) + (place?.end ?? 0)) / 2;

interface Drawn {
  readonly places: readonly Extent[];
  readonly width: number;
  readonly bottom: number;
}

/** How far up the gradient came in the last backward pass; null where there is none to show. */
function lastBackward({ simulation: { graph, outcome } }: VisualizeView): number | null {
  if (outcome.kind === 'changedInPlace') return outcome.block;
  return graph?.spent ? graph.recorded.indexOf('yes') : null;
}

function Rails({ view, places, width, bottom }: Drawn & { view: VisualizeView }) {
  const { graph, blocks } = view.simulation;
  const end = bottom - BOTTOM + 4;
  const right = width - RIGHT_RAIL;
  const reached = lastBackward(view);
  return (
    <>
      <line class="rail" x1={LEFT_RAIL} y1={TOP - 2} x2={LEFT_RAIL} y2={end} />
      <line class="rail" x1={right} y1={places[0]?.start ?? 0} x2={right} y2={end} />
      {graph !== null && (
        <>
          <line class="flow" x1={LEFT_RAIL} y1={TOP - 2} x2={LEFT_RAIL} y2={end} />
          <path class="head" d={`M${LEFT_RAIL - 5} ${end - 7}h10l-5 8z`} />
        </>
      )}
      {reached !== null && (
        <>
          <line class="flow" x1={right} y1={middle(places[reached])} x2={right} y2={end} />
          <path class="head" d={`M${right - 5} ${middle(places[reached]) + 3}h10l-5-8z`} />
        </>
      )}
      {blocks.map(
        ({ gradient }, index) =>
          gradient === 'values' && (
            <path class="head" d={`M${right} ${middle(places[index]) - 1}v2h-4v3l-6-4l6-4v3z`} />
          ),
      )}
    </>
  );
}

function Links({ blocks, places, width, bottom }: Drawn & { blocks: readonly Block[] }) {
  const wire = width - WIRE;
  const from = width - BLOCK_RIGHT;
  const linked = blocks.findIndex(({ held }) => held !== 'no');
  return (
    <>
      {linked !== -1 && (
        <line class="wire" x1={wire} y1={(places[linked]?.end ?? 0) - 10} x2={wire} y2={bottom} />
      )}
      {blocks.map((block, index) => {
        const y = (places[index]?.end ?? 0) - 10;
        if (block.held === 'yes') {
          return (
            <>
              <line class="wire" x1={from} y1={y} x2={wire} y2={y} />
              <circle class="joint" cx={wire} cy={y} r="3" />
            </>
          );
        }
        if (block.held === 'no' && block.trainable !== 'yes') return null;
        return (
          <>
            <line class="wire is-loose" x1={from} y1={y} x2={wire - 7} y2={y} />
            <foreignObject x={wire - 8} y={y - 8} width="16" height="16">
              <Icon
                name={block.held === 'no' ? 'warning' : 'question'}
                {...(block.held === 'no' ? { tone: 'wrong' as const } : {})}
              />
            </foreignObject>
          </>
        );
      })}
    </>
  );
}

/** What runs along the rails once, right after an action; nothing when the page has just come back. */
function Packet({ view, places, width, bottom }: Drawn & { view: VisualizeView }) {
  const first = useRef(view.turn);
  if (view.turn === first.current) return null;
  const { outcome } = view.simulation;
  const end = bottom - BOTTOM + 4;
  const way = ((): { x: number; from: number; to: number } | null => {
    if (outcome.kind === 'forward') return { x: LEFT_RAIL, from: TOP, to: end };
    const reached =
      outcome.kind === 'backward' || outcome.kind === 'changedInPlace' ? lastBackward(view) : null;
    if (reached !== null) return { x: width - RIGHT_RAIL, from: end, to: middle(places[reached]) };
    if (outcome.kind !== 'step' || outcome.moved[0] === undefined) return null;
    return { x: width - WIRE, from: bottom, to: (places[outcome.moved[0]]?.end ?? 0) - 10 };
  })();
  if (way === null) return null;
  const style = { '--from': `${way.from}px`, '--to': `${way.to}px` };
  return <circle key={view.turn} class="packet" cx={way.x} cy="0" r="5" style={style} />;
}
