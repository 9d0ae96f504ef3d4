/** Wrappers that take note of the flags of what they hold, and do not see that these change later (catalogue H1, H3). */
import type { Span } from '../../python/syntax.ts';
import { findWrapper } from '../../torch/wrappers.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../atoms.ts';
import type { ModuleObject } from '../heap.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../module-objects.ts';
import type { ObjectId } from '../values.ts';

export interface NotedFlags {
  readonly at: Span;
  /** Flags that were certain then. */
  readonly flags: ReadonlyMap<AtomId, number>;
}

/** A wrapper was built, or runs for the first time. */
export function noteFlags(run: Interpreter, id: ObjectId, at: Span): void {
  if (run.dead) return;
  const flags = new Map<AtomId, number>();
  for (const atom of atomsBelow(run, id).must) {
    const { bits } = run.state.flag(atom);
    if (bits === MAY_BE_FROZEN || bits === MAY_BE_TRAINABLE) flags.set(atom, bits);
  }
  run.obligations.notedFlags.set(id, { at, flags });
}

/** A forward pass of a module; reported where it is a wrapper that noted other flags. */
export function settleWrapper(run: Interpreter, id: ObjectId, object: ModuleObject, at: Span): void {
  const wrapper = object.wraps === null ? null : findWrapper(object.library ?? '');
  if (!wrapper || run.dead || run.state.gradients.mode !== 'on') return;
  const noted = run.obligations.notedFlags.get(id);
  const isCompiled = wrapper.laterFlagChanges === 'stale';
  if (!noted) {
    if (isCompiled) noteFlags(run, id, at);
    return;
  }
  // The same pass, seen again in a later round of its loop, is not a later pass of another one.
  const before = [...noted.flags].flatMap(([atom, bits]) =>
    run.atoms.leaves(atom).map((leaf) => [leaf, bits] as const),
  );
  const now = (leaf: AtomId): number => run.state.flag(leaf).bits;
  const thawed = before.filter(([leaf, bits]) => bits === MAY_BE_FROZEN && now(leaf) === MAY_BE_TRAINABLE);
  const frozen = before.filter(([leaf, bits]) => bits === MAY_BE_TRAINABLE && now(leaf) === MAY_BE_FROZEN);
  const report = (leaf: AtomId, value: boolean): void => {
    const { writer } = run.state.flag(leaf);
    if (!writer || writer === 'several') return;
    run.emit({
      kind: 'wrapperIsStale',
      span: at,
      wrapper: isCompiled ? 'compile' : 'DistributedDataParallel',
      noted: noted.at,
      changed: writer,
      value,
    });
  };
  for (const [leaf] of thawed) report(leaf, true);
  // A graph that computes too many gradients does no harm. Nor do frozen parameters, unless others still train:
  // the wrapper waits for all gradients or for none, and not at all where it looks for unused parameters.
  const waits = !isCompiled && !object.attributes.has('find_unused_parameters');
  if (waits && before.some(([leaf]) => now(leaf) === MAY_BE_TRAINABLE)) {
    for (const [leaf] of frozen) report(leaf, false);
  }
}
