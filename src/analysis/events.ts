/** What a trace lists, in the order in which it happens: of flags, attributes, modules and names, and of training. */
import type {
  Attribute,
  BooleanOperation,
  Call,
  Comparison,
  Expression,
  FunctionDefinition,
  Lambda,
  Span,
} from '../python/syntax.ts';
import type { AtomId } from './state/atoms.ts';
import type { ModuleIteration } from './state/heap.ts';
import type { ClassInfo, NameListing, TensorOrigin, Value } from './state/values.ts';
import type {
  Backward,
  CheckpointedWithoutInput,
  EvaluatedPartTrains,
  FlagsFlattened,
  GradientsZeroed,
  GroupAdded,
  GroupRefused,
  InferenceTensorKept,
  OptimizerBuilt,
  SchedulerBuilt,
  StateSaved,
  StatisticsFollow,
  TrainingEvent,
  WrapperIsStale,
} from './training-events.ts';

/** What a flag or attribute was set on, as far as a rule needs to know. */
export interface Receiver {
  readonly what:
    | 'module'
    | 'parameter'
    | 'tensor'
    | 'collection'
    | 'iterator'
    | 'instance'
    | 'optimizer'
    | 'library'
    | 'unknown';
  /** True where every way to reach the statement gives this kind. */
  readonly certain: boolean;
  /** Identity for evidence that arrives later in the program; null for parameters and tensors. */
  readonly identity: string | null;
  readonly className: string;
  /** For a module: its parameters; for a Parameter or a copy of one: that parameter. */
  readonly atoms: readonly AtomId[];
  /** Whether `atoms` is everything. */
  readonly complete: boolean;
  /** For a tensor: how it came about. */
  readonly origin: TensorOrigin | null;
  /** For a tensor that certainly was computed from something that asks for a gradient: where. */
  readonly computedAt: Span | null;
  /** True where the class defines the attribute itself (a property, a slot, an own field). */
  readonly ownAttribute: boolean;
  /** The flag before, as may-bits over all atoms; 0 for none. */
  readonly flagBefore: number;
}

/** `receiver.attribute = value`, also through setattr with a literal name. */
export interface AttributeAssigned {
  readonly kind: 'attributeAssigned';
  readonly span: Span;
  /** The attribute expression; null for setattr. */
  readonly target: Attribute | null;
  readonly attribute: string;
  readonly receiver: Receiver;
  readonly value: Value;
  readonly valueNode: Expression;
  /** True inside `__init__` and friends where `self` is still being made. */
  readonly onSelf: boolean;
}

/**
 * A call `receiver.name(...)` of a method name that looks like the flag, `requires_grad(False)`, or of
 * `requires_grad_` on a tensor that is no Parameter.
 */
export interface FlagMethodCalled {
  readonly kind: 'flagMethodCalled';
  readonly call: Call;
  readonly attribute: Attribute;
  readonly receiver: Receiver;
}

/** `receiver.requires_grad_` was looked up, to call it or by mistake instead of the flag. */
export interface FlagMethodRead {
  readonly kind: 'flagMethodRead';
  readonly attribute: Attribute;
  readonly receiver: Receiver;
}

/** `receiver.requires_grad == value` as a statement, whose answer is thrown away. */
export interface FlagCompared {
  readonly kind: 'flagCompared';
  readonly comparison: Comparison;
  readonly attribute: Attribute;
  readonly receiver: Receiver;
  readonly value: Value;
}

/** A statement that only names a method or function, without calling it. */
export interface CallForgotten {
  readonly kind: 'callForgotten';
  /** The whole statement, an attribute or a name. */
  readonly expression: Expression;
  /** What it is a method of; null for a function. */
  readonly receiver: Receiver | null;
  /** Where the program defines it; null for a method of PyTorch. */
  readonly definition: FunctionDefinition | Lambda | null;
  /** Whether it would set requires_grad of something if it ran. */
  readonly setsFlags: boolean;
}

/** A statement that makes a `map`, a `filter` or a generator, which does nothing until something takes its items. */
export interface IteratorDropped {
  readonly kind: 'iteratorDropped';
  readonly expression: Expression;
  /** The generator function that was called; null for anything else. */
  readonly definition: FunctionDefinition | Lambda | null;
  /** Whether it would set requires_grad of something if its items were taken. */
  readonly setsFlags: boolean;
}

/** `self.name = value` in a class that has a method of that name, which the attribute hides from then on. */
export interface MethodShadowed {
  readonly kind: 'methodShadowed';
  readonly target: Attribute;
  readonly className: string;
  readonly method: FunctionDefinition;
  readonly value: Value;
  readonly valueNode: Expression;
}

/** A write of requires_grad that reaches parameters. `value` is null where it is unknown. */
export interface FlagWritten {
  readonly kind: 'flagWritten';
  readonly span: Span;
  readonly atoms: readonly AtomId[];
  readonly value: boolean | null;
  /** False where only some of the atoms were written. */
  readonly certain: boolean;
  /** Earlier writes that this one may have written over. */
  readonly overwrites: readonly Span[];
}

/** What reached it may be changed by code the analysis does not see. */
export interface Escaped {
  readonly kind: 'escaped';
  readonly span: Span;
  readonly atoms: readonly AtomId[];
}

/** A second full use of a one-shot iterator. */
export interface IteratorReused {
  readonly kind: 'iteratorReused';
  readonly span: Span;
  readonly usedAt: Span;
  readonly built: Span;
  /** What it is: `parameters`, `filter`, `generator`... */
  readonly source: string;
  /** True where PyTorch certainly raises (an empty parameter list). */
  readonly raises: boolean;
}

/** A new layer was put into a model from outside of the model's constructor: `model.fc = nn.Linear(512, 10)`. */
export interface LayerPutIn {
  readonly kind: 'layerPutIn';
  readonly span: Span;
  readonly name: string;
  /** Which execution of the statement it was: one in which the model may be one of several gives an event for each. */
  readonly execution: string;
  /** Whether the model had something of this name before, on some path. */
  readonly replaces: boolean;
  readonly model: PutInto;
}

/** The model that a layer was put into. */
export interface PutInto {
  /** False where it is not even certain that it is a module. */
  readonly certain: boolean;
  readonly className: string;
  /** The factory that made it, if it is an architecture of torchvision. */
  readonly architecture: string | null;
  /** Its class and all ancestors that the program defines; empty for a library class. */
  readonly classes: readonly ClassInfo[];
  /** Whether all children and parameters are known. */
  readonly complete: boolean;
  /** The last layer, if it is linear: the way to it, and how many inputs it takes. */
  readonly head: { readonly path: readonly string[]; readonly inputs: number } | null;
  /** May-bits of the flags of all its parameters, without the new ones; 0 for none. */
  readonly flags: number;
  /** For a wrapper whose forward() runs another module: the attribute that holds that one, and whether it has the name too. */
  readonly wraps: { readonly attribute: string; readonly hasName: boolean | null } | null;
}

/** A constructor keeps a tensor that asks for a gradient, but is no Parameter, as an attribute of its module. */
export interface LeafKeptOnModule {
  readonly kind: 'leafKeptOnModule';
  readonly span: Span;
  readonly name: string;
  readonly className: string;
}

/** What a test asks of a name: that it contains, is, begins or ends with a text. */
export type NameOperation = 'contains' | 'equals' | 'prefix' | 'suffix';

/** The name of a parameter or a module, as a module gave it. */
export interface TestedName {
  readonly what: 'parameter' | 'module';
  /** Null for the names of a class of an unknown module's parameters. */
  readonly text: string | null;
  /** What else was given with it; null where the text is. */
  readonly listing: NameListing | null;
  /** For an unknown module: the checkpoint that it was loaded from, if the program says which. */
  readonly madeFrom: string | null;
}

/** A test on one name, or on all names of a class: `"fc" in name`, `name.startswith(("layer1", "layer2"))`. */
export interface NameTested {
  readonly kind: 'nameTested';
  /** The comparison, or the call. */
  readonly span: Span;
  readonly operation: NameOperation;
  /** Texts of which any one will do. */
  readonly texts: readonly string[];
  readonly name: TestedName;
  /** Whether the name passes, whatever `not` is around it; null where it cannot be told. */
  readonly passes: boolean | null;
}

/** A text that is an operand of `and` or `or` beside a test on a name, and is true by itself: `"a" or "b" in name`. */
export interface TextAsCondition {
  readonly kind: 'textAsCondition';
  readonly operation: BooleanOperation;
  readonly what: 'parameter' | 'module';
}

/**
 * A use of `parameters()`, or of one of its sisters, that Python refuses with an exception. The analysis reads on as
 * if it had been mended.
 */
export interface Refused {
  readonly kind: 'refused';
  /** What is used: the method, not called; what its call gives; the pair or the item that comes out of that. */
  readonly what: 'method' | 'iterator' | 'pair' | 'item';
  /** What is asked of it. `perhapsUnpack` succeeds by chance where a parameter has two rows. */
  readonly use: 'iterate' | 'index' | 'len' | 'reverse' | 'add' | 'attribute' | 'unpack' | 'perhapsUnpack';
  /** Where it is used. */
  readonly span: Span;
  /** Where the method is called, or looked up if it is not. */
  readonly made: Span;
  readonly method: ModuleIteration;
  /** The attribute that is read or set; null for other uses and through setattr. */
  readonly at: Expression | null;
  /** The module. */
  readonly receiver: Receiver;
}

/** A value for requires_grad that PyTorch refuses, as it is no bool. The analysis reads on with what is meant by it. */
export interface FlagRefused {
  readonly kind: 'flagRefused';
  readonly span: Span;
  /** An assignment of the attribute, a call of `requires_grad_`, or of `nn.Parameter`. */
  readonly form: 'assignment' | 'method' | 'constructor';
  readonly receiver: Receiver;
  readonly value: Value;
  /** Python's name for its type. */
  readonly type: string;
  readonly code: Expression;
}

export type TraceEvent =
  | AttributeAssigned
  | FlagMethodCalled
  | FlagMethodRead
  | FlagCompared
  | CallForgotten
  | IteratorDropped
  | MethodShadowed
  | FlagWritten
  | Escaped
  | OptimizerBuilt
  | SchedulerBuilt
  | GradientsZeroed
  | GroupAdded
  | GroupRefused
  | IteratorReused
  | LayerPutIn
  | LeafKeptOnModule
  | NameTested
  | TextAsCondition
  | Refused
  | Backward
  | WrapperIsStale
  | FlagsFlattened
  | CheckpointedWithoutInput
  | EvaluatedPartTrains
  | InferenceTensorKept
  | FlagRefused
  | StatisticsFollow
  | StateSaved
  | TrainingEvent;
