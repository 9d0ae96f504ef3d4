import assert from 'node:assert/strict';
import { sameOutput } from '../../../lessons/same-output.ts';

describe('the output of a program of a lesson', () => {
  it('may differ a little in fractions, since versions of PyTorch do, and in nothing else', () => {
    assert.ok(sameOutput('moved by: 0.50 of 4', 'moved by: 0.52 of 4'));
    assert.ok(!sameOutput('moved by: 0.50 of 4', 'moved by: 0.70 of 4'));
    assert.ok(!sameOutput('moved by: 0.50 of 4', 'moved by: 0.50 of 3'));
    assert.ok(!sameOutput('moved by: 0.00', 'moved by: 0.01'));
    assert.ok(!sameOutput('moved: True', 'moved: False'));
  });
});
