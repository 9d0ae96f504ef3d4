import assert from 'node:assert/strict';
import { lint } from '../../../src/lint.ts';
import { NotebookText } from '../../../src/python/notebook-text.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';

describe('the rules in a notebook', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** The codes that are found, by cell, from 1. */
  const found = (...cells: string[]) => {
    const notebook = new NotebookText(cells.map((text, index) => ({ text, number: index + 1 })));
    const result = lint(parser, notebook, { rules: {} });
    assert.deepEqual(result?.internalErrors, []);
    return result?.problems.map(({ code, span }) => `${notebook.placeOf(span)?.cell.number}: ${code}`);
  };
  const model = 'from torch import nn\nmodel = nn.Linear(4, 2)\np = model.weight';

  it('see what earlier cells have done', () => {
    assert.deepEqual(found(model, '!nvidia-smi', 'model.requires_grad = False'), ['3: FRZ101']);
    assert.deepEqual(found('model.requires_grad = False', model), []);
  });

  it('let a cell end in what it shows, as its reader asked for it', () => {
    assert.deepEqual(found(model, 'p.requires_grad == False\nx = 1'), ['2: FRZ104']);
    assert.deepEqual(found(model, 'x = 1\np.requires_grad == False\n# so it is'), []);
    assert.deepEqual(found(model, 'model.eval\nx = 1'), ['2: FRZ107']);
    assert.deepEqual(found(model, 'model.eval'), []);
    assert.deepEqual(found(model, 'if x:\n    p.requires_grad == False'), ['2: FRZ104']);
  });

  it('know nothing of a model after a magic that runs other code', () => {
    const optimizer =
      'from torch.optim import SGD\nmodel.requires_grad_(False)\noptimizer = SGD(model.parameters(), lr=1)';
    const step = 'for _ in range(9):\n    optimizer.step()';
    assert.deepEqual(found(model, optimizer, step), ['2: FRZ305']);
    assert.deepEqual(found(model, optimizer, '%run unfreeze.py', step), []);
  });
});
