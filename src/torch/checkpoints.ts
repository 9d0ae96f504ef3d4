/** Well-known checkpoints whose numbered layers are many: how the layers are called, and how many there are. */

/** Numbered layers of a model: their names are `path` and the numbers from 0 to `depth` - 1. */
export interface NumberedLayers {
  readonly path: string;
  readonly depth: number;
}

/**
 * Depths from the configurations that the checkpoints are published with (`num_hidden_layers`, `n_layer` and the
 * like), paths from the class that loads them. The first pattern that fits decides.
 */
const FAMILIES: readonly (readonly [RegExp, readonly NumberedLayers[]])[] = [
  [/^distil(?:bert|roberta)/, layers(6, 'transformer.layer.', 'encoder.layer.')],
  [/^distilgpt2/, layers(6, 'h.')],
  [/^gpt2$/, layers(12, 'h.')],
  [/^gpt2-medium/, layers(24, 'h.')],
  [/^gpt2-large/, layers(36, 'h.')],
  [/^gpt2-xl/, layers(48, 'h.')],
  [/^deberta-v3-(?:x?small)/, layers(6, 'encoder.layer.')],
  [/^electra-small/, layers(12, 'encoder.layer.')],
  [
    /^(?:deberta|electra|xlm-roberta|roberta|bert|beit|deit|dinov2|vit|layoutlm|codebert|graphcodebert|scibert|biobert|mpnet)\w*-(?:\w+-)*?large/,
    layers(24, 'encoder.layer.'),
  ],
  [
    /^(?:deberta|electra|xlm-roberta|roberta|bert|beit|deit|dinov2|vit|layoutlm|codebert|graphcodebert|mpnet)\w*-(?:\w+-)*?base/,
    layers(12, 'encoder.layer.'),
  ],
  [/^(?:scibert|biobert)/, layers(12, 'encoder.layer.')],
  [/^(?:wav2vec2|hubert|wavlm)-base/, layers(12, 'encoder.layers.')],
  [/^(?:wav2vec2|hubert|wavlm)-(?:x?large)/, layers(24, 'encoder.layers.')],
  [/^bart-large/, layers(12, 'encoder.layers.', 'decoder.layers.')],
  [/^t5-base/, layers(12, 'encoder.block.', 'decoder.block.')],
  [/^t5-large/, layers(24, 'encoder.block.', 'decoder.block.')],
  [/^clip-vit-base/, layers(12, 'encoder.layers.')],
  [/^(?:vit|deit|beit)(?:3)?_(?:tiny|small|base)_/, layers(12, 'blocks.')],
  [/^(?:vit|deit|beit)(?:3)?_large_/, layers(24, 'blocks.')],
];

function layers(depth: number, ...paths: readonly string[]): readonly NumberedLayers[] {
  return paths.map((path) => ({ path, depth }));
}

/**
 * The numbered layers of a checkpoint on the Hugging Face hub or a model of timm; `organisation/` and `prefix.` in
 * front do not count. Empty for one that is not well known.
 */
export function numberedLayers(checkpoint: string): readonly NumberedLayers[] {
  const name = checkpoint.slice(checkpoint.lastIndexOf('/') + 1).toLowerCase();
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? [];
}
