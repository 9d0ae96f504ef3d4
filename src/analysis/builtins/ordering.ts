/** `sorted(items)` and `items.sort()`: the order, where every key is known. */
import type { Span } from '../../python/syntax.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Item } from '../state/heap.ts';
import { type CallArguments, isNone, type Value } from '../state/values.ts';

/** The items in their new order; where that is unknown, each may stand anywhere. */
export function sortItems(
  run: Interpreter,
  items: readonly Item[],
  args: CallArguments,
  at: Span,
): readonly Item[] {
  if (items.length < 2) return items;
  const key = args.keywords.get('key');
  const reverse = args.keywords.get('reverse');
  const isReversed = reverse ? truthOf(run, reverse) : false;
  const keyed = items.map((item, index) => ({
    item,
    key:
      key && !isNone(key)
        ? run.within(`k${index}`, () =>
            run.call(key, { positional: [item.value], keywords: new Map(), complete: true }, at),
          )
        : item.value,
  }));
  let isKnown =
    args.complete && isReversed !== null && items.every(({ multiplicity }) => multiplicity === 'one');
  const sorted = keyed.toSorted((one, other) => {
    const answer = order(one.key, other.key);
    if (answer === null) isKnown = false;
    return (answer ?? 0) * (isReversed ? -1 : 1);
  });
  if (isKnown) return sorted.map(({ item }) => item);
  return items.map((item) => (item.multiplicity === 'one' ? { ...item, multiplicity: 'maybe' } : item));
}

/** Which of two values comes first, as the sign of a number; null where that is not known. */
function order(one: Value, other: Value): number | null {
  if (one.kind === 'tuple' && other.kind === 'tuple') {
    for (const [index, item] of one.items.entries()) {
      const counterpart = other.items[index];
      if (!counterpart) return 1;
      const answer = order(item, counterpart);
      if (answer !== 0) return answer;
    }
    return one.items.length - other.items.length;
  }
  if (one.kind !== 'constant' || other.kind !== 'constant') return null;
  const [a, b] = [one.value, other.value].map((value) =>
    typeof value === 'boolean' ? Number(value) : value,
  );
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return null;
}
