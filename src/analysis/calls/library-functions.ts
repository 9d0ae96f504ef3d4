/** Functions of Python's library and of PyTorch that have a meaning of their own here. */
import type { Call, Expression, Span } from '../../python/syntax.ts';
import { mergeEntries } from '../builtins/entries.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { matchPattern } from '../builtins/strings.ts';
import { getAttribute } from '../expressions/attributes.ts';
import { truthOf } from '../expressions/comparisons.ts';
import { anyEntry } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { copiesInItsOwnWay, deepCopy } from '../modules/module-construction.ts';
import { newParameter, plantUnknown } from '../modules/module-objects.ts';
import type { DictEntry, IteratorSource } from '../state/heap.ts';
import { GRADIENTS_ON, GRADIENTS_UNKNOWN } from '../state/state.ts';
import {
  type CallArguments,
  constant,
  external,
  isNumber,
  isString,
  NO_ARGUMENTS,
  NONE,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { UNKNOWN_SEQUENCE } from '../statements/iteration.ts';
import { flagCode, noteFlagValue } from '../tensors/flag-values.ts';
import { newLeaf } from '../tensors/new-tensors.ts';
import { ACCELERATOR } from '../training/accelerate.ts';
import { goBackward } from '../training/training-calls.ts';
import { withoutFirst } from './call-arguments.ts';
import { boundBy } from './decorators.ts';
import { awaited } from './functions.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { makeThread } from './threads.ts';
import { callUnknown } from './unknown-calls.ts';

const NO_GRADIENT = new Set(['torch.no_grad', 'torch.autograd.no_grad']);

export function callSpecial(
  run: Interpreter,
  name: string,
  args: CallArguments,
  at: Call | Span,
): Value | null {
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
    case 'asyncio.run':
      return first ? awaited(run, first, at) : UNKNOWN;
    case 'functools.singledispatch()':
    case 'functools.singledispatchmethod()':
      return callUnknown(run, [...run.state.variables.values()], args, at);
    case 'functools.cached_property':
      return boundBy(name, args);
    case 'functools.partialmethod':
      return first ? { kind: 'partial', isMethod: true, callee: first, args: withoutFirst(args) } : UNKNOWN;
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
      if (first?.kind === 'tensor' && first.isIntegral && trainable !== false) {
        if (trainable) run.exceptions.refuse(at, 'RuntimeError');
        else run.exceptions.doubt('RuntimeError', at);
      }
      const shape = first?.kind === 'tensor' ? (first.shape ?? null) : null;
      const atom = newParameter(run, run.identity(at, ':parameter'), shape, trainable);
      const code = 'kind' in at ? (flagCode({ ...at, args: at.args.slice(1) }) ?? null) : null;
      noteFlagValue(run, 'constructor', { kind: 'parameter', atom }, flag, code, at);
      return { kind: 'parameter', atom };
    }
    case ACCELERATOR:
      return instanceOf(run, ACCELERATOR, true, at);
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
            run.call(first, { ...NO_ARGUMENTS, positional: [result, value] }, at),
          ),
        start,
      );
    }
    case 'threading.Thread':
      return makeThread(run, args, at);
    case 'timeit.timeit': {
      const timed = first ?? args.keywords.get('stmt');
      const number = args.keywords.get('number');
      const isOnce = number !== undefined && isNumber(number) && number.value === 1;
      // Code as text is nothing that can be called.
      if (!timed || !isOnce || args.keywords.has('setup')) return callUnknown(run, [], args, at);
      run.each(timed, (option) => run.call(option, NO_ARGUMENTS, at));
      return UNKNOWN;
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

/** `copy.copy` of what is no module: a list or an instance of its own with the same things in it, another Parameter. */
function shallowCopy(run: Interpreter, value: Value, at: Span): Value {
  if (value.kind === 'parameter' || value.kind === 'someParameter') return deepCopy(run, value, at);
  const object = run.object(value);
  if (copiesInItsOwnWay(run, object)) {
    forgetWhatIsReachable(run, value, at);
    return UNKNOWN;
  }
  const isCopied = object?.kind === 'list' || object?.kind === 'dictionary' || object?.kind === 'instance';
  return isCopied ? run.allocate(at, object) : value;
}

/** An instance of a library class; one that is not `complete` may be false. */
function instanceOf(run: Interpreter, library: string, complete: boolean, at: Span): Value {
  const attributes = new Map<string, Value>();
  return run.allocate(at, { kind: 'instance', info: null, library, attributes, complete });
}
