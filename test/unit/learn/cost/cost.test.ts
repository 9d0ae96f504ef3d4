import assert from 'node:assert/strict';
import { modelInSight } from '../../../../src/editor/model-in-sight.ts';
import { cost } from '../../../../src/extension/study/cost.ts';
import {
  BYTES,
  blocksOf,
  computeOf,
  costOf,
  MODEL_IDS,
  type ModelId,
  OPTIMIZER_IDS,
  type OptimizerId,
  pythonOfSetting,
} from '../../../../src/learn/cost/cost.ts';
import { readMessageToWebview, type StudyView } from '../../../../src/study-messages/messages.ts';
import { namedParameters } from '../../../../src/torch/module-tree.ts';
import { buildModel } from '../../../../src/torch/torchvision.ts';
import { observe } from '../../editor/observe.ts';
import recorded from '../../torch/memory-recorded.json' with { type: 'json' };

const moment = { now: 0, seed: 1, newPerDay: 10 };

function viewAfter(...actions: object[]): Extract<StudyView, { screen: 'cost' }> {
  const state = actions.reduce<unknown>((before, action) => cost.act(before, action, moment), undefined);
  const view = cost.view(state, moment);
  assert.deepEqual(readMessageToWebview({ type: 'view', view }), { type: 'view', view });
  assert.ok(view.screen === 'cost');
  return view;
}

describe('the cost of training', () => {
  it('is in bytes what PyTorch holds after a step', () => {
    const models = new Set(recorded.map(({ model }) => model));
    assert.equal(recorded.length, models.size * OPTIMIZER_IDS.length * 3);
    for (const { model, optimizer, first, ...scalars } of recorded) {
      const { weights, gradients, state } = costOf({
        model: model as ModelId,
        optimizer: optimizer as OptimizerId,
        first,
      });
      assert.deepEqual(
        { weights, gradients, state },
        {
          weights: BYTES * scalars.weights,
          gradients: BYTES * scalars.gradients,
          state: BYTES * scalars.state,
        },
        `${model} with ${optimizer} from block ${first}`,
      );
    }
  });

  it('counts every parameter of every model in one block', () => {
    for (const model of MODEL_IDS) {
      const built = buildModel(`torchvision.models.${model}`, { positional: [], keywords: new Map() });
      assert.ok(built);
      for (const [name] of namedParameters(built.tree)) {
        const owners = blocksOf(model).filter(({ parameters }) =>
          parameters.some((start) => name.startsWith(start)),
        );
        assert.equal(owners.length, 1, `${model}: ${name}`);
      }
    }
  });

  it('takes twice the forward pass to go backward through all of a model, but for the first layer', () => {
    for (const model of MODEL_IDS) {
      const { weightGradients, activationGradients } = costOf({ model, optimizer: 'SGD', first: 0 });
      const ratio = (weightGradients + activationGradients) / computeOf(model).forward;
      assert.ok(ratio > 1.9 && ratio < 2, `${model}: ${ratio}`);
    }
    // The stem of a ResNet: 64 channels of 112 x 112 from 3 of 7 x 7, and no gradient for the image.
    const [stem] = blocksOf('resnet18');
    assert.equal(stem?.weights, 64 * 112 * 112 * 3 * 7 * 7);
    assert.equal(stem?.activations, computeOf('resnet18').forward - (stem?.weights ?? 0));
    // The head alone: one product for its weights, none for what comes before.
    const head = blocksOf('resnet18').at(-1);
    assert.deepEqual([head?.weights, head?.activations], [512 * 1000, 0]);
  });

  it('falls with every block that is frozen', () => {
    for (const model of MODEL_IDS) {
      const costs = blocksOf(model).map((_, first) => costOf({ model, optimizer: 'AdamW', first }));
      for (const [index, next] of costs.slice(1).entries()) {
        const before = costs[index];
        assert.ok(before && next.gradients < before.gradients && next.state < before.state);
        assert.ok(next.weightGradients < before.weightGradients);
        assert.ok(next.activationGradients <= before.activationGradients);
        assert.equal(next.weights, before.weights);
      }
    }
  });

  it('is that of the Python beneath: the analysis finds the same parameters trainable and held', async () => {
    for (const model of MODEL_IDS) {
      for (const first of blocksOf(model).keys()) {
        const setting = { model, optimizer: 'Adam', first } as const;
        const text = `import torch\nimport torchvision\n${pythonOfSetting(setting)}\n`;
        const { program } = await observe(text);
        const sight = modelInSight(program, text.length);
        const parameters = sight?.snapshot.modules.get('model')?.parameters ?? new Map();
        const trainable = [...parameters].flatMap(([name, { flag }]) => (flag === 'trainable' ? [name] : []));
        const starts = blocksOf(model)
          .slice(first)
          .flatMap((block) => block.parameters);
        const expected = [...parameters.keys()].filter((name) =>
          starts.some((start) => name.startsWith(start)),
        );
        assert.ok(expected.length > 0);
        assert.deepEqual(trainable, expected, text);
        assert.equal(sight?.snapshot.optimizers.get('optimizer')?.parameters.length, trainable.length, text);
      }
    }
  });
});

describe('Cost', () => {
  it('begins with the head of a ResNet', () => {
    const view = viewAfter();
    assert.deepEqual(
      view.charts.map(({ title, share, totals }) => [title, share, totals.yours, totals.all]),
      [
        ['Memory', '28% of training everything', '52.9\u00a0MB', '187\u00a0MB'],
        [
          'Backward compute, in multiply-adds an image',
          'less than 1% of training everything',
          '512\u00a0k',
          '3.51\u00a0G',
        ],
      ],
    );
    assert.match(view.charts[0]?.formula[2] ?? '', /8 bytes × 513\u00a0k .* `exp_avg` and `exp_avg_sq`/);
  });

  it('follows the lists, and keeps the head as the head of another model', () => {
    const all = viewAfter({ type: 'first', first: 0 });
    assert.deepEqual(
      all.charts.map(({ share }) => share),
      ['Everything trains', 'Everything trains'],
    );
    assert.equal(viewAfter({ type: 'model', model: 'convnext_tiny' }).first, 4);
    assert.equal(viewAfter({ type: 'first', first: 4 }, { type: 'model', model: 'convnext_tiny' }).first, 4);
    const plain = viewAfter({ type: 'optimizer', optimizer: 'SGD' });
    assert.match(plain.charts[0]?.formula[2] ?? '', /plain SGD keeps nothing/);
    assert.equal(plain.charts[0]?.parts[2]?.allText, '0\u00a0MB');
  });

  it('names what it does not count', () => {
    assert.match(viewAfter().notes.join(' '), /Not counted: the activations .* statistics of BatchNorm/);
  });

  it('takes no block that the model does not have', () => {
    assert.equal(viewAfter({ type: 'first', first: 9 }).first, 5);
    assert.ok(!cost.isReadable({ model: 'resnet18', optimizer: 'SGD', first: 9, tried: [] }));
    assert.ok(cost.isReadable({ model: 'resnet18', optimizer: 'SGD', first: 5, tried: [] }));
  });
});
