/**
 * A map whose copies share what they have in common. Every branch of a program forks the state, and most branches
 * change little: forking costs nothing, writing costs the size of what changed since, and comparing two forks of one
 * map looks only at what either changed. Iterates in the order of insertion.
 */
export class ForkingMap<K, V> {
  /** Shared by all forks, never written to. */
  #base: ReadonlyMap<K, V> = new Map();
  /** What changed since; undefined stands for a deleted key. */
  #changes = new Map<K, V | undefined>();
  #changesAreShared = false;

  get(key: K): V | undefined {
    const changed = this.#changes.get(key);
    if (changed !== undefined) return changed;
    return this.#changes.size > 0 && this.#changes.has(key) ? undefined : this.#base.get(key);
  }

  set(key: K, value: V): void {
    if (this.get(key) !== value) this.#change(key, value);
  }

  delete(key: K): void {
    if (this.get(key) !== undefined) this.#change(key, undefined);
  }

  *entries(): Generator<readonly [K, V]> {
    for (const [key, value] of this.#base) {
      if (!this.#changes.has(key)) yield [key, value];
      else {
        const changed = this.#changes.get(key);
        if (changed !== undefined) yield [key, changed];
      }
    }
    for (const [key, value] of this.#changes) {
      if (value !== undefined && !this.#base.has(key)) yield [key, value];
    }
  }

  *keys(): Generator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  fork(): ForkingMap<K, V> {
    // Changes that keep growing become the new common ground, so that no fork copies much.
    if (this.#changes.size > 32 + this.#base.size / 8) {
      this.#base = new Map(this.entries());
      this.#changes = new Map();
    }
    const copy = new ForkingMap<K, V>();
    copy.#base = this.#base;
    copy.#changes = this.#changes;
    copy.#changesAreShared = true;
    this.#changesAreShared = true;
    return copy;
  }

  sameAs(other: ForkingMap<K, V>): boolean {
    return this.#base === other.#base && this.#changes === other.#changes;
  }

  /** The keys under which two maps may hold something else. */
  differences(other: ForkingMap<K, V>): Iterable<K> {
    if (this.sameAs(other)) return [];
    if (this.#base === other.#base) return new Set([...this.#changes.keys(), ...other.#changes.keys()]);
    return new Set([...this.keys(), ...other.keys()]);
  }

  #change(key: K, value: V | undefined): void {
    if (this.#changesAreShared) {
      this.#changes = new Map(this.#changes);
      this.#changesAreShared = false;
    }
    this.#changes.set(key, value);
  }
}
