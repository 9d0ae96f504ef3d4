/** Calls of imported functions and classes. */

import type { Call, Expression, Span } from '../python/syntax.ts';
import { passesGradients } from '../torch/differentiable.ts';
import { isOfOtherFramework } from '../torch/frameworks.ts';
import { harmlessCall, iteratesItsArgument } from '../torch/harmless.ts';
import { findFactoryMethod } from '../torch/layers.ts';
import { modelLibrary } from '../torch/library-parts.ts';
import { canonicalName } from '../torch/names.ts';
import { findOptimizer, looksLikeOptimizer } from '../torch/optimizers.ts';
import { findScheduler, type Scheduler } from '../torch/schedulers.ts';
import { createsTensor } from '../torch/tensor-creation.ts';
import { architectureOfCall, instantiate } from '../torch/torchvision.ts';
import { findWrapper } from '../torch/wrappers.ts';
import { MAY_BE_TRAINABLE, UNKNOWN_FLAG } from './atoms.ts';
import { getAttribute } from './attributes.ts';
import { withoutFirst } from './call-arguments.ts';
import { allArguments, callUnknown, callValue, goBackward } from './calls.ts';
import { mergeEntries } from './collections.ts';
import { truthOf } from './comparisons.ts';
import { flagCode, noteFlagValue } from './flag-values.ts';
import {
  asksNoGradient,
  cutGraph,
  forced,
  graphByMode,
  graphOfResult,
  isComputed,
  tensor,
} from './graphs.ts';
import { forgetWhatIsReachable, reachableFrom } from './havoc.ts';
import type { DictEntry, IteratorSource } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { UNKNOWN_SEQUENCE } from './iteration.ts';
import { makeLightningObject } from './lightning.ts';
import {
  buildLibraryModule,
  buildUnknownModel,
  deepCopy,
  initialiseFromLibrary,
  toTorchArguments,
} from './module-construction.ts';
import { callModuleMethod } from './module-methods.ts';
import { atomsBelow, emptyModule, newParameter, plantTree, plantUnknown } from './module-objects.ts';
import { afterSchedulerBuilt } from './obligations/moments.ts';
import { noteFlags, noteFlattening } from './obligations/stale-wrappers.ts';
import { buildOptimizer, initialiseOptimizer } from './optimizer-objects.ts';
import { isModulePath } from './python-classes.ts';
import { noteSaved } from './saving.ts';
import { sequenceOf } from './sequences.ts';
import { GRADIENTS_ON, GRADIENTS_UNKNOWN } from './state.ts';
import { matchPattern } from './strings.ts';
import { makeTransformersTrainer } from './transformers-trainer.ts';
import { anyEntry } from './unknown-places.ts';
import {
  type CallArguments,
  constant,
  external,
  isNumber,
  isString,
  NO_ARGUMENTS,
  NONE,
  reference,
  UNKNOWN,
  UNKNOWN_ARGUMENTS,
  type Value,
} from './values.ts';

/** What a factory out of the known trees is known to return: a pre-trained or fresh model, all trainable. */
const MODEL_FACTORIES =
  /^(?:timm\.create_model|torch\.hub\.load|segmentation_models_pytorch\.\w+|efficientnet_pytorch\.EfficientNet\.from_(?:pretrained|name)|open_clip\.create_model|pretrainedmodels\.\w+|(?:transformers|sentence_transformers)\.(?:\w+\.)?\w*(?:Model|For\w+|Encoder|Decoder|LMHead\w*)\w*(?:\.from_pretrained|\.from_config)?)$/;

const NO_GRADIENT = new Set(['torch.no_grad', 'torch.autograd.no_grad']);

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

/** What a function of torch computes, or the leaf that it makes. */
function libraryTensor(run: Interpreter, name: string, args: CallArguments, at: Span): Value {
  if (!createsTensor(name)) {
    return tensor(
      'result',
      args.complete
        ? graphOfResult(run, allArguments(args), at, passesGradients(name.split('.').at(-1) ?? ''))
        : graphByMode(run, at),
    );
  }
  const [given] = args.positional;
  const leaf = newLeaf(run, name === 'torch.tensor' ? given : undefined, args, at);
  const shape = TAKES_SHAPE.test(name) ? shapeGiven(run, args) : null;
  return leaf.kind === 'tensor' && shape ? { ...leaf, shape } : leaf;
}

/** What makes a tensor of the shape that its positional arguments give: `torch.zeros(3, 4)`, `torch.ones((3, 4))`. */
const TAKES_SHAPE = /^torch\.(?:zeros|ones|empty|rand|randn)$/;

function shapeGiven(run: Interpreter, { positional, complete }: CallArguments): readonly number[] | null {
  const [first] = positional;
  const list = first ? run.object(first) : null;
  const lengths =
    positional.length !== 1 || !first || isNumber(first)
      ? positional
      : first.kind === 'tuple'
        ? first.items
        : list?.kind === 'list' &&
            list.complete &&
            list.items.every(({ multiplicity }) => multiplicity === 'one')
          ? list.items.map(({ value }) => value)
          : null;
  return complete && lengths?.every(isNumber) ? lengths.map(({ value }) => value) : null;
}

/** A leaf, with the values of `given` but without its graph; it asks for a gradient where the call says so. */
function newLeaf(run: Interpreter, given: Value | undefined, args: CallArguments, at: Span): Value {
  const flag = args.keywords.get('requires_grad');
  const asks = flag ? truthOf(run, flag) : args.complete ? false : null;
  const computed = given !== undefined && isComputed(run, given);
  if (asks === false) return tensor('fresh', computed ? cutGraph(run, given, at) : undefined);
  if (asks === null) return tensor('result', undefined);
  if (!computed) return tensor('leaf', undefined);
  return tensor('result', forced(run, given, at));
}

function callSpecial(run: Interpreter, name: string, args: CallArguments, at: Call | Span): Value | null {
  const [first, second] = args.positional;
  switch (name) {
    case 'copy.deepcopy':
      return first ? deepCopy(run, first, at) : UNKNOWN;
    case 'copy.copy':
      return first?.kind === 'reference' && run.object(first)?.kind === 'module'
        ? callUnknown(run, [], args, at)
        : shallowCopy(run, first ?? UNKNOWN, at);
    case 'dataclasses.field':
    case 'attr.ib':
    case 'attrs.field':
      // Kept until an instance is made.
      return { kind: 'partial', callee: external(name), args };
    case 'types.SimpleNamespace':
    case 'argparse.Namespace':
      return run.allocate(at, {
        kind: 'instance',
        info: null,
        library: null,
        attributes: args.keywords,
        complete: args.complete,
      });
    case 'functools.partial':
      return first ? { kind: 'partial', callee: first, args: withoutFirst(args) } : UNKNOWN;
    case 'itertools.chain':
    case 'itertools.chain.from_iterable': {
      const inner =
        name === 'itertools.chain'
          ? args.positional
          : first
            ? sequenceOf(run, first, at, 'full').items.map(({ value }) => value)
            : [];
      if (!args.complete) return callUnknown(run, [], args, at);
      return run.allocate(at, {
        kind: 'iterator',
        source: { kind: 'chain', inner },
        used: 'no',
        usedAt: null,
        built: at,
      });
    }
    case 'collections.OrderedDict':
    case 'collections.defaultdict': {
      const given = first && name === 'collections.OrderedDict' ? sequenceOf(run, first, at, 'full') : null;
      const object = first ? run.object(first) : null;
      const named = [...args.keywords].map(
        ([key, value]): DictEntry => ({ key: constant(key), value, multiplicity: 'one' }),
      );
      if (object?.kind === 'dictionary') {
        return run.allocate(at, { ...object, entries: mergeEntries(object.entries, named) });
      }
      const entries = (given?.items ?? []).flatMap(({ value, multiplicity }) => {
        const [key, entry] = value.kind === 'tuple' ? value.items : [];
        return key && entry ? [{ key, value: entry, multiplicity }] : [];
      });
      if (name === 'collections.defaultdict') {
        const missing = first && args.positional.length === 1 ? { missing: first } : {};
        return run.allocate(at, {
          kind: 'dictionary',
          entries,
          complete: args.complete && !second,
          ...missing,
        });
      }
      const complete = given ? given.complete && entries.length === given.items.length : !first;
      return run.allocate(at, { kind: 'dictionary', entries: mergeEntries(entries, named), complete });
    }
    case 'collections.deque':
      return run.allocate(at, {
        kind: 'list',
        ...(first ? sequenceOf(run, first, at, 'full') : { items: [], complete: true }),
      });
    case 're.match':
    case 're.search':
    case 're.fullmatch': {
      const method = name.slice('re.'.length) as 'match' | 'search' | 'fullmatch';
      const isKnown =
        first && second && isString(first) && args.positional.length === 2 && args.keywords.size === 0;
      const matched = isKnown ? matchPattern(run, method, first.value, second) : null;
      if (matched === false) return NONE;
      const match = instanceOf(run, 're.Match', true, at);
      return matched ? match : { kind: 'union', options: [NONE, match] };
    }
    case 'numpy.bool_':
    case 'numpy.any':
    case 'numpy.all':
    case 'numpy.isin':
    case 'numpy.logical_not':
    case 'numpy.logical_and':
    case 'numpy.logical_or':
      // One or many of them, and none is a bool.
      return instanceOf(run, 'numpy.bool_', false, at);
    case 're.compile': {
      if (!first || args.positional.length > 1 || args.keywords.size > 0) return UNKNOWN;
      const pattern = { positional: [first], keywords: new Map<string, Value>(), complete: true };
      const attributes = new Map(
        ['match', 'search', 'fullmatch'].map((method): [string, Value] => [
          method,
          { kind: 'partial', callee: external(`re.${method}`), args: pattern },
        ]),
      );
      return run.allocate(at, {
        kind: 'instance',
        info: null,
        library: 're.Pattern',
        attributes,
        complete: true,
      });
    }
    case 'torch.set_grad_enabled': {
      const enabled = first ? truthOf(run, first) : null;
      run.state.gradients =
        enabled === null ? GRADIENTS_UNKNOWN : enabled ? GRADIENTS_ON : { mode: 'off', since: at };
      return external('torch.set_grad_enabled()');
    }
    case 'torch.enable_grad':
      return external('torch.enable_grad()');
    case 'torch.nn.Parameter':
    case 'torch.nn.parameter.Parameter':
    case 'torch.nn.UninitializedParameter': {
      const flag = args.keywords.get('requires_grad') ?? second;
      const trainable = flag ? truthOf(run, flag) : args.complete ? true : null;
      const shape = first?.kind === 'tensor' ? (first.shape ?? null) : null;
      const atom = newParameter(run, run.identity(at, ':parameter'), shape, trainable);
      const code = 'kind' in at ? (flagCode({ ...at, args: at.args.slice(1) }) ?? null) : null;
      noteFlagValue(run, 'constructor', { kind: 'parameter', atom }, flag, code, at);
      return { kind: 'parameter', atom };
    }
    case 'torch.autograd.Variable':
      return newLeaf(run, first, args, at);
    case 'torch.autograd.backward':
      goBackward(run, first ?? UNKNOWN, at);
      return UNKNOWN;
    case 'torch.inference_mode': {
      const on = first ?? args.keywords.get('mode');
      const truth = on ? truthOf(run, on) : args.complete ? true : null;
      return truth === false ? UNKNOWN : external(`torch.inference_mode(${truth ? '' : '?'})`);
    }
    case 'torch.load':
      return plantUnknown(run, run.identity(at, ':loaded'));
    case 'torch.nn.utils.clip_grad_norm_':
    case 'torch.nn.utils.clip_grad_value_':
    case 'torch.nn.utils.clip_grad_norm':
      if (first) sequenceOf(run, first, at, 'full');
      return UNKNOWN;
    case 'operator.attrgetter':
      return args.positional.length === 1
        ? { kind: 'partial', callee: external('attrgetter'), args }
        : UNKNOWN;
    case 'attrgetter': {
      if (!first || !second || !isString(first)) return callUnknown(run, [], args, at);
      const place: Expression = { kind: 'none', start: at.start, end: at.end };
      return first.value
        .split('.')
        .reduce<Value>(
          (object, part) => run.each(object, (option) => getAttribute(run, option, part, place)),
          second,
        );
    }
    case 'random.choice': {
      const { items, complete } = first ? sequenceOf(run, first, at, 'full') : UNKNOWN_SEQUENCE;
      if (!complete || items.length === 0) return callUnknown(run, [], args, at);
      return anyEntry(run, items);
    }
    case 'functools.reduce': {
      const { items, complete } = second ? sequenceOf(run, second, at, 'full') : UNKNOWN_SEQUENCE;
      const isExact = complete && items.every(({ multiplicity }) => multiplicity === 'one');
      const values = items.map(({ value }) => value);
      const start = args.positional[2] ?? values.shift();
      if (!first || !start || !isExact) return callUnknown(run, [], args, at);
      return values.reduce(
        (result, value, index) =>
          run.within(`r${index}`, () =>
            callValue(run, first, { ...NO_ARGUMENTS, positional: [result, value] }, at),
          ),
        start,
      );
    }
    case 'itertools.islice': {
      const bounds = args.positional.slice(1).map((value) => (isNumber(value) ? value.value : null));
      const [a = null, b = null] = bounds;
      const { items, complete } = first ? sequenceOf(run, first, at, 'partial') : UNKNOWN_SEQUENCE;
      const isExact = complete && items.every(({ multiplicity }) => multiplicity === 'one');
      if (!isExact || bounds.length > 2 || bounds.includes(null)) return callUnknown(run, [], args, at);
      const taken = bounds.length === 1 ? items.slice(0, a ?? 0) : items.slice(a ?? 0, b ?? 0);
      const inner = run.allocate(at, { kind: 'list', items: taken, complete: true });
      const source: IteratorSource = { kind: 'sequence', inner };
      return run.allocate(at, { kind: 'iterator', source, used: 'no', usedAt: null, built: at }, ':islice');
    }
    default:
      return NO_GRADIENT.has(name) ? external('torch.no_grad()') : null;
  }
}

/** `copy.copy` of what is no module: a list or an instance of its own with the same things in it. */
function shallowCopy(run: Interpreter, value: Value, at: Span): Value {
  const object = run.object(value);
  const isCopied = object?.kind === 'list' || object?.kind === 'dictionary' || object?.kind === 'instance';
  return isCopied ? run.allocate(at, object) : value;
}

/** An instance of a library class; one that is not `complete` may be false. */
function instanceOf(run: Interpreter, library: string, complete: boolean, at: Span): Value {
  const attributes = new Map<string, Value>();
  return run.allocate(at, { kind: 'instance', info: null, library, attributes, complete });
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
