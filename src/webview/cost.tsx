import type { CostAction } from '../learn/cost/state.ts';
import type { CostView } from '../study-messages/cost.ts';
import { Choose, Figures } from './figures.tsx';
import type { Act } from './host.ts';
import { Inline } from './markdown.tsx';
import { Bar, Button, CodeBlock, Foot } from './parts.tsx';
import './cost.css';

type Chart = CostView['charts'][number];

/** What freezing saves: two bars for memory and two for the backward pass, yours above that of training everything. */
export function CostScreen({ view, act }: { view: CostView; act: Act }) {
  const go = (action: CostAction): void => act({ type: 'do', mode: 'cost', action });
  const { models, model, optimizers, optimizer, blocks, first } = view;
  return (
    <article class="item cost">
      <Bar title="Cost" position={null} total={0} act={act} />
      <h1 tabIndex={-1} data-focus="question">
        What freezing saves
      </h1>
      <div class="settings">
        <Choose
          label="Model"
          value={model}
          options={models.map(({ id, title }) => ({ value: id, text: title }))}
          onChoose={(chosen) => go({ type: 'model', model: chosen })}
        />
        <Choose
          label="Optimizer"
          value={optimizer}
          options={optimizers.map(({ id, title }) => ({ value: id, text: title }))}
          onChoose={(chosen) => go({ type: 'optimizer', optimizer: chosen })}
        />
        <Choose
          label="Frozen up to and with"
          value={`${first}`}
          options={blocks.map((_, index) => ({
            value: `${index}`,
            text: index === 0 ? 'nothing' : (blocks[index - 1] ?? ''),
          }))}
          onChoose={(chosen) => go({ type: 'first', first: Number(chosen) })}
        />
      </div>
      <Stripes />
      <div class="charts">
        {view.charts.map((chart) => (
          <Bars chart={chart} />
        ))}
      </div>
      {view.notes.map((note) => (
        <p class="quiet cost-note">
          <Inline text={note} />
        </p>
      ))}
      <h2>As Python</h2>
      <CodeBlock label="Code">
        <code>{view.code}</code>
      </CodeBlock>
      <Foot>
        <Button primary onClick={() => act({ type: 'insertCode' })}>
          Insert
        </Button>
      </Foot>
    </article>
  );
}

function Bars({ chart }: { chart: Chart }) {
  const { title, share, parts, totals, formula } = chart;
  const whole = parts.reduce((sum, part) => sum + part.all, 0);
  return (
    <section class="chart" aria-label={title}>
      <h2>{title}</h2>
      <p class="share">{share}</p>
      <StackedBar
        label="Yours"
        total={totals.yours}
        parts={parts}
        value={(part) => part.yours}
        whole={whole}
      />
      <StackedBar
        label="All trainable"
        total={totals.all}
        parts={parts}
        value={(part) => part.all}
        whole={whole}
      />
      <Figures
        caption={`${title}, in numbers`}
        columns={['Part', 'Yours', 'All trainable']}
        rows={parts.map(({ name, fill, yoursText, allText }) => [
          <span class="part-name">
            <Swatch fill={fill} /> {name}
          </span>,
          yoursText,
          allText,
        ])}
      />
      <ul class="formula quiet">
        {formula.map((line) => (
          <li>
            <Inline text={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One bar; the table below says the same. */
function StackedBar(props: {
  label: string;
  total: string;
  parts: Chart['parts'];
  value: (part: Chart['parts'][number]) => number;
  whole: number;
}) {
  const { label, total, parts, value, whole } = props;
  let at = 0;
  return (
    <div class="stacked">
      <span class="stacked-label">
        {label} <span class="quiet">{total}</span>
      </span>
      <svg class="stacked-bar" width="100%" height="16" aria-hidden="true">
        {parts.map((part) => {
          const start = at;
          const share = (100 * value(part)) / whole;
          at += share;
          return share === 0 ? null : (
            <rect
              class={`fill-${part.fill}`}
              x={`${start}%`}
              y="0"
              width={`${share}%`}
              height="16"
              fill={paintOf(part.fill)}
            />
          );
        })}
        <rect class="frame" x="0" y="0" width="100%" height="16" />
      </svg>
    </div>
  );
}

function Swatch({ fill }: { fill: Chart['parts'][number]['fill'] }) {
  return (
    <svg class="swatch" width="12" height="12" aria-hidden="true">
      <rect class={`fill-${fill}`} x="0" y="0" width="12" height="12" fill={paintOf(fill)} />
      <rect class="frame" x="0" y="0" width="12" height="12" />
    </svg>
  );
}

/** Attributes take the address of a pattern of this document; a stylesheet would look for it in itself. */
const paintOf = (fill: Chart['parts'][number]['fill']): string | undefined =>
  fill === 'hatched' ? 'url(#stripes)' : undefined;

function Stripes() {
  return (
    <svg class="definitions" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern
          id="stripes"
          patternUnits="userSpaceOnUse"
          width="5"
          height="5"
          patternTransform="rotate(45)"
        >
          <line class="stripe" x1="1" y1="0" x2="1" y2="5" />
        </pattern>
      </defs>
    </svg>
  );
}
