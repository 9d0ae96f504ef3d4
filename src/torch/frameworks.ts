/** Which deep learning frameworks a file imports: others have modules, parameters and `requires_grad` of their own. */
import type { Module } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';

const TORCH =
  /^(?:\w*torch\w*|pytorch_lightning|lightning|timm|transformers|accelerate|peft|fastai|monai|mmcv|mmengine)(?:\.|$)/;

const OTHER_FRAMEWORK =
  /^(?:\w*keras\w*|tensorflow\w*|paddle\w*|ppdet|ppcls|mindspore|mxnet|gluon\w*|jax|flax|haiku|chainer|oneflow|jittor|megengine|tinygrad|theano|lasagne|tf_slim)(?:\.|$)/;

export interface Frameworks {
  /** PyTorch or a library on top of it. */
  readonly torch: boolean;
  readonly other: boolean;
}

/** The frameworks that are imported anywhere in a file. */
export function frameworksOf(module: Module): Frameworks {
  const imported = module.body.flatMap((statement) =>
    [...walk(statement)].flatMap((node): string[] => {
      if (node.kind === 'import') return node.names.map(({ path }) => path);
      if (node.kind !== 'importFrom') return [];
      // TensorFlow's models have a place of their own in transformers: TFBertModel, FlaxBertModel.
      const isForeign = node.names?.some(({ name }) => /^(?:TF|Flax)[A-Z]/.test(name));
      return isForeign ? ['tensorflow'] : [node.module];
    }),
  );
  return {
    torch: imported.some((path) => TORCH.test(path)),
    other: imported.some((path) => OTHER_FRAMEWORK.test(path)),
  };
}

/** Whether a class or function, by its full name, is another framework's. */
export const isOfOtherFramework = (name: string): boolean => OTHER_FRAMEWORK.test(name);
