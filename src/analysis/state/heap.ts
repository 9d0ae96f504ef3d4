/** Objects of the abstract heap: modules, optimizers, lists, dictionaries, iterators, instances. */
import type { Call, Expression, Span } from '../../python/syntax.ts';
import type { ModelLibrary } from '../../torch/library-parts.ts';
import type { Budget } from '../running/budgets.ts';
import type { AtomId } from './atoms.ts';
import type { State } from './state.ts';
import type { ClassInfo, FunctionValue, Graph, ObjectId, ScopeId, Value } from './values.ts';

/** The unknown part of a module: every parameter of `root` under `path`, except the `excluded` children. */
export interface OpaquePart {
  readonly root: string;
  /** Dotted path from the root, as `childPath` spells it; '' for the root itself. */
  readonly path: string;
  /** Children that were replaced or removed, by name. */
  readonly excluded: readonly string[];
}

export const MAY_BE_EVAL = 1;
export const MAY_BE_TRAIN = 2;

/** An `nn.Module`, or an object that may be one. Immutable: a change puts a new record into the state. */
export interface ModuleObject {
  readonly kind: 'module';
  /** Short class name for messages, '' where unknown. */
  readonly className: string;
  /** The program's own class, if it is one. */
  readonly info: ClassInfo | null;
  /** Canonical library path such as `torch.nn.Linear`, if it is one. */
  readonly library: string | null;
  /** False for an unknown object that only may turn out to be a module. */
  readonly certain: boolean;
  /** Own parameters by name; several options where branches differ, null for "absent". */
  readonly parameters: ReadonlyMap<string, readonly (AtomId | null)[]>;
  /** Child modules by name, in registration order; options as above. */
  readonly children: ReadonlyMap<string, readonly (ObjectId | null)[]>;
  readonly attributes: ReadonlyMap<string, Value>;
  readonly opaque: OpaquePart | null;
  /** Classes of parameters taken over from generic children of an opaque module, under unknown names. */
  readonly adopted: readonly AtomId[];
  /** May-bits of train/eval mode of this module itself. */
  readonly mode: number;
  /** The call of train() or eval() that set the mode last; null where nobody did or it cannot be told which. */
  readonly modeWriter: Span | null;
  /** True where train and eval differ for this very module (BatchNorm, Dropout). */
  readonly modeSensitive: boolean;
  /** The module a wrapper (DataParallel, DDP) holds under `module`. */
  readonly wraps: ObjectId | null;
  /** For an object reached as an attribute of an opaque module: that module and the attribute. */
  readonly parent: { readonly id: ObjectId; readonly name: string } | null;
  /** Where it was made, for messages; null where unknown. */
  readonly built: Span | null;
  /** How it came about: a `layer` or `class` call is fresh, an `architecture` or `factory` may be pre-trained. */
  readonly origin: 'layer' | 'class' | 'architecture' | 'factory' | 'unknown';
  /** The architecture or checkpoint that its factory was asked for, such as `resnet18`; null where unknown. */
  readonly madeFrom: string | null;
  /** The library whose model it is, or is a part of, although its tree is unknown. */
  readonly madeBy: ModelLibrary | null;
  /** For a generic child of an opaque module: the class of parameters it stands for. */
  readonly generic: { readonly of: ObjectId; readonly atom: AtomId } | null;
  /** For an object that may turn out to be a tensor: what is certain about its graph if it is one. */
  readonly graph: Graph | null;
}

/** An optimizer: what its groups hold is a snapshot, taken when it was built. */
export interface OptimizerObject {
  readonly kind: 'optimizer';
  readonly className: string;
  /** The list of param groups, each a dictionary whose `params` is a list, as in PyTorch. */
  readonly groups: ObjectId;
  readonly built: Span;
  /** Whether a parameter with a zero gradient still moves; null where it cannot be told. */
  readonly movesOnZeroGradient: boolean | null;
  /** The parameter argument. */
  readonly parametersArgument: Expression | null;
  readonly call: Call;
  readonly attributes: ReadonlyMap<string, Value>;
  /** The program's own class, if it is one. */
  readonly info: ClassInfo | null;
}

/**
 * How many values one item of a sequence stands for: exactly one, none or one (or, for a class of
 * parameters, some or none of them), or every member of a class.
 */
export type Multiplicity = 'one' | 'maybe' | 'many';

export interface Item {
  readonly value: Value;
  readonly multiplicity: Multiplicity;
}

/** A list, set or deque. */
export interface ListObject {
  readonly kind: 'list';
  /** True for what is certainly a `list`. */
  readonly isList?: boolean;
  /** True for what a slice of a module's parts gives where they are not all known: it is a module itself. */
  readonly isSlice?: boolean;
  readonly items: readonly Item[];
  /** False where there may be more items than listed. */
  readonly complete: boolean;
}

/** Items of a list that are told apart: twice as many as the largest model of torchvision has parameters. */
const MAX_ITEMS = 2000;

/**
 * The list, or where it is too long, as after doubling in a loop, one of which is known only what of it leads to other
 * objects and to parameters: `spend` is told. Tokenizers of byte pairs would else fill the memory.
 */
export function bounded(list: ListObject, spend: (budget: Budget) => void): ListObject {
  if (list.items.length <= MAX_ITEMS) return list;
  spend('items');
  const values = new Map<Value | ObjectId, Value>();
  for (const { value } of list.items) {
    if (value.kind === 'unknown' || value.kind === 'constant') continue;
    values.set(value.kind === 'reference' ? value.id : value, value);
  }
  const items = [...values.values()].map((value): Item => ({ value, multiplicity: 'maybe' }));
  return { kind: 'list', items, complete: false };
}

export interface DictEntry {
  readonly key: Value;
  readonly value: Value;
  readonly multiplicity: Multiplicity;
}

export interface DictObject {
  readonly kind: 'dictionary';
  readonly entries: readonly DictEntry[];
  readonly complete: boolean;
  /** What a defaultdict calls for a key that is missing. */
  readonly missing?: Value;
  /** Whose variables they are, for what `globals()` gives: an entry that is set is a variable. */
  readonly variablesOf?: ScopeId;
}

/** Where an iterator's items come from; evaluated when it is consumed, as in Python. */
export type IteratorSource =
  | {
      readonly kind: 'module';
      readonly module: ObjectId;
      readonly method: ModuleIteration;
      readonly prefix: string;
      readonly recurse: boolean;
    }
  | { readonly kind: 'filter'; readonly predicate: Value; readonly inner: Value }
  | { readonly kind: 'map'; readonly mapping: Value; readonly inner: readonly Value[] }
  | { readonly kind: 'enumerate'; readonly inner: Value; readonly start: number | null }
  | { readonly kind: 'zip'; readonly inner: readonly Value[] }
  | { readonly kind: 'chain'; readonly inner: readonly Value[] }
  | {
      readonly kind: 'comprehension';
      readonly node: Expression;
      readonly scopes: readonly ScopeId[];
      /** What the outermost loop goes over, which Python evaluates at once. */
      readonly inner: Value;
    }
  | { readonly kind: 'generator'; readonly callee: FunctionValue; readonly scope: ScopeId }
  | { readonly kind: 'sequence'; readonly inner: Value };

export type ModuleIteration =
  | 'parameters'
  | 'named_parameters'
  | 'children'
  | 'named_children'
  | 'modules'
  | 'named_modules';

/** A generator or other one-shot iterator. */
export interface IteratorObject {
  readonly kind: 'iterator';
  readonly source: IteratorSource;
  /** Whether its items are gone: `partly` after next() or a loop that may break. */
  readonly used: 'no' | 'yes' | 'partly' | 'maybe';
  /**
   * The states in which its items were taken one by one, where each of them certainly was: a generator goes on from
   * where it yielded, any other iterator with what comes next.
   */
  readonly taken?: readonly State[];
  /** Where it was used up. */
  readonly usedAt: Span | null;
  readonly built: Span;
}

/** An instance of a class that is no module, or a library object known by its class (a scheduler). */
export interface InstanceObject {
  readonly kind: 'instance';
  readonly info: ClassInfo | null;
  readonly library: string | null;
  readonly attributes: ReadonlyMap<string, Value>;
  /** False where base classes are unknown: any attribute may exist. */
  readonly complete: boolean;
}

export type HeapObject =
  | ModuleObject
  | OptimizerObject
  | ListObject
  | DictObject
  | IteratorObject
  | InstanceObject;
