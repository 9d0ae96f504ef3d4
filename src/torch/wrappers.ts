import { canonicalName } from './names.ts';

/**
 * What a wrapper does with the module it is given.
 * - `wraps`: a new module that holds the very same module under `innerAttribute`;
 * - `same`: returns the same module, changed in place at most as `changes` says;
 * - `shares`: a new module of another structure over the same parameter objects;
 * - `copies`: a new module with parameters of its own;
 * - `unknown`.
 */
export type WrapperIdentity = 'wraps' | 'same' | 'shares' | 'copies' | 'unknown';

export interface Wrapper {
  readonly qualifiedName: string;
  /** Position and keyword of the wrapped module among the arguments. */
  readonly argument: { readonly position: number; readonly name: string };
  readonly identity: WrapperIdentity;
  /** Dotted attribute path from the wrapper to the wrapped module; null where there is none. */
  readonly innerAttribute: string | null;
  /** What `named_parameters()` of the wrapper puts in front of each name. */
  readonly namePrefix: string;
  /** True if reading an unknown attribute of the wrapper reads it from the wrapped module. */
  readonly readsThrough: boolean;
  /** True if setting an attribute on the wrapper sets it on the wrapped module. */
  readonly writesThrough: boolean;
  /**
   * What happens when `requires_grad` changes after wrapping: `ignored` (replicas diverge or raise),
   * `stale` (the compiled graph keeps the old flags), `uniform` (flags must agree within a flattened group)
   * or `fine`.
   */
  readonly laterFlagChanges: 'fine' | 'ignored' | 'stale' | 'uniform';
  /** What the call itself does to the parameters it is given. */
  readonly changes: 'nothing' | 'freezes' | 'freezes-and-adds' | 'replaces' | 'flattens';
  /** How the result comes: the module itself, or a tuple in which it stands where it stood in the arguments. */
  readonly returns: 'module' | 'arguments' | 'tuple-first';
}

const plain: Omit<Wrapper, 'qualifiedName'> = {
  argument: { position: 0, name: 'module' },
  identity: 'same',
  innerAttribute: null,
  namePrefix: '',
  readsThrough: false,
  writesThrough: false,
  laterFlagChanges: 'fine',
  changes: 'nothing',
  returns: 'module',
};

function wrapper(qualifiedName: string, facts: Partial<Omit<Wrapper, 'qualifiedName'>>): [string, Wrapper] {
  return [qualifiedName, { qualifiedName, ...plain, ...facts }];
}

const holdsModule: Partial<Wrapper> = { identity: 'wraps', innerAttribute: 'module', namePrefix: 'module.' };
const model = { argument: { position: 0, name: 'model' } };
const inPlace: Partial<Wrapper> = { changes: 'replaces' };

/**
 * torch: measured where the recording under test/unit/torch says so, else its documentation (2.9). Other
 * libraries: their documentation.
 */
const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  wrapper('torch.nn.DataParallel', holdsModule),
  wrapper('torch.nn.parallel.DistributedDataParallel', { ...holdsModule, laterFlagChanges: 'ignored' }),
  wrapper('apex.parallel.DistributedDataParallel', { ...holdsModule, laterFlagChanges: 'ignored' }),
  // Flattened parameters replace the originals unless use_orig_params=True.
  wrapper('torch.distributed.fsdp.FullyShardedDataParallel', {
    ...holdsModule,
    namePrefix: '_fsdp_wrapped_module.',
    readsThrough: true,
    laterFlagChanges: 'uniform',
    changes: 'flattens',
  }),
  // FSDP2 shards in place; the parameters become new DTensor parameters.
  wrapper('torch.distributed.fsdp.fully_shard', inPlace),
  wrapper('torch.compile', {
    ...model,
    identity: 'wraps',
    innerAttribute: '_orig_mod',
    namePrefix: '_orig_mod.',
    readsThrough: true,
    writesThrough: true,
    laterFlagChanges: 'stale',
  }),
  wrapper('torch.optim.swa_utils.AveragedModel', {
    ...model,
    ...holdsModule,
    identity: 'copies',
  }),
  wrapper('torch.nn.SyncBatchNorm.convert_sync_batchnorm', {}),
  wrapper('torch.jit.script', { argument: { position: 0, name: 'obj' }, identity: 'shares' }),
  wrapper('torch.jit.trace', { argument: { position: 0, name: 'func' }, identity: 'shares' }),
  wrapper('torch.fx.symbolic_trace', { argument: { position: 0, name: 'root' }, identity: 'shares' }),
  wrapper('torchvision.models.feature_extraction.create_feature_extractor', { ...model, identity: 'shares' }),
  wrapper('torchvision.models._utils.IntermediateLayerGetter', { ...model, identity: 'shares' }),
  wrapper('copy.deepcopy', { argument: { position: 0, name: 'x' }, identity: 'copies' }),
  // A shallow copy shares the parameters and even the dictionaries that hold them.
  wrapper('copy.copy', { argument: { position: 0, name: 'x' }, identity: 'shares' }),
  // Reparametrisations put new parameters in the place of `weight` and return the same module.
  wrapper('torch.nn.utils.weight_norm', inPlace),
  wrapper('torch.nn.utils.spectral_norm', inPlace),
  wrapper('torch.nn.utils.remove_weight_norm', inPlace),
  wrapper('torch.nn.utils.remove_spectral_norm', inPlace),
  wrapper('torch.nn.utils.parametrizations.weight_norm', inPlace),
  wrapper('torch.nn.utils.parametrizations.spectral_norm', inPlace),
  wrapper('torch.nn.utils.parametrizations.orthogonal', inPlace),
  wrapper('torch.nn.utils.parametrize.register_parametrization', inPlace),
  wrapper('torch.nn.utils.prune.l1_unstructured', inPlace),
  wrapper('torch.nn.utils.prune.random_unstructured', inPlace),
  wrapper('torch.nn.utils.prune.ln_structured', inPlace),
  wrapper('torch.nn.utils.prune.random_structured', inPlace),
  wrapper('torch.nn.utils.prune.remove', inPlace),
  wrapper('torch.distributed.algorithms._checkpoint.checkpoint_wrapper.checkpoint_wrapper', {
    identity: 'wraps',
    innerAttribute: '_checkpoint_wrapped_module',
    readsThrough: true,
  }),
  // Every prepared object comes back in the place where it was given; parameters stay the same objects on one device.
  wrapper('accelerate.Accelerator.prepare', {
    argument: { position: 0, name: 'args' },
    identity: 'shares',
    laterFlagChanges: 'ignored',
    returns: 'arguments',
  }),
  wrapper('accelerate.Accelerator.prepare_model', {
    ...model,
    identity: 'shares',
    laterFlagChanges: 'ignored',
  }),
  wrapper('accelerate.Accelerator.unwrap_model', { ...model, identity: 'shares' }),
  wrapper('deepspeed.initialize', {
    argument: { position: 1, name: 'model' },
    ...holdsModule,
    laterFlagChanges: 'ignored',
    returns: 'tuple-first',
  }),
  wrapper('apex.amp.initialize', { argument: { position: 0, name: 'models' }, returns: 'arguments' }),
  // Freezes the base model and injects trainable adapters into it; heads need modules_to_save.
  wrapper('peft.get_peft_model', {
    ...model,
    identity: 'wraps',
    innerAttribute: 'base_model.model',
    namePrefix: 'base_model.model.',
    readsThrough: true,
    changes: 'freezes-and-adds',
  }),
  wrapper('peft.PeftModel.from_pretrained', {
    ...model,
    identity: 'wraps',
    innerAttribute: 'base_model.model',
    namePrefix: 'base_model.model.',
    readsThrough: true,
    changes: 'freezes-and-adds',
  }),
  wrapper('peft.prepare_model_for_kbit_training', { ...model, changes: 'freezes' }),
  wrapper('peft.prepare_model_for_int8_training', { ...model, changes: 'freezes' }),
  ...['timm.utils.ModelEma', 'timm.utils.ModelEmaV2', 'timm.utils.ModelEmaV3'].map((name) =>
    wrapper(name, {
      ...model,
      identity: 'copies',
      innerAttribute: name === 'timm.utils.ModelEma' ? 'ema' : 'module',
    }),
  ),
]);

/** What a call of this class or function does to the identity of the module it wraps, or null. */
export function findWrapper(qualifiedName: string): Wrapper | null {
  return wrappers.get(canonicalName(qualifiedName)) ?? null;
}
