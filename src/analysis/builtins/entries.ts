/** Items and entries of lists, sets and dictionaries, put together. */
import type { DictEntry, Item } from '../state/heap.ts';
import { sameValue, type Value } from '../state/values.ts';

/** What a set keeps of items: each once. */
export function withoutDuplicates(items: readonly Item[]): readonly Item[] {
  const kept: Item[] = [];
  for (const item of items) {
    const known = kept.findIndex(({ value }) => sameValue(value, item.value) && value.kind !== 'unknown');
    if (known < 0) kept.push(item);
    else if (kept[known]?.multiplicity === 'maybe') kept[known] = item;
  }
  // What nobody knows may be one of the others.
  if (kept.length < 2) return kept;
  return kept.map((item) => (mayCoincide(item.value) ? { ...item, multiplicity: 'maybe' as const } : item));
}

/** Whether a value may be the same as others that look different. */
export const mayCoincide = ({ kind }: Value): boolean => kind === 'unknown' || kind === 'union';

/** What a dictionary keeps of entries: the last one of each key. */
export function lastOfEach(
  entries: readonly DictEntry[],
  complete: boolean,
): { readonly entries: readonly DictEntry[]; readonly complete: boolean } {
  const merged = mergeEntries([], entries);
  if (!merged.some(({ key }) => mayCoincide(key))) return { entries: merged, complete };
  return { entries: merged.map((entry) => ({ ...entry, multiplicity: 'maybe' })), complete: false };
}

/** The items of `keys()`, `values()` or `items()`. */
export function viewOf(entries: readonly DictEntry[], view: 'keys' | 'values' | 'items'): readonly Item[] {
  return entries.map(({ key, value, multiplicity }) => {
    const pair: Value = { kind: 'tuple', items: [key, value] };
    return { value: view === 'keys' ? key : view === 'values' ? value : pair, multiplicity };
  });
}

/** A dictionary's entries after others were put into it. */
export function mergeEntries(
  entries: readonly DictEntry[],
  added: readonly DictEntry[],
): readonly DictEntry[] {
  const merged = [...entries];
  for (const entry of added) {
    // What may be there already, and is put there again in a loop, must not add up.
    const mayBeThere = entry.multiplicity !== 'one' || entry.key.kind === 'unknown';
    if (
      mayBeThere &&
      merged.some(({ key, value }) => sameValue(key, entry.key) && sameValue(value, entry.value))
    )
      continue;
    const position = merged.findIndex(({ key }) => sameValue(key, entry.key) && key.kind !== 'unknown');
    const known = merged[position];
    if (!known) merged.push(entry);
    else if (entry.multiplicity === 'one') merged[position] = entry;
    else merged.splice(position + 1, 0, { ...entry, multiplicity: 'maybe' });
  }
  return merged;
}
