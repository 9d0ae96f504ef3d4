import { BoundArguments, type CallArguments, type SignatureArgument, truthOf, UNKNOWN } from './arguments.ts';
import { canonicalName } from './names.ts';

/**
 * Whether a parameter whose gradient is zero still moves at `step()`: that is what a stale gradient does to a
 * parameter frozen after some steps, wherever `zero_grad` writes zeros instead of None (the default before 2.0).
 * - `always`: moments of earlier gradients, or a built-in decay, keep moving it;
 * - `never`;
 * - `with-options`: only where one of `movingOptions` is not zero;
 * - `unknown`.
 */
export type ZeroGradientEffect = 'always' | 'never' | 'with-options' | 'unknown';

export interface OptimizerClass {
  /** The short class name. */
  readonly name: string;
  /** The canonical import path. */
  readonly qualifiedName: string;
  /** Constructor arguments in positional order, as far as they are the same in all versions. */
  readonly signature: readonly SignatureArgument[];
  readonly zeroGradient: ZeroGradientEffect;
  /** Arguments that, where not zero, move a parameter even on a zero gradient. */
  readonly movingOptions: readonly string[];
  /** The default of `weight_decay`; null where the class has none or it is not known. */
  readonly defaultWeightDecay: number | null;
  /** True if `lr` must be given (SGD before PyTorch 2.2 is not counted: newer versions default to 1e-3). */
  readonly learningRateRequired: boolean;
  /** False for LBFGS, which takes one parameter group only. */
  readonly allowsParameterGroups: boolean;
}

interface Options {
  readonly zeroGradient?: ZeroGradientEffect;
  readonly movingOptions?: readonly string[];
  readonly weightDecay?: number;
  readonly learningRateRequired?: boolean;
  readonly allowsParameterGroups?: boolean;
}

function optimizer(
  qualifiedName: string,
  signature: readonly SignatureArgument[],
  options: Options = {},
): [string, OptimizerClass] {
  const decay = signature.find(([name]) => name === 'weight_decay')?.[1];
  const facts: OptimizerClass = {
    name: qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1),
    qualifiedName,
    signature,
    zeroGradient: options.zeroGradient ?? 'always',
    movingOptions: options.movingOptions ?? [],
    defaultWeightDecay: options.weightDecay ?? (typeof decay === 'number' ? decay : null),
    learningRateRequired: options.learningRateRequired ?? false,
    allowsParameterGroups: options.allowsParameterGroups ?? true,
  };
  return [qualifiedName, facts];
}

const params: SignatureArgument = ['params'];
const adamLike = (lr: number, weightDecay: number): SignatureArgument[] => [
  params,
  ['lr', lr],
  ['betas', [0.9, 0.999]],
  ['eps', 1e-8],
  ['weight_decay', weightDecay],
];
const decays: Options = { zeroGradient: 'with-options', movingOptions: ['weight_decay'] };
const momentumOrDecay: Options = {
  zeroGradient: 'with-options',
  movingOptions: ['momentum', 'weight_decay'],
};

/** torch.optim: checked against real PyTorch; see the recording under test/unit/torch. */
const ownOptimizers: readonly [string, OptimizerClass][] = [
  optimizer(
    'torch.optim.SGD',
    [params, ['lr', 0.001], ['momentum', 0], ['dampening', 0], ['weight_decay', 0], ['nesterov', false]],
    momentumOrDecay,
  ),
  optimizer('torch.optim.Adam', [...adamLike(0.001, 0), ['amsgrad', false]]),
  optimizer('torch.optim.AdamW', [...adamLike(0.001, 0.01), ['amsgrad', false]]),
  optimizer('torch.optim.Adamax', adamLike(0.002, 0)),
  optimizer('torch.optim.NAdam', [...adamLike(0.002, 0), ['momentum_decay', 0.004]]),
  optimizer('torch.optim.RAdam', adamLike(0.001, 0)),
  // Refuses dense gradients, so nothing could be recorded for a dense zero gradient.
  optimizer('torch.optim.SparseAdam', adamLike(0.001, 0).slice(0, 4), { zeroGradient: 'unknown' }),
  optimizer(
    'torch.optim.Adadelta',
    [params, ['lr', 1], ['rho', 0.9], ['eps', 1e-6], ['weight_decay', 0]],
    decays,
  ),
  optimizer(
    'torch.optim.Adagrad',
    [
      params,
      ['lr', 0.01],
      ['lr_decay', 0],
      ['weight_decay', 0],
      ['initial_accumulator_value', 0],
      ['eps', 1e-10],
    ],
    decays,
  ),
  // `lambd` is a decay that is on by default.
  optimizer('torch.optim.ASGD', [
    params,
    ['lr', 0.01],
    ['lambd', 1e-4],
    ['alpha', 0.75],
    ['t0', 1e6],
    ['weight_decay', 0],
  ]),
  optimizer('torch.optim.Rprop', [params, ['lr', 0.01], ['etas', [0.5, 1.2]], ['step_sizes', [1e-6, 50]]], {
    zeroGradient: 'never',
  }),
  optimizer(
    'torch.optim.RMSprop',
    [
      params,
      ['lr', 0.01],
      ['alpha', 0.99],
      ['eps', 1e-8],
      ['weight_decay', 0],
      ['momentum', 0],
      ['centered', false],
    ],
    momentumOrDecay,
  ),
  optimizer(
    'torch.optim.LBFGS',
    [
      params,
      ['lr', 1],
      ['max_iter', 20],
      ['max_eval', null],
      ['tolerance_grad', 1e-7],
      ['tolerance_change', 1e-9],
      ['history_size', 100],
      ['line_search_fn', null],
    ],
    // One flat gradient over all parameters: a single zero gradient says nothing about the others.
    { zeroGradient: 'unknown', allowsParameterGroups: false },
  ),
  // Since 2.5: https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html; no first moment.
  optimizer(
    'torch.optim.Adafactor',
    [params, ['lr', 0.01], ['beta2_decay', -0.8], ['eps', [null, 0.001]], ['d', 1], ['weight_decay', 0]],
    decays,
  ),
  // Since 2.9: https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html.
  optimizer('torch.optim.Muon', [
    params,
    ['lr', 0.001],
    ['weight_decay', 0.1],
    ['momentum', 0.95],
    ['nesterov', true],
  ]),
];

/** Classes that take the parameters first and the learning rate second, like all below. */
function family(path: string, names: string, options: Options = {}): [string, OptimizerClass][] {
  return names
    .split(' ')
    .map((name) => optimizer(`${path}.${name}`, [params, ['lr', UNKNOWN]], { ...options }));
}

/** Optimizers outside PyTorch, from the documentation and source of each library. */
const foreignOptimizers: readonly [string, OptimizerClass][] = [
  optimizer('transformers.AdamW', [
    params,
    ['lr', 0.001],
    ['betas', [0.9, 0.999]],
    ['eps', 1e-6],
    ['weight_decay', 0],
  ]),
  optimizer('transformers.Adafactor', [params, ['lr', null]], { zeroGradient: 'unknown', weightDecay: 0 }),
  ...family(
    'bitsandbytes.optim',
    'Adam Adam8bit Adam32bit PagedAdam PagedAdam8bit PagedAdam32bit AdamW AdamW8bit AdamW32bit PagedAdamW PagedAdamW8bit ' +
      'PagedAdamW32bit Lion Lion8bit Lion32bit PagedLion PagedLion8bit PagedLion32bit LAMB LAMB8bit LAMB32bit ' +
      'AdEMAMix AdEMAMix8bit AdEMAMix32bit PagedAdEMAMix PagedAdEMAMix8bit PagedAdEMAMix32bit',
  ),
  ...family(
    'bitsandbytes.optim',
    'SGD SGD8bit SGD32bit LARS LARS8bit LARS32bit RMSprop RMSprop8bit RMSprop32bit Adagrad Adagrad8bit Adagrad32bit',
    {
      zeroGradient: 'unknown',
    },
  ),
  ...family(
    'timm.optim',
    'AdamP AdaBelief Adan Lamb Lion MADGRAD MARS NAdam NAdamW NAdamLegacy RAdam RAdamLegacy Adopt',
  ),
  ...family(
    'timm.optim',
    'SGDP SGDW Lars Lookahead NvNovoGrad RMSpropTF AdafactorBigVision Adahessian AdamWLegacy Adafactor Kron LaProp Muon',
    { zeroGradient: 'unknown' },
  ),
  ...family('apex.optimizers', 'FusedAdam FusedLAMB FusedMixedPrecisionLamb'),
  ...family('apex.optimizers', 'FusedSGD FusedNovoGrad FusedAdagrad', { zeroGradient: 'unknown' }),
  ...family('apex.parallel', 'LARC', { zeroGradient: 'unknown' }),
  ...family('deepspeed.ops.adam', 'FusedAdam DeepSpeedCPUAdam ZenFlowCPUAdam'),
  ...family('deepspeed.ops.lamb', 'FusedLamb'),
  ...family('deepspeed.ops.lion', 'FusedLion DeepSpeedCPULion'),
  ...family('deepspeed.ops.adagrad', 'DeepSpeedCPUAdagrad', { zeroGradient: 'unknown' }),
  ...family('lion_pytorch', 'Lion'),
  ...family('adabelief_pytorch', 'AdaBelief'),
  ...family('prodigyopt', 'Prodigy'),
  ...family('schedulefree', 'AdamWScheduleFree RAdamScheduleFree SGDScheduleFree', {
    zeroGradient: 'unknown',
  }),
  ...family('dadaptation', 'DAdaptAdam DAdaptAdan DAdaptLion DAdaptSGD DAdaptAdaGrad', {
    zeroGradient: 'unknown',
  }),
  ...family('madgrad', 'MADGRAD MirrorMADGRAD', { zeroGradient: 'unknown' }),
  ...family('galore_torch', 'GaLoreAdamW GaLoreAdamW8bit GaLoreAdafactor', { zeroGradient: 'unknown' }),
  ...family('came_pytorch', 'CAME', { zeroGradient: 'unknown' }),
  ...family('adam_mini', 'Adam_mini', { zeroGradient: 'unknown' }),
  ...family('ranger', 'Ranger RangerVA RangerQH', { zeroGradient: 'unknown' }),
  ...family('ranger21', 'Ranger21', { zeroGradient: 'unknown' }),
  ...family('fairseq.optim.adam', 'FairseqAdam', { zeroGradient: 'unknown' }),
  ...family('torchao.optim', 'AdamW8bit AdamW4bit AdamWFp8 Adam8bit Adam4bit AdamFp8'),
  ...family('torch.distributed.optim', 'ZeroRedundancyOptimizer', { zeroGradient: 'unknown' }),
  ...family(
    'torch_optimizer',
    'A2GradExp A2GradInc A2GradUni AccSGD AdaBelief AdaBound Adafactor Adahessian AdaMod AdamP AggMo Apollo DiffGrad LARS ' +
      'Lamb Lookahead MADGRAD NovoGrad PID QHAdam QHM RAdam Ranger RangerQH RangerVA SGDP SGDW SWATS Shampoo Yogi',
    { zeroGradient: 'unknown' },
  ),
];

const optimizers: ReadonlyMap<string, OptimizerClass> = new Map([...ownOptimizers, ...foreignOptimizers]);

/** Short names of all known optimizers, for a class imported from a place this room does not know. */
const shortNames: ReadonlySet<string> = new Set([...optimizers.values()].map((facts) => facts.name));

/** Names that, in front of or behind a known one, still make an optimizer: FusedAdam, Adam8bit, DistributedLamb. */
const variant =
  /^(?:Fused|Distributed|Paged|CPU|DeepSpeedCPU|Zero1|Safe|Custom|My)?([A-Z]\w*?)(?:8bit|32bit|4bit|_8bit|GC|ScheduleFree)?$/;

/**
 * The optimizer class of a qualified name in any of its import paths (`torch.optim.SGD`,
 * `torch.optim.sgd.SGD`), or null.
 */
export function findOptimizer(qualifiedName: string): OptimizerClass | null {
  const canonical = canonicalName(qualifiedName);
  const known = optimizers.get(canonical);
  if (known !== undefined) return known;
  // pytorch_optimizer has over a hundred, all of the same shape.
  if (/^pytorch_optimizer\.[A-Z]\w*$/.test(canonical) && !canonical.endsWith('Scheduler')) {
    return optimizer(canonical, [params, ['lr', UNKNOWN]], { zeroGradient: 'unknown' })[1];
  }
  return null;
}

/** Whether a class is an optimizer of a known library, or PyTorch's base class of all. */
export const isOptimizerClass = (qualifiedName: string): boolean =>
  findOptimizer(qualifiedName) !== null ||
  /^torch\.optim\.(?:optimizer\.)?Optimizer$/.test(canonicalName(qualifiedName));

/**
 * True if the last name of a call is surely meant as an optimizer although its library is unknown:
 * a known optimizer's name (Lion, AdamW8bit), a variant of one (FusedAdam), or a name in CamelCase that ends in
 * Optimizer. Says nothing of the arguments' meaning.
 */
export function looksLikeOptimizer(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (/^[A-Z]\w*Optimizer$/.test(last)) return true;
  if (commonWords.has(last)) return false;
  if (shortNames.has(last)) return true;
  const stem = variant.exec(last)?.[1];
  return stem !== undefined && !commonWords.has(stem) && shortNames.has(stem);
}

/** Optimizer names that mean other things as well. */
const commonWords: ReadonlySet<string> = new Set([
  'MARS',
  'PID',
  'CAME',
  'Apollo',
  'Adopt',
  'Ranger',
  'Lookahead',
  'Prodigy',
]);

/**
 * Whether a parameter with a zero gradient still moves under the optimizer built by this call (see
 * ZeroGradientEffect); null where an unknown option decides.
 */
export function movesOnZeroGradient(facts: OptimizerClass, call: CallArguments): boolean | null {
  if (facts.zeroGradient === 'always') return true;
  if (facts.zeroGradient === 'never') return false;
  if (facts.zeroGradient === 'unknown') return null;
  const args = new BoundArguments(facts.signature, call);
  const truths = facts.movingOptions.map((name) => truthOf(args.value(name)));
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}
