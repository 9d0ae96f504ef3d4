import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { predictSample } from '../../../../scripts/predict-sample.ts';
import { predictMode } from '../../../../src/extension/study/predict.ts';
import {
  freshPredict,
  isRight,
  type PredictAction,
  predictStateSchema,
  predictStep,
} from '../../../../src/learn/predict/predict.ts';
import { type Prediction, predictionsOf, reasonOf } from '../../../../src/learn/predict/prediction.ts';
import { observe } from '../../editor/observe.ts';

const NET = `import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.neck = nn.Linear(2, 2)
        self.head = nn.Linear(2, 2)

net = Net()
`;

/** "line 13: what trains: body no (frozen in line 13), ..." for each question. */
const shown = (question: Prediction): string => {
  const parts = question.parts.map((part) => `${part.name} ${part.isWanted} (${reasonOf(question, part)})`);
  return `${question.row} ${question.optimizer ?? '-'}: ${parts.join(', ')}`;
};

const ask = async (code: string, seed = 1): Promise<string[]> =>
  predictionsOf((await observe(NET + code)).program, seed).map(shown);

describe('questions about a program', () => {
  it('ask what trains, and once there is an optimizer what its step changes', async () => {
    assert.deepEqual(
      await ask(`for p in net.parameters():
    p.requires_grad = False
net.head = nn.Linear(2, 3)
optimizer = torch.optim.SGD(net.head.parameters(), lr=0.1)
net.neck.requires_grad_(True)
`),
      [
        '13 -: net.body false (frozen since line 13), net.neck false (frozen since line 13), net.head false (frozen since line 13)',
        '14 -: net.body false (frozen since line 13), net.neck false (frozen since line 13), net.head true (trainable, as it was made)',
        '15 optimizer: net.body false (frozen since line 13), net.neck false (frozen since line 13), net.head true (trainable, as it was made)',
        '16 optimizer: net.body false (frozen since line 13), net.neck false (trainable since line 16, but `optimizer` does not hold it), net.head true (trainable, as it was made)',
      ],
    );
  });

  it('are about functions, too, and show the code that leads there', async () => {
    const { program } = await observe(
      `${NET}def prepare():\n    model = Net()\n    model.body.requires_grad_(False)\n    return model\n`,
    );
    const [question] = predictionsOf(program, 1);
    assert.equal(question?.row, 14);
    assert.equal(question.code.at(-1), '    model.body.requires_grad_(False)');
    assert.deepEqual(
      question.parts.map(({ name, isWanted }) => [name, isWanted]),
      [
        ['model.body', false],
        ['model.neck', true],
        ['model.head', true],
      ],
    );
  });

  it('are not asked where the trace is not certain', async () => {
    assert.deepEqual(
      await ask('if input():\n    net.body.requires_grad_(False)\nnet.neck.requires_grad_(True)\n'),
      [
        '13 -: net.body false (frozen since line 13), net.neck true (trainable, as it was made), net.head true (trainable, as it was made)',
      ],
    );
    assert.deepEqual(await ask('from helpers import freeze\nfreeze(net)\n'), []);
    assert.deepEqual(await ask(''), []);
  });

  it('are five at most, each line once, in the order of the program, the same for a seed', async () => {
    const code = Array.from({ length: 12 }, (_, index) => {
      const part = ['body', 'neck', 'head'][index % 3];
      return `net.${part}.requires_grad_(${index % 2 === 0 ? 'False' : 'True'})\n`;
    }).join('');
    const questions = await ask(code, 3);
    assert.equal(questions.length, 5);
    const rows = questions.map((each) => Number.parseInt(each, 10));
    assert.deepEqual(
      rows,
      [...new Set(rows)].sort((a, b) => a - b),
    );
    assert.deepEqual(await ask(code, 3), questions);
    assert.notDeepEqual(await ask(code, 4), questions);
  });
});

describe('Predict', () => {
  let sample: readonly Prediction[];
  before(async () => {
    sample = await predictSample();
  });
  const act = (...actions: readonly PredictAction[]) =>
    actions.reduce((state, action) => predictStep(state, action, sample, undefined), freshPredict);
  const idOf = (index: number): string => sample[index]?.id ?? '';

  it('has a built-in program whose late unfreeze no step changes', () => {
    assert.equal(sample.length, 5);
    const late = sample.find(({ parts }) => parts.some((part) => part.isTrainable && !part.isWanted));
    assert.match(
      shown(late as Prediction),
      /model\.layer4 false \(trainable since line \d+, but `optimizer` does not hold it\)/,
    );
  });

  it('takes ticks until they are checked, and goes on after that', () => {
    const ticked = act({ type: 'tick', question: idOf(0), part: 'model.fc', ticked: true });
    assert.deepEqual(ticked.ticked, ['model.fc']);
    const unticked = predictStep(
      ticked,
      { type: 'tick', question: idOf(0), part: 'model.fc', ticked: false },
      sample,
      undefined,
    );
    assert.deepEqual(unticked.ticked, []);
    const checked = predictStep(unticked, { type: 'check', question: idOf(0) }, sample, undefined);
    assert.deepEqual(checked.results, [isRight(sample[0] as Prediction, [])]);
    assert.equal(
      predictStep(
        checked,
        { type: 'tick', question: idOf(0), part: 'model.fc', ticked: true },
        sample,
        undefined,
      ),
      checked,
    );
    const next = predictStep(checked, { type: 'next', question: idOf(0) }, sample, undefined);
    assert.equal(next.position, 1);
    assert.equal(
      predictStep(next, { type: 'next', question: idOf(0) }, sample, undefined),
      next,
      'a second press is for nothing',
    );
  });

  it('does not give the answer away before it is checked', () => {
    const mode = predictMode(sample);
    const moment = { now: 0, seed: 0, newPerDay: 10 };
    assert.doesNotMatch(JSON.stringify(mode.view(undefined, moment)), /frozen|isWanted/);
    const checked = mode.act(undefined, { type: 'check', question: idOf(0) }, moment);
    assert.match(JSON.stringify(mode.view(checked, moment)), /frozen since line 7/);
  });

  it('asks about the file in the editor, or says why it cannot, and keeps what was there', () => {
    const begun = act({ type: 'check', question: idOf(0) });
    const refused = predictStep(begun, { type: 'readFile' }, sample, { problem: 'No file.' });
    assert.deepEqual(refused, { ...begun, problem: 'No file.' });
    const questions = sample.slice(1, 3);
    const read = predictStep(refused, { type: 'readFile' }, sample, { questions, where: 'train.py' });
    assert.deepEqual(
      [read.where, read.questions, read.position, read.problem],
      ['train.py', questions, 0, null],
    );
    assert.deepEqual(predictStep(read, { type: 'sample' }, sample, undefined), freshPredict);
  });

  it('stays a state that can be stored, whatever is done', () => {
    const action = fc.oneof(
      fc.record({
        type: fc.constantFrom('check', 'next'),
        question: fc.constantFrom(...[0, 1, 2].map(idOf)),
      }),
      fc.constant({ type: 'sample' }),
      fc.record({
        type: fc.constant('tick'),
        question: fc.constantFrom(idOf(0), idOf(1)),
        part: fc.constantFrom('model.fc', 'x'),
        ticked: fc.boolean(),
      }),
    ) as fc.Arbitrary<PredictAction>;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const state = act(...actions);
        assert.ok(v.is(predictStateSchema, JSON.parse(JSON.stringify(state))));
        assert.equal(state.results.length, state.position + (state.isChecked ? 1 : 0));
      }),
      { seed: 6 },
    );
  });
});
