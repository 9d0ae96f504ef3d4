import {
  BYTES,
  blocksOf,
  type Cost,
  costOf,
  MODEL_IDS,
  modelTitles,
  OPTIMIZER_IDS,
  optimizers,
  pythonOfSetting,
} from '../../learn/cost/cost.ts';
import {
  actCost,
  type CostState,
  costActionSchema,
  costStateSchema,
  freshCost,
  partOfCost,
} from '../../learn/cost/state.ts';
import type { CostView } from '../../study-messages/cost.ts';
import type { StudyView } from '../../study-messages/messages.ts';
import { defineMode } from './mode.ts';

/** Cost: what training a part of a model takes, against training all of it. */
export const cost = defineMode({
  id: 'cost',
  stateSchema: costStateSchema,
  fresh: freshCost,
  actionSchema: costActionSchema,
  act: actCost,
  view: viewOf,
  part: partOfCost,
  code: pythonOfSetting,
});

type Chart = CostView['charts'][number];

function viewOf(state: CostState): StudyView {
  const { model, optimizer, first } = state;
  const yours = costOf(state);
  const all = costOf({ model, optimizer, first: 0 });
  return {
    screen: 'cost',
    models: MODEL_IDS.map((id) => ({ id, title: modelTitles[id] })),
    model,
    optimizers: OPTIMIZER_IDS.map((id) => ({ id, title: optimizers[id].title })),
    optimizer,
    blocks: blocksOf(model).map(({ name }) => name),
    first,
    charts: [memory(state, yours, all), compute(state, yours, all)],
    notes: NOTES,
    code: pythonOfSetting(state),
  };
}

const NOTES = [
  'Not counted: the activations that are kept for the backward pass, often most of the memory. They grow with the batch; autograd keeps none of what lies before the earliest trainable block.',
  'Not counted either: the running statistics of BatchNorm, counters of steps, the workspace of the kernels, and the forward pass, which freezing does not shorten.',
  'Numbers of parameters are those of torchvision, in float32. Multiply-adds are counted at the convolutions and matrix products that autograd really calls on one image of 224 × 224, as `torch.utils.flop_counter` does.',
];

function memory({ optimizer }: CostState, yours: Cost, all: Cost): Chart {
  const { buffers } = optimizers[optimizer];
  const trainable = `${amount(yours.trainable)} trainable parameters`;
  return chartOf(
    'Memory',
    bytes,
    [
      { name: 'Weights', fill: 'solid', yours: yours.weights, all: all.weights },
      { name: 'Gradients', fill: 'trained', yours: yours.gradients, all: all.gradients },
      { name: 'Optimizer state', fill: 'hatched', yours: yours.state, all: all.state },
    ],
    [
      `Weights: ${BYTES} bytes × ${amount(yours.parameters)} parameters, frozen or not.`,
      `Gradients: ${BYTES} bytes × ${trainable}; \`.grad\` of a frozen one stays None.`,
      buffers.length === 0
        ? 'Optimizer state: none; plain SGD keeps nothing.'
        : `Optimizer state: ${BYTES * buffers.length} bytes × ${trainable}, for ${buffers.map((name) => `\`${name}\``).join(' and ')}. Nothing is kept for a parameter without a gradient.`,
    ],
  );
}

function compute({ model, first }: CostState, yours: Cost, all: Cost): Chart {
  const blocks = blocksOf(model);
  const earliest = `\`${blocks[first]?.name ?? ''}\``;
  return chartOf(
    'Backward compute, in multiply-adds an image',
    amount,
    [
      {
        name: 'Gradients for weights',
        fill: 'trained',
        yours: yours.weightGradients,
        all: all.weightGradients,
      },
      {
        name: 'Gradients for activations',
        fill: 'hatched',
        yours: yours.activationGradients,
        all: all.activationGradients,
      },
    ],
    [
      `For weights: what the layers of the trainable blocks take forward, once more; ${first === 0 ? 'all of them' : `from ${earliest} on`}.`,
      `For activations: the same for every layer from the loss down to the earliest trainable one, in ${earliest}, frozen or not. Before that, autograd stops.`,
    ],
  );
}

function chartOf(
  title: string,
  inWords: (value: number) => string,
  parts: readonly Pick<Chart['parts'][number], 'name' | 'fill' | 'yours' | 'all'>[],
  formula: string[],
): Chart {
  const yours = parts.reduce((total, part) => total + part.yours, 0);
  const all = parts.reduce((total, part) => total + part.all, 0);
  return {
    title,
    share: yours === all ? 'Everything trains' : `${percent(yours / all)} of training everything`,
    parts: parts.map((part) => ({ ...part, yoursText: inWords(part.yours), allText: inWords(part.all) })),
    totals: { yours: inWords(yours), all: inWords(all) },
    formula,
  };
}

const percent = (part: number): string => (part < 0.01 ? 'less than 1%' : `${Math.round(100 * part)}%`);

/** A number stays with its unit. */
const NO_BREAK = '\u00a0';

/** Three significant digits: "1.81 G". */
function amount(count: number): string {
  const units = ['', `${NO_BREAK}k`, `${NO_BREAK}M`, `${NO_BREAK}G`];
  let power = 0;
  let value = count;
  while (value >= 1000 && power < units.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${power === 0 ? value : Number(value.toPrecision(3))}${units[power]}`;
}

/** Megabytes of a million bytes. */
const bytes = (count: number): string => `${Number((count / 1e6).toPrecision(3))}${NO_BREAK}MB`;
