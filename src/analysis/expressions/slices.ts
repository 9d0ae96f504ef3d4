/** Slices of what is known item by item. */

import type { Expression } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import type { NameTest } from '../state/atoms.ts';
import type { Item, ListObject } from '../state/heap.ts';
import { isNone, isNumber, reference, type Value } from '../state/values.ts';

/** The bounds of a slice as JavaScript's `slice` takes them; null where they are unknown or stepped. */
export function bounds(
  index: Value,
): { readonly start: number; readonly end: number | undefined; readonly step: number } | null {
  if (index.kind !== 'tuple') return null;
  const [, lower, upper, step] = index.items;
  const bound = (value: Value | undefined): number | null | undefined =>
    !value || isNone(value) ? undefined : isNumber(value) ? value.value : null;
  const [start, end, by] = [bound(lower), bound(upper), bound(step)];
  if (start === null || end === null || by === null || by === 0) return null;
  return { start: start ?? 0, end, step: by ?? 1 };
}

/** The items in a slice; null where nobody can tell which. */
export function sliceItems<T>(items: readonly T[], index: Value): readonly T[] | null {
  const limits = bounds(index);
  if (!limits) return null;
  if (limits.step === -1 && limits.start === 0 && limits.end === undefined) return [...items].reverse();
  if (limits.step < 1) return null;
  return items.slice(limits.start, limits.end).filter((_, position) => position % limits.step === 0);
}

/** A slice of a list: items that may be in it are uncertain. */
export function sliceList(run: Interpreter, list: ListObject, index: Value, at: Expression): Value {
  const exact = list.complete && list.items.every(({ multiplicity }) => multiplicity === 'one');
  const sliced = exact ? sliceItems(list.items, index) : null;
  if (sliced) return run.allocate(at, { kind: 'list', items: sliced, complete: true });
  const items: Item[] = [];
  const question = describe(index);
  const whole = list.items.map(({ value }) => identityOf(value)).join(' ');
  for (const item of list.items) {
    const atom = classOf(run, item.value);
    const test: NameTest = { kind: 'other', text: `[${question}] of ${whole}`, after: '' };
    const parts = atom !== null && !question.includes('?') ? run.atoms.partition(atom, test) : null;
    if (!parts || item.multiplicity !== 'many') items.push({ ...item, multiplicity: 'maybe' });
    else {
      for (const part of parts.yes) {
        items.push({ value: restrictTo(run, item.value, part), multiplicity: 'many' });
      }
    }
  }
  return run.allocate(at, { kind: 'list', items, complete: list.complete });
}

/** The text by which the same slice of the same classes is recognised again. */
const describe = (index: Value): string =>
  index.kind === 'tuple'
    ? index.items.map((part) => (part.kind === 'constant' ? String(part.value) : '?')).join(':')
    : '?';

const identityOf = (value: Value): string =>
  value.kind === 'parameter' ? String(value.atom) : value.kind === 'reference' ? value.id : value.kind;

/** The class that an item stands for, if it stands for one. */
function classOf(run: Interpreter, value: Value): number | null {
  if (value.kind === 'parameter') return run.atoms.isClass(value.atom) ? value.atom : null;
  const object = run.object(value);
  return object?.kind === 'module' && object.generic ? object.generic.atom : null;
}

function restrictTo(run: Interpreter, value: Value, part: number): Value {
  if (value.kind === 'parameter') return { kind: 'parameter', atom: part };
  const object = run.object(value);
  if (value.kind !== 'reference' || object?.kind !== 'module' || !object.generic) return value;
  const id = `${object.generic.of}<part ${part}>`;
  run.state.heap.set(id, { ...object, adopted: [part], generic: { ...object.generic, atom: part } });
  return reference(id);
}
