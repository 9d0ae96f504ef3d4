import assert from 'node:assert/strict';
import { misspelledRequiresGrad } from '../../../src/torch/attribute-spelling.ts';

describe('misspelt requires_grad', () => {
  it('is recognised as an attribute in the spellings people write', () => {
    for (const name of [
      'require_grad',
      'requires_grads',
      'required_grad',
      'requires_gradient',
      'require_grads',
      'requres_grad',
      'requiers_grad',
      'reqires_grad',
      'requires_gard',
      'requiresgrad',
      'requiresGrad',
      'require_gradient',
      'Requires_grad',
      'requires_gra',
      'requires_grade',
    ]) {
      assert.equal(misspelledRequiresGrad(name), 'attribute', name);
    }
  });

  it('is recognised as a method by its underscore', () => {
    for (const name of ['require_grad_', 'requires_grads_', 'required_grad_', 'requires_gradient_']) {
      assert.equal(misspelledRequiresGrad(name), 'method', name);
    }
  });

  it('is not seen in the right spellings or in other attributes', () => {
    for (const name of [
      'requires_grad',
      'requires_grad_',
      'retain_grad',
      'retains_grad',
      'required',
      'requires',
      'grad',
      'is_grad',
      'grad_fn',
      'requires_graph',
      'requires_grid',
      '_requires_grad',
      'g_requires_grad',
      'requires_grad_d',
      'requires_grad2',
      'requires_args',
      'register_grad',
      'weight',
      'no_grad',
      'enable_grad',
      '',
    ]) {
      assert.equal(misspelledRequiresGrad(name), null, name);
    }
  });
});
