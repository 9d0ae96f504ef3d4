import assert from 'node:assert/strict';
import { UNKNOWN } from '../../../src/torch/arguments.ts';
import { isFullyKnown, type ModuleTree } from '../../../src/torch/module-tree.ts';
import { buildTorchvisionLayer } from '../../../src/torch/torchvision-layers.ts';
import recordedCalls from './torchvision-layers-recorded.json' with { type: 'json' };
import { moduleAt } from './trees.ts';

const recorded = recordedCalls as unknown as readonly {
  readonly name: string;
  readonly positional: readonly (number | string)[];
  readonly owns: unknown;
}[];

function plain(tree: ModuleTree): unknown {
  return {
    class: tree.className,
    parameters: tree.parameters.map((parameter) => [parameter.name, parameter.shape]),
    buffers: tree.buffers,
    children: tree.children.map((child) => [child.name, plain(child.tree)]),
  };
}

describe('modules of torchvision built by hand', () => {
  for (const { name, positional, owns } of recorded) {
    it(`own what the real ${name.split('.').at(-1)} owns`, () => {
      const tree = buildTorchvisionLayer(name, { positional, keywords: new Map() });
      assert.ok(tree);
      assert.deepEqual(plain(tree), owns);
      assert.ok(isFullyKnown(tree));
    });
  }

  it('keep their parameters where sizes are unknown', () => {
    const tree = buildTorchvisionLayer('torchvision.models.detection.faster_rcnn.FastRCNNPredictor', {
      positional: [UNKNOWN],
      keywords: new Map([['num_classes', 2]]),
    })!;
    assert.deepEqual(moduleAt(tree, 'bbox_pred')?.parameters[0]?.shape, [8, null]);
  });
});
