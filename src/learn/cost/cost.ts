/** What training a part of a model costs, against training all of it. */
import { type ComputeBlock, type RecordedCompute, recordedCompute } from '../../torch/compute.ts';
import { namedParameters } from '../../torch/module-tree.ts';
import { buildModel } from '../../torch/torchvision.ts';

export const MODEL_IDS = [
  'resnet18',
  'resnet50',
  'vgg16',
  'mobilenet_v3_large',
  'efficientnet_b0',
  'convnext_tiny',
  'vit_b_16',
] as const;
export type ModelId = (typeof MODEL_IDS)[number];

export const OPTIMIZER_IDS = ['SGD', 'momentum', 'RMSprop', 'Adam', 'AdamW'] as const;
export type OptimizerId = (typeof OPTIMIZER_IDS)[number];

export const modelTitles: Readonly<Record<ModelId, string>> = {
  resnet18: 'ResNet-18',
  resnet50: 'ResNet-50',
  vgg16: 'VGG-16',
  mobilenet_v3_large: 'MobileNet V3 large',
  efficientnet_b0: 'EfficientNet B0',
  convnext_tiny: 'ConvNeXt tiny',
  vit_b_16: 'ViT-B/16',
};

interface OptimizerFacts {
  readonly title: string;
  /** How it is built; the parameters stand for `_`. */
  readonly python: string;
  /** The tensors that it keeps for each parameter it updates, each as large as the parameter. */
  readonly buffers: readonly string[];
}

export const optimizers: Readonly<Record<OptimizerId, OptimizerFacts>> = {
  SGD: { title: 'SGD', python: 'torch.optim.SGD(_, lr=0.01)', buffers: [] },
  momentum: {
    title: 'SGD, momentum 0.9',
    python: 'torch.optim.SGD(_, lr=0.01, momentum=0.9)',
    buffers: ['momentum_buffer'],
  },
  RMSprop: { title: 'RMSprop', python: 'torch.optim.RMSprop(_, lr=0.001)', buffers: ['square_avg'] },
  Adam: { title: 'Adam', python: 'torch.optim.Adam(_, lr=0.001)', buffers: ['exp_avg', 'exp_avg_sq'] },
  AdamW: { title: 'AdamW', python: 'torch.optim.AdamW(_, lr=0.001)', buffers: ['exp_avg', 'exp_avg_sq'] },
};

/** The bytes of a float32, which PyTorch uses unless it is told otherwise. */
export const BYTES = 4;

export interface Setting {
  readonly model: ModelId;
  readonly optimizer: OptimizerId;
  /** The earliest block that trains, 0-based: everything before it is frozen. */
  readonly first: number;
}

export interface Cost {
  /** Scalars in the model, and in what trains of it. */
  readonly parameters: number;
  readonly trainable: number;
  /** Bytes. */
  readonly weights: number;
  readonly gradients: number;
  readonly state: number;
  /** Multiply-adds of the backward pass over one image: for gradients of weights, and of activations. */
  readonly weightGradients: number;
  readonly activationGradients: number;
}

/** The blocks of a model, in the order of the forward pass. */
export const blocksOf = (model: ModelId): readonly ComputeBlock[] => computeOf(model).blocks;

export function computeOf(model: ModelId): RecordedCompute {
  return recordedCompute.get(model) as RecordedCompute;
}

/**
 * Weights and gradients take one float32 a scalar; a frozen parameter has no gradient, and an optimizer keeps nothing for a
 * parameter without one. `test/unit/torch/memory-recorded.json` holds what PyTorch really allocates.
 */
export function costOf({ model, optimizer, first }: Setting): Cost {
  const sizes = sizesOf(model);
  const blocks = blocksOf(model);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const parameters = sum(sizes);
  const trainable = sum(sizes.slice(first));
  return {
    parameters,
    trainable,
    weights: BYTES * parameters,
    gradients: BYTES * trainable,
    state: BYTES * trainable * optimizers[optimizer].buffers.length,
    weightGradients: sum(blocks.slice(first).map(({ weights }) => weights)),
    activationGradients: blocks[first]?.activations ?? 0,
  };
}

const sizes = new Map<ModelId, readonly number[]>();

/** Scalars in each block. */
function sizesOf(model: ModelId): readonly number[] {
  const known = sizes.get(model);
  if (known !== undefined) return known;
  const built = buildModel(`torchvision.models.${model}`, { positional: [], keywords: new Map() });
  const named = built === null ? [] : [...namedParameters(built.tree)];
  const counted = blocksOf(model).map(({ parameters }) =>
    named
      .filter(([name]) => parameters.some((start) => name.startsWith(start)))
      .reduce(
        (total, [, { shape }]) => total + (shape ?? []).reduce<number>((size, each) => size * (each ?? 0), 1),
        0,
      ),
  );
  sizes.set(model, counted);
  return counted;
}

/** The Python of a setting. */
export function pythonOfSetting({ model, optimizer, first }: Setting): string {
  const lines = [`model = torchvision.models.${model}(weights="DEFAULT")`];
  if (first > 0) {
    const starts = blocksOf(model)
      .slice(first)
      .flatMap(({ parameters }) => parameters)
      .map((start) => JSON.stringify(start));
    const tested = starts.length === 1 ? starts[0] : `(${starts.join(', ')})`;
    lines.push(
      'for name, parameter in model.named_parameters():',
      `    parameter.requires_grad = name.startswith(${tested})`,
    );
  }
  const held =
    first > 0
      ? '[parameter for parameter in model.parameters() if parameter.requires_grad]'
      : 'model.parameters()';
  lines.push(`optimizer = ${optimizers[optimizer].python.replace('_', held)}`);
  return lines.join('\n');
}
