import assert from 'node:assert/strict';
import * as v from 'valibot';
import { checkGoal, type GoalRow } from '../../../../src/learn/exercises/check-goal.ts';
import { type Goal, goalSchema } from '../../../../src/learn/exercises/goal.ts';
import { describeGoal } from '../../../../src/learn/exercises/wants.ts';
import { lint } from '../../../../src/lint.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { testParser } from '../../python-parser.ts';

const goalOf = (...states: v.InferInput<typeof goalSchema>['states']): Goal =>
  v.parse(goalSchema, { states });

describe('a goal', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });
  const check = (text: string, goal: Goal): readonly GoalRow[] =>
    checkGoal(lint(parser, text, { rules: {} }), goal);
  const inWords = (rows: readonly GoalRow[]): string[] =>
    rows.map(({ met, text, detail, line }) =>
      [met ? 'yes' : 'no', text, detail, line && `line ${line}`].filter((part) => part !== null).join(' | '),
    );
  const net =
    'from torch import nn\nmodel = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))\n';

  it('is told line by line, with what decided it and why it is missed', () => {
    const goal = goalOf({ model: 'model', frozen: ['0'], trainable: ['rest'], eval: ['BatchNorm1d'] });
    assert.deepEqual(
      inWords(check(`${net}model[0].requires_grad_(False)\nmodel[2].requires_grad_(False)\n`, goal)),
      [
        'yes | `0` is frozen | line 3',
        'no | Everything else should train | `2.weight` is frozen | line 4',
        'no | Every `BatchNorm1d` should be in eval mode | `1` is in train mode',
        'yes | The program runs to its end',
        'yes | Freezelint finds nothing wrong',
      ],
    );
  });

  it('has the same lines before a check', () => {
    const goal = goalOf(
      { model: 'model', frozen: ['0'], trainable: ['rest'] },
      { optimizer: 'optimizer', holds: ['2'], lacks: ['0'], steps: true },
    );
    assert.deepEqual(describeGoal(goal), [
      '`0` should be frozen',
      'Everything else should train',
      '`optimizer` should hold `2`',
      '`optimizer` should not hold `0`',
      '`optimizer` should step',
      'The program should run to its end',
      'Freezelint should find nothing wrong',
    ]);
    assert.equal(check(net, goal).length, 7);
  });

  it('does not take what cannot be told for reached', () => {
    const goal = goalOf({ model: 'model', frozen: ['*'] });
    const text = `${net}import sys\nif len(sys.argv) > 1:\n    model.requires_grad_(False)\n`;
    assert.match(inWords(check(text, goal))[0] ?? '', /^no .* whether `0.weight` trains cannot be told/);
  });

  it('asks about the moment that it names', () => {
    const text = `import torch
${net}model.requires_grad_(False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    if epoch == 2:
        model[2].requires_grad_(True)
    loss = model(torch.randn(3, 4, requires_grad=True)).sum()
    loss.backward()
    optimizer.step()
model.requires_grad_(True)
`;
    const goal = goalOf(
      { model: 'model', at: 'first step', frozen: ['*'] },
      { model: 'model', at: 'last step', frozen: ['0'], trainable: ['2'] },
      { model: 'model', trainable: ['*'] },
    );
    assert.deepEqual(
      check(text, goal)
        .slice(0, 4)
        .map(({ met, text }) => [met, text]),
      [
        [true, 'At the first step all of `model` is frozen'],
        [true, 'At the last step `0` is frozen'],
        [true, 'At the last step `2` trains'],
        [true, 'All of `model` trains'],
      ],
    );
    assert.match(inWords(check(net, goal))[0] ?? '', /no optimizer ever steps/);
  });

  it('knows an optimizer under any of its names, and looks through a wrapper', () => {
    const text = `import torch
${net}wrapped = nn.DataParallel(model)
opt = torch.optim.Adam(wrapped.module[2].parameters())
optimizer = opt
`;
    const goal = goalOf({ optimizer: 'optimizer', of: 'wrapped', holds: ['2'], lacks: ['rest'] });
    assert.deepEqual(
      check(text, goal).map(({ met }) => met),
      [true, true, true, true],
    );
  });

  it('says in one line what is wrong with a text that is no program, or has no model', () => {
    const goal = goalOf({ model: 'model', frozen: ['*'] });
    assert.deepEqual(inWords(check('print(1)\n', goal)), [
      'no | The code should use PyTorch | there is no `import torch` in it',
    ]);
    assert.deepEqual(inWords(check(`${net}model.requires_grad_(\n`, goal)), [
      'no | The code should be valid Python | this line is not | line 3',
    ]);
    assert.match(inWords(check('import torch\n', goal))[0] ?? '', /there is no model in `model`/);
  });

  it('is missed by a program that raises, and by one that Freezelint objects to', () => {
    const goal = goalOf({ model: 'model', frozen: ['0'] });
    const text = `${net}model[0].requires_grad_(False)\nmodel.requires_grad = False\nfor p in model.parameters:\n    pass\n`;
    assert.deepEqual(inWords(check(text, goal)).slice(1), [
      'no | The program should run to its end | it raises TypeError | line 5',
      'no | Freezelint should find nothing wrong | it reports FRZ101, requires-grad-on-module | line 4',
      'no | Freezelint should find nothing wrong | it reports FRZ201, parameters-not-called | line 5',
    ]);
  });
});
