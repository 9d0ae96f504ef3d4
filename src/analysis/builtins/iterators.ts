/** What iterators give: `parameters()`, generators, `filter()` and their kin, used up as they are taken from. */
import type { Comprehension, Span } from '../../python/syntax.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { childrenOf, modulesOf, parametersOf } from '../modules/module-parts.ts';
import type { Item, IteratorObject, IteratorSource, Multiplicity } from '../state/heap.ts';
import { constant, isString, type NameListing, reference, UNKNOWN, type Value } from '../state/values.ts';
import { forEachItem, type Sequence, UNKNOWN_SEQUENCE } from '../statements/iteration.ts';
import { resumeGenerator, runGenerator, runPartOfGenerator, takePart } from './generators.ts';
import { type Consumption, sequenceOf } from './sequences.ts';

/** Uses an iterator up and returns what was left in it. */
export function consume(
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
  const { source } = iterator;
  // What runs once for several rounds takes several items.
  const taken = run.certainty.repetitions > 0 ? null : iterator.used === 'no' ? [] : (iterator.taken ?? null);
  const start = run.state.fork();
  let sequence: Sequence | null = null;
  let isExact = false;
  try {
    if (source.kind === 'generator') {
      if (consumption === 'full' && iterator.used === 'no') sequence = runGenerator(run, source, id);
      else if (taken && consumption !== 'partial')
        sequence = resumeGenerator(run, source, id, taken, consumption);
      isExact = sequence !== null;
      sequence ??= runPartOfGenerator(run, source, id);
    } else {
      const take = (): Sequence => itemsFrom(run, source, iterator.built, at, consumption);
      sequence = consumption === 'full' && iterator.used === 'no' ? take() : takePart(run, take);
      isExact = taken !== null && isTakenInOrder(source) && isCertainUpTo(sequence, taken.length);
      if (isExact) sequence = { ...sequence, items: sequence.items.slice(taken?.length) };
    }
  } finally {
    run.consumed.delete(id);
  }
  const current = run.state.heap.get(id);
  if (current?.kind === 'iterator') {
    const { taken: _, ...known } = current;
    const isNext = consumption === 'one' && isExact && taken !== null;
    run.state.heap.set(id, {
      ...known,
      used: consumption === 'full' ? 'yes' : 'partly',
      usedAt: consumption === 'full' ? at : current.usedAt,
      ...(isNext && sequence.items[0]?.multiplicity === 'one' ? { taken: [...taken, start] } : {}),
    });
  }
  if (iterator.used === 'no' || isExact) return sequence;
  const items = sequence.items.map((item): Item => ({ ...item, multiplicity: 'maybe' }));
  return { items, complete: sequence.complete };
}

/** Whether the next item of an iterator does not depend on what was done since the last one was taken. */
const isTakenInOrder = ({ kind }: IteratorSource): boolean => kind === 'module' || kind === 'sequence';

/** Whether this many items at the beginning of a sequence are certainly one each. */
const isCertainUpTo = ({ items }: Sequence, count: number): boolean =>
  items.length >= count && items.slice(0, count).every(({ multiplicity }) => multiplicity === 'one');

/** What kind of iterator it is, in the words of the program. */
function describeSource({ source }: IteratorObject): string {
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
  source: Exclude<IteratorSource, { kind: 'generator' }>,
  built: Span,
  at: Span,
  consumption: Consumption,
): Sequence {
  switch (source.kind) {
    case 'module':
      return moduleItems(run, source, built);
    case 'comprehension': {
      const saved = run.scopes;
      run.scopes = [...source.scopes];
      const sequence = run.runComprehension(source.node as Comprehension, source.inner);
      run.scopes = saved;
      return sequence;
    }
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
      const items = run.collectors.collecting(() => {
        forEachItem(run, inner.items, (value, index) => {
          const isNoneFilter = source.predicate.kind === 'constant';
          const verdict = truthOf(
            run,
            isNoneFilter
              ? value
              : run.within(`f${index}`, () => callPlain(run, source.predicate, [value], at)),
          );
          if (verdict !== false) run.collectors.collect(value, verdict === true);
        });
      });
      return { items, complete: inner.complete };
    }
    case 'map': {
      const [only, ...others] = source.inner;
      if (!only) return UNKNOWN_SEQUENCE;
      const isOfMany = others.length > 0;
      const inner = isOfMany
        ? zipped(source.inner.map((one) => sequenceOf(run, one, at, 'partial')))
        : sequenceOf(run, only, at, consumption);
      const items = run.collectors.collecting(() => {
        forEachItem(run, inner.items, (value, index) => {
          run.collectors.collect(
            run.within(`m${index}`, () =>
              callPlain(run, source.mapping, isOfMany && value.kind === 'tuple' ? value.items : [value], at),
            ),
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
    run.call(option, { positional, keywords: new Map(), complete: true }, at),
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
