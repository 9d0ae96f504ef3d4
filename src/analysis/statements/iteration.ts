/** Running something for each item of an iterable: one that is there, may be there, or stands for many. */

import type { Interpreter } from '../interpreter.ts';
import { narrowGeneric } from '../modules/module-parts.ts';
import { Undecided } from '../running/iterated-classes.ts';
import type { AtomId } from '../state/atoms.ts';
import type { Item, Multiplicity } from '../state/heap.ts';
import type { State } from '../state/state.ts';
import { UNKNOWN, type Value } from '../state/values.ts';

/** The class of an opaque module's parameters that an item stands for; a test on it splits the item. */
function classIn(run: Interpreter, value: Value): AtomId | null {
  switch (value.kind) {
    case 'parameter':
    case 'atomName':
      return run.atoms.isClass(value.atom) ? value.atom : null;
    case 'tuple':
      for (const item of value.items) {
        const atom = classIn(run, item);
        if (atom !== null) return atom;
      }
      return null;
    case 'reference': {
      const object = run.object(value);
      return object?.kind === 'module' && object.generic ? object.generic.atom : null;
    }
    default:
      return null;
  }
}

/** The part of an item that stands for one part of its class only. */
function restrict(run: Interpreter, value: Value, whole: AtomId, part: AtomId): Value {
  switch (value.kind) {
    case 'parameter':
    case 'atomName':
      return value.atom === whole ? { ...value, atom: part } : value;
    case 'tuple':
      return { ...value, items: value.items.map((item) => restrict(run, item, whole, part)) };
    case 'reference':
      return narrowGeneric(run, value, whole, part);
    default:
      return value;
  }
}

/**
 * Runs `body` for every item, in order. A class of parameters is one item, run once for all its members; where
 * the body asks something the class cannot answer, the class is split and each part is run.
 */
export function forEachItem(
  run: Interpreter,
  items: readonly Item[],
  body: (value: Value, index: number) => void,
): void {
  for (const [index, item] of items.entries()) {
    if (run.dead) return;
    runItem(run, item, () => (value) => body(value, index));
  }
}

function runItem(run: Interpreter, item: Item, bodyOf: () => (value: Value) => void): void {
  const body = bodyOf();
  const atom = classIn(run, item.value);
  const once = (): void => {
    const { multiplicity } = run.collectors;
    if (item.multiplicity !== 'one' && multiplicity === 'one')
      run.collectors.multiplicity = item.multiplicity;
    if (item.multiplicity === 'one') body(item.value);
    else if (item.multiplicity === 'many') {
      const before = run.state.fork();
      run.certainty.repeated(() => runForMany(run, () => body(item.value)));
      if (run.dead) {
        // A class may be empty, or its members come after others.
        run.state = before;
        run.dead = false;
        run.certainty.losePaths();
      }
    } else maybe(run, () => body(item.value));
    run.collectors.multiplicity = multiplicity;
  };
  if (atom === null) {
    once();
    return;
  }
  const parts = (): void => {
    for (const leaf of run.atoms.leaves(atom)) {
      if (run.dead) return;
      runItem(run, { ...item, value: restrict(run, item.value, atom, leaf) }, bodyOf);
    }
  };
  if (run.atoms.leaves(atom).length > 1) {
    parts();
    return;
  }
  const restore = run.checkpoint();
  try {
    run.iterated.during(atom, once);
  } catch (signal) {
    if (!(signal instanceof Undecided) || signal.atom !== atom) throw signal;
    restore();
    if (run.atoms.split(atom, signal.test)) parts();
    // The module has too many classes already.
    else run.iterated.withoutSplitting(() => maybe(run, () => body(item.value)));
  }
}

function maybe(run: Interpreter, action: () => void): void {
  run.branch([
    () => {
      action();
      return UNKNOWN;
    },
    () => UNKNOWN,
  ]);
}

/**
 * One run for all members of a class. What counts the members (`index += 1`) has no one value then, so where
 * a constant changed, the body is run again with that variable unknown from the start.
 */
function runForMany(run: Interpreter, body: () => void): void {
  const restore = run.checkpoint();
  const before = run.state.fork();
  body();
  const counters = run.dead ? [] : changedConstants(before, run.state);
  if (counters.length === 0) return;
  restore();
  for (const counter of counters) run.state.variables.set(counter, UNKNOWN);
  body();
  for (const counter of counters) run.state.variables.set(counter, UNKNOWN);
}

/** The variables that held one constant before and hold another now. */
export function changedConstants(before: State, after: State): readonly string[] {
  if (before.variables.sameAs(after.variables)) return [];
  const changed: string[] = [];
  for (const [key, value] of after.variables.entries()) {
    const earlier = before.variables.get(key);
    if (earlier?.kind === 'constant' && value.kind === 'constant' && earlier.value !== value.value)
      changed.push(key);
  }
  return changed;
}

/** A sequence of values: what an iterable gives when it is consumed. */
export interface Sequence {
  readonly items: readonly Item[];
  /** False where it may hold more items than listed. */
  readonly complete: boolean;
}

export const UNKNOWN_SEQUENCE: Sequence = { items: [], complete: false };

export const isCertain = (multiplicity: Multiplicity): boolean =>
  multiplicity === 'one' || multiplicity === 'many';

/** Whether a sequence has at least one value because of this item. */
export const isThere = (run: Interpreter, { value, multiplicity }: Item): boolean =>
  isCertain(multiplicity) && (value.kind !== 'parameter' || run.atoms.isInhabited(value.atom));
