/** Wrappers that take note of the flags of what they hold, and do not see that these change later (catalogue H1, H3). */
import type { Call, Span } from '../../python/syntax.ts';
import { findWrapper } from '../../torch/wrappers.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../state/atoms.ts';
import type { ModuleObject } from '../state/heap.ts';
import { type CallArguments, FALSE, isNone, NONE, type ObjectId } from '../state/values.ts';

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

/** What lets FullyShardedDataParallel keep parameters apart: each a group of its own, or left out, or none flattened. */
const KEEPS_APART = ['auto_wrap_policy', 'ignored_modules', 'ignored_parameters', 'ignored_states'];

/** A wrapper that flattens all parameters of a module into one is built. */
export function noteFlattening(run: Interpreter, id: ObjectId, args: CallArguments, at: Call | Span): void {
  const original = args.keywords.get('use_orig_params') ?? FALSE;
  const isPlain =
    args.complete &&
    args.positional.length <= 4 &&
    KEEPS_APART.every((name) => isNone(args.keywords.get(name) ?? NONE)) &&
    truthOf(run, original) === false;
  if (!isPlain || !('kind' in at)) return;
  const { must } = atomsBelow(run, id);
  const having = (bits: number): AtomId[] => must.filter((atom) => run.state.flag(atom).bits === bits);
  const [frozen, trainable] = [having(MAY_BE_FROZEN), having(MAY_BE_TRAINABLE)];
  if (frozen.length > 0 && trainable.length > 0) {
    run.emit({ kind: 'flagsFlattened', call: at, frozen, trainable });
  }
}
