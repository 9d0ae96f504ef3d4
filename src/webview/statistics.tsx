import type { BarView, StatisticsView } from '../study-messages/home.ts';
import type { Act } from './host.ts';
import { Bar } from './parts.tsx';

/** What comes up on the next days, and how strong memories are: two charts, each with a table that says the same. */
export function Statistics({ view, act }: { view: StatisticsView; act: Act }) {
  const { reviews, forecast, later, strengths } = view;
  return (
    <>
      <Bar title="Statistics" position={null} total={0} act={act} />
      <h1 tabIndex={-1} data-focus="question">
        {reviews === 1 ? '1 review so far' : `${reviews} reviews so far`}
      </h1>
      <div class="charts">
        <Chart title="Coming up" unit="Due" heading="Day" bars={forecast} tone="blue">
          {later > 0
            ? `Items that come due on each day; ${later} more come later.`
            : 'Items that come due on each day.'}
        </Chart>
        <Chart title="Memory strength" unit="Items" heading="Strength" bars={strengths} tone="green">
          In how much time the chance to remember an item falls to 90%.
        </Chart>
      </div>
    </>
  );
}

const HEIGHT = 96;
/** Room above the highest bar for its number, and below all for their names. */
const ABOVE = 16;
const BELOW = 18;

function Chart(props: {
  title: string;
  /** What the bars count. */
  unit: string;
  /** What each bar stands for. */
  heading: string;
  bars: readonly BarView[];
  tone: 'blue' | 'green';
  children: string;
}) {
  const { title, unit, heading, bars, tone, children } = props;
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const slot = 100 / bars.length;
  const percent = (part: number): string => `${part.toFixed(2)}%`;
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <br />
        <span class="quiet">{children}</span>
      </figcaption>
      <svg width="100%" height={ABOVE + HEIGHT + BELOW} aria-hidden="true">
        <line class="chart-base" x1="0" x2="100%" y1={ABOVE + HEIGHT + 0.5} y2={ABOVE + HEIGHT + 0.5} />
        {bars.map(({ short, count }, index) => {
          const height = (count / most) * HEIGHT;
          const middle = percent((index + 0.5) * slot);
          return (
            <>
              <rect
                class={`chart-bar ${tone}`}
                x={percent((index + 0.15) * slot)}
                width={percent(0.7 * slot)}
                y={ABOVE + HEIGHT - height}
                height={height}
              />
              {count > 0 && (
                <text class="chart-count" x={middle} y={ABOVE + HEIGHT - height - 4}>
                  {count}
                </text>
              )}
              <text class="chart-name" x={middle} y={ABOVE + HEIGHT + 14}>
                {short}
              </text>
            </>
          );
        })}
      </svg>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{heading}</th>
              <th scope="col">{unit}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, count }) => (
              <tr>
                <th scope="row">{label}</th>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
