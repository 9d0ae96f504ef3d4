/**
 * LightningModules: who calls their methods, and in which order. The Trainer calls configure_optimizers before the
 * first hook of the training and keeps the optimizers; unless `automatic_optimization` is off it steps them after each
 * training_step (Lightning's documentation, "LightningModule", chapters "Hooks" and "automatic_optimization").
 */
import type { Span } from '../../python/syntax.ts';
import { invoke } from '../calls/functions.ts';
import { forgetFlags, forgetWhatIsReachable, reachableFrom } from '../calls/havoc.ts';
import { ancestry, findMember, libraryBases } from '../calls/python-classes.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { setPlainAttribute } from '../modules/module-changes.ts';
import { setFlags, switchMode } from '../modules/module-state.ts';
import { settleMode, settleStep } from '../obligations/moments.ts';
import type { ModuleObject } from '../state/heap.ts';
import {
  type CallArguments,
  type ClassInfo,
  isNone,
  NO_ARGUMENTS,
  NONE,
  type ObjectId,
  type ReferenceValue,
  reference,
  UNKNOWN,
  UNKNOWN_ARGUMENTS,
  type Value,
} from '../state/values.ts';

const LIGHTNING_TRAINER = 'lightning.pytorch.Trainer';

/** Lightning's own callbacks that leave flags, modes and optimizers alone. */
const QUIET_CALLBACK =
  /^lightning\.pytorch\.(?:ModelCheckpoint|EarlyStopping|LearningRateMonitor|\w*ProgressBar|\w*ModelSummary|DeviceStatsMonitor|Timer|GradientAccumulationScheduler)$/;

const BEFORE_OPTIMIZERS = ['configure_callbacks', 'prepare_data', 'setup', 'configure_model'];
const BEFORE_TRAINING = ['on_fit_start', 'on_train_start'];
const BEFORE_STEP = ['on_epoch_start', 'on_train_epoch_start', 'on_train_batch_start'];
const AROUND_BACKWARD = [
  'on_before_zero_grad',
  'on_before_backward',
  'on_after_backward',
  'on_before_optimizer_step',
];
const AFTER_STEP = ['on_train_batch_end', 'training_epoch_end', 'on_train_epoch_end', 'on_epoch_end'];
const AFTER_TRAINING = ['on_train_end', 'on_fit_end'];

const isLightningModule = (info: ClassInfo): boolean =>
  libraryBases(info).some((base) => /^lightning\.pytorch\.(?:core\.)?LightningModule$/.test(base));

/** Whether a class says by itself how it is trained, so that `trainer.fit` can be followed. */
export const isFittable = (info: ClassInfo): boolean =>
  isLightningModule(info) && findMember(info, 'configure_optimizers')?.value.kind === 'function';

/** `Trainer(...)` or one of the callbacks; null for anything else. */
export function makeLightningObject(
  run: Interpreter,
  name: string,
  args: CallArguments,
  at: Span,
): Value | null {
  if (name !== LIGHTNING_TRAINER && !QUIET_CALLBACK.test(name)) return null;
  const given = [...args.positional, ...args.keywords.values()];
  forgetWhatIsReachable(run, given, at);
  const callbacks = args.complete ? (args.keywords.get('callbacks') ?? NONE) : UNKNOWN;
  const attributes = new Map(name === LIGHTNING_TRAINER ? [['callbacks', callbacks] as const] : []);
  return run.allocate(at, { kind: 'instance', info: null, library: name, attributes, complete: true });
}

/** `trainer.fit(model)`, where the program tells everything that the Trainer calls; false where it does not. */
export function fitByTrainer(run: Interpreter, trainer: Value, args: CallArguments, at: Span): boolean {
  const object = run.object(trainer);
  const model = args.positional[0] ?? args.keywords.get('model');
  const module = model ? run.object(model) : null;
  if (object?.kind !== 'instance' || object.library !== LIGHTNING_TRAINER) return false;
  if (model?.kind !== 'reference' || module?.kind !== 'module' || !module.info) return false;
  if (!isFittable(module.info) || !areQuiet(run, object.attributes.get('callbacks'))) return false;
  run.within(`fit${at.start}`, () => runFit(run, model, module.info as ClassInfo));
  // Batches, loggers and what a later version of Lightning may do are out of sight.
  forgetWhatIsReachable(run, [trainer, ...args.positional, ...args.keywords.values()], at);
  return true;
}

function areQuiet(run: Interpreter, callbacks: Value | undefined): boolean {
  if (!callbacks || isNone(callbacks)) return true;
  const list = run.object(callbacks);
  const items = list?.kind === 'list' && list.complete ? list.items.map(({ value }) => value) : [callbacks];
  return items.every((item) => {
    const object = run.object(item);
    return object?.kind === 'instance' && object.library !== null && QUIET_CALLBACK.test(object.library);
  });
}

/** Trains an instance: everything up to the optimizers, then the hooks around two rounds of training. */
export function runFit(run: Interpreter, self: ReferenceValue, info: ClassInfo): void {
  run.fitted.add(info);
  // Whatever holds the model outside, it lives as long as it trains.
  run.state.variables.set(`${run.scopes.at(-1)}:<fit ${self.id}>`, self);
  const call = (name: string, given: CallArguments = UNKNOWN_ARGUMENTS): Value | null => {
    const method = run.dead ? null : findMember(info, name)?.value;
    if (method?.kind !== 'function') return null;
    return invoke(run, { ...method, self }, given, method.definition);
  };
  for (const name of BEFORE_OPTIMIZERS) call(name);
  const optimizers = optimizersIn(run, call('configure_optimizers', NO_ARGUMENTS));
  if (run.dead) return;
  if (optimizers === null) {
    forgetWhatIsReachable(run, self, info.definition);
    return;
  }
  keepOptimizers(run, self, info, optimizers);
  for (const name of BEFORE_TRAINING) call(name);

  const step = findMember(info, 'training_step')?.value;
  const round = (): void => {
    for (const name of BEFORE_STEP) call(name);
    call('training_step');
    // A LightningModule is seldom run as a whole: which of its parts see gradients, its own forward() decides.
    run.forwarded.delete(self.id);
    const object = run.object(self);
    if (step?.kind === 'function' && 'nameSpan' in step.definition && object?.kind === 'module') {
      for (const name of AROUND_BACKWARD) call(name);
      if (stepsByItself(run, object, info)) {
        settleMode(run, step.definition.nameSpan);
        for (const id of optimizers) settleStep(run, id, step.definition.nameSpan);
      }
    }
    for (const name of AFTER_STEP) call(name);
  };
  run.within('first', round);
  if (run.dead) return;
  const before = run.state.fork();
  run.certainty.unproven(() => run.certainty.undecided(() => run.within('later', round)));
  run.joinInto(before);
  for (const name of AFTER_TRAINING) call(name);
}

/**
 * The optimizers in what configure_optimizers returns: alone, in a list, in a dictionary, in dictionaries in a list, or
 * in a list beside the one of the schedulers. Null where they are not known.
 */
function optimizersIn(run: Interpreter, returned: Value | null): readonly ObjectId[] | null {
  if (!returned || isNone(returned)) return [];
  const { objects } = reachableFrom(run, [returned]);
  const found = [...objects].filter((id) => run.state.heap.get(id)?.kind === 'optimizer');
  return found.length > 0 ? found : null;
}

/** The Trainer keeps the optimizers, as `self.trainer.optimizers`. */
function keepOptimizers(
  run: Interpreter,
  self: ReferenceValue,
  info: ClassInfo,
  optimizers: readonly ObjectId[],
): void {
  const items = optimizers.map((id) => ({ value: reference(id), multiplicity: 'one' as const }));
  const list = run.allocate(info.definition, { kind: 'list', items, complete: true }, ':optimizers');
  const trainer = run.allocate(
    info.definition,
    {
      kind: 'instance',
      info: null,
      library: LIGHTNING_TRAINER,
      attributes: new Map([['optimizers', list]]),
      complete: true,
    },
    ':trainer',
  );
  setPlainAttribute(run, self.id, 'trainer', trainer);
}

function stepsByItself(run: Interpreter, object: ModuleObject, info: ClassInfo): boolean {
  if (findMember(info, 'optimizer_step')) return false;
  const isOn =
    object.attributes.get('automatic_optimization') ?? findMember(info, 'automatic_optimization')?.value;
  return !isOn || truthOf(run, isOn) === true;
}

const METHODS = new Set(['freeze', 'unfreeze', 'optimizers', 'manual_backward']);

/** Whether a LightningModule has a method of this name that concerns flags or optimizers. */
export const isLightningMethod = (info: ClassInfo | null, name: string): boolean =>
  info !== null && METHODS.has(name) && isLightningModule(info);

/** Calls one of these methods. */
export function callLightningMethod(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: string,
  at: Span,
): Value {
  switch (name) {
    case 'freeze':
    case 'unfreeze': {
      const flag: CallArguments = {
        positional: [{ kind: 'constant', value: name === 'unfreeze' }],
        keywords: new Map(),
        complete: true,
      };
      setFlags(run, id, object, flag, at);
      const training = name === 'unfreeze';
      switchMode(run, id, object, training ? 'train' : 'eval', training, at);
      return NONE;
    }
    case 'optimizers': {
      const trainer = run.object(object.attributes.get('trainer') ?? UNKNOWN);
      const all = trainer?.kind === 'instance' ? trainer.attributes.get('optimizers') : undefined;
      const list = all && run.object(all);
      if (!all || list?.kind !== 'list') return UNKNOWN;
      const [only, ...others] = list.items;
      return only && others.length === 0 ? only.value : all;
    }
    default:
      settleMode(run, at);
      return NONE;
  }
}

/** Words of a method that changes flags. */
const CHANGES_FLAGS = /requires_grad|freeze|trainable|\bsetattr\b|\bapply\(/;

/**
 * Before a class is trained that the program does not train itself: methods that nothing in the class calls are there
 * for others to call first, so the flags that they set may have any value.
 */
export function forgetWhatOthersSet(run: Interpreter, self: Value, info: ClassInfo): void {
  const classes = [...ancestry(info)].filter((ancestor) => typeof ancestor !== 'string');
  const whole = classes.map(({ definition }) => run.sourceOf(definition)).join('\n');
  const hooks = new Set([
    '__init__',
    'configure_optimizers',
    'training_step',
    ...BEFORE_OPTIMIZERS,
    ...BEFORE_TRAINING,
    ...BEFORE_STEP,
    ...AROUND_BACKWARD,
    ...AFTER_STEP,
    ...AFTER_TRAINING,
  ]);
  const isForOthers = classes.some(({ definition }) =>
    definition.body.some(
      (statement) =>
        statement.kind === 'functionDefinition' &&
        !hooks.has(statement.name) &&
        !whole.includes(`.${statement.name}(`) &&
        CHANGES_FLAGS.test(run.sourceOf(statement)),
    ),
  );
  if (isForOthers) forgetFlags(run, [self]);
}
