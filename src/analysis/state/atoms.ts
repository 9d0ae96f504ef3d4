/**
 * Atoms: what the analysis tells apart. An atom is one real Parameter of a module whose tree is known,
 * or one class of an opaque module's parameters, namely those that answered every test so far alike.
 *
 * A test that nobody can decide (`'fc' in name` on an unknown model) splits a class into those that pass
 * and those that do not. Splits are global and only ever refine, so "unknown but the same" works: frozen by
 * a name test and filtered by the same test, the answer is certain although the model is unknown.
 */

export type AtomId = number;

/** A parameter that may be frozen, a parameter that may be trainable; both bits mean "unknown". */
export const MAY_BE_FROZEN = 1;
export const MAY_BE_TRAINABLE = 2;
export const UNKNOWN_FLAG = MAY_BE_FROZEN | MAY_BE_TRAINABLE;

/** An opaque module has at most this many classes: each test at most doubles them, and no program needs more. */
const MAX_CLASSES_PER_ROOT = 32;

/**
 * A yes-or-no question about a parameter's full name inside its opaque module. `childContains` and `childSuffix` ask
 * about the name of the child that owns it: the name up to its first dot.
 */
export interface NameTest {
  readonly kind: 'prefix' | 'suffix' | 'contains' | 'equals' | 'childContains' | 'childSuffix' | 'other';
  readonly text: string;
  /** For `contains` and the child's name: the leading part of the name that does not count, '' for none. */
  readonly after: string;
}

/** What the parameters of a class answer to a test. */
export interface NameAnswer {
  readonly test: NameTest;
  readonly yes: boolean;
}

interface Atom {
  readonly id: AtomId;
  /** Number of scalars, or null where unknown. */
  readonly size: number | null;
  readonly shape: readonly number[] | null;
  /** The opaque module's identity, null for one real parameter. */
  readonly root: string | null;
  readonly parent: AtomId | null;
  readonly answers: readonly NameAnswer[];
  readonly initial: number;
  split: { readonly test: NameTest; readonly yes: AtomId; readonly no: AtomId } | null;
}

const keyOf = (test: NameTest): string => `${test.kind}:${test.after}:${test.text}`;

/** What an answered test says about another one: true, false, or null where it says nothing. */
function implied({ test: known, yes }: NameAnswer, asked: NameTest): boolean | null {
  if (keyOf(known) === keyOf(asked)) return yes;
  if (known.kind === 'other' || asked.kind === 'other') return null;
  if (isAboutChild(known) || isAboutChild(asked)) return impliedOfChild({ test: known, yes }, asked);
  if (yes && known.kind === 'equals') return holds(known.text, asked);
  if (yes) {
    if (known.kind === 'prefix') {
      if (asked.kind === 'prefix') {
        if (known.text.startsWith(asked.text)) return true;
        return asked.text.startsWith(known.text) ? null : false;
      }
      if (asked.kind === 'contains') {
        return known.text.startsWith(asked.after) && known.text.slice(asked.after.length).includes(asked.text)
          ? true
          : null;
      }
      if (asked.kind === 'equals') return asked.text.startsWith(known.text) ? null : false;
    }
    if (known.kind === 'suffix') {
      if (asked.kind === 'suffix') {
        if (known.text.endsWith(asked.text)) return true;
        return asked.text.endsWith(known.text) ? null : false;
      }
      if (asked.kind === 'contains' && asked.after === '' && known.text.includes(asked.text)) return true;
      if (asked.kind === 'equals') return asked.text.endsWith(known.text) ? null : false;
    }
    if (known.kind === 'contains') {
      if (asked.kind === 'contains' && known.after === asked.after && known.text.includes(asked.text))
        return true;
      if (asked.kind === 'equals') return asked.text.includes(known.text) ? null : false;
    }
    return null;
  }
  // A test that failed: whatever would have made it succeed fails too.
  const wouldPass =
    (known.kind === 'prefix' &&
      (asked.kind === 'prefix' || asked.kind === 'equals') &&
      asked.text.startsWith(known.text)) ||
    (known.kind === 'suffix' &&
      (asked.kind === 'suffix' || asked.kind === 'equals') &&
      asked.text.endsWith(known.text)) ||
    (known.kind === 'contains' &&
      known.after === '' &&
      asked.after === '' &&
      asked.text.includes(known.text));
  return wouldPass ? false : null;
}

const isAboutChild = ({ kind }: NameTest): boolean => kind === 'childContains' || kind === 'childSuffix';

/** The same where one of them is about the name of a child, or both are. */
function impliedOfChild({ test: known, yes }: NameAnswer, asked: NameTest): boolean | null {
  if (isAboutChild(known) && isAboutChild(asked)) {
    if (known.after !== asked.after) return null;
    // What holds of the end of a text holds of the text.
    const [narrow, wide] = yes ? [known, asked] : [asked, known];
    const implies =
      wide.kind === 'childContains'
        ? narrow.text.includes(wide.text)
        : narrow.kind === 'childSuffix' && narrow.text.endsWith(wide.text);
    return implies ? yes : null;
  }
  if (isAboutChild(asked)) {
    if (yes && namesChild(known, asked.after)) return holds(known.text, asked);
    const fails = !yes && known.kind === 'contains' && known.after === asked.after;
    return fails && asked.text.includes(known.text) ? false : null;
  }
  // A child of another name, or the same one.
  if (namesChild(asked, known.after)) return holds(asked.text, known) === yes ? null : false;
  const isWider = yes && asked.kind === 'contains' && asked.after === known.after;
  return isWider && known.text.includes(asked.text) ? true : null;
}

/** Whether a name that passes this test belongs to one child: `layer4.` says which, `layer4` only how its name begins. */
function namesChild(test: NameTest, after: string): boolean {
  const child = childNameIn(test.text, after);
  return child !== null && (test.kind === 'equals' || (test.kind === 'prefix' && child.endsWith('.')));
}

/** The name of the child with its dot, or what there is of it without one; null for a name that begins elsewhere. */
function childNameIn(name: string, after: string): string | null {
  return name.startsWith(after) ? (/^[^.]*\.?/.exec(name.slice(after.length))?.[0] ?? null) : null;
}

/** Whether a full name passes a test; `other` tests are never asked about a known name. */
function holds(name: string, test: NameTest): boolean | null {
  switch (test.kind) {
    case 'prefix':
      return name.startsWith(test.text);
    case 'suffix':
      return name.endsWith(test.text);
    case 'contains':
      return (name.startsWith(test.after) ? name.slice(test.after.length) : name).includes(test.text);
    case 'equals':
      return name === test.text;
    case 'childContains':
      return childNameIn(name, test.after)?.replace('.', '').includes(test.text) ?? null;
    case 'childSuffix':
      return childNameIn(name, test.after)?.replace('.', '').endsWith(test.text) ?? null;
    default:
      return null;
  }
}

/** All atoms of one analysis. */
export class AtomTable {
  /** Called where a module has so many classes that a test on it stays unanswered. */
  whenFull: () => void = () => {};
  readonly #atoms: Atom[] = [];
  readonly #byKey = new Map<string, AtomId>();
  readonly #roots = new Map<string, AtomId>();

  #add(atom: Omit<Atom, 'id' | 'split'>): AtomId {
    const id = this.#atoms.length;
    this.#atoms.push({ ...atom, id, split: null });
    return id;
  }

  #at(id: AtomId): Atom {
    const atom = this.#atoms[id];
    if (!atom) throw new Error(`no atom ${id}`);
    return atom;
  }

  /** The atom of one real parameter; the same key gives the same atom, of unknown shape if it had another one before. */
  parameter(key: string, shape: readonly number[] | null): AtomId {
    const existing = this.#byKey.get(key);
    if (existing !== undefined) {
      const atom = this.#at(existing);
      if (atom.shape?.join() !== shape?.join()) this.#atoms[existing] = { ...atom, shape: null, size: null };
      return existing;
    }
    const size = shape ? shape.reduce((product, length) => product * length, 1) : null;
    const id = this.#add({ size, shape, root: null, parent: null, answers: [], initial: MAY_BE_TRAINABLE });
    this.#byKey.set(key, id);
    return id;
  }

  /** The atom that `parameter` made for a key, if any. */
  parameterAt(key: string): AtomId | undefined {
    return this.#byKey.get(key);
  }

  /** The class of all parameters of an opaque module; `initial` is the flag they have before any write. */
  root(key: string, initial: number): AtomId {
    const existing = this.#roots.get(key);
    if (existing !== undefined) return existing;
    const id = this.#add({ size: null, shape: null, root: key, parent: null, answers: [], initial });
    this.#roots.set(key, id);
    return id;
  }

  /** A copy of an opaque module's classes under a new identity, pairwise `[original, copy]` for every class. */
  copyRoot(key: string, copyKey: string): readonly (readonly [AtomId, AtomId])[] {
    const original = this.#roots.get(key);
    if (original === undefined) return [];
    const copy = this.root(copyKey, this.#at(original).initial);
    const pairs: [AtomId, AtomId][] = [];
    const follow = (from: AtomId, to: AtomId): void => {
      pairs.push([from, to]);
      const { split } = this.#at(from);
      if (!split) return;
      const halves = this.split(to, split.test);
      if (!halves) return;
      follow(split.yes, halves[0]);
      follow(split.no, halves[1]);
    };
    follow(original, copy);
    return pairs;
  }

  parentOf(id: AtomId): AtomId | null {
    return this.#at(id).parent;
  }

  /** The opaque module whose parameters a class stands for; null for one real parameter. */
  rootOf(id: AtomId): string | null {
    return this.#at(id).root;
  }

  initialOf(id: AtomId): number {
    return this.#at(id).initial;
  }

  sizeOf(id: AtomId): number | null {
    return this.#at(id).size;
  }

  shapeOf(id: AtomId): readonly number[] | null {
    return this.#at(id).shape;
  }

  /** What the members of a class have answered so far. */
  answersOf(id: AtomId): readonly NameAnswer[] {
    return this.#at(id).answers;
  }

  /** True for a class of an opaque module, which may stand for none, one or many parameters. */
  isClass(id: AtomId): boolean {
    return this.#at(id).root !== null;
  }

  /**
   * False where a class may well be empty: it is what is left when a name test failed, or passed although the
   * program gives no other sign that such a name exists.
   */
  isInhabited(id: AtomId): boolean {
    return this.#at(id).answers.every(({ test, yes }) =>
      yes ? test.kind !== 'other' : test.kind === 'prefix',
    );
  }

  /** The opaque module of a class, and what its names are known to begin with; null for one real parameter. */
  placeOf(id: AtomId): { readonly root: string; readonly prefixes: readonly string[] } | null {
    const { root, answers } = this.#at(id);
    if (root === null) return null;
    return {
      root,
      prefixes: answers.flatMap(({ test, yes }) => (yes && test.kind === 'prefix' ? [test.text] : [])),
    };
  }

  /** The finest classes an atom has been split into (itself if never split). */
  leaves(id: AtomId): readonly AtomId[] {
    const { split } = this.#at(id);
    if (!split) return [id];
    return [...this.leaves(split.yes), ...this.leaves(split.no)];
  }

  /** Whether the parameters of a leaf pass a test: null where it is not yet known. */
  decide(id: AtomId, test: NameTest): boolean | null {
    for (const answer of this.#at(id).answers) {
      const verdict = implied(answer, test);
      if (verdict !== null) return verdict;
    }
    return null;
  }

  /** Splits a leaf by a test into `[yes, no]`; null where its module already has too many classes. */
  split(id: AtomId, test: NameTest): readonly [AtomId, AtomId] | null {
    const atom = this.#at(id);
    if (atom.split) return keyOf(atom.split.test) === keyOf(test) ? [atom.split.yes, atom.split.no] : null;
    if (atom.root === null) return null;
    const root = this.#roots.get(atom.root);
    if (root !== undefined && this.leaves(root).length >= MAX_CLASSES_PER_ROOT) {
      this.whenFull();
      return null;
    }
    const half = (yes: boolean): AtomId =>
      this.#add({ ...atom, parent: id, answers: [...atom.answers, { test, yes }] });
    const yes = half(true);
    const no = half(false);
    atom.split = { test, yes, no };
    return [yes, no];
  }

  /** The leaves of `id` that pass a test, splitting where needed; null where the limit forbids it. */
  partition(
    id: AtomId,
    test: NameTest,
  ): { readonly yes: readonly AtomId[]; readonly no: readonly AtomId[] } | null {
    const yes: AtomId[] = [];
    const no: AtomId[] = [];
    for (const leaf of this.leaves(id)) {
      const verdict = this.decide(leaf, test);
      if (verdict === true) yes.push(leaf);
      else if (verdict === false) no.push(leaf);
      else {
        const halves = this.split(leaf, test);
        if (!halves) return null;
        yes.push(halves[0]);
        no.push(halves[1]);
      }
    }
    return { yes, no };
  }
}
