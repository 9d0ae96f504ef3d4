import assert from 'node:assert/strict';
import { findWrapper } from '../../../src/torch/wrappers.ts';
import recordedFacts from './wrappers-recorded.json' with { type: 'json' };

interface RecordedWrapper {
  readonly same: boolean;
  readonly holdsModel: boolean;
  readonly sharesParameters: boolean;
  readonly namePrefix: string | null;
  readonly readsThrough: boolean;
}

const recorded = recordedFacts as unknown as Readonly<Record<string, RecordedWrapper>>;

describe('wrappers', () => {
  for (const [name, facts] of Object.entries(recorded)) {
    it(`do to identity what ${name} really does`, () => {
      const found = findWrapper(name);
      assert.ok(found);
      assert.equal(found.identity === 'same', facts.same, 'the same module');
      if (found.identity === 'wraps') {
        assert.equal(facts.holdsModel, true);
        assert.equal(found.readsThrough, facts.readsThrough);
      }
      if (found.identity === 'copies') assert.equal(facts.sharesParameters, false);
      if (found.identity === 'shares') assert.equal(facts.sharesParameters, true);
      if (found.identity === 'wraps' || found.identity === 'copies') {
        assert.equal(found.namePrefix, facts.namePrefix, 'prefix of parameter names');
      }
    });
  }

  it('are found by their defining path', () => {
    const path = 'torch.nn.parallel.distributed.DistributedDataParallel';
    assert.equal(findWrapper(path)?.innerAttribute, 'module');
    assert.equal(findWrapper('torch.nn.parallel.DataParallel')?.qualifiedName, 'torch.nn.DataParallel');
    assert.equal(findWrapper('peft.mapping.get_peft_model')?.changes, 'freezes-and-adds');
    assert.equal(
      findWrapper('torch.distributed.fsdp.fully_sharded_data_parallel.FullyShardedDataParallel')
        ?.laterFlagChanges,
      'uniform',
    );
    assert.equal(findWrapper('torch.nn.Sequential'), null);
  });
});
