import assert from 'node:assert/strict';
import { numberedLayers } from '../../../src/torch/checkpoints.ts';

describe('well-known checkpoints', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['bert-base-uncased', 'encoder.layer.', 12],
    ['google-bert/bert-large-cased', 'encoder.layer.', 24],
    ['xlm-roberta-base', 'encoder.layer.', 12],
    ['microsoft/deberta-v3-large', 'encoder.layer.', 24],
    ['google/vit-base-patch16-224', 'encoder.layer.', 12],
    ['vit_base_patch16_224', 'blocks.', 12],
    ['gpt2-medium', 'h.', 24],
    ['distilbert-base-uncased', 'transformer.layer.', 6],
    ['facebook/wav2vec2-base-960h', 'encoder.layers.', 12],
  ];
  for (const [checkpoint, path, depth] of cases) {
    it(`knows that ${checkpoint} has ${depth} layers`, () => {
      assert.deepEqual(numberedLayers(checkpoint)[0], { path, depth });
    });
  }

  it('knows nothing of others', () => {
    assert.deepEqual(numberedLayers('./checkpoints/my-model'), []);
    assert.deepEqual(numberedLayers('albert-base-v2'), []);
  });
});
