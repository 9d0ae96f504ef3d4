/**
 * What code out of sight was given may be a part of what it gave back, or the very same object: `wrapper = Wrapper(model)`,
 * after which `wrapper.backbone` may be `model`.
 */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { type AtomId, UNKNOWN_FLAG } from '../state/atoms.ts';
import { type ObjectId, sameValue, type Value } from '../state/values.ts';
import { forgetFlag, reachableFrom } from './havoc.ts';

/** By what was given back, what had been given for it. */
export class GivenAway {
  readonly #given = new Map<ObjectId, readonly Value[]>();
  /** What was given back and has had flags of its own written since. */
  readonly #written = new Set<ObjectId>();

  /** Later rounds of a loop may give other values for the same result. */
  note(result: ObjectId, values: readonly Value[]): void {
    const known = this.for(result);
    const added = values.filter((value) => !known.some((one) => sameValue(one, value)));
    if (added.length > 0) this.#given.set(result, [...known, ...added]);
  }

  /** What an unknown object may hold. */
  for(result: ObjectId): readonly Value[] {
    return this.#given.get(result) ?? [];
  }

  /** After a write of `written`: what may be the same parameters under other names is unknown from then on. */
  afterWrite(run: Interpreter, written: readonly AtomId[], at: Span): void {
    if (this.#given.size === 0) return;
    const roots = new Set(written.flatMap((atom) => run.atoms.rootOf(atom) ?? []));
    const others = new Set<AtomId>();
    for (const [result, values] of this.#given) {
      if (roots.has(result)) {
        this.#written.add(result);
        for (const atom of reachableFrom(run, values).atoms) {
          if (!roots.has(run.atoms.rootOf(atom) ?? '')) others.add(atom);
        }
      } else if (this.#written.has(result)) {
        const { atoms } = reachableFrom(run, values);
        if (!written.some((atom) => atoms.has(atom))) continue;
        for (const atom of run.atoms.leaves(run.atoms.root(result, UNKNOWN_FLAG))) others.add(atom);
      }
    }
    for (const atom of others) forgetFlag(run, atom, at);
  }
}
