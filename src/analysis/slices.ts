/** Slices of what is known item by item. */
import { isNone, isNumber, type Value } from './values.ts';

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

export function sliceItems<T>(items: readonly T[], index: Value): readonly T[] | null {
  const limits = bounds(index);
  if (!limits) return null;
  if (limits.step === -1 && limits.start === 0 && limits.end === undefined) return [...items].reverse();
  if (limits.step < 1) return null;
  return items.slice(limits.start, limits.end).filter((_, position) => position % limits.step === 0);
}
