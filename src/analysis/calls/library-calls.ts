/** Calls of imported functions and classes. */
import type { Call, Span } from '../../python/syntax.ts';
import { isOfOtherFramework } from '../../torch/frameworks.ts';
import { harmlessCall, iteratesItsArgument } from '../../torch/harmless.ts';
import { findFactoryMethod } from '../../torch/layers.ts';
import { modelLibrary } from '../../torch/library-parts.ts';
import { canonicalName } from '../../torch/names.ts';
import { findOptimizer, looksLikeOptimizer } from '../../torch/optimizers.ts';
import { findScheduler, type Scheduler } from '../../torch/schedulers.ts';
import { architectureOfCall, instantiate } from '../../torch/torchvision.ts';
import { findWrapper } from '../../torch/wrappers.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import {
  buildLibraryModule,
  buildUnknownModel,
  deepCopy,
  initialiseFromLibrary,
  toTorchArguments,
} from '../modules/module-construction.ts';
import { callModuleMethod } from '../modules/module-methods.ts';
import { emptyModule, plantTree, plantUnknown } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { afterSchedulerBuilt } from '../obligations/moments.ts';
import { noteFlags, noteFlattening } from '../obligations/stale-wrappers.ts';
import { noteSaved } from '../observations/saving.ts';
import { MAY_BE_TRAINABLE, UNKNOWN_FLAG } from '../state/atoms.ts';
import {
  type CallArguments,
  isString,
  NONE,
  reference,
  UNKNOWN,
  UNKNOWN_ARGUMENTS,
  type Value,
} from '../state/values.ts';
import { asksNoGradient } from '../tensors/graphs.ts';
import { libraryTensor } from '../tensors/new-tensors.ts';
import { makeLightningObject } from '../training/lightning.ts';
import { buildOptimizer, initialiseOptimizer } from '../training/optimizer-objects.ts';
import { makeTransformersTrainer } from '../training/transformers-trainer.ts';
import { allArguments, withoutFirst } from './call-arguments.ts';
import { forgetWhatIsReachable, reachableFrom } from './havoc.ts';
import { callSpecial } from './library-functions.ts';
import { isModulePath } from './python-classes.ts';
import { callUnknown } from './unknown-calls.ts';

/** What a factory out of the known trees is known to return: a pre-trained or fresh model, all trainable. */
const MODEL_FACTORIES =
  /^(?:timm\.create_model|torch\.hub\.load|segmentation_models_pytorch\.\w+|efficientnet_pytorch\.EfficientNet\.from_(?:pretrained|name)|open_clip\.create_model|pretrainedmodels\.\w+|(?:transformers|sentence_transformers)\.(?:\w+\.)?\w*(?:Model|For\w+|Encoder|Decoder|LMHead\w*)\w*(?:\.from_pretrained|\.from_config)?)$/;

export function callLibrary(run: Interpreter, path: string, args: CallArguments, at: Call | Span): Value {
  const name = canonicalName(path);
  const [first] = args.positional;
  if (isOfOtherFramework(name)) {
    forgetWhatIsReachable(run, allArguments(args), at);
    return UNKNOWN;
  }

  const module = buildLibraryModule(run, name, args, at);
  if (module) return module;
  const special = callSpecial(run, name, args, at);
  if (special) return special;

  const trainer = makeLightningObject(run, name, args, at) ?? makeTransformersTrainer(run, name, args, at);
  if (trainer) return trainer;

  const torchArguments = toTorchArguments(run, args);
  const architecture = architectureOfCall(name, torchArguments);
  if (architecture) {
    const tree = instantiate(architecture.architecture, architecture.call);
    const className = architecture.architecture.name;
    if (!tree) return buildUnknownModel(run, className, !name.includes('.detection.'), at);
    const id = run.identity(at, `:${className}`);
    plantTree(run, id, tree, 'architecture', at);
    return madeFrom(run, reference(id), className);
  }
  const optimizer = findOptimizer(name);
  if (optimizer) return buildOptimizer(run, optimizer.name, optimizer, args, at);
  const scheduler = findScheduler(name);
  if (scheduler) return buildScheduler(run, name, scheduler, args, at);
  if (findWrapper(name)) return wrap(run, name, args, at);
  const factory = findFactoryMethod(name);
  if (factory) return embedFrozen(run, factory.builds, args, at);
  if (MODEL_FACTORIES.test(name)) {
    forgetWhatIsReachable(run, allArguments(args), at);
    const model = buildUnknownModel(run, classNamedBy(name), true, at, modelLibrary(name));
    return first && isString(first) ? madeFrom(run, model, first.value) : model;
  }
  if (isModulePath(name) === true && /\.[A-Z]\w*$/.test(name)) {
    return buildUnknownModel(run, name.split('.').at(-1) ?? '', true, at, modelLibrary(name));
  }
  const base = /^(.*)\.__init__$/.exec(name)?.[1];
  if (base && first && initialiseOptimizer(run, base, first, withoutFirst(args), at)) return NONE;
  const unbound = /^(.*)\.([a-z_]\w*)$/.exec(name);
  const receiver = first ? run.object(first) : null;
  if (
    unbound?.[1] &&
    unbound[2] &&
    isModulePath(unbound[1]) === true &&
    first?.kind === 'reference' &&
    receiver?.kind === 'module'
  ) {
    const rest = withoutFirst(args);
    if (unbound[2] === '__init__') {
      initialiseFromLibrary(run, unbound[1], first, rest, at);
      return NONE;
    }
    return callModuleMethod(run, first.id, receiver, unbound[2], rest, at);
  }
  if (iteratesItsArgument(name)) return first ?? UNKNOWN;
  if (looksLikeOptimizer(name) && first)
    return buildOptimizer(run, name.split('.').at(-1) ?? '', null, args, at);
  if (name === 'torch.utils.checkpoint.checkpoint') noteCheckpoint(run, args, at);
  noteSaved(run, name, args, at);
  const harmless = harmlessCall(name);
  if (harmless?.keepsMode) {
    if (harmless.consumesIterator) {
      for (const value of allArguments(args)) {
        if (run.object(value)?.kind === 'iterator') sequenceOf(run, value, at, 'full');
      }
    }
    // `random.choice(layers)` is one of them, and `random.shuffle(layers)` puts them elsewhere.
    const picks = /^(?:random|numpy)\./.test(name);
    if (picks && reachableFrom(run, allArguments(args)).objects.size > 0) {
      return callUnknown(run, [], args, at);
    }
    if (/^torch\.nn\.init\.\w+_$/.test(name)) return first ?? args.keywords.get('tensor') ?? UNKNOWN;
    if (/^torch\.(?:\w+\.)*[a-z_]\w*$/.test(name)) return libraryTensor(run, name, args, at);
    return plantUnknown(run, run.identity(at, ':result'));
  }
  return callUnknown(run, [], args, at);
}

/** The class in the path of a call that makes an instance, maybe by a method of its own; '' where there is none. */
function classNamedBy(path: string): string {
  const name = path.split('.').findLast((part) => !part.startsWith('from_')) ?? '';
  return /^[A-Z]/.test(name) ? name : '';
}

/** Notes which architecture or checkpoint a factory was asked for. */
function madeFrom(run: Interpreter, model: Value, name: string): Value {
  const object = run.object(model);
  if (model.kind === 'reference' && object?.kind === 'module') {
    run.state.heap.set(model.id, { ...object, madeFrom: name });
  }
  return model;
}

/** A learning rate scheduler: it keeps the optimizer that it is given, and never looks for another one. */
function buildScheduler(
  run: Interpreter,
  library: string,
  facts: Scheduler,
  args: CallArguments,
  at: Span,
): Value {
  const { signature, optimizerArgument } = facts;
  const position = signature.findIndex(([name]) => name === optimizerArgument);
  const driven = args.positional[position] ?? args.keywords.get(optimizerArgument ?? '') ?? null;
  const attributes = new Map(driven ? [['optimizer', driven] as const] : []);
  const built = run.allocate(at, { kind: 'instance', info: null, library, attributes, complete: true });
  afterSchedulerBuilt(run, built.id, driven, at);
  const optimizers = (driven?.kind === 'union' ? driven.options : [driven]).flatMap((option) =>
    option?.kind === 'reference' && run.object(option)?.kind === 'optimizer' ? [option.id] : [],
  );
  run.emit({ kind: 'schedulerBuilt', span: at, facts, optimizers });
  return built;
}

/** Reentrant checkpointing records nothing where no input asks for a gradient, whatever the module holds (case f09). */
function noteCheckpoint(run: Interpreter, args: CallArguments, at: Call | Span): void {
  const [callee, ...inputs] = args.positional;
  const reentrant = args.keywords.get('use_reentrant');
  const isReentrant = reentrant ? truthOf(run, reentrant) === true : args.complete;
  const object = callee ? run.object(callee) : null;
  if (!isReentrant || callee?.kind !== 'reference' || object?.kind !== 'module' || !object.certain) return;
  if (!('kind' in at) || run.state.gradients.mode !== 'on') return;
  const trains = atomsBelow(run, callee.id).must.some(
    (atom) => run.state.flag(atom).bits === MAY_BE_TRAINABLE,
  );
  const hasInput = inputs.some(({ kind }) => kind === 'tensor');
  if (trains && hasInput && inputs.every((input) => asksNoGradient(run, input))) {
    run.emit({ kind: 'checkpointedWithoutInput', call: at });
  }
}

/** DataParallel, torch.compile, get_peft_model and their kin. */
function wrap(run: Interpreter, name: string, args: CallArguments, at: Call | Span): Value {
  const wrapper = findWrapper(name);
  const given = wrapper
    ? (args.positional[wrapper.argument.position] ?? args.keywords.get(wrapper.argument.name))
    : null;
  if (!wrapper || !given) return callUnknown(run, [], args, at);
  return run.each(given, (model) => {
    const object = run.object(model);
    if (wrapper.changes === 'flattens' && object?.kind === 'module' && model.kind === 'reference') {
      noteFlattening(run, model.id, args, at);
    }
    const isCopy = wrapper.identity === 'copies' && name.startsWith('torch.');
    const plain =
      wrapper.changes === 'nothing' &&
      (isCopy || wrapper.identity === 'wraps' || wrapper.identity === 'same');
    if (!plain || object?.kind !== 'module' || model.kind !== 'reference' || wrapper.returns !== 'module') {
      return callUnknown(run, [], args, at);
    }
    if (wrapper.identity === 'same' || !wrapper.innerAttribute) return model;
    const inner = isCopy ? deepCopy(run, model, at) : model;
    if (inner.kind !== 'reference') return callUnknown(run, [], args, at);
    const className = name.split('.').at(-1) ?? '';
    const id = run.identity(at, `:${className}`);
    const unused = args.keywords.get('find_unused_parameters');
    run.state.heap.set(
      id,
      emptyModule({
        className,
        library: name,
        certain: object.certain,
        children: new Map([[wrapper.innerAttribute, [inner.id]]]),
        mode: object.mode,
        wraps: inner.id,
        built: at,
        attributes: new Map(unused ? [['find_unused_parameters', unused] as const] : []),
      }),
    );
    if (wrapper.laterFlagChanges === 'ignored') noteFlags(run, id, at);
    return reference(id);
  });
}

/** `nn.Embedding.from_pretrained(vectors)` is frozen unless told otherwise (catalogue b09). */
function embedFrozen(run: Interpreter, path: string, args: CallArguments, at: Span): Value {
  const built = buildLibraryModule(run, path, UNKNOWN_ARGUMENTS, at);
  const freeze = args.keywords.get('freeze') ?? args.positional[1];
  const frozen = freeze ? truthOf(run, freeze) : args.complete ? true : null;
  if (built?.kind === 'reference') {
    for (const atom of atomsBelow(run, built.id).may) {
      const bits = frozen === null ? UNKNOWN_FLAG : frozen ? 1 : 2;
      run.state.setFlag(atom, { bits, writer: at });
    }
  }
  return built ?? UNKNOWN;
}
