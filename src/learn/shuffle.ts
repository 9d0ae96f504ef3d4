/**
 * The indices 0 to count - 1 in an order that `seed` and `salt` decide: the same on every machine and after a
 * reload. Fisher-Yates over the generator mulberry32.
 */
export function shuffledIndices(count: number, seed: number, salt: string): number[] {
  let state = seed | 0;
  for (const unit of salt) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const indices = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [indices[last], indices[other]] = [indices[other] as number, indices[last] as number];
  }
  return indices;
}
