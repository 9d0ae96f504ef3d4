/** What an expression may give: constants, references to objects, parameters, functions, and unknown. */
import type { ClassDefinition, FunctionDefinition, Lambda, Span } from '../../python/syntax.ts';
import type { Imports } from '../program.ts';
import type { Budget } from '../running/budgets.ts';
import type { AtomId } from './atoms.ts';
import type { ModuleIteration, Multiplicity } from './heap.ts';

/** Identity of an object on the abstract heap: the place and the calls that allocated it. */
export type ObjectId = string;
/** One run of a function body (or the top level): the owner of local variables. */
export type ScopeId = string;

/** A value nothing is known of. It reaches no object the analysis knows. */
export interface UnknownValue {
  readonly kind: 'unknown';
}

export interface ConstantValue {
  readonly kind: 'constant';
  readonly value: string | number | boolean | null;
  /** For a string that a module gave as the name of one of its parameters or modules: all that it gave with it. */
  readonly listing?: NameListing;
}

/** What `named_parameters()`, `named_modules()` or `named_children()` gave in one run. */
export interface NameListing {
  readonly what: 'parameter' | 'module';
  readonly module: ObjectId;
  /** The known names, in order. */
  readonly names: readonly string[];
  /** Whether those are all names there are, on every path. */
  readonly complete: boolean;
}

/** The name of the parameters of a class atom, as seen from the module it was asked through. */
export interface AtomNameValue {
  readonly kind: 'atomName';
  readonly atom: AtomId;
  /** What the asked-through module's name takes off the front of the full name, e.g. `backbone.` */
  readonly strip: string;
  /** What a wrapper puts in front, e.g. `module.` */
  readonly add: string;
  /** Operations such as `.split('.')[0]` applied since, as text; '' for none. */
  readonly transform: string;
}

/** An immutable sequence. */
export interface TupleValue {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  /** For a pair of a name and what it names: the call of `named_parameters()` or a sister that gave it. */
  readonly pairOf?: { readonly module: ObjectId; readonly method: ModuleIteration; readonly made: Span };
}

/** An object on the heap. */
export interface ReferenceValue {
  readonly kind: 'reference';
  readonly id: ObjectId;
}

/** Something imported, by its dotted path: `torch.nn.Linear`. */
export interface ExternalValue {
  readonly kind: 'external';
  readonly path: string;
}

/** A module of the program, as `import` names it: a file, or a folder of files. */
export interface NamespaceValue {
  readonly kind: 'namespace';
  /** The dotted name as the importing file writes it, `.layers` or `models.resnet`. */
  readonly name: string;
  /** Where the importing file's names lead. */
  readonly imports: Imports;
}

/** `from file import name`, as long as nobody has asked for it: a file is run when something of it is used. */
export interface ImportedNameValue {
  readonly kind: 'importedName';
  readonly from: NamespaceValue;
  readonly name: string;
}

/** A function, method or lambda of the program. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly definition: FunctionDefinition | Lambda;
  /** Where its free variables live. */
  readonly scopes: readonly ScopeId[];
  readonly defaults: readonly (Value | null)[];
  /** The object it was looked up on, for a bound method. */
  readonly self: Value | null;
  /** The class whose body holds it; `super()` starts there. */
  readonly owner: ClassInfo | null;
  /** How it is looked up on an instance, where `property(function)` or a sister says so and no decorator. */
  readonly binding?: Binding;
  /** What `property(getter, setter)` calls where the attribute is set. */
  readonly setter?: Value;
}

/** How a function of a class is bound when it is looked up on an instance. */
export type Binding = 'plain' | 'static' | 'class' | 'property' | 'cached property';

/** A class of the program. */
export interface ClassValue {
  readonly kind: 'class';
  readonly info: ClassInfo;
}

/** A method of something the analysis models itself: a module, an optimizer, a list, a string... */
export interface MethodValue {
  readonly kind: 'method';
  readonly receiver: Value;
  readonly name: string;
  /** For a method of a module: where it was looked up. */
  readonly at?: Span;
}

/** One parameter, or every parameter of one class. */
export interface ParameterValue {
  readonly kind: 'parameter';
  readonly atom: AtomId;
}

/** One parameter that may be any of these. */
export interface SomeParameterValue {
  readonly kind: 'someParameter';
  readonly atoms: readonly AtomId[];
}

/** The parameters that a value is or may be; none where it is no parameter. */
export function atomsIn(value: Value): readonly AtomId[] {
  if (value.kind === 'parameter') return [value.atom];
  return value.kind === 'someParameter' ? value.atoms : [];
}

/**
 * How a tensor came about: it decides whether a flag set on it reaches a Parameter. A `leaf` is new and asks for a
 * gradient, a `fresh` one asks for none; a `gradient` may also be None.
 */
export type TensorOrigin =
  | 'data'
  | 'detach'
  | 'clone'
  | 'stateDict'
  | 'graph'
  | 'result'
  | 'fresh'
  | 'leaf'
  | 'gradient';

/** What is certain about the graph behind a computed tensor. */
export interface Graph {
  /**
   * `none`: it has no graph and asks for no gradient; `inference`: nor can it ever be part of one; `forced`: it had
   * none or lost it, and was made a leaf that asks for a gradient; `attached`: it was computed, with gradients on, from
   * something that asks for one.
   */
  readonly kind: 'none' | 'inference' | 'forced' | 'attached';
  /**
   * What cut, forced or computed it: a `no_grad` context or decorator, a `.detach()`, the statement that sets the
   * flag, the operation.
   */
  readonly at: Span;
  /** Whether the gradient mode cut it (before it was forced), and not a copy without history. */
  readonly byMode: boolean;
}

/** A tensor that is not a Parameter. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly origin: TensorOrigin;
  /** The Parameter it was copied from, where that is known. */
  readonly of: Value | null;
  /** Left out where nothing is certain. */
  readonly graph?: Graph;
  /** Left out where it is not known. */
  readonly shape?: readonly number[];
  /** Certainly of integers or truth values, which have no gradient. */
  readonly isIntegral?: true;
}

/** One of a few values, by the branch that was taken. */
export interface UnionValue {
  readonly kind: 'union';
  readonly options: readonly Value[];
}

/** `super()` inside a method. */
export interface SuperValue {
  readonly kind: 'super';
  readonly owner: ClassInfo;
  readonly self: Value;
}

/** `functools.partial(callee, ...)`. */
export interface PartialValue {
  readonly kind: 'partial';
  /** Whether an instance that it is looked up on is its first argument: `functools.partialmethod`. */
  readonly isMethod?: true;
  readonly callee: Value;
  readonly args: CallArguments;
}

export type Value =
  | UnknownValue
  | ConstantValue
  | AtomNameValue
  | TupleValue
  | ReferenceValue
  | ExternalValue
  | NamespaceValue
  | ImportedNameValue
  | FunctionValue
  | ClassValue
  | MethodValue
  | ParameterValue
  | SomeParameterValue
  | TensorValue
  | UnionValue
  | SuperValue
  | PartialValue;

/** Evaluated arguments of a call. */
export interface CallArguments {
  readonly positional: readonly Value[];
  /** How certain each positional argument is, where `*iterable` gave some of them; left out where all are. */
  readonly certainty?: readonly Multiplicity[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** False where `*unknown` or `**unknown` may add more. */
  readonly complete: boolean;
}

export const NO_ARGUMENTS: CallArguments = { positional: [], keywords: new Map(), complete: true };
/** Arguments nobody knows: every parameter is a fresh unknown object, defaults do not count. */
export const UNKNOWN_ARGUMENTS: CallArguments = { ...NO_ARGUMENTS, complete: false };

/** A class statement, evaluated once. */
export interface ClassInfo {
  readonly name: string;
  readonly definition: ClassDefinition;
  readonly bases: readonly Value[];
  /** Functions and other names of the class body, as it left them. */
  readonly members: ReadonlyMap<string, Value>;
  readonly decorated: boolean;
  /** What `metaclass=` names; null where it is left out. */
  readonly metaclass: Value | null;
  /** Owns the class's attributes in the state, as a call owns its variables: the program may set them anew. */
  readonly scope: ScopeId;
}

export const UNKNOWN: UnknownValue = { kind: 'unknown' };
export const NONE: ConstantValue = { kind: 'constant', value: null };
const TRUE: ConstantValue = { kind: 'constant', value: true };
export const FALSE: ConstantValue = { kind: 'constant', value: false };

export const constant = (value: string | number | boolean | null): ConstantValue => ({
  kind: 'constant',
  value,
});
/** Far longer than any name of a layer; what doubles in a loop soon passes it. */
const MAX_TEXT = 10_000;

/** A text that the program has put together; `spend` is told where it is too long. */
export function textOrUnknown(text: string, spend: (budget: Budget) => void): Value {
  if (text.length <= MAX_TEXT) return constant(text);
  spend('textLength');
  return UNKNOWN;
}
export const boolean = (value: boolean | null): Value => (value === null ? UNKNOWN : value ? TRUE : FALSE);
export const reference = (id: ObjectId): ReferenceValue => ({ kind: 'reference', id });
export const external = (path: string): ExternalValue => ({ kind: 'external', path });

/** What a name of a module may lead to: the options where paths differ, null for "absent"; unknown without any. */
export function slotValue<T>(options: readonly (T | null)[], toValue: (option: T) => Value): Value {
  const values = options.map((option) => (option === null ? NONE : toValue(option)));
  const [only = UNKNOWN, ...others] = values;
  return others.length === 0 ? only : { kind: 'union', options: values };
}

export const isString = (value: Value): value is ConstantValue & { readonly value: string } =>
  value.kind === 'constant' && typeof value.value === 'string';
export const isNumber = (value: Value): value is ConstantValue & { readonly value: number } =>
  value.kind === 'constant' && typeof value.value === 'number';
export const isBoolean = (value: Value): value is ConstantValue & { readonly value: boolean } =>
  value.kind === 'constant' && typeof value.value === 'boolean';
export const isNone = (value: Value): boolean => value.kind === 'constant' && value.value === null;

/** A union keeps at most this many options; real programs choose between two or three models or optimizers. */
export const MAX_OPTIONS = 4;

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'unknown':
      return true;
    case 'constant':
      return Object.is(a.value, (b as ConstantValue).value);
    case 'reference':
      return a.id === (b as ReferenceValue).id;
    case 'external':
      return a.path === (b as ExternalValue).path;
    case 'namespace':
      return a.name === (b as NamespaceValue).name && a.imports === (b as NamespaceValue).imports;
    case 'importedName':
      return a.name === (b as ImportedNameValue).name && sameValue(a.from, (b as ImportedNameValue).from);
    case 'parameter':
      return a.atom === (b as ParameterValue).atom;
    case 'atomName': {
      const other = b as AtomNameValue;
      return (
        a.atom === other.atom &&
        a.strip === other.strip &&
        a.add === other.add &&
        a.transform === other.transform
      );
    }
    case 'someParameter': {
      const { atoms } = b as SomeParameterValue;
      return a.atoms.length === atoms.length && a.atoms.every((atom, index) => atom === atoms[index]);
    }
    case 'tensor': {
      const other = b as TensorValue;
      if (a.origin !== other.origin || !sameGraph(a.graph, other.graph)) return false;
      if (a.shape?.join() !== other.shape?.join()) return false;
      return a.of === other.of || (a.of !== null && other.of !== null && sameValue(a.of, other.of));
    }
    case 'tuple':
      return sameValues(a.items, (b as TupleValue).items);
    case 'union':
      return sameValues(a.options, (b as UnionValue).options);
    case 'class':
      return a.info === (b as ClassValue).info;
    case 'method':
      return a.name === (b as MethodValue).name && sameValue(a.receiver, (b as MethodValue).receiver);
    case 'function': {
      const other = b as FunctionValue;
      return (
        a.definition === other.definition &&
        a.scopes.length === other.scopes.length &&
        a.scopes.every((scope, index) => scope === other.scopes[index]) &&
        a.binding === other.binding &&
        (a.self === other.self || (a.self !== null && other.self !== null && sameValue(a.self, other.self)))
      );
    }
    case 'super':
      return a.owner === (b as SuperValue).owner && sameValue(a.self, (b as SuperValue).self);
    case 'partial':
      return false;
  }
}

export function sameGraph(a: Graph | null | undefined, b: Graph | null | undefined): boolean {
  if (!a || !b) return !a && !b;
  return a.kind === b.kind && a.at === b.at && a.byMode === b.byMode;
}

function sameValues(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, index) => sameValue(value, b[index] ?? UNKNOWN));
}

const optionsOf = (value: Value): readonly Value[] => (value.kind === 'union' ? value.options : [value]);

/**
 * Either of two values. Past `maximum` the union collapses; `dropped` then receives the options that can
 * no longer be told, so that the caller can make what they reach unknown.
 */
export function joinValues(
  a: Value,
  b: Value,
  dropped: (value: Value) => void,
  maximum = MAX_OPTIONS,
): Value {
  if (sameValue(a, b)) return a;
  const options: Value[] = [];
  for (const option of [...optionsOf(a), ...optionsOf(b)]) {
    if (!options.some((known) => sameValue(known, option))) options.push(option);
  }
  if (options.length > maximum) {
    // Differing constants are counters and settings: "unknown" loses nothing a rule would ask.
    for (const option of options) dropped(option);
    return UNKNOWN;
  }
  return { kind: 'union', options };
}
