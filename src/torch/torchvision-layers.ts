import {
  type ArgumentValue,
  BoundArguments,
  type CallArguments,
  type SignatureArgument,
  UNKNOWN,
} from './arguments.ts';
import { buildLayer } from './layers.ts';
import type { ChildFact, ModuleTree } from './module-tree.ts';
import { canonicalName } from './names.ts';

/**
 * Modules of torchvision that fine-tuning scripts build by hand, mostly to replace a head. Structure and
 * order are those of torchvision 0.14, checked against recorded calls.
 */

interface TorchvisionLayer {
  readonly signature: readonly SignatureArgument[];
  build(args: BoundArguments, qualifiedName: string): ModuleTree;
}

function layer(name: string, ...positional: ArgumentValue[]): ModuleTree {
  return layerWith(name, positional, {});
}

function layerWith(
  name: string,
  positional: readonly ArgumentValue[],
  keywords: Readonly<Record<string, ArgumentValue>>,
): ModuleTree {
  return buildLayer(`torch.nn.${name}`, { positional, keywords: new Map(Object.entries(keywords)) })!;
}

function module(qualifiedName: string, children: readonly (readonly [string, ModuleTree])[]): ModuleTree {
  return {
    className: qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1),
    qualifiedName,
    parameters: [],
    buffers: [],
    children: children.map(([name, tree]): ChildFact => ({ name, tree, presence: 'certain' })),
    complete: true,
    modeEffect: 'none',
  };
}

function sequence(qualifiedName: string, ...modules: readonly ModuleTree[]): ModuleTree {
  return module(
    qualifiedName,
    modules.map((tree, index) => [String(index), tree]),
  );
}

/** The value where it is a known integer, changed by `change`. */
function derived(value: ArgumentValue, change: (size: number) => number): ArgumentValue {
  return typeof value === 'number' ? change(value) : UNKNOWN;
}

const plainConvolution = (inputs: ArgumentValue, outputs: ArgumentValue, size: number) =>
  layerWith('Conv2d', [inputs, outputs, size], { bias: false });

const convolutionNormRelu = (name: string, inputs: ArgumentValue, outputs: ArgumentValue, size: number) =>
  sequence(name, plainConvolution(inputs, outputs, size), layer('BatchNorm2d', outputs), layer('ReLU'));

const SEQUENTIAL = 'torch.nn.Sequential';
const deeplab = 'torchvision.models.segmentation.deeplabv3';

/** Atrous spatial pyramid pooling, as DeepLabHead uses it. */
function pyramidPooling(inputs: ArgumentValue): ModuleTree {
  const width = 256;
  const convolutions = [
    convolutionNormRelu(SEQUENTIAL, inputs, width, 1),
    ...[12, 24, 36].map(() => convolutionNormRelu(`${deeplab}.ASPPConv`, inputs, width, 3)),
    sequence(
      `${deeplab}.ASPPPooling`,
      layer('AdaptiveAvgPool2d', 1),
      plainConvolution(inputs, width, 1),
      layer('BatchNorm2d', width),
      layer('ReLU'),
    ),
  ];
  return module(`${deeplab}.ASPP`, [
    ['convs', layer('ModuleList', convolutions)],
    [
      'project',
      sequence(
        SEQUENTIAL,
        plainConvolution(convolutions.length * width, width, 1),
        layer('BatchNorm2d', width),
        layer('ReLU'),
        layer('Dropout', 0.5),
      ),
    ],
  ]);
}

const layers: ReadonlyMap<string, TorchvisionLayer> = new Map<string, TorchvisionLayer>([
  [
    'torchvision.models.detection.faster_rcnn.FastRCNNPredictor',
    {
      signature: [['in_channels'], ['num_classes']],
      build(args, name) {
        const inputs = args.value('in_channels');
        const classes = args.value('num_classes');
        return module(name, [
          ['cls_score', layer('Linear', inputs, classes)],
          [
            'bbox_pred',
            layer(
              'Linear',
              inputs,
              derived(classes, (count) => count * 4),
            ),
          ],
        ]);
      },
    },
  ],
  [
    'torchvision.models.detection.faster_rcnn.TwoMLPHead',
    {
      signature: [['in_channels'], ['representation_size']],
      build(args, name) {
        const size = args.value('representation_size');
        return module(name, [
          ['fc6', layer('Linear', args.value('in_channels'), size)],
          ['fc7', layer('Linear', size, size)],
        ]);
      },
    },
  ],
  [
    'torchvision.models.detection.mask_rcnn.MaskRCNNPredictor',
    {
      signature: [['in_channels'], ['dim_reduced'], ['num_classes']],
      build(args, name) {
        const reduced = args.value('dim_reduced');
        return module(name, [
          ['conv5_mask', layer('ConvTranspose2d', args.value('in_channels'), reduced, 2, 2, 0)],
          ['relu', layer('ReLU')],
          ['mask_fcn_logits', layer('Conv2d', reduced, args.value('num_classes'), 1, 1, 0)],
        ]);
      },
    },
  ],
  [
    'torchvision.models.detection.keypoint_rcnn.KeypointRCNNPredictor',
    {
      signature: [['in_channels'], ['num_keypoints']],
      build: (args, name) =>
        module(name, [
          [
            'kps_score_lowres',
            layer('ConvTranspose2d', args.value('in_channels'), args.value('num_keypoints'), 4),
          ],
        ]),
    },
  ],
  [
    'torchvision.models.segmentation.fcn.FCNHead',
    {
      signature: [['in_channels'], ['channels']],
      build(args, name) {
        const inputs = args.value('in_channels');
        const inner = derived(inputs, (size) => Math.floor(size / 4));
        return sequence(
          name,
          plainConvolution(inputs, inner, 3),
          layer('BatchNorm2d', inner),
          layer('ReLU'),
          layer('Dropout', 0.1),
          layer('Conv2d', inner, args.value('channels'), 1),
        );
      },
    },
  ],
  [
    `${deeplab}.DeepLabHead`,
    {
      signature: [['in_channels'], ['num_classes']],
      build: (args, name) =>
        sequence(
          name,
          pyramidPooling(args.value('in_channels')),
          plainConvolution(256, 256, 3),
          layer('BatchNorm2d', 256),
          layer('ReLU'),
          layer('Conv2d', 256, args.value('num_classes'), 1),
        ),
    },
  ],
  [
    'torchvision.ops.FrozenBatchNorm2d',
    {
      signature: [['num_features'], ['eps', 1e-5]],
      // Nothing to freeze and nothing that train() would move: all four are buffers.
      build: (_, name) => ({
        ...module(name, []),
        buffers: ['weight', 'bias', 'running_mean', 'running_var'],
      }),
    },
  ],
  [
    'torchvision.ops.StochasticDepth',
    {
      signature: [['p'], ['mode']],
      build: (args, name) => ({ ...module(name, []), modeEffect: args.value('p') === 0 ? 'none' : 'random' }),
    },
  ],
]);

/** What a call of one of these classes owns, such as `FastRCNNPredictor(...)`; null for other callees. */
export function buildTorchvisionLayer(qualifiedName: string, call: CallArguments): ModuleTree | null {
  const name = canonicalName(qualifiedName);
  const facts = layers.get(name);
  return facts?.build(new BoundArguments(facts.signature, call), name) ?? null;
}
