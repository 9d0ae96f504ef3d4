/**
 * Moves every span at or below `roots` by `offset`, in place: only for a tree that nobody else holds yet. Each object
 * is moved once, however often it is shared.
 */
export function moveSpans(roots: readonly object[], offset: number): void {
  const seen = new Set<object>(roots);
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if ('start' in node && 'end' in node) {
      const span = node as { start: number; end: number };
      span.start += offset;
      span.end += offset;
    }
    for (const value of Object.values(node)) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      pending.push(value);
    }
  }
}
