/** What is known on the paths that lead to one moment of a program. */
import type { Span } from '../../python/syntax.ts';
import type { Budget } from '../running/budgets.ts';
import type { AtomId, AtomTable } from './atoms.ts';
import { ForkingMap } from './forking-map.ts';
import { bounded, type DictEntry, type HeapObject, type Item, type ModuleObject } from './heap.ts';
import { joinValues, type ObjectId, sameGraph, sameValue, type Value } from './values.ts';

/** Who set a parameter's flag last: a statement, several by the branch taken, or nobody yet. */
export type Writer = Span | 'several' | null;

export interface Flag {
  /** May-bits, see atoms.ts. */
  readonly bits: number;
  readonly writer: Writer;
  /** The writes that may have set it, as far as no later one certainly has. */
  readonly unread?: readonly Span[];
}

/** Whether autograd records here: `no_grad` blocks turn it off, and `inference_mode` blocks for good. */
export type GradientMode = 'on' | 'off' | 'inference' | 'unknown';

export interface Gradients {
  readonly mode: GradientMode;
  /** What turned them off: a context, a decorator, a call. */
  readonly since: Span | null;
}

export const GRADIENTS_ON: Gradients = { mode: 'on', since: null };
export const GRADIENTS_UNKNOWN: Gradients = { mode: 'unknown', since: null };

export type ObligationStatus = 'pending' | 'discharged';

/** Everything the interpreter knows at one point of the program, along the paths that lead there. */
export class State {
  private constructor(
    readonly atoms: AtomTable,
    /** Local and global variables, keyed by scope and name. */
    readonly variables: ForkingMap<string, Value>,
    /** Those of them that some path leaves unbound. */
    readonly unbound: ForkingMap<string, true>,
    readonly heap: ForkingMap<ObjectId, HeapObject>,
    readonly flags: ForkingMap<AtomId, Flag>,
    readonly obligations: ForkingMap<string, ObligationStatus>,
    public gradients: Gradients,
  ) {}

  /** The ends of imported files that were added. */
  #adopted: ReadonlySet<State> = new Set();

  static empty(atoms: AtomTable): State {
    return new State(
      atoms,
      new ForkingMap(),
      new ForkingMap(),
      new ForkingMap(),
      new ForkingMap(),
      new ForkingMap(),
      GRADIENTS_ON,
    );
  }

  fork(): State {
    const copy = new State(
      this.atoms,
      this.variables.fork(),
      this.unbound.fork(),
      this.heap.fork(),
      this.flags.fork(),
      this.obligations.fork(),
      this.gradients,
    );
    copy.#adopted = this.#adopted;
    return copy;
  }

  /** True for a fork of which, as of the other state, nothing was changed since. */
  isForkOf(other: State): boolean {
    return (
      this.variables.sameAs(other.variables) &&
      this.unbound.sameAs(other.unbound) &&
      this.heap.sameAs(other.heap) &&
      this.flags.sameAs(other.flags) &&
      this.obligations.sameAs(other.obligations) &&
      this.gradients === other.gradients
    );
  }

  /** Adds what another state knows of things that this one knows nothing of. */
  adopt(other: State): void {
    adoptInto(this.variables, other.variables);
    adoptInto(this.unbound, other.unbound);
    adoptInto(this.heap, other.heap);
    adoptInto(this.flags, other.flags);
    this.#adopted = new Set(this.#adopted).add(other);
  }

  /** This state with what the other one has of imported files: on a path that used none of them they are as they ended. */
  #withImportsOf(other: State): State {
    if (this.#adopted === other.#adopted) return this;
    const missing = [...other.#adopted].filter((end) => !this.#adopted.has(end));
    if (missing.length === 0) return this;
    const result = this.fork();
    for (const end of missing) result.adopt(end);
    return result;
  }

  /** The flag of a leaf: its own, else that of the class it was split from, else its initial one. */
  flag(leaf: AtomId): Flag {
    for (let atom: AtomId | null = leaf; atom !== null; atom = this.atoms.parentOf(atom)) {
      const flag = this.flags.get(atom);
      if (flag) return flag;
    }
    return { bits: this.atoms.initialOf(leaf), writer: null };
  }

  setFlag(atom: AtomId, flag: Flag): void {
    for (const leaf of this.atoms.leaves(atom)) {
      const known = this.flags.get(leaf);
      if (known?.bits !== flag.bits || known.writer !== flag.writer || known.unread !== flag.unread)
        this.flags.set(leaf, flag);
    }
  }

  /**
   * The state after either of two paths. `dropped` receives values that the join can no longer tell apart, `spend` the
   * budgets that run out.
   */
  static join(
    a: State,
    b: State,
    dropped: (value: Value) => void,
    spend: (budget: Budget) => void = () => {},
  ): State {
    if (a === b) return a;
    [a, b] = [a.#withImportsOf(b), b.#withImportsOf(a)];
    const result = a.fork();
    for (const key of a.variables.differences(b.variables)) {
      const known = a.variables.get(key);
      const value = b.variables.get(key);
      // Bound on one path only: reading it on the other would raise, so what follows has this value.
      if (value && known !== value) {
        result.variables.set(key, known ? joinValues(known, value, dropped) : value);
      }
      if (!known || !value) result.unbound.set(key, true);
    }
    for (const key of a.unbound.differences(b.unbound)) {
      if (b.unbound.get(key)) result.unbound.set(key, true);
    }
    for (const id of a.heap.differences(b.heap)) {
      const known = a.heap.get(id);
      const object = b.heap.get(id);
      if (object && known !== object)
        result.heap.set(id, known ? joinObjects(known, object, dropped, spend) : object);
    }
    for (const atom of a.flags.differences(b.flags)) {
      for (const leaf of a.atoms.leaves(atom)) {
        const one = a.flag(leaf);
        const other = b.flag(leaf);
        if (one === other) continue;
        const bits = one.bits | other.bits;
        const writer = one.writer === other.writer ? one.writer : 'several';
        const unread = [...new Set([...(one.unread ?? []), ...(other.unread ?? [])])];
        result.setFlag(leaf, { bits, writer, unread });
      }
    }
    for (const key of a.obligations.differences(b.obligations)) {
      const status = b.obligations.get(key);
      if (status && (status === 'discharged' || !a.obligations.get(key))) result.obligations.set(key, status);
    }
    if (a.gradients.mode !== b.gradients.mode) result.gradients = GRADIENTS_UNKNOWN;
    return result;
  }

  /** What is not as it was in another state, and leads to parameters that nothing led to then; counters do not. */
  changedSince(other: State): readonly Value[] {
    const changed: Value[] = [];
    for (const key of this.variables.differences(other.variables)) {
      const [value, before] = [this.variables.get(key), other.variables.get(key)];
      if (value && !(before && sameValue(value, before))) changed.push(value);
    }
    for (const id of this.heap.differences(other.heap)) {
      const [object, before] = [this.heap.get(id), other.heap.get(id)];
      if (!object || sameStructure(object, before)) continue;
      if (object.kind === 'list' || object.kind === 'dictionary' || object.kind === 'iterator') {
        changed.push({ kind: 'reference', id });
      } else if ('children' in object) {
        const known = before?.kind === 'module' ? before : null;
        const isSame =
          sameStructure(object.children, known?.children) &&
          sameStructure(object.parameters, known?.parameters);
        if (!isSame) changed.push({ kind: 'reference', id });
      } else {
        const known = before?.kind === object.kind ? before.attributes : null;
        for (const [name, value] of object.attributes) {
          const earlier = known?.get(name);
          if (!earlier || !sameValue(value, earlier)) changed.push(value);
        }
      }
    }
    return changed;
  }

  /** Whether two states are equal in everything a later statement could see. */
  static same(a: State, b: State): boolean {
    if (a.gradients.mode !== b.gradients.mode) return false;
    return (
      sameMap(a.variables, b.variables, sameValue) &&
      sameMap(a.heap, b.heap, sameStructure) &&
      sameMap(a.flags, b.flags, (one, other) => one.bits === other.bits) &&
      sameMap(a.obligations, b.obligations, Object.is)
    );
  }
}

function adoptInto<K, V>(own: ForkingMap<K, V>, other: ForkingMap<K, V>): void {
  for (const [key, value] of other.entries()) if (own.get(key) === undefined) own.set(key, value);
}

function sameMap<K, V>(a: ForkingMap<K, V>, b: ForkingMap<K, V>, same: (a: V, b: V) => boolean): boolean {
  for (const key of a.differences(b)) {
    const [value, other] = [a.get(key), b.get(key)];
    if (value === other) continue;
    if (value === undefined || other === undefined || !same(value, other)) return false;
  }
  return true;
}

/** Structural equality of heap records; syntax nodes compare by identity. */
export function sameStructure(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, index) => sameStructure(item, b[index]))
    );
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    const other = [...b];
    return [...a].every(([key, value], index) => {
      const entry = other[index];
      return entry !== undefined && Object.is(key, entry[0]) && sameStructure(value, entry[1]);
    });
  }
  if ('start' in a || 'definition' in a) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) =>
      sameStructure((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

type Dropped = (value: Value) => void;

function joinObjects(
  a: HeapObject,
  b: HeapObject,
  dropped: Dropped,
  spend: (budget: Budget) => void,
): HeapObject {
  if (a.kind === 'module' && b.kind === 'module') return joinModules(a, b, dropped);
  if (a.kind === 'optimizer' && b.kind === 'optimizer') {
    return { ...a, attributes: joinAttributes(a.attributes, b.attributes, dropped) };
  }
  if (a.kind === 'list' && b.kind === 'list') {
    const items = joinItems(a.items, b.items);
    const isList = a.isList && b.isList ? { isList: true } : {};
    return bounded({ kind: 'list', items, complete: a.complete && b.complete, ...isList }, spend);
  }
  if (a.kind === 'dictionary' && b.kind === 'dictionary') {
    const entries: DictEntry[] = [];
    for (const entry of a.entries) {
      const other = b.entries.find((candidate) => sameValue(candidate.key, entry.key));
      if (!other) entries.push({ ...entry, multiplicity: 'maybe' });
      else if (other === entry) entries.push(entry);
      else {
        const multiplicity = entry.multiplicity === other.multiplicity ? entry.multiplicity : 'maybe';
        entries.push({ key: entry.key, value: joinValues(entry.value, other.value, dropped), multiplicity });
      }
    }
    for (const entry of b.entries) {
      if (!a.entries.some((candidate) => sameValue(candidate.key, entry.key))) {
        entries.push({ ...entry, multiplicity: 'maybe' });
      }
    }
    return { ...a, entries, complete: a.complete && b.complete };
  }
  if (a.kind === 'iterator' && b.kind === 'iterator') {
    if (a.used === b.used && a.taken === b.taken) return a;
    const { taken: _, ...known } = a;
    return { ...known, used: a.used === b.used ? a.used : 'maybe', usedAt: a.usedAt ?? b.usedAt };
  }
  if (a.kind === 'instance' && b.kind === 'instance') {
    return {
      ...a,
      attributes: joinAttributes(a.attributes, b.attributes, dropped),
      complete: a.complete && b.complete,
    };
  }
  return a;
}

function joinAttributes(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  dropped: Dropped,
): ReadonlyMap<string, Value> {
  if (a === b) return a;
  const joined = new Map(a);
  for (const [name, value] of b) {
    const known = a.get(name);
    joined.set(name, known ? joinValues(known, value, dropped) : value);
  }
  return joined;
}

/** Items of two lists that grew from a common one: the common part stays, the rest becomes uncertain. */
function joinItems(a: readonly Item[], b: readonly Item[]): readonly Item[] {
  if (a === b) return a;
  const joined: Item[] = [];
  let common = 0;
  for (; common < a.length && common < b.length; common++) {
    const [one, other] = [a[common], b[common]];
    if (!one || !other || !sameValue(one.value, other.value)) break;
    joined.push(one.multiplicity === other.multiplicity ? one : { ...one, multiplicity: 'maybe' });
  }
  const own = a.slice(common);
  const others = b.slice(common).filter(({ value }) => !own.some((item) => sameValue(item.value, value)));
  for (const item of [...own, ...others]) joined.push({ ...item, multiplicity: 'maybe' });
  return joined;
}

function joinModules(a: ModuleObject, b: ModuleObject, dropped: Dropped): ModuleObject {
  const excluded =
    a.opaque && b.opaque
      ? a.opaque.excluded.filter((name) => b.opaque?.excluded.includes(name))
      : (a.opaque ?? b.opaque)?.excluded;
  const opaque = a.opaque ?? b.opaque;
  return {
    ...a,
    parameters: joinSlots(a.parameters, b.parameters),
    children: joinSlots(a.children, b.children),
    attributes: joinAttributes(a.attributes, b.attributes, dropped),
    opaque: opaque && excluded ? { ...opaque, excluded } : opaque,
    adopted: a.adopted === b.adopted ? a.adopted : [...new Set([...a.adopted, ...b.adopted])],
    mode: a.mode | b.mode,
    modeWriter: a.modeWriter === b.modeWriter ? a.modeWriter : null,
    graph: sameGraph(a.graph, b.graph) ? a.graph : null,
  };
}

function joinSlots<T>(
  a: ReadonlyMap<string, readonly (T | null)[]>,
  b: ReadonlyMap<string, readonly (T | null)[]>,
): ReadonlyMap<string, readonly (T | null)[]> {
  if (a === b) return a;
  const joined = new Map(a);
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const options = new Set([...(a.get(name) ?? [null]), ...(b.get(name) ?? [null])]);
    joined.set(name, [...options]);
  }
  return joined;
}
