/** What the blocks of the picture stand for: the names by which the code reaches them. */
import * as v from 'valibot';

const partSchema = v.object({
  /** As in `named_modules()` or `named_parameters()`: `layer1`, `features.0`, `cls_token`. */
  path: v.string(),
  isModule: v.boolean(),
});

export const picturedModelSchema = v.object({
  /** The variable: `model`, `self.model`. */
  variable: v.string(),
  blocks: v.array(
    v.object({
      name: v.string(),
      parts: v.array(partSchema),
      /** What the picture leaves out of the block; null where it says all. */
      note: v.nullable(v.string()),
    }),
  ),
});
export type PicturedModel = v.InferOutput<typeof picturedModelSchema>;

const NAMES = ['stem', 'layer1', 'layer2', 'layer3', 'layer4', 'head'] as const;

/** The model of the presets: six blocks like those of a ResNet, with BatchNorm in all but the head. */
export const sampleModel: PicturedModel = {
  variable: 'model',
  blocks: NAMES.map((name) => ({ name, parts: [{ path: name, isModule: true }], note: null })),
};

/** The name of a block in code marks. */
export function codeName(model: PicturedModel, block: number): string {
  return `\`${model.blocks[block]?.name ?? ''}\``;
}

/** "`stem`, `layer1` and `head`". */
export function codeNames(model: PicturedModel, blocks: readonly number[]): string {
  const names = blocks.map((block) => codeName(model, block));
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** How Python reaches a part: `model.features[0]`. */
export function pythonPath(variable: string, path: string): string {
  return path
    .split('.')
    .reduce((whole, part) => whole + (/^\d+$/.test(part) ? `[${part}]` : `.${part}`), variable);
}
