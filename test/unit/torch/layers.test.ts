import assert from 'node:assert/strict';
import { type ArgumentValue, type CallArguments, UNKNOWN } from '../../../src/torch/arguments.ts';
import signatures from '../../../src/torch/layers.json' with { type: 'json' };
import { buildLayer, findFactoryMethod, findLayer, sizeAttribute } from '../../../src/torch/layers.ts';
import { isFullyKnown, type ModuleTree, namedParameters } from '../../../src/torch/module-tree.ts';
import recordedCalls from './layers-recorded.json' with { type: 'json' };
import { moduleAt } from './trees.ts';

/** One call as scripts/torch/record_layers.py writes it. */
interface RecordedCall {
  readonly class: string;
  readonly positional: readonly unknown[];
  readonly keywords: Readonly<Record<string, unknown>>;
}

interface RecordedTree {
  readonly class: string;
  readonly parameters: readonly (readonly [string, readonly number[] | null])[];
  readonly buffers: readonly string[];
  readonly children: readonly (readonly [string, RecordedTree])[];
}

const recorded = recordedCalls as unknown as readonly (RecordedCall & { readonly owns: RecordedTree })[];

function argumentOf(value: unknown): ArgumentValue {
  if (Array.isArray(value)) return value.map(argumentOf);
  if (typeof value !== 'object' || value === null) return value as ArgumentValue;
  if ('layer' in value) return build(value.layer as RecordedCall);
  return UNKNOWN; // a tensor
}

function callOf(call: RecordedCall): CallArguments {
  return {
    positional: call.positional.map(argumentOf),
    keywords: new Map(Object.entries(call.keywords).map(([name, value]) => [name, argumentOf(value)])),
  };
}

function build(call: RecordedCall): ModuleTree {
  const tree = buildLayer(`torch.nn.${call.class}`, callOf(call));
  assert.ok(tree, call.class);
  return tree;
}

function plain(tree: ModuleTree): unknown {
  return {
    class: tree.className,
    parameters: tree.parameters.map((parameter) => [parameter.name, parameter.shape]),
    buffers: tree.buffers,
    children: tree.children.map((child) => [child.name, plain(child.tree)]),
  };
}

const layer = (name: string, ...positional: ArgumentValue[]) =>
  buildLayer(`torch.nn.${name}`, { positional, keywords: new Map() })!;

describe('layers of torch.nn', () => {
  for (const name of new Set(recorded.map((call) => call.class))) {
    it(`know what real PyTorch gives to nn.${name}`, () => {
      for (const call of recorded.filter((entry) => entry.class === name)) {
        const tree = build(call);
        const source = JSON.stringify({ ...call, owns: undefined });
        assert.deepEqual(plain(tree), call.owns, source);
        assert.ok(isFullyKnown(tree), `${source} is not fully known`);
      }
    });
  }

  it('were all built at least once in the recording', () => {
    const built = new Set(recorded.map((call) => call.class));
    const expected = Object.keys(signatures).filter((name) => name !== 'Container');
    assert.deepEqual(
      expected.filter((name) => !built.has(name)),
      [],
    );
  });

  it('call every class mode sensitive whose code reads the training flag, and no other', () => {
    for (const [name, entry] of Object.entries(signatures)) {
      const expected = entry.readsTraining && name !== 'TransformerEncoderLayer';
      assert.equal(findLayer(`torch.nn.${name}`)?.modeSensitive, expected, name);
    }
  });

  it('are found by their public and by their defining path', () => {
    assert.equal(findLayer('torch.nn.modules.linear.Linear')?.qualifiedName, 'torch.nn.Linear');
    assert.equal(findLayer('torch.nn.modules.Conv2d')?.qualifiedName, 'torch.nn.Conv2d');
    assert.equal(findLayer('torch.nn.functional.linear'), null);
    assert.equal(findLayer('keras.layers.Linear'), null);
  });

  it('name their ancestors, private ones included', () => {
    assert.deepEqual(findLayer('torch.nn.BatchNorm2d')?.ancestors, [
      'torch.nn.modules.batchnorm._BatchNorm',
      'torch.nn.modules.batchnorm._NormBase',
      'torch.nn.Module',
    ]);
  });

  it('leave dimensions open that hang on an unknown size', () => {
    const tree = layer('Linear', UNKNOWN, 10);
    assert.deepEqual(
      tree.parameters.map((parameter) => parameter.shape),
      [[10, null], [10]],
    );
    assert.ok(isFullyKnown(tree), 'the parameters themselves are certain');
  });

  it('mark a parameter as doubtful where an unknown flag decides about it', () => {
    const tree = layer('Conv2d', 3, 8, 3, 1, 0, 1, 1, UNKNOWN);
    assert.deepEqual(
      tree.parameters.map((parameter) => [parameter.name, parameter.presence]),
      [
        ['weight', 'certain'],
        ['bias', 'maybe'],
      ],
    );
  });

  it('treat every default as unknown behind **options', () => {
    const tree = buildLayer('torch.nn.Linear', { positional: [3, 4], keywords: new Map(), open: true })!;
    assert.equal(tree.parameters.find((parameter) => parameter.name === 'bias')?.presence, 'maybe');
  });

  it('are incomplete where an unknown number of layers decides about names', () => {
    const tree = layer('LSTM', 10, 20, UNKNOWN);
    assert.equal(tree.complete, false);
    assert.ok(tree.parameters.some((parameter) => parameter.name === 'weight_ih_l0'));
  });

  it('are incomplete where a stack copies a layer nobody knows', () => {
    const tree = layer('TransformerEncoder', UNKNOWN, 2);
    assert.equal(moduleAt(tree, 'layers')?.complete, false);
  });

  it('accept the arguments that newer versions of PyTorch added', () => {
    const noBias = buildLayer('torch.nn.TransformerEncoderLayer', {
      positional: [16, 4],
      keywords: new Map([['bias', false]]),
    })!;
    const names = [...namedParameters(noBias)].map(([name]) => name);
    assert.deepEqual(
      names.filter((name) => name.endsWith('bias')),
      [],
    );
    assert.deepEqual(
      layer('LayerNorm', 8, 1e-5, true, false).parameters.map((parameter) => parameter.name),
      ['weight'],
    );
    assert.deepEqual(
      layer('RMSNorm', [4, 8]).parameters.map((parameter) => parameter.shape),
      [[4, 8]],
    );
    assert.deepEqual(
      layer('RNN', 3, 4, 1, 'relu', false).parameters.map((parameter) => parameter.name),
      ['weight_ih_l0', 'weight_hh_l0'],
    );
  });

  it('tell by their arguments whether the mode matters', () => {
    assert.equal(layer('Dropout', 0).modeEffect, 'none');
    assert.equal(layer('Dropout').modeEffect, 'random');
    assert.equal(layer('BatchNorm2d', 8).modeEffect, 'running-statistics');
    assert.equal(layer('BatchNorm2d', 8, 1e-5, 0.1, true, false).modeEffect, 'none');
    assert.equal(layer('BatchNorm2d', 8, 1e-5, 0.1, true, UNKNOWN).modeEffect, 'unknown');
    assert.equal(layer('InstanceNorm2d', 8).modeEffect, 'none');
    assert.equal(layer('LayerNorm', 8).modeEffect, 'none');
  });

  it('give their sizes back', () => {
    const size = ({ className, parameters }: ModuleTree, attribute: string): number | null =>
      sizeAttribute(className, attribute, (wanted) => parameters.find(({ name }) => name === wanted)?.shape);
    assert.equal(size(layer('Linear', 512, 10), 'in_features'), 512);
    assert.equal(size(layer('Conv2d', 3, 8, 3), 'out_channels'), 8);
    assert.equal(size(layer('Linear', UNKNOWN, 10), 'in_features'), null);
    assert.equal(size(layer('ReLU'), 'in_features'), null);
  });

  it('know that Embedding.from_pretrained freezes unless told otherwise', () => {
    const method = findFactoryMethod('torch.nn.modules.sparse.Embedding.from_pretrained');
    assert.equal(method?.builds, 'torch.nn.Embedding');
    assert.deepEqual(
      method?.signature.find(([name]) => name === method.freezeArgument),
      ['freeze', true],
    );
  });
});
