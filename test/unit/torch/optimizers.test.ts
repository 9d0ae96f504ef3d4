import assert from 'node:assert/strict';
import { type ArgumentValue, type CallArguments, UNKNOWN } from '../../../src/torch/arguments.ts';
import { findOptimizer, looksLikeOptimizer, movesOnZeroGradient } from '../../../src/torch/optimizers.ts';
import { findScheduler } from '../../../src/torch/schedulers.ts';
import recordedFacts from './optimizers-recorded.json' with { type: 'json' };

interface RecordedOptimizer {
  readonly arguments: readonly (readonly [string, unknown?])[];
  /** Options such as `momentum=0.9` (the empty text for none) to whether a zero gradient moved the parameter. */
  readonly moves: Readonly<Record<string, boolean | null>>;
}

interface RecordedScheduler {
  readonly arguments: readonly (readonly [string, unknown?])[];
  readonly groupAddedLater: string;
}

const recorded = recordedFacts as unknown as {
  readonly optimizers: Readonly<Record<string, RecordedOptimizer>>;
  readonly schedulers: Readonly<Record<string, RecordedScheduler>>;
};

const call = (keywords: Record<string, ArgumentValue>, ...positional: ArgumentValue[]): CallArguments => ({
  positional: [UNKNOWN, ...positional],
  keywords: new Map(Object.entries(keywords)),
});

describe('optimizers', () => {
  for (const [name, facts] of Object.entries(recorded.optimizers)) {
    it(`give ${name} the arguments real PyTorch gives it`, () => {
      const found = findOptimizer(`torch.optim.${name}`);
      assert.ok(found);
      const known = found.signature.map(([argument, value]) => ({ argument, value }));
      const real = facts.arguments.slice(0, known.length).map(([argument, value]) => ({ argument, value }));
      // SGD had no default rate before 2.2; the newer default is the one in the table.
      if (name === 'SGD') real[1] = { argument: 'lr', value: 0.001 };
      assert.deepEqual(known, real);
    });

    it(`know whether ${name} moves a parameter whose gradient is zero`, () => {
      const found = findOptimizer(`torch.optim.${name}`)!;
      for (const [option, moved] of Object.entries(facts.moves)) {
        const [key = '', value = ''] = option.split('=');
        const answer = movesOnZeroGradient(found, call(option === '' ? {} : { [key]: Number(value) }));
        if (found.zeroGradient === 'unknown') assert.equal(answer, null);
        else assert.equal(answer, moved, `${name} with ${option || 'defaults'}`);
      }
    });
  }

  it('are found by every import path', () => {
    for (const path of ['torch.optim.SGD', 'torch.optim.sgd.SGD', 'torch.optim._multi_tensor.SGD']) {
      assert.equal(findOptimizer(path)?.qualifiedName, 'torch.optim.SGD', path);
    }
    assert.equal(findOptimizer('torch.optim._muon.Muon')?.name, 'Muon');
    assert.equal(
      findOptimizer('transformers.optimization.Adafactor')?.qualifiedName,
      'transformers.Adafactor',
    );
    assert.equal(findOptimizer('bitsandbytes.optim.adamw.AdamW8bit')?.name, 'AdamW8bit');
  });

  it('are not invented', () => {
    for (const path of [
      'torch.optim.lr_scheduler.StepLR',
      'torch.optim.swa_utils.AveragedModel',
      'tensorflow.keras.optimizers.Adam',
      'Adam',
      'torch.optim.Optimizer',
    ]) {
      assert.equal(findOptimizer(path), null, path);
    }
  });

  it('read options given by position', () => {
    const sgd = findOptimizer('torch.optim.SGD')!;
    assert.equal(movesOnZeroGradient(sgd, call({}, 0.1, 0.9)), true);
    assert.equal(movesOnZeroGradient(sgd, call({}, 0.1, 0)), false);
    assert.equal(movesOnZeroGradient(sgd, call({ momentum: UNKNOWN })), null);
    assert.equal(movesOnZeroGradient(sgd, { ...call({}), open: true }), null);
  });

  it('are recognised by name where the library is unknown, and only then', () => {
    for (const name of [
      'AdamW',
      'my.optim.FusedAdam',
      'MyOptimizer',
      'Lion',
      'AdamW8bit',
      'PagedAdamW',
      'CustomSGD',
    ]) {
      assert.ok(looksLikeOptimizer(name), name);
    }
    for (const name of [
      'Adams',
      'optimizer',
      'get_optimizer',
      'StepLR',
      'Linear',
      'Model',
      'Apollo',
      'PID',
      'Ranger',
      'Sgdata',
      'Adamant',
    ]) {
      assert.ok(!looksLikeOptimizer(name), name);
    }
  });
});

describe('learning-rate schedulers', () => {
  const words: Readonly<Record<string, readonly string[]>> = {
    scheduled: ['scheduled'],
    constant: ['constant'],
    KeyError: ['error'],
    IndexError: ['error-before-2.6'],
  };

  for (const [name, facts] of Object.entries(recorded.schedulers)) {
    it(`know what ${name} does with a group added later`, () => {
      const found = findScheduler(`torch.optim.lr_scheduler.${name}`);
      assert.ok(found);
      assert.deepEqual(
        found.signature.map(([argument]) => argument),
        facts.arguments.slice(0, found.signature.length).map(([argument]) => argument),
      );
      if (found.groupAddedLater !== 'by-parts') {
        assert.ok(words[facts.groupAddedLater]?.includes(found.groupAddedLater), facts.groupAddedLater);
      }
    });
  }

  it('of transformers are known by their functions', () => {
    const found = findScheduler('transformers.optimization.get_linear_schedule_with_warmup');
    assert.equal(found?.groupAddedLater, 'constant');
    assert.equal(found?.optimizerArgument, 'optimizer');
    assert.equal(findScheduler('transformers.get_everything'), null);
  });
});
