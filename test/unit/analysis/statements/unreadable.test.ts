import assert from 'node:assert/strict';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { placeBefore } from '../../../../src/analysis/places/places.ts';
import { ALONE } from '../../../../src/analysis/program.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { testParser } from '../../python-parser.ts';

describe('What a line that cannot be read', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** The flags of the weights of `model` and `other` at the end of a program that makes both. */
  function flagsAfter(lines: string): readonly string[] {
    const text = `import torch.nn as nn\nmodel, other = nn.Linear(1, 1), nn.Linear(1, 1)\n${lines}\npass\n`;
    const module = parser.parse(text);
    assert.ok(module.errors.length > 0, lines);
    const found = placeBefore(module, text.length - 2);
    assert.ok(found);
    const snapshot = analyse(module, ALONE, { places: [found.place] }).at(found.place, 'visible');
    return ['model', 'other'].map(
      (name) => snapshot?.modules.get(name)?.parameters.get('weight')?.flag ?? 'unknown',
    );
  }

  it('mentions is unknown from there on, the rest is not', () => {
    assert.deepEqual(flagsAfter('for p in model.parameters() p.requires_grad = False'), [
      'unknown',
      'trainable',
    ]);
    assert.deepEqual(flagsAfter('model = = other'), ['unknown', 'unknown']);
    assert.deepEqual(flagsAfter('print(model other)'), ['unknown', 'unknown']);
    assert.deepEqual(flagsAfter('x = (1 2)'), ['trainable', 'trainable']);
  });

  it('says stays unknown for what the lines after it set', () => {
    assert.deepEqual(flagsAfter('def freeze(model)\nmodel.requires_grad_(False)'), ['unknown', 'trainable']);
  });

  it('leaves the names of libraries and classes as they are', () => {
    assert.deepEqual(flagsAfter('x = nn. = 1\nmodel = nn.Linear(2, 2)'), ['trainable', 'trainable']);
  });
});
