/**
 * The project's own Python syntax tree: small, typed, immutable, free of tree-sitter.
 *
 * Every node carries its place in the source as a half-open span of UTF-16 offsets, so that a
 * node can be kept after the parser's tree is deleted and a fix can cut it out of the text.
 */

/**
 * A half-open range `[start, end)` of UTF-16 code units from the start of the document. Where several files make one
 * program, each has a range of offsets to itself (`Module.start`), so that a span also tells its file.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Node extends Span {
  readonly kind: string;
}

// ---------------------------------------------------------------- expressions

export interface Name extends Node {
  readonly kind: 'name';
  readonly id: string;
}

/** `object.name`; `nameSpan` is the span of the identifier after the dot. */
export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
}

/** One argument of a call or of a class header. */
export interface Argument extends Span {
  readonly form: 'positional' | 'keyword' | 'star' | 'doubleStar';
  /** The keyword's name; null for the other forms. */
  readonly name: string | null;
  readonly value: Expression;
}

/** `callee(arguments)`; a lone generator argument, `f(x for x in y)`, is one positional argument. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Argument[];
  /** The span of the argument list with its parentheses. */
  readonly argsSpan: Span;
}

/** `object[index]`; several indices come as one tuple. */
export interface Subscript extends Node {
  readonly kind: 'subscript';
  readonly object: Expression;
  readonly index: Expression;
}

export interface Slice extends Node {
  readonly kind: 'slice';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}

/** A string literal after concatenation of adjacent parts and unescaping; `bytes` for `b''`. */
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
  readonly bytes: boolean;
}

/** An f-string (or t-string), also when concatenated with plain parts. */
export interface FormatString extends Node {
  readonly kind: 'formatString';
  /** Literal text and interpolated expressions in order; format specs and conversions are dropped
   *  (`plain` is false on a part that has one). */
  readonly parts: readonly (string | { readonly expression: Expression; readonly plain: boolean })[];
}

/** An int or float literal; `value` is NaN for complex numbers. */
export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly value: number;
  readonly integer: boolean;
}

export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NoneLiteral extends Node {
  readonly kind: 'none';
}

export interface EllipsisLiteral extends Node {
  readonly kind: 'ellipsis';
}

/** `(a, b)`, `[a, b]` or `{a, b}`; elements may be `starred`. */
export interface Sequence extends Node {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly elements: readonly Expression[];
}

/** `{key: value, **mapping}`; a null key marks `**value`. */
export interface Dictionary extends Node {
  readonly kind: 'dictionary';
  readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[];
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: 'not' | '-' | '+' | '~';
  readonly operand: Expression;
}

export interface Binary extends Node {
  readonly kind: 'binary';
  /** The operator as written: `+ - * / // % ** @ << >> & | ^`. */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** `left and right` or `left or right`; longer chains nest to the left, as in the source. */
export interface BooleanOperation extends Node {
  readonly kind: 'booleanOperation';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';

export interface Comparison extends Node {
  readonly kind: 'comparison';
  readonly left: Expression;
  /** At least one; more for a chain such as `a < b < c`. */
  readonly rest: readonly {
    readonly operator: ComparisonOperator;
    readonly operatorSpan: Span;
    readonly right: Expression;
  }[];
}

/** `body if test else orelse` */
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly body: Expression;
  readonly orelse: Expression;
}

export interface Lambda extends Node {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

export interface ComprehensionClause extends Span {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
  readonly isAsync: boolean;
}

export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly form: 'list' | 'set' | 'dictionary' | 'generator';
  /** The element, or the key of a dictionary comprehension. */
  readonly element: Expression;
  /** The value of a dictionary comprehension, else null. */
  readonly value: Expression | null;
  readonly clauses: readonly ComprehensionClause[];
}

/** `*value` inside a sequence or as an assignment target. */
export interface Starred extends Node {
  readonly kind: 'starred';
  readonly value: Expression;
}

export interface Await extends Node {
  readonly kind: 'await';
  readonly value: Expression;
}

export interface Yield extends Node {
  readonly kind: 'yield';
  readonly value: Expression | null;
  readonly delegates: boolean;
}

/** `(target := value)` */
export interface NamedExpression extends Node {
  readonly kind: 'namedExpression';
  readonly target: Name;
  readonly value: Expression;
}

/** Text the grammar could not understand. */
export interface ErrorExpression extends Node {
  readonly kind: 'errorExpression';
}

export type Expression =
  | Name
  | Attribute
  | Call
  | Subscript
  | Slice
  | StringLiteral
  | FormatString
  | NumberLiteral
  | BooleanLiteral
  | NoneLiteral
  | EllipsisLiteral
  | Sequence
  | Dictionary
  | Unary
  | Binary
  | BooleanOperation
  | Comparison
  | Conditional
  | Lambda
  | Comprehension
  | Starred
  | Await
  | Yield
  | NamedExpression
  | ErrorExpression;

// ----------------------------------------------------------------- statements

/** A parameter of a `def` or `lambda`. */
export interface Parameter extends Span {
  /** `star` is `*args`, `doubleStar` is `**kwargs`; the bare `*` and `/` markers are not listed. */
  readonly form: 'positionalOnly' | 'normal' | 'keywordOnly' | 'star' | 'doubleStar';
  readonly name: string;
  readonly annotation: Expression | null;
  readonly defaultValue: Expression | null;
}

export interface ExpressionStatement extends Node {
  readonly kind: 'expressionStatement';
  readonly expression: Expression;
}

/** `a = b = value` has two targets. */
export interface Assignment extends Node {
  readonly kind: 'assignment';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}

/** `target: annotation` or `target: annotation = value` */
export interface AnnotatedAssignment extends Node {
  readonly kind: 'annotatedAssignment';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | null;
}

export interface AugmentedAssignment extends Node {
  readonly kind: 'augmentedAssignment';
  readonly target: Expression;
  /** The operator without `=`: `+`, `|`, ... */
  readonly operator: string;
  readonly value: Expression;
}

/** `elif` is an `if` alone in `orelse`. */
export interface If extends Node {
  readonly kind: 'if';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}

export interface For extends Node {
  readonly kind: 'for';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
  readonly isAsync: boolean;
}

export interface While extends Node {
  readonly kind: 'while';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}

export interface With extends Node {
  readonly kind: 'with';
  readonly items: readonly { readonly context: Expression; readonly target: Expression | null }[];
  readonly body: readonly Statement[];
  readonly isAsync: boolean;
}

export interface ExceptHandler extends Span {
  readonly type: Expression | null;
  readonly name: string | null;
  readonly body: readonly Statement[];
}

export interface Try extends Node {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Statement[];
  readonly finalbody: readonly Statement[];
}

/** A key of a mapping pattern. */
export interface MappingEntry {
  readonly key: Expression;
  /** What its value has to be, as for a whole pattern; null where it may be anything. */
  readonly values: readonly Expression[] | null;
  /** The name that is bound to its value. */
  readonly name: string | null;
}

export interface MatchCase extends Span {
  /** The literals and dotted names that it matches; null where the pattern is, or has, anything else. */
  readonly values: readonly Expression[] | null;
  /** The classes of `case Linear() | Conv2d():`; null for a pattern that is, or has, anything else. */
  readonly classes: readonly Expression[] | null;
  /** The keys of `case {'part': part, 'flag': 'on' | 1}:`; null for a pattern that is, or has, anything else. */
  readonly mapping: readonly MappingEntry[] | null;
  /** True for `case _:` and for a bare capture `case x:`, which match anything. */
  readonly irrefutable: boolean;
  /** Names the pattern binds. */
  readonly captures: readonly string[];
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
}

export interface Match extends Node {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}

export interface FunctionDefinition extends Node {
  readonly kind: 'functionDefinition';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  readonly returns: Expression | null;
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly isAsync: boolean;
  /** True if the body itself (not a nested function) contains `yield`. */
  readonly isGenerator: boolean;
}

export interface ClassDefinition extends Node {
  readonly kind: 'classDefinition';
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly Argument[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
}

export interface Return extends Node {
  readonly kind: 'return';
  readonly value: Expression | null;
}

export interface Raise extends Node {
  readonly kind: 'raise';
  readonly exception: Expression | null;
}

export interface Delete extends Node {
  readonly kind: 'delete';
  readonly targets: readonly Expression[];
}

/** `pass`, `break` and `continue`. */
export interface Simple extends Node {
  readonly kind: 'pass' | 'break' | 'continue';
}

/** `import a.b.c as d`; `path` is the dotted path, `alias` null where there is none. */
export interface Import extends Node {
  readonly kind: 'import';
  readonly names: readonly { readonly path: string; readonly alias: string | null }[];
}

/** `from ..module import name as alias`; `level` counts leading dots, names is null for `*`. */
export interface ImportFrom extends Node {
  readonly kind: 'importFrom';
  readonly module: string;
  readonly level: number;
  readonly names: readonly { readonly name: string; readonly alias: string | null }[] | null;
}

export interface ScopeDeclaration extends Node {
  readonly kind: 'global' | 'nonlocal';
  readonly names: readonly string[];
}

export interface Assert extends Node {
  readonly kind: 'assert';
  readonly test: Expression;
}

/** A statement the grammar could not understand; the analysis treats what it could reach as unknown. */
export interface ErrorStatement extends Node {
  readonly kind: 'errorStatement';
}

export type Statement =
  | ExpressionStatement
  | Assignment
  | AnnotatedAssignment
  | AugmentedAssignment
  | If
  | For
  | While
  | With
  | Try
  | Match
  | FunctionDefinition
  | ClassDefinition
  | Return
  | Raise
  | Delete
  | Simple
  | Import
  | ImportFrom
  | ScopeDeclaration
  | Assert
  | ErrorStatement;

/** A comment, `#` included, without the line end. */
export interface Comment extends Span {
  readonly text: string;
}

/** A whole Python document. */
export interface Module {
  readonly text: string;
  /** The offset of the first character of `text`: 0 unless the file is imported by another one. */
  readonly start: number;
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
  /** Spans of syntax errors (tree-sitter ERROR and MISSING nodes), in order; empty for a sound file. */
  readonly errors: readonly Span[];
}
