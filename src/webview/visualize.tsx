import type { SimulationAction } from '../learn/visualize/simulation.ts';
import type { VisualizeAction } from '../learn/visualize/visualize.ts';
import type { StudyAction } from '../study-messages/messages.ts';
import type { VisualizeView } from '../study-messages/visualize.ts';
import { stateOf } from './block-button.tsx';
import { BlockPicture } from './block-picture.tsx';
import { Choose, Figures } from './figures.tsx';
import type { Act } from './host.ts';
import { Inline } from './markdown.tsx';
import { Bar, Button, CodeBlock, Foot, Icon } from './parts.tsx';
import './visualize.css';

const todo = (action: VisualizeAction): StudyAction => ({ type: 'do', mode: 'visualize', action });

/** The picture of six blocks, what to do with it, and the Python that it means. */
export function Visualize({ view, act }: { view: VisualizeView; act: Act }) {
  const go = (action: VisualizeAction): void => act(todo(action));
  return (
    <article class="item visualize">
      <Bar title="Visualize" position={null} total={0} act={act} />
      <h1 tabIndex={-1} data-focus="question">
        What a training step does to each block
      </h1>
      <Situation view={view} go={go} />
      <Said view={view} />
      <div class="halves">
        <div class="half">
          <BlockPicture view={view} onFreeze={(block, frozen) => go({ type: 'freeze', block, frozen })} />
        </div>
        <div class="half">
          <Controls view={view} go={go} />
          <h2>As Python</h2>
          <CodeBlock label="Code">
            <code>{view.code}</code>
          </CodeBlock>
          <Button onClick={() => act({ type: 'insertCode' })}>Insert</Button>
          <details class="as-table">
            <summary>The picture as a table</summary>
            <BlockTable view={view} />
          </details>
        </div>
      </div>
      <Foot>
        <Button primary={view.next === 'forward'} onClick={() => go({ type: 'forward' })} keyHint="F">
          Forward
        </Button>
        <Button primary={view.next === 'backward'} onClick={() => go({ type: 'backward' })} keyHint="B">
          Backward
        </Button>
        <Button primary={view.next === 'step'} onClick={() => go({ type: 'step' })} keyHint="S">
          step()
        </Button>
        <Button onClick={() => go({ type: 'reset' })} keyHint="R">
          Reset
        </Button>
      </Foot>
    </article>
  );
}

function Situation({ view, go }: { view: VisualizeView; go: (action: VisualizeAction) => void }) {
  const { preset, presets, problem, place } = view;
  const options = presets.map(({ id, title }) => ({ value: id as string, text: title }));
  return (
    <>
      <Choose
        label="Situation"
        value={preset ?? 'file'}
        options={preset === null ? [...options, { value: 'file', text: 'Your file' }] : options}
        onChoose={(value) => {
          const chosen = presets.find(({ id }) => id === value);
          if (chosen !== undefined) go({ type: 'preset', preset: chosen.id });
        }}
      />
      <button type="button" class="link" onClick={() => go({ type: 'readFile' })}>
        <Icon name="file-code" />
        <span>{preset === null ? 'Read your file again' : "Show your file's model"}</span>
      </button>
      {problem !== null && (
        <div class="problem" role="alert">
          <p class="notice">
            <Icon name="warning" tone="wrong" /> <span>{problem}</span>
          </p>
          <button
            type="button"
            class="link"
            onClick={() => go({ type: 'preset', preset: presets[0]?.id ?? 'headOnly' })}
          >
            Take the sample model
          </button>
        </div>
      )}
      {place !== null && (
        <p class="quiet">
          <Inline text={place} />
        </p>
      )}
    </>
  );
}

/** What the last action came to; before the first one, what to do. */
function Said({ view: { outcome, task } }: { view: VisualizeView }) {
  return (
    <div class="said">
      {outcome.error !== null && (
        <p class="raised">
          <Icon name="error" tone="wrong" />
          <code>{outcome.error}</code>
        </p>
      )}
      <p>
        <Inline text={task ?? outcome.text} />
      </p>
    </div>
  );
}

function Controls({ view, go }: { view: VisualizeView; go: (action: VisualizeAction) => void }) {
  const { zeros, simulation } = view;
  return (
    <>
      <div class="calls">
        <Button onClick={() => go({ type: 'zeroGrad', zeros })} keyHint="Z">
          zero_grad()
        </Button>
        <Button onClick={() => go({ type: 'evalFrozen' })}>eval() frozen blocks</Button>
        <Button onClick={() => go({ type: 'train' })}>model.train()</Button>
        <Button onClick={() => go({ type: 'eval' })}>model.eval()</Button>
        <Button onClick={() => go({ type: 'rebuild' })}>New optimizer for what is trainable</Button>
      </div>
      <label class="concept">
        <input
          type="checkbox"
          checked={zeros}
          onChange={(event) => go({ type: 'zeros', zeros: event.currentTarget.checked })}
        />
        <span>
          <code>set_to_none=False</code>, as before PyTorch 2.0
        </span>
      </label>
      <Choose
        label="Optimizer"
        value={simulation.optimizer}
        options={[
          { value: 'SGD', text: 'SGD' },
          { value: 'momentum', text: 'SGD, momentum 0.9' },
          { value: 'AdamW', text: 'AdamW' },
        ]}
        onChoose={(optimizer) => go({ type: 'optimizer', optimizer })}
      />
    </>
  );
}

const GRADIENTS = { none: 'None', zeros: 'zeros', values: 'values', unknown: 'not known' } as const;
const ANSWERS = { yes: 'yes', no: 'no', unknown: 'not known' } as const;

function BlockTable({ view: { names, simulation } }: { view: VisualizeView }) {
  return (
    <Figures
      caption="The blocks"
      columns={[
        'Block',
        'State',
        'In the optimizer',
        'Gradient',
        'Changed in steps',
        'BatchNorm',
        'Statistics moved',
      ]}
      rows={simulation.blocks.map((block, index) => [
        names[index]?.name ?? '',
        stateOf(block),
        ANSWERS[block.held],
        block.gradient === 'values' && block.accumulated > 1
          ? `values of ${block.accumulated} passes`
          : GRADIENTS[block.gradient],
        range(block.moves, block.possibleMoves),
        block.hasBatchNorm ? { yes: 'train', no: 'eval', unknown: 'not known' }[block.training] : 'none',
        block.hasBatchNorm ? range(block.drifts, block.possibleDrifts) : '',
      ])}
    />
  );
}

const range = (least: number, most: number): string => (least === most ? `${least}` : `${least} to ${most}`);

/** What a key does in the picture. */
export function visualizeKey(view: VisualizeView, key: string): StudyAction | undefined {
  const block = view.simulation.blocks[Number(key) - 1];
  if (block !== undefined) {
    return todo({ type: 'freeze', block: Number(key) - 1, frozen: block.trainable !== 'no' });
  }
  const action = keys(view)[key.toLowerCase()];
  return action === undefined ? undefined : todo(action);
}

const keys = ({ zeros }: VisualizeView): Readonly<Record<string, SimulationAction | { type: 'reset' }>> => ({
  f: { type: 'forward' },
  b: { type: 'backward' },
  s: { type: 'step' },
  z: { type: 'zeroGrad', zeros },
  r: { type: 'reset' },
});
