/** What iterating over a value gives; one-shot iterators are used up by it, as in Python. */
import type { Comprehension, Span } from '../python/syntax.ts';
import { type AtomId, UNKNOWN_FLAG } from './atoms.ts';
import { callValue } from './calls.ts';
import { isRegistry, parameterContainer, registered } from './collections.ts';
import { truthOf } from './comparisons.ts';
import { runComprehension } from './comprehensions.ts';
import { invoke, runGenerator } from './functions.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import type { Item, IteratorObject, IteratorSource, ModuleObject, Multiplicity } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { forEachItem, type Sequence, UNKNOWN_SEQUENCE } from './iteration.ts';
import { childrenOf, modulesOf, parametersOf } from './module-parts.ts';
import { isPythonClass, memberOf } from './python-classes.ts';
import { callForgotten } from './refusals.ts';
import type { State } from './state.ts';
import {
  type ClassInfo,
  constant,
  isString,
  type NameListing,
  NO_ARGUMENTS,
  reference,
  UNKNOWN,
  type Value,
} from './values.ts';

/** How an iterable is used: to its end, or perhaps not to its end (`next`, `zip`, a loop with `break`). */
export type Consumption = 'full' | 'partial';

/** The items of a value. A union gives what any of its options may give. */
export function sequenceOf(run: Interpreter, value: Value, at: Span, consumption: Consumption): Sequence {
  switch (value.kind) {
    case 'tuple':
      return { items: value.items.map((item) => ({ value: item, multiplicity: 'one' })), complete: true };
    case 'constant':
      return isString(value)
        ? {
            items: [...value.value].map((letter) => ({ value: constant(letter), multiplicity: 'one' })),
            complete: true,
          }
        : UNKNOWN_SEQUENCE;
    case 'union': {
      const sequences = value.options.map((option) => sequenceOf(run, option, at, 'partial'));
      return {
        items: sequences.flatMap(({ items }) =>
          items.map((item): Item => ({ ...item, multiplicity: 'maybe' })),
        ),
        complete: sequences.every(({ complete }) => complete),
      };
    }
    case 'reference':
      return sequenceOfObject(run, value, at, consumption);
    case 'method': {
      const module = isRegistry(value.name) ? run.object(value.receiver) : null;
      if (module?.kind === 'module') {
        const items = registered(module, value.name).map(({ name, multiplicity }) => ({
          value: constant(name),
          multiplicity,
        }));
        return { items, complete: module.opaque === null };
      }
      const called = callForgotten(run, value, at);
      return called === value ? UNKNOWN_SEQUENCE : sequenceOf(run, called, at, consumption);
    }
    default:
      return UNKNOWN_SEQUENCE;
  }
}

function sequenceOfObject(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  at: Span,
  consumption: Consumption,
): Sequence {
  const object = run.object(value);
  switch (object?.kind) {
    case 'list':
      return object;
    case 'dictionary':
      return {
        items: object.entries.map(({ key, multiplicity }) => ({ value: key, multiplicity })),
        complete: object.complete,
      };
    case 'iterator':
      return consume(run, value.id, object, at, consumption);
    case 'instance':
      return sequenceOfInstance(run, value, object.info, at, consumption);
    case 'module': {
      const parameters = parametersInContainer(object);
      if (parameters) return parameters;
      if (object.info && memberOf(run, object.info, '__iter__'))
        return sequenceOfInstance(run, value, object.info, at, consumption);
      if (!object.certain && !object.parent) return UNKNOWN_SEQUENCE;
      if (!object.certain && !isIteratedLikeModules(run, value.id)) return UNKNOWN_SEQUENCE;
      const named = object.library === 'torch.nn.ModuleDict';
      return {
        items: childrenOf(run, value.id).map(({ name, id, multiplicity }) => ({
          value: named ? name : reference(id),
          multiplicity,
        })),
        complete: true,
      };
    }
    default:
      return UNKNOWN_SEQUENCE;
  }
}

/** What `__iter__` of the program's own class gives. */
function sequenceOfInstance(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  info: ClassInfo | null,
  at: Span,
  consumption: Consumption,
): Sequence {
  if (!info) return UNKNOWN_SEQUENCE;
  const method = memberOf(run, info, '__iter__')?.value;
  const given =
    method?.kind === 'function' ? invoke(run, { ...method, self: value }, NO_ARGUMENTS, at) : null;
  const kind = given ? run.object(given)?.kind : undefined;
  if (given && (given.kind === 'tuple' || kind === 'list' || kind === 'dictionary' || kind === 'iterator')) {
    return sequenceOf(run, given, at, consumption);
  }
  // Its items come out of a method that is not followed, such as `__next__`.
  forgetWhatIsReachable(run, value, null);
  return UNKNOWN_SEQUENCE;
}

/** `nn.ParameterList` gives its parameters, `nn.ParameterDict` their names; null for other modules. */
function parametersInContainer(object: ModuleObject): Sequence | null {
  const kind = parameterContainer(object);
  if (!kind) return null;
  const items = registered(object, '_parameters').map(({ name, value, multiplicity }) => ({
    value: kind === 'list' ? value : constant(name),
    multiplicity,
  }));
  return { items, complete: object.opaque === null };
}

/** An attribute of something that is certainly a module, such as `model.blocks`. */
function isIteratedLikeModules(run: Interpreter, id: string): boolean {
  let object = run.state.heap.get(id);
  while (object?.kind === 'module' && object.parent) {
    const parent = run.state.heap.get(object.parent.id);
    if (parent?.kind === 'module' && parent.certain) return !isPythonClass(parent);
    object = parent;
  }
  return false;
}

/** Uses an iterator up and returns what was left in it. */
function consume(
  run: Interpreter,
  id: string,
  iterator: IteratorObject,
  at: Span,
  consumption: Consumption,
): Sequence {
  if (iterator.used === 'yes') {
    if (iterator.usedAt && consumption === 'full') {
      run.emit({
        kind: 'iteratorReused',
        span: at,
        usedAt: iterator.usedAt,
        built: iterator.built,
        source: describeSource(iterator),
        raises: false,
      });
    }
    return { items: [], complete: true };
  }
  // Iterators of several rounds of a loop share an identity: one that goes over the one before it is out of sight.
  if (run.consumed.has(id)) return UNKNOWN_SEQUENCE;
  run.consumed.add(id);
  const mayStop = consumption === 'partial' || iterator.used !== 'no';
  let sequence: Sequence;
  try {
    sequence =
      mayStop && iterator.source.kind === 'generator'
        ? runPartOfGenerator(run, iterator.source, id)
        : itemsFrom(run, id, iterator, at, consumption);
  } finally {
    run.consumed.delete(id);
  }
  const current = run.state.heap.get(id);
  if (current?.kind === 'iterator') {
    const used = consumption === 'partial' ? 'partly' : 'yes';
    run.state.heap.set(id, { ...current, used, usedAt: consumption === 'full' ? at : current.usedAt });
  }
  if (iterator.used === 'no') return sequence;
  const items = sequence.items.map((item): Item => ({ ...item, multiplicity: 'maybe' }));
  return { items, complete: sequence.complete };
}

/** Runs a generator that is not asked for all of its items, or was asked before: it stops where it yields one of them. */
function runPartOfGenerator(
  run: Interpreter,
  { callee, scope }: IteratorSource & { kind: 'generator' },
  id: string,
): Sequence {
  const before = run.state.fork();
  const stops: State[] = [];
  const sequence = runGenerator(run, callee, scope, id, () => stops.push(run.state.fork()));
  const ends = [...stops, ...(run.dead ? [] : [run.state])];
  const changed = new Set<AtomId>();
  for (const end of ends) {
    for (const atom of end.flags.differences(before.flags)) {
      if (end.flag(atom).bits !== before.flag(atom).bits) changed.add(atom);
    }
  }
  run.joinInto(before);
  for (const stop of stops) run.joinInto(stop);
  for (const atom of changed) run.state.setFlag(atom, { ...run.state.flag(atom), bits: UNKNOWN_FLAG });
  return sequence;
}

/** What kind of iterator it is, in the words of the program. */
export function describeSource({ source }: IteratorObject): string {
  switch (source.kind) {
    case 'module':
      return `${source.method}()`;
    case 'comprehension':
      return 'generator expression';
    case 'generator':
      return 'generator';
    case 'sequence':
      return 'iterator';
    default:
      return `${source.kind}()`;
  }
}

function itemsFrom(
  run: Interpreter,
  id: string,
  iterator: IteratorObject,
  at: Span,
  consumption: Consumption,
): Sequence {
  const { source } = iterator;
  switch (source.kind) {
    case 'module':
      return moduleItems(run, source, iterator.built);
    case 'comprehension': {
      const saved = run.scopes;
      run.scopes = [...source.scopes];
      const sequence = runComprehension(run, source.node as Comprehension, source.inner);
      run.scopes = saved;
      return sequence;
    }
    case 'generator':
      return runGenerator(run, source.callee, source.scope, id);
    case 'sequence':
      return sequenceOf(run, source.inner, at, consumption);
    case 'chain': {
      const parts = source.inner.map((inner) => sequenceOf(run, inner, at, consumption));
      return {
        items: parts.flatMap(({ items }) => items),
        complete: parts.every(({ complete }) => complete),
      };
    }
    case 'enumerate': {
      const inner = sequenceOf(run, source.inner, at, consumption);
      return {
        items: inner.items.map((item, index) => ({
          value: { kind: 'tuple', items: [position(run, inner, source.start, item, index), item.value] },
          multiplicity: item.multiplicity,
        })),
        complete: inner.complete,
      };
    }
    case 'zip': {
      const parts = source.inner.map((inner) => sequenceOf(run, inner, at, 'partial'));
      return zipped(parts);
    }
    case 'filter': {
      const inner = sequenceOf(run, source.inner, at, consumption);
      const items = run.collecting(() => {
        forEachItem(run, inner.items, (value, index) => {
          const isNoneFilter = source.predicate.kind === 'constant';
          const verdict = truthOf(
            run,
            isNoneFilter
              ? value
              : run.within(`f${index}`, () => callPlain(run, source.predicate, [value], at)),
          );
          if (verdict !== false) run.collect(value, verdict === true);
        });
      });
      return { items, complete: inner.complete };
    }
    case 'map': {
      const [only, ...others] = source.inner;
      if (!only || others.length > 0) return UNKNOWN_SEQUENCE;
      const inner = sequenceOf(run, only, at, consumption);
      const items = run.collecting(() => {
        forEachItem(run, inner.items, (value, index) => {
          run.collect(
            run.within(`m${index}`, () => callPlain(run, source.mapping, [value], at)),
            true,
          );
        });
      });
      return { items, complete: inner.complete };
    }
  }
}

/** Pairs as `zip` makes them: exact up to the first item that may be missing, then whatever may meet whatever. */
function zipped(parts: readonly Sequence[]): Sequence {
  // `zip()`, also `zip(*pairs)` without pairs, gives nothing.
  if (parts.length === 0) return { items: [], complete: true };
  const items: Item[] = [];
  for (let index = 0; ; index++) {
    const row = parts.map((part) => part.items[index]);
    if (parts.some((part, position) => part.complete && row[position] === undefined)) {
      return { items, complete: true };
    }
    if (!parts.every((part, position) => part.complete && row[position]?.multiplicity === 'one')) {
      return {
        items: [...items, ...restOfZip(parts, index)],
        complete: parts.every(({ complete }) => complete),
      };
    }
    items.push({
      value: { kind: 'tuple', items: row.map((item) => item?.value ?? UNKNOWN) },
      multiplicity: 'one',
    });
  }
}

/** Every item from `index` on may still be paired, nobody knows with what. */
function restOfZip(parts: readonly Sequence[], index: number): readonly Item[] {
  return parts.flatMap((part, position) =>
    part.items.slice(index).map(
      ({ value }): Item => ({
        value: { kind: 'tuple', items: parts.map((_, other) => (other === position ? value : UNKNOWN)) },
        multiplicity: 'maybe',
      }),
    ),
  );
}

/** Calls a predicate or mapping; those have no call expression of their own. */
function callPlain(run: Interpreter, callee: Value, positional: readonly Value[], at: Span): Value {
  return run.each(callee, (option) =>
    callValue(run, option, { positional, keywords: new Map(), complete: true }, at),
  );
}

/** The index of an item, known only where every item before it is one item. */
function position(run: Interpreter, inner: Sequence, start: number | null, item: Item, index: number): Value {
  const counted =
    inner.complete && inner.items.slice(0, index).every(({ multiplicity }) => multiplicity === 'one');
  if (start !== null && counted && item.multiplicity === 'one') return constant(start + index);
  if (item.value.kind === 'parameter' && run.atoms.isClass(item.value.atom)) {
    return { kind: 'atomName', atom: item.value.atom, strip: '', add: '', transform: `index from ${start}` };
  }
  const object = run.object(item.value);
  if (object?.kind === 'module' && object.generic) {
    const transform = `index in ${object.generic.of} from ${start}`;
    return { kind: 'atomName', atom: object.generic.atom, strip: '', add: '', transform };
  }
  return UNKNOWN;
}

function moduleItems(
  run: Interpreter,
  { module, method, prefix, recurse }: IteratorSource & { kind: 'module' },
  made: Span,
): Sequence {
  const found: readonly {
    readonly name: Value;
    readonly value: Value;
    readonly multiplicity: Multiplicity;
  }[] =
    method === 'parameters' || method === 'named_parameters'
      ? parametersOf(run, module, prefix === '' ? '' : `${prefix}.`, recurse).map(
          ({ name, atom, multiplicity }) => ({ name, value: { kind: 'parameter', atom }, multiplicity }),
        )
      : (method === 'children' || method === 'named_children'
          ? childrenOf(run, module)
          : modulesOf(run, module, prefix)
        ).map(({ name, id, multiplicity }) => ({ name, value: reference(id), multiplicity }));
  if (!method.startsWith('named_')) {
    return { items: found.map(({ value, multiplicity }) => ({ value, multiplicity })), complete: true };
  }
  const names = found.flatMap(({ name }) => (isString(name) ? [name.value] : []));
  const listing: NameListing = {
    what: method === 'named_parameters' ? 'parameter' : 'module',
    module,
    names,
    complete: found.every(({ name, multiplicity }) => isString(name) && multiplicity === 'one'),
  };
  const items = found.map(({ name, value, multiplicity }): Item => {
    const listed: Value = isString(name) ? { ...name, listing } : name;
    return {
      value: { kind: 'tuple', items: [listed, value], pairOf: { module, method, made } },
      multiplicity,
    };
  });
  return { items, complete: true };
}
