import assert from 'node:assert/strict';
import { UNKNOWN } from '../../../src/torch/arguments.ts';
import { isFullyKnown, type ModuleTree, moduleAt } from '../../../src/torch/module-tree.ts';
import { buildModule } from '../../../src/torch/torchvision-layers.ts';
import recordedCalls from './torchvision-layers-recorded.json' with { type: 'json' };

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
      const tree = buildModule(name, { positional, keywords: new Map() });
      assert.ok(tree);
      assert.deepEqual(plain(tree), owns);
      assert.ok(isFullyKnown(tree));
    });
  }

  it('keep their parameters where sizes are unknown', () => {
    const tree = buildModule('torchvision.models.detection.faster_rcnn.FastRCNNPredictor', {
      positional: [UNKNOWN],
      keywords: new Map([['num_classes', 2]]),
    })!;
    assert.deepEqual(moduleAt(tree, 'bbox_pred')?.parameters[0]?.shape, [8, null]);
  });

  it('are built by the same query as layers and whole models', () => {
    const call = { positional: [3, 4], keywords: new Map() };
    assert.equal(buildModule('torch.nn.Linear', call)?.className, 'Linear');
    const none = { positional: [], keywords: new Map() };
    assert.equal(buildModule('torchvision.models.resnet18', none)?.className, 'ResNet');
    assert.equal(buildModule('torchvision.models.detection.Whatever', none), null);
    assert.equal(buildModule('mine.Linear', call), null);
  });
});
