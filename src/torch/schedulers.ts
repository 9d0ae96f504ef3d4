import type { SignatureArgument } from './arguments.ts';
import { canonicalName } from './names.ts';

/**
 * What a scheduler does with a parameter group added to its optimizer after the scheduler was built:
 * - `scheduled`: drives it like the others;
 * - `constant`: leaves its learning rate alone, silently (a ValueError is expected from PyTorch 2.10 on, where
 *   the lists are zipped strictly);
 * - `error`: its next step raises;
 * - `error-before-2.6`: raised before PyTorch 2.6 (pytorch#137637);
 * - `by-parts`: depends on the schedulers inside;
 * - `unknown`.
 */
export type LaterGroup = 'scheduled' | 'constant' | 'error' | 'error-before-2.6' | 'by-parts' | 'unknown';

export interface Scheduler {
  readonly name: string;
  readonly qualifiedName: string;
  /** The leading constructor arguments. */
  readonly signature: readonly SignatureArgument[];
  /** The argument that holds the optimizer; null where it comes with the inner schedulers. */
  readonly optimizerArgument: string | null;
  readonly groupAddedLater: LaterGroup;
  /** True if it writes `lr` from its own schedule, so that `lr = 0` in a group does not last. */
  readonly overwritesLearningRate: boolean;
}

function scheduler(
  qualifiedName: string,
  groupAddedLater: LaterGroup,
  names: string,
  overwritesLearningRate = false,
): [string, Scheduler] {
  const signature = names.split(' ').map((name): SignatureArgument => [name]);
  return [
    qualifiedName,
    {
      name: qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1),
      qualifiedName,
      signature,
      optimizerArgument: names.startsWith('optimizer') ? 'optimizer' : null,
      groupAddedLater,
      overwritesLearningRate,
    },
  ];
}

const own = 'torch.optim.lr_scheduler';

/** Recorded from PyTorch 1.13; see the recording under test/unit/torch. */
const torchSchedulers: readonly [string, Scheduler][] = [
  scheduler(`${own}.StepLR`, 'scheduled', 'optimizer step_size gamma'),
  scheduler(`${own}.MultiStepLR`, 'scheduled', 'optimizer milestones gamma'),
  scheduler(`${own}.ExponentialLR`, 'scheduled', 'optimizer gamma'),
  scheduler(`${own}.ConstantLR`, 'scheduled', 'optimizer factor total_iters'),
  scheduler(`${own}.LinearLR`, 'scheduled', 'optimizer start_factor end_factor total_iters'),
  scheduler(`${own}.PolynomialLR`, 'scheduled', 'optimizer total_iters power'),
  scheduler(`${own}.CosineAnnealingLR`, 'scheduled', 'optimizer T_max eta_min', true),
  scheduler(`${own}.LambdaLR`, 'constant', 'optimizer lr_lambda'),
  scheduler(`${own}.MultiplicativeLR`, 'constant', 'optimizer lr_lambda'),
  scheduler(`${own}.CosineAnnealingWarmRestarts`, 'constant', 'optimizer T_0 T_mult eta_min', true),
  scheduler(`${own}.CyclicLR`, 'constant', 'optimizer base_lr max_lr', true),
  scheduler(`${own}.OneCycleLR`, 'error', 'optimizer max_lr', true),
  scheduler(`${own}.ReduceLROnPlateau`, 'error-before-2.6', 'optimizer mode factor patience'),
  scheduler(`${own}.SequentialLR`, 'by-parts', 'optimizer schedulers milestones'),
  scheduler(`${own}.ChainedScheduler`, 'by-parts', 'schedulers'),
  // Averages weights and anneals each group's rate; adds nothing for later groups that could be recorded.
  scheduler('torch.optim.swa_utils.SWALR', 'unknown', 'optimizer swa_lr', true),
];

/** transformers builds all of these on LambdaLR (its optimization module), except those marked. */
const transformersSchedulers: readonly [string, Scheduler][] = [
  ...[
    'get_constant_schedule',
    'get_constant_schedule_with_warmup',
    'get_linear_schedule_with_warmup',
    'get_cosine_schedule_with_warmup',
    'get_cosine_with_hard_restarts_schedule_with_warmup',
    'get_cosine_with_min_lr_schedule_with_warmup',
    'get_polynomial_decay_schedule_with_warmup',
    'get_inverse_sqrt_schedule',
    'get_wsd_schedule',
  ].map((name) => scheduler(`transformers.${name}`, 'constant', 'optimizer')),
  // Takes the schedule's name first; `reduce_lr_on_plateau` is among the choices.
  scheduler('transformers.get_scheduler', 'unknown', 'name optimizer'),
].map(([name, facts]) => [name, { ...facts, optimizerArgument: 'optimizer' }]);

const schedulers: ReadonlyMap<string, Scheduler> = new Map([...torchSchedulers, ...transformersSchedulers]);

/** The scheduler class or factory of a qualified name in any of its import paths, or null. */
export function findScheduler(qualifiedName: string): Scheduler | null {
  return schedulers.get(canonicalName(qualifiedName)) ?? null;
}

/** Whether it drives a group that is added later differently from the others, or its next step raises. */
export const isDisturbedByLaterGroup = ({ groupAddedLater }: Scheduler): boolean =>
  groupAddedLater === 'constant' || groupAddedLater === 'error' || groupAddedLater === 'error-before-2.6';
