import assert from 'node:assert/strict';
import {
  harmlessCall,
  harmlessMethod,
  iteratesItsArgument,
  returnsSelf,
} from '../../../src/torch/harmless.ts';
import recordedEffects from './methods-recorded.json' with { type: 'json' };

interface RecordedEffect {
  readonly returnsSelf: boolean;
  readonly flagsKept: boolean;
  readonly membershipKept: boolean;
  readonly modesKept: boolean;
}

/** What real PyTorch does to a half-frozen model in mixed modes. */
const recorded = recordedEffects as unknown as {
  readonly module: Readonly<Record<string, RecordedEffect>>;
  readonly function: Readonly<Record<string, RecordedEffect>>;
  readonly tensor: Readonly<Record<string, { readonly flagKept: boolean; readonly returnsSelf: boolean }>>;
};

describe('harmless calls and methods, measured on real PyTorch,', () => {
  for (const [name, effect] of Object.entries(recorded.function)) {
    it(`keep flags and membership in ${name}`, () => {
      const facts = harmlessCall(name);
      assert.ok(facts && effect.flagsKept && effect.membershipKept);
      assert.equal(facts.keepsMode, effect.modesKept);
    });
  }

  it('of a module change nothing, and return it where the table says so', () => {
    assert.ok(Object.keys(recorded.module).length > 25);
    for (const [name, effect] of Object.entries(recorded.module)) {
      assert.equal(returnsSelf(name), effect.returnsSelf, name);
      if (harmlessMethod(name, 'module') === null) continue;
      assert.ok(effect.flagsKept && effect.membershipKept && effect.modesKept, name);
    }
  });

  it('of a tensor keep its flag, all but the two that are known to change it', () => {
    const changing = Object.entries(recorded.tensor).filter(([, effect]) => !effect.flagKept);
    assert.deepEqual(
      changing.map(([name]) => name),
      ['detach_', 'requires_grad_'],
    );
    for (const [name, effect] of Object.entries(recorded.tensor)) {
      if (harmlessMethod(name, 'tensor') !== null) assert.ok(effect.flagKept, name);
    }
    for (const [name] of changing) assert.equal(harmlessMethod(name, 'tensor'), null, name);
  });
});

describe('harmless calls', () => {
  it('include printing, saving, counting and tensor arithmetic', () => {
    for (const name of [
      'print',
      'builtins.len',
      'torch.save',
      'torch.norm',
      'torch.nn.init.xavier_uniform_',
      'torch.nn.functional.relu',
      'wandb.watch',
      'torchsummary.summary',
      'numpy.array',
      'math.sqrt',
      'os.path.join',
      'torch.manual_seed',
      'torch.cuda.is_available',
    ]) {
      assert.deepEqual(harmlessCall(name), { consumesIterator: false, keepsMode: true }, name);
    }
  });

  it('use up an iterator where they run through it', () => {
    for (const name of [
      'torch.nn.utils.clip_grad_norm_',
      'torch.nn.utils.clip_grad.clip_grad_norm_',
      'sum',
      'max',
      'torch.nn.utils.parameters_to_vector',
    ]) {
      assert.equal(harmlessCall(name)?.consumesIterator, true, name);
    }
  });

  it('say where the modes of single modules may be lost', () => {
    for (const name of ['torchinfo.summary', 'torch.onnx.export', 'thop.profile']) {
      assert.equal(harmlessCall(name)?.keepsMode, false, name);
    }
  });

  it('exclude whatever wraps, traces, freezes or is unknown', () => {
    for (const name of [
      'torch.compile',
      'torch.detach_',
      'torch.set_grad_enabled',
      'torch.no_grad',
      'torch.jit.script',
      'torch.jit.trace',
      'setattr',
      'exec',
      'eval',
      'helper',
      'torch.optim.SGD',
      'torch.nn.DataParallel',
      'torch.quantization.prepare',
      'torch.hub.load',
      'map',
      'filter',
      'torch.nn.utils.weight_norm',
      'transformers.Trainer',
    ]) {
      assert.equal(harmlessCall(name), null, name);
    }
  });
});

describe('harmless methods', () => {
  it('are known on their receivers', () => {
    assert.ok(harmlessMethod('state_dict', 'module'));
    assert.ok(harmlessMethod('numel', 'tensor'));
    assert.ok(harmlessMethod('step', 'optimizer'));
    assert.ok(harmlessMethod('info', 'other'));
    assert.equal(harmlessMethod('clip_grad_norm_', 'other')?.consumesIterator, true);
    assert.equal(harmlessMethod('add_graph', 'other')?.keepsMode, false);
  });

  it('leave out everything that changes flags, modes or membership', () => {
    const changing = [
      'requires_grad_',
      'train',
      'eval',
      'apply',
      'add_module',
      'register_module',
      'register_parameter',
      '__setattr__',
      'detach_',
      'set_',
      'tie_weights',
      'append',
      'freeze',
      'unfreeze',
      'add_adapter',
      'merge_and_unload',
    ];
    for (const name of changing) {
      assert.equal(harmlessMethod(name), null, name);
      assert.equal(harmlessMethod(name, 'module'), null, name);
    }
    for (const name of ['add_param_group', '__init__'])
      assert.equal(harmlessMethod(name, 'optimizer'), null, name);
  });

  it('are doubted on an unknown receiver where another kind has a harmful one of that name', () => {
    assert.ok(harmlessMethod('train', 'optimizer'), 'schedule-free optimizers have train()');
    assert.equal(harmlessMethod('train'), null);
    assert.ok(harmlessMethod('state_dict'));
  });

  it('return the module itself exactly where nn.Module does', () => {
    for (const name of ['to', 'cuda', 'eval', 'train', 'requires_grad_', 'apply'])
      assert.ok(returnsSelf(name), name);
    for (const name of ['state_dict', 'parameters', 'zero_grad', 'load_state_dict']) {
      assert.ok(!returnsSelf(name), name);
    }
  });
});

describe('progress bars', () => {
  it('iterate what they are given', () => {
    for (const name of ['tqdm.tqdm', 'tqdm.auto.tqdm', 'rich.progress.track'])
      assert.ok(iteratesItsArgument(name), name);
    for (const name of ['enumerate', 'tqdm.write', 'zip']) assert.ok(!iteratesItsArgument(name), name);
  });
});
