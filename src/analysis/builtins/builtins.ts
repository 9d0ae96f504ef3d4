/** Python's built-in functions. */

import type { Call, Expression, Span } from '../../python/syntax.ts';
import { harmlessCall } from '../../torch/harmless.ts';
import { positionalItems, withoutFirst } from '../calls/call-arguments.ts';
import { boundBy } from '../calls/decorators.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { classOf } from '../calls/python-classes.ts';
import { callUnknown } from '../calls/unknown-calls.ts';
import { getAttribute, hasAttribute } from '../expressions/attributes.ts';
import { IDENTITY_TAG, truthOf } from '../expressions/comparisons.ts';
import { isInstanceOf } from '../expressions/instance-tests.ts';
import { anyAttribute, anyEntry, anyOf } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { removeMember, setPlainAttribute } from '../modules/module-changes.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { callForgotten, listOfIteration } from '../modules/refusals.ts';
import type { Item, IteratorSource } from '../state/heap.ts';
import {
  boolean,
  type CallArguments,
  constant,
  isNumber,
  isString,
  NONE,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { setAttribute } from '../statements/assignment.ts';
import { isThere } from '../statements/iteration.ts';
import { mergeEntries, withoutDuplicates } from './entries.ts';
import { sortItems } from './ordering.ts';
import { sequenceOf } from './sequences.ts';
import { namedBy, variablesOf } from './variables-by-text.ts';

const NAMES = new Set(
  `print len range list tuple set frozenset dict enumerate zip filter map sum any all sorted reversed next iter isinstance
   issubclass hasattr getattr setattr delattr super type id int float str bool min max abs open vars callable round
   object repr format input exit quit staticmethod classmethod property Exception ValueError RuntimeError TypeError
   KeyError NotImplementedError AssertionError StopIteration AttributeError hash dir globals locals pow divmod ord
   chr bytes complex slice memoryview bytearray hex oct bin help exec eval`.split(/\s+/),
);

export const isPythonBuiltin = (name: string): boolean => NAMES.has(name);

/** The largest range that is written out; longer ones are loops of unknown length. */
const MAX_RANGE = 256;

export function callBuiltin(run: Interpreter, name: string, args: CallArguments, at: Call | Span): Value {
  const [first, second, third] = args.positional;
  const iterator = (source: IteratorSource): Value =>
    run.allocate(at, { kind: 'iterator', source, used: 'no', usedAt: null, built: at }, `:${name}`);
  const iterable = (value: Value): Value => callForgotten(run, value, at);
  switch (name) {
    case 'len': {
      const text = first && isString(first) ? first.value.length : null;
      if (text !== null) return constant(text);
      if (first) listOfIteration(run, first, 'len', at);
      if (!first || first.kind === 'reference' ? run.object(first ?? UNKNOWN)?.kind === 'iterator' : false)
        return UNKNOWN;
      if (first?.kind === 'atomName') return { ...first, transform: `${first.transform} len` };
      const own = first ? callOwnMethod(run, first, '__len__', [], at) : null;
      if (own) return own;
      const { items, complete } = sequenceOf(run, first ?? UNKNOWN, at, 'partial');
      return complete && items.every(({ multiplicity }) => multiplicity === 'one')
        ? constant(items.length)
        : UNKNOWN;
    }
    case 'range': {
      const numbers = args.positional.map((value) => (isNumber(value) ? value.value : null));
      const [a = null, b = null, step = 1] = numbers;
      const [start, end] = numbers.length === 1 ? [0, a] : [a, b];
      if (start === null || end === null || step === null || step === 0) return UNKNOWN;
      const length = Math.max(0, Math.ceil((end - start) / step));
      if (length > MAX_RANGE) {
        run.exhaustions.note('rangeLength', at);
        return run.allocate(at, { kind: 'list', items: [], complete: false });
      }
      return { kind: 'tuple', items: Array.from({ length }, (_, index) => constant(start + index * step)) };
    }
    case 'list':
    case 'set':
    case 'frozenset':
    case 'sorted':
    case 'reversed': {
      if (!first) return run.allocate(at, { kind: 'list', items: [], complete: args.complete });
      const listed = name === 'reversed' ? listOfIteration(run, first, 'reverse', at) : null;
      const { items, complete } = sequenceOf(run, listed ?? first, at, 'full');
      const result =
        name === 'reversed'
          ? [...items].reverse()
          : name === 'sorted'
            ? sortItems(run, items, args, at)
            : name === 'list'
              ? items
              : withoutDuplicates(items);
      return run.allocate(at, {
        kind: 'list',
        items: result,
        complete,
        ...(name === 'list' || name === 'sorted' ? { isList: true } : {}),
      });
    }
    case 'tuple': {
      if (!first) return { kind: 'tuple', items: [] };
      const { items, complete } = sequenceOf(run, first, at, 'full');
      if (complete && items.every(({ multiplicity }) => multiplicity === 'one')) {
        return { kind: 'tuple', items: items.map(({ value }) => value) };
      }
      return run.allocate(at, { kind: 'list', items, complete });
    }
    case 'dict': {
      const keyword = [...args.keywords].map(([key, value]) => ({
        key: constant(key) as Value,
        value,
        multiplicity: 'one' as const,
      }));
      const given = first ? run.object(first) : null;
      if (!first) return run.allocate(at, { kind: 'dictionary', entries: keyword, complete: args.complete });
      if (given?.kind === 'dictionary') {
        return run.allocate(at, { ...given, entries: mergeEntries(given.entries, keyword) });
      }
      const { items, complete } = sequenceOf(run, first, at, 'full');
      const entries = items.flatMap(({ value, multiplicity }) => {
        const [key, entry] = value.kind === 'tuple' ? value.items : [];
        return key && entry ? [{ key, value: entry, multiplicity }] : [];
      });
      return run.allocate(at, {
        kind: 'dictionary',
        entries: mergeEntries([], [...entries, ...keyword]),
        complete: complete && entries.length === items.length,
      });
    }
    case 'iter':
      if (!first || run.object(first)?.kind === 'iterator') return first ?? UNKNOWN;
      return iterator({ kind: 'sequence', inner: iterable(first) });
    case 'enumerate': {
      const start = second ?? args.keywords.get('start');
      return first
        ? iterator({
            kind: 'enumerate',
            inner: iterable(first),
            start: start ? (isNumber(start) ? start.value : null) : 0,
          })
        : UNKNOWN;
    }
    case 'zip':
      return args.complete ? iterator({ kind: 'zip', inner: args.positional.map(iterable) }) : UNKNOWN;
    case 'filter':
      return first && second
        ? iterator({ kind: 'filter', predicate: first, inner: iterable(second) })
        : UNKNOWN;
    case 'map':
      return first && second
        ? iterator({ kind: 'map', mapping: first, inner: args.positional.slice(1).map(iterable) })
        : UNKNOWN;
    case 'next': {
      if (!first) return UNKNOWN;
      const { items, complete } = sequenceOf(run, first, at, 'one');
      const [item] = items;
      if (!second && complete && items.length === 0) run.exceptions.note(at, 'StopIteration');
      else if (!second && !items.some((one) => isThere(run, one))) run.exceptions.doubt('StopIteration');
      if (item && complete && item.multiplicity === 'one') return item.value;
      return anyOf(run, items);
    }
    case 'sum': {
      const { items, complete } = sequenceOf(run, first ?? UNKNOWN, at, 'full');
      const start = second ?? args.keywords.get('start');
      if (start && run.object(start)?.kind === 'list') return sumOfLists(run, start, items, complete, at);
      let total = second ? (isNumber(second) ? second.value : null) : 0;
      for (const { value, multiplicity } of items) {
        total = total !== null && multiplicity === 'one' && isNumber(value) ? total + value.value : null;
      }
      return total === null || !complete ? UNKNOWN : constant(total);
    }
    case 'any':
    case 'all': {
      const { items, complete } = sequenceOf(run, first ?? UNKNOWN, at, 'partial');
      const decisive = name === 'any';
      let answer: boolean | null = complete ? !decisive : null;
      for (const { value, multiplicity } of items) {
        const truth = truthOf(run, value);
        if (truth === decisive && multiplicity === 'one') return boolean(decisive);
        if (truth !== !decisive) answer = null;
      }
      return boolean(answer);
    }
    case 'isinstance':
      return first && second ? boolean(isInstanceOf(run, first, second)) : UNKNOWN;
    case 'hasattr':
      return first && second && isString(second) ? boolean(hasAttribute(run, first, second.value)) : UNKNOWN;
    case 'getattr': {
      if (!first || !second) return UNKNOWN;
      if (second.kind === 'union') {
        return run.each(second, (name) =>
          callBuiltin(run, 'getattr', { ...args, positional: args.positional.with(1, name) }, at),
        );
      }
      if (!isString(second)) {
        run.exceptions.doubt('AttributeError');
        return run.each(first, (object) => anyAttribute(run, object));
      }
      const place: Expression = { kind: 'none', start: at.start, end: at.end };
      return run.each(first, (object) => {
        const present = third ? hasAttribute(run, object, second.value) : true;
        if (present === false && third) return third;
        const value = getAttribute(run, object, second.value, place);
        return present === null && third ? run.joinValues(value, third) : value;
      });
    }
    case 'setattr':
      return assignByName(run, args, at);
    case 'object.__setattr__': {
      // It goes past nn.Module, too, which then registers nothing.
      const isModule = first !== undefined && run.object(first)?.kind === 'module';
      if (!isModule || first.kind !== 'reference' || !second || !isString(second) || !third)
        return assignByName(run, args, at, true);
      setPlainAttribute(run, first.id, second.value, third);
      return NONE;
    }
    case 'object.__new__':
    case 'type.__call__':
      return first
        ? run.call(
            { kind: 'method', receiver: first, name: name.replace(/^\w+\./, '') },
            withoutFirst(args),
            at,
          )
        : UNKNOWN;
    case 'delattr':
      if (first?.kind === 'reference' && second && isString(second))
        removeMember(run, first.id, second.value);
      else if (first) forgetWhatIsReachable(run, first, at);
      return NONE;
    case 'property':
    case 'staticmethod':
    case 'classmethod':
      return boundBy(name, args);
    case 'super': {
      const frame = run.frames.findLast(({ owner, self }) => owner !== null && self !== null);
      const owner = first?.kind === 'class' ? first.info : frame?.owner;
      const self = second ?? frame?.self;
      return owner && self ? { kind: 'super', owner, self } : UNKNOWN;
    }
    case 'round':
      // Half-way cases go to the even neighbour.
      if (first && isNumber(first) && !second && first.value % 1 !== 0.5 && first.value % 1 !== -0.5)
        return constant(Math.round(first.value));
      return UNKNOWN;
    case 'id':
      return first ? { kind: 'tuple', items: [constant(IDENTITY_TAG), first] } : UNKNOWN;
    case 'type': {
      const object = first ? run.object(first) : null;
      if (object?.kind === 'instance' && object.info) return { kind: 'class', info: object.info };
      return object?.kind === 'module' ? classOf(object) : UNKNOWN;
    }
    case 'bool':
      return first ? boolean(truthOf(run, first)) : constant(false);
    case 'repr':
      return (first && callOwnMethod(run, first, '__repr__', [], at)) ?? UNKNOWN;
    case 'str': {
      const own =
        first &&
        (callOwnMethod(run, first, '__str__', [], at) ?? callOwnMethod(run, first, '__repr__', [], at));
      if (own) return own;
      return first && (isString(first) || isNumber(first))
        ? constant(String(first.value))
        : first?.kind === 'atomName'
          ? first
          : UNKNOWN;
    }
    case 'int':
    case 'float': {
      const own = first && callOwnMethod(run, first, `__${name}__`, [], at);
      if (own) return own;
      if (first && isNumber(first)) return constant(name === 'int' ? Math.trunc(first.value) : first.value);
      if (first && isString(first) && /^\s*-?\d+\s*$/.test(first.value)) return constant(Number(first.value));
      if (first?.kind === 'atomName') return { ...first, transform: `${first.transform} ${name}` };
      if (first?.kind === 'constant' && typeof first.value === 'boolean')
        return constant(Number(first.value));
      return UNKNOWN;
    }
    case 'min':
    case 'max': {
      const given =
        first && args.positional.length === 1
          ? sequenceOf(run, first, at, 'full').items
          : positionalItems(args);
      const numbers = given.map(({ value, multiplicity }) =>
        isNumber(value) && multiplicity === 'one' ? value.value : null,
      );
      if (given.some(({ value }) => value.kind !== 'constant')) return anyEntry(run, given);
      if (args.positional.length < 2 || numbers.includes(null)) return UNKNOWN;
      return constant(
        name === 'min' ? Math.min(...(numbers as number[])) : Math.max(...(numbers as number[])),
      );
    }
    case 'vars':
      if (first) return getAttribute(run, first, '__dict__', { kind: 'none', start: at.start, end: at.end });
      return callBuiltin(run, 'locals', args, at);
    case 'globals':
      return variablesOf(run, run.variables.globals, at);
    case 'locals':
      return variablesOf(run, run.scopes.at(-1) ?? run.variables.globals, at);
    case 'eval': {
      const named = first && isString(first) ? namedBy(run, first.value, at) : null;
      if (named) return named;
      runUnseen(run, at);
      return UNKNOWN;
    }
    case 'exec':
      runUnseen(run, at);
      return NONE;
    case 'exit':
    case 'quit':
      run.exceptions.doubt('SystemExit');
      run.dead = true;
      return UNKNOWN;
    case 'callable':
      return boolean(first ? isCallable(run, first) : null);
    default:
      return callOtherBuiltin(run, name, args, at);
  }
}

/** Code that nobody can read may use every name there is. That it binds one of them to another model is not assumed. */
function runUnseen(run: Interpreter, at: Span): void {
  forgetWhatIsReachable(run, [...run.state.variables.values()], at);
  run.hasUnseenAliases = true;
}

function callOtherBuiltin(run: Interpreter, name: string, args: CallArguments, at: Span): Value {
  const [first] = args.positional;
  const facts = harmlessCall(name);
  if (!facts) return callUnknown(run, [], args, at);
  if (facts.consumesIterator && first) {
    sequenceOf(run, first, at, name === 'any' || name === 'all' ? 'partial' : 'full');
  }
  return NAMES.has(name) ? UNKNOWN : plantUnknown(run, run.identity(at, ':result'));
}

/** `sum(lists, [])` puts lists together. */
function sumOfLists(
  run: Interpreter,
  start: Value,
  items: readonly Item[],
  complete: boolean,
  at: Span,
): Value {
  const values = [start, ...items.map(({ value }) => value)];
  const lists = values.map((value) => run.object(value));
  const isExact = complete && items.every(({ multiplicity }) => multiplicity === 'one');
  if (!isExact || !lists.every((list) => list?.kind === 'list')) {
    forgetWhatIsReachable(run, values, null);
    return UNKNOWN;
  }
  return run.allocate(at, {
    kind: 'list',
    items: lists.flatMap((list) => list.items),
    complete: lists.every((list) => list.complete),
    isList: true,
  });
}

/** `setattr(object, name, value)` */
/** `setattr(object, name, value)`; `isPlain` where it goes past a `__setattr__` of the program. */
export function assignByName(run: Interpreter, args: CallArguments, at: Call | Span, isPlain = false): Value {
  const [object, name, value] = args.positional;
  if (!object || !name || !value) return NONE;
  if (!isString(name)) {
    forgetWhatIsReachable(run, [object, value], at);
    return NONE;
  }
  const valueNode = 'kind' in at && at.kind === 'call' ? (at.args[2]?.value ?? null) : null;
  run.each(object, (option) => {
    setAttribute(run, option, name.value, value, null, { statement: at, valueNode, isPlain });
    return UNKNOWN;
  });
  return NONE;
}

function isCallable(run: Interpreter, value: Value): boolean | null {
  if (/^(?:function|class|method|partial)$/.test(value.kind)) return true;
  if (/^(?:constant|tuple|parameter|someParameter|tensor)$/.test(value.kind)) return false;
  const kind = run.object(value)?.kind;
  return kind === 'list' || kind === 'dictionary' || kind === 'iterator' || kind === 'optimizer'
    ? false
    : null;
}
