/** Events of training: optimizers, schedulers, passes and steps, and what wrappers and modes make of them. */
import type { Call, Expression, Span } from '../python/syntax.ts';
import type { Scheduler } from '../torch/schedulers.ts';
import type { Sight } from './observations/sight.ts';
import type { AtomId } from './state/atoms.ts';
import type { Graph, ObjectId } from './state/values.ts';

/** An optimizer was built. */
export interface OptimizerBuilt {
  readonly kind: 'optimizerBuilt';
  readonly call: Call;
  readonly optimizer: ObjectId;
  readonly className: string;
  readonly argument: Expression | null;
  /** Held for certain, and held at most. */
  readonly must: readonly AtomId[];
  readonly may: readonly AtomId[];
  readonly complete: boolean;
  /** The certainly frozen ones among `must`. */
  readonly frozen: readonly AtomId[];
  /** True where the parameter argument is certainly empty and PyTorch raises ValueError. */
  readonly empty: boolean;
  /** True where a dictionary of the argument has an empty `params`, which PyTorch accepts silently. */
  readonly emptyGroup: boolean;
  /** How the program calls the module that owns most of what is held; null where it has no name. */
  readonly moduleName: string | null;
  /** How modules can be named where it is built. */
  readonly sight: Sight;
}

/** A learning rate scheduler was built. */
export interface SchedulerBuilt {
  readonly kind: 'schedulerBuilt';
  /** The call. */
  readonly span: Span;
  readonly facts: Scheduler;
  /** What it may drive; empty where that is unknown. */
  readonly optimizers: readonly ObjectId[];
}

/** `zero_grad(...)` of an optimizer or a module. */
export interface GradientsZeroed {
  readonly kind: 'gradientsZeroed';
  readonly span: Span;
  /** The parameters concerned; empty where they are not known. */
  readonly atoms: readonly AtomId[];
  /** The argument; null where it is left out. */
  readonly setToNone: boolean | null;
}

/** `optimizer.add_param_group(...)`, where PyTorch takes the group. */
export interface GroupAdded {
  readonly kind: 'groupAdded';
  readonly span: Span;
  readonly optimizer: ObjectId;
  /** Held in the group at most. */
  readonly atoms: readonly AtomId[];
}

/**
 * A param group, added or given to the constructor, with parameters of an earlier one: PyTorch certainly raises
 * ValueError, and nothing of the program catches it.
 */
export interface GroupRefused {
  readonly kind: 'groupRefused';
  readonly call: Call;
  readonly optimizer: ObjectId;
  /** What the groups share for certain. */
  readonly atoms: readonly AtomId[];
  readonly sight: Sight;
}

/** An optimizer steps over a part that eval() was called on, and whose flags nobody has touched. */
export interface EvaluatedPartTrains {
  readonly kind: 'evaluatedPartTrains';
  /** The call of eval(). */
  readonly span: Span;
  readonly step: Span;
  /** Where the optimizer was built. */
  readonly built: Span;
}

/** A forward pass of a wrapper that took note of the flags before, and does not see that they have changed since. */
export interface WrapperIsStale {
  readonly kind: 'wrapperIsStale';
  readonly span: Span;
  readonly wrapper: StaleWrapper;
  /** Where the wrapper took note of the flags: where it was built, or its first forward pass. */
  readonly noted: Span;
  /** Where they were changed, and to what. */
  readonly changed: Span;
  readonly value: boolean;
}

/** FullyShardedDataParallel is to make one parameter of some that are frozen and some that are trainable (catalogue H2). */
export interface FlagsFlattened {
  readonly kind: 'flagsFlattened';
  readonly call: Call;
  readonly frozen: readonly AtomId[];
  readonly trainable: readonly AtomId[];
}

/** DistributedDataParallel takes note when it is built, torch.compile at the first forward pass. */
export type StaleWrapper = 'DistributedDataParallel' | 'compile';

/** A moment of training at which frozen BatchNorm layers are in train mode, so that their statistics follow the batches. */
export interface StatisticsFollow {
  readonly kind: 'statisticsFollow';
  readonly span: Span;
  /** The call of train() that put them there, and what can be named at it. */
  readonly train: Span;
  readonly sight: Sight;
  /** The parameters of each of the largest frozen parts that have such layers. */
  readonly parts: readonly (readonly AtomId[])[];
  /** Number of these BatchNorm layers. */
  readonly layers: number;
  /** A statement that froze them. */
  readonly frozen: Span | null;
}

/** A layer that must keep its input for the gradient of its weight was given an inference tensor: PyTorch raises. */
export interface InferenceTensorKept {
  readonly kind: 'inferenceTensorKept';
  readonly span: Span;
  /** The context or decorator under which the tensor was computed. */
  readonly context: Span;
}

/** `checkpoint(module, ...)` of a module that is to train, on inputs none of which asks for a gradient. */
export interface CheckpointedWithoutInput {
  readonly kind: 'checkpointedWithoutInput';
  readonly call: Call;
}

/** Parameters are written to a file. */
export interface StateSaved {
  readonly kind: 'stateSaved';
  readonly span: Span;
  /** Modules that are saved with all of their parameters, by the names that they have there and in global variables. */
  readonly modules: readonly string[];
}

/** A moment at which the model certainly trains or runs. */
export interface TrainingEvent {
  readonly kind: 'step' | 'forward' | 'fit';
  readonly span: Span;
}

/** `loss.backward()`, also through a scaler or an accelerator. */
export interface Backward {
  readonly kind: 'backward';
  readonly span: Span;
  /** What is certain about the graph that it goes back through. */
  readonly graph: Graph | null;
}
