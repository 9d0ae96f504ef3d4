import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type ArgumentValue, type CallArguments, UNKNOWN } from '../../../src/torch/arguments.ts';
import { ancestorsOf, isInstance } from '../../../src/torch/module-classes.ts';
import {
  isFullyKnown,
  type ModuleTree,
  namedModules,
  namedParameters,
} from '../../../src/torch/module-tree.ts';
import { buildModel, findArchitecture, instantiate } from '../../../src/torch/torchvision.ts';
import facts from '../../../src/torch/torchvision-models.json' with { type: 'json' };
import recordedFacts from './torchvision-recorded.json' with { type: 'json' };
import { childOf, elementCount, moduleAt, parameterCount } from './trees.ts';

/** All recorded factories. */
const modelNames = Object.keys(facts.models);

/** `resnet18 weights` -> values, trainable values, parameters, modules, hash of names and shapes. */
const recorded = recordedFacts as unknown as Readonly<
  Record<string, readonly [number, number, number, number, string]>
>;

const call = (
  keywords: Record<string, ArgumentValue> = {},
  ...positional: ArgumentValue[]
): CallArguments => ({
  positional,
  keywords: new Map(Object.entries(keywords)),
});

const DEFAULT = 'torchvision.models.Some_Weights.IMAGENET1K_V1';

/** The call that makes real torchvision build what was recorded under a condition. */
function argumentsOf(condition: string, name: string): Record<string, ArgumentValue> {
  const detection = findArchitecture(name)!.qualifiedName.includes('.detection.');
  const noBackbone: Record<string, ArgumentValue> = detection ? { weights_backbone: null } : {};
  if (condition.startsWith('layers=')) {
    return { weights: DEFAULT, ...noBackbone, trainable_backbone_layers: Number(condition.slice(7)) };
  }
  const flag = /googlenet|inception/.test(name) ? 'aux_logits' : 'aux_loss';
  switch (condition) {
    case 'plain':
      return { weights: null, ...noBackbone };
    case 'backbone':
      return { weights: null };
    case 'weights':
      return { weights: DEFAULT, ...noBackbone };
    case 'aux':
      return { [flag]: true };
    case 'no-aux':
      return { [flag]: false };
    default:
      throw new Error(condition);
  }
}

const model = (name: string, keywords: Record<string, ArgumentValue> = {}, ...positional: ArgumentValue[]) =>
  instantiate(findArchitecture(name)!, call(keywords, ...positional))!;

const shape = (tree: ModuleTree, path: string) => moduleAt(tree, path)?.parameters[0]?.shape;

describe('torchvision models', () => {
  it('cover every factory of the recording', () => {
    const names = new Set(Object.keys(recorded).map((key) => key.split(' ')[0]!));
    assert.deepEqual([...names].sort(), [...modelNames].sort());
    assert.ok(names.size > 100);
  });

  for (const name of modelNames) {
    it(`build ${name} with the names, shapes and frozen parts of the real one`, () => {
      for (const [key, [values, trainable, parameters, modules, hash]] of Object.entries(recorded)) {
        const [recordedName, condition] = key.split(' ');
        if (recordedName !== name) continue;
        // Its default weights are for larger images; see the test on positions.
        if (key === 'vit_h_14 weights') continue;
        const tree = model(name, argumentsOf(condition!, name));
        const named = [...namedParameters(tree)];
        assert.equal(named.length, parameters, key);
        assert.equal([...namedModules(tree)].length, modules, key);
        assert.equal(parameterCount(tree), values, key);
        const unfrozen = named.filter(([, parameter]) => parameter.startsFrozen === undefined);
        assert.equal(
          unfrozen.reduce((sum, [, parameter]) => sum + elementCount(parameter)!, 0),
          trainable,
          `${key}: trainable values`,
        );
        const text = named.map(([path, parameter]) => `${path} ${parameter.shape!.join('x')}`).join('\n');
        assert.equal(createHash('sha256').update(text).digest('hex').slice(0, 16), hash, key);
      }
    });
  }

  it('size their head by num_classes', () => {
    assert.deepEqual(shape(model('resnet18', { num_classes: 7 }), 'fc'), [7, 512]);
    assert.deepEqual(shape(model('resnet18', { num_classes: UNKNOWN }), 'fc'), [null, 512]);
    const tree = model('fasterrcnn_resnet50_fpn', { num_classes: 3 });
    assert.deepEqual(shape(tree, 'roi_heads.box_predictor.bbox_pred'), [12, 1024]);
    assert.equal(findArchitecture('fasterrcnn_resnet50_fpn')!.defaultClasses, 91);
  });

  it('leave the number of positions open where weights may be for larger images', () => {
    const positions = (weights: ArgumentValue) => shape(model('vit_b_16', { weights }), 'encoder');
    assert.deepEqual(positions(null), [1, 197, 768]);
    assert.deepEqual(positions('torchvision.models.ViT_B_16_Weights.IMAGENET1K_V1'), [1, 197, 768]);
    assert.deepEqual(positions('IMAGENET1K_SWAG_E2E_V1'), [1, null, 768]);
    assert.deepEqual(positions(UNKNOWN), [1, null, 768]);
    assert.equal(parameterCount(model('vit_h_14', { weights: 'DEFAULT' })), null);
  });

  it('name what forward() can use', () => {
    const { usedByForward } = findArchitecture('resnet18')!;
    assert.ok(usedByForward.includes('fc'));
    assert.ok(!usedByForward.includes('classifier'));
    assert.ok(findArchitecture('fcn_resnet50')!.usedByForward.includes('aux_classifier'));
  });

  it('are found in every spelling of the call', () => {
    const spellings: readonly (readonly [string, CallArguments])[] = [
      ['torchvision.models.resnet18', call({ pretrained: true })],
      ['torchvision.models.resnet18', call({}, true)],
      ['torchvision.models.resnet.resnet18', call({ weights: 'IMAGENET1K_V1' })],
      ['torchvision.models.get_model', call({ weights: 'DEFAULT' }, 'resnet18')],
      ['torchvision.models.get_model', call({ name: 'resnet18' })],
      ['torch.hub.load', call({ pretrained: true }, 'pytorch/vision:v0.10.0', 'resnet18')],
      ['torch.hub.load', call({ weights: UNKNOWN, trust_repo: true }, 'pytorch/vision', 'resnet18')],
    ];
    for (const [callee, args] of spellings) {
      const built = buildModel(callee, args);
      assert.equal(built?.architecture.qualifiedName, 'torchvision.models.resnet18', callee);
      assert.equal(built.tree.qualifiedName, 'torchvision.models.ResNet');
    }
  });

  it('are not seen in other calls, nor where an argument may change the architecture', () => {
    const others: readonly (readonly [string, CallArguments])[] = [
      ['resnet18', call()],
      ['timm.models.resnet.resnet18', call()],
      ['torchvision.models.resnet18x', call()],
      ['torchvision.models.video.resnet18', call()],
      ['torchvision.models.resnet18', call({ norm_layer: UNKNOWN })],
      ['torchvision.models.resnet18', { ...call(), open: true }],
      ['torchvision.models.get_model', call({}, UNKNOWN)],
      ['torch.hub.load', call({}, 'facebookresearch/dinov2', 'resnet18')],
      ['torch.hub.load', call({}, UNKNOWN, 'resnet18')],
      ['torchvision.models.constructor', call()],
      ['torchvision.models.toString', call()],
    ];
    for (const [callee, args] of others) assert.equal(buildModel(callee, args), null, callee);
  });

  it('have auxiliary heads exactly where the call asks for them', () => {
    const has = (tree: ModuleTree, name: string) =>
      tree.children.find((child) => child.name === name)?.presence ?? 'absent';
    assert.equal(has(model('googlenet'), 'aux1'), 'certain');
    assert.equal(has(model('googlenet', { pretrained: true }), 'aux1'), 'absent');
    assert.equal(has(model('googlenet', { pretrained: true, aux_logits: true }), 'aux1'), 'certain');
    assert.equal(has(model('googlenet', { pretrained: UNKNOWN }), 'aux1'), 'maybe');
    assert.equal(has(model('inception_v3', { weights: DEFAULT }), 'AuxLogits'), 'certain');
    assert.equal(has(model('inception_v3', { aux_logits: false }), 'AuxLogits'), 'absent');
    assert.equal(has(model('fcn_resnet50'), 'aux_classifier'), 'absent');
    assert.equal(has(model('fcn_resnet50', { weights: 'DEFAULT' }), 'aux_classifier'), 'certain');
    assert.equal(has(model('fcn_resnet50', { weights: UNKNOWN }), 'aux_classifier'), 'maybe');
    assert.equal(isFullyKnown(model('fcn_resnet50', { weights: UNKNOWN })), false);
  });

  it('start with the frozen layers that pretrained detection models have', () => {
    const frozen = (tree: ModuleTree, path: string) => moduleAt(tree, path)?.parameters[0]?.startsFrozen;
    const body = 'backbone.body';
    const pretrained = model('fasterrcnn_resnet50_fpn', { pretrained: true });
    assert.equal(frozen(pretrained, `${body}.conv1`), 'certain');
    assert.equal(frozen(pretrained, `${body}.layer2.0.conv1`), undefined);
    assert.equal(childOf(moduleAt(pretrained, body)!, 'bn1')?.className, 'FrozenBatchNorm2d');
    const scratch = model('fasterrcnn_resnet50_fpn', { weights: null, weights_backbone: null });
    assert.equal(frozen(scratch, `${body}.conv1`), undefined);
    assert.equal(childOf(moduleAt(scratch, body)!, 'bn1')?.className, 'BatchNorm2d');
    const doubtful = model('fasterrcnn_resnet50_fpn', { weights_backbone: UNKNOWN });
    assert.equal(frozen(doubtful, `${body}.conv1`), 'maybe');
    assert.equal(moduleAt(doubtful, `${body}.bn1`)?.complete, false, 'of one class or the other');
    const layers = model('fasterrcnn_resnet50_fpn', { weights: DEFAULT, trainable_backbone_layers: UNKNOWN });
    assert.equal(frozen(layers, `${body}.layer1.0.conv1`), 'maybe');
    assert.equal(moduleAt(layers, `${body}.bn1`)?.className, 'FrozenBatchNorm2d');
  });

  it('say what train() and eval() change', () => {
    const effects = (name: string) =>
      new Set([...namedModules(model(name))].map(([, tree]) => tree.modeEffect));
    assert.ok(effects('resnet18').has('running-statistics'));
    assert.ok(!effects('resnet18').has('random'));
    assert.ok(!effects('vit_b_16').has('running-statistics'));
    assert.ok(effects('vgg16').has('random'));
    assert.ok(effects('inception_v3').has('output'));
  });

  it('know the ancestry of their classes', () => {
    assert.equal(isInstance('torch.nn.BatchNorm2d', 'torch.nn.modules.batchnorm._BatchNorm'), true);
    assert.equal(isInstance('torchvision.ops.misc.Conv2dNormActivation', 'torch.nn.Sequential'), true);
    assert.equal(isInstance('torchvision.ops.FrozenBatchNorm2d', 'torch.nn.BatchNorm2d'), false);
    assert.equal(isInstance('torchvision.models.resnet.Bottleneck', 'torch.nn.Module'), true);
    assert.equal(isInstance('mine.Net', 'torch.nn.Module'), null);
    for (const name of modelNames) {
      for (const [, tree] of namedModules(model(name))) {
        assert.equal(ancestorsOf(tree.qualifiedName)?.at(-1), 'torch.nn.Module', tree.qualifiedName);
      }
    }
  });
});
