import assert from 'node:assert/strict';
import { modelInSight } from '../../../../src/editor/model-in-sight.ts';
import { visualize } from '../../../../src/extension/study/visualize.ts';
import { foldModel } from '../../../../src/learn/visualize/fold-model.ts';
import { PRESET_IDS } from '../../../../src/learn/visualize/presets.ts';
import type { ModelInEditor } from '../../../../src/learn/visualize/visualize.ts';
import { readMessageToWebview, type StudyView } from '../../../../src/study-messages/messages.ts';
import { headOnly, observe } from '../../editor/observe.ts';

const moment = { now: 0, seed: 1, newPerDay: 10 };
type View = Extract<StudyView, { screen: 'visualize' }>;

/** The state after some actions, and what each of them says. */
function play(
  actions: readonly object[],
  model?: ModelInEditor,
): { state: unknown; said: string[]; view: View } {
  let state: unknown;
  const editor = model && {
    model: () => model,
    predictions: () => assert.fail('Visualize asks nothing about predictions.'),
  };
  const said: string[] = [];
  const show = (): View => {
    const view = visualize.view(state, moment);
    assert.deepEqual(readMessageToWebview({ type: 'view', view }), { type: 'view', view });
    assert.ok(view.screen === 'visualize');
    return view;
  };
  for (const action of actions) {
    state = visualize.act(state, action, { ...moment, editor });
    const { error, text } = show().outcome;
    said.push(error === null ? text : `${error}. ${text}`);
  }
  return { state, said, view: show() };
}

const preset = (id: string) => ({ type: 'preset', preset: id });
const [forward, backward, step] = ['forward', 'backward', 'step'].map((type) => ({ type }));
assert.ok(forward && backward && step);
const freeze = (block: number, frozen = true) => ({ type: 'freeze', block, frozen });

describe('Visualize', () => {
  it('shows that with only the head trainable, nothing but the head moves', () => {
    const { said, view } = play([preset('headOnly'), forward, backward, step]);
    assert.deepEqual(said.slice(1), [
      'The activations have run down to the loss.',
      '`head` got a gradient. Autograd stops at `head`: nothing before it is trainable.',
      'The weights of `head` changed.',
    ]);
    assert.deepEqual(
      view.simulation.blocks.map(({ moves }) => moves),
      [0, 0, 0, 0, 0, 1],
    );
  });

  it('shows that a block which the optimizer does not hold gets gradients and never moves', () => {
    const { said } = play([
      preset('forgotOptimizer'),
      forward,
      backward,
      step,
      { type: 'zeroGrad', zeros: false },
      { type: 'rebuild' },
      step,
    ]);
    assert.match(said[3] ?? '', /^The weights of `head` changed. `layer4` has a gradient and did not move/);
    assert.match(said[4] ?? '', /`head` is None now. That of `layer4` stays and piles up/);
    assert.match(said[5] ?? '', /holds what is trainable: `layer4` and `head`/);
    assert.equal(said[6], 'The weights of `layer4` changed.');
  });

  it('shows the exception where all is frozen', () => {
    const { said } = play([preset('allFrozen'), backward, forward, backward, step, freeze(5, false)]);
    assert.match(said[1] ?? '', /^NameError: name 'loss' is not defined/);
    assert.match(said[2] ?? '', /Autograd recorded nothing/);
    assert.match(said[3] ?? '', /^RuntimeError: element 0 of tensors does not require grad/);
    assert.match(said[4] ?? '', /no gradient anywhere, so step\(\) skips every block, without an error/);
    assert.equal(said[5], '`head` is trainable from the next forward pass on.');
  });

  it('shows that BatchNorm of frozen blocks moves until eval()', () => {
    const { said, view } = play([
      preset('batchNormDrift'),
      forward,
      forward,
      { type: 'evalFrozen' },
      forward,
    ]);
    assert.match(said[1] ?? '', /`stem`, `layer1`, `layer2`, `layer3` and `layer4`. Frozen or not/);
    assert.equal(said[4], 'The activations have run down to the loss.');
    assert.deepEqual(
      view.simulation.blocks.map(({ drifts }) => drifts),
      [2, 2, 2, 2, 2, 0],
    );
  });

  it('says what becomes of a gradient that a freeze has left behind', () => {
    const frozenThen = (optimizer: string, ...rest: object[]) =>
      play([
        preset('headOnly'),
        { type: 'optimizer', optimizer },
        forward,
        backward,
        step,
        freeze(5),
        ...rest,
      ]).said.slice(5);
    const [frozen, moves] = frozenThen('SGD', step);
    assert.match(frozen ?? '', /^`head` is frozen. The gradient that it has stays/);
    assert.match(moves ?? '', /^The weights of `head` changed. `head` is frozen and moves all the same/);
    const zeros = [{ type: 'zeroGrad', zeros: true }, step];
    assert.match(frozenThen('SGD', ...zeros)[2] ?? '', /^No weights changed. Zeros do not move `head`/);
    assert.match(frozenThen('momentum', ...zeros)[2] ?? '', /the gradient is zeros, .*: momentum goes on/);
    assert.match(frozenThen('AdamW', ...zeros)[2] ?? '', /momentum and weight decay go on/);
    const none = [{ type: 'zeroGrad', zeros: false }, step];
    assert.match(frozenThen('AdamW', ...none)[2] ?? '', /no gradient anywhere/);
  });

  it('says that gradients add up, and what a step between the passes breaks', () => {
    const { said } = play([
      preset('headOnly'),
      freeze(4, false),
      { type: 'rebuild' },
      forward,
      backward,
      backward,
      forward,
      backward,
      forward,
      step,
      backward,
    ]);
    assert.match(said[5] ?? '', /^RuntimeError: Trying to backward through the graph a second time/);
    assert.match(said[7] ?? '', /In `layer4` and `head` it was added to what was there/);
    assert.match(
      said[10] ?? '',
      /modified by an inplace operation. step\(\) has changed the weights of `head`/,
    );
  });

  it('counts a situation as done once it has shown what it is about', () => {
    const walks = {
      headOnly: [forward, backward, step],
      forgotOptimizer: [forward, backward, step],
      allFrozen: [forward, backward],
      batchNormDrift: [forward, { type: 'evalFrozen' }],
    };
    const actions: object[] = [];
    for (const [index, id] of PRESET_IDS.entries()) {
      assert.equal(visualize.part(play(actions).state), index / PRESET_IDS.length);
      actions.push(preset(id), ...walks[id]);
    }
    assert.equal(visualize.part(play(actions).state), 1);
  });

  it("draws your file's model, and goes back to it on Reset", async () => {
    const { program } = await observe(headOnly);
    const sight = modelInSight(program, headOnly.indexOf('optimizer.step()'));
    const folded = sight && foldModel(sight.snapshot);
    assert.ok(folded);
    const model = { ...folded, where: 'train.py, before line 10' };
    const { view } = play([{ type: 'readFile' }, forward, backward, step, { type: 'reset' }], model);
    assert.equal(view.preset, null);
    assert.equal(
      view.place,
      '`model` of train.py, before line 10. If its SGD has momentum, choose that below.',
    );
    assert.deepEqual(
      view.names.map(({ name }) => name),
      ['conv1, bn1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc'],
    );
    assert.ok(view.simulation.blocks.every(({ moves, drifts }) => moves + drifts === 0));
    assert.equal(
      view.code,
      'model.requires_grad_(False)\nmodel.fc.requires_grad_(True)\n' +
        'optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.01)\nmodel.train()',
    );
  });

  it('says why there is no model, and keeps the picture that is there', () => {
    const { view } = play([preset('allFrozen'), { type: 'readFile' }], {
      problem: 'No Python file is open.',
    });
    assert.equal(view.problem, 'No Python file is open.');
    assert.equal(view.preset, 'allFrozen');
    const { view: after } = play([{ type: 'readFile' }, preset('headOnly')], { problem: 'None.' });
    assert.equal(after.problem, null);
  });

  it('takes nothing from outside that is no state and no action of it', () => {
    assert.ok(!visualize.isReadable({ preset: 'headOnly' }));
    const { state } = play([forward]);
    for (const wrong of [null, { type: 'freeze', block: 9, frozen: true }, { type: 'explode' }]) {
      assert.equal(visualize.act(state, wrong, moment), state);
    }
  });
});
