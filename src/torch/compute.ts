import recorded from './compute.json' with { type: 'json' };

/** A part of a torchvision model, and the multiply-adds of its backward pass over one image of 224 x 224. */
export interface ComputeBlock {
  readonly name: string;
  /** The beginnings of its parameters' names: `layer1.`. */
  readonly parameters: readonly string[];
  /** For the gradients of its weights. */
  readonly weights: number;
  /** For all gradients of activations that are needed if it is the earliest block that trains. */
  readonly activations: number;
}

export interface RecordedCompute {
  /** Multiply-adds of the forward pass. */
  readonly forward: number;
  /** In the order of the forward pass. */
  readonly blocks: readonly ComputeBlock[];
}

/** Recorded from PyTorch by scripts/torch/record_cost.py, by the name of the factory in torchvision. */
export const recordedCompute: ReadonlyMap<string, RecordedCompute> = new Map(Object.entries(recorded));
