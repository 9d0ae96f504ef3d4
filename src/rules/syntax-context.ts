/** What rules ask of the syntax around the place of an event: its text, its block, what encloses it. */
import { LineIndex } from '../python/positions.ts';
import type {
  Attribute,
  Call,
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Lambda,
  Module,
  Span,
  Statement,
} from '../python/syntax.ts';
import { boundNames, children, dottedName, isStatement, type SyntaxNode, walk } from '../python/walk.ts';
import type { RuleContext } from './rule.ts';

/** The source of a span. */
export const textOf = (module: Module, span: Span): string => module.text.slice(span.start, span.end);

export const sameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/**
 * The line of a place for a message, counted from 1: `line 12`, or `line 12 of solver.py` for an imported file, or
 * `line 2 of cell 3` in a notebook.
 */
export function lineInWords(
  { module, trace, cells }: Pick<RuleContext, 'module' | 'trace' | 'cells'>,
  span: Span,
): string {
  const place = trace.locate(span);
  const lines = new LineIndex(place?.file.text ?? module.text);
  const rowOf = (offset: number): number => lines.positionAt(offset).row;
  const row = rowOf((place?.span ?? span).start);
  if (place) return `line ${row + 1} of ${place.file.path.split('/').at(-1)}`;
  const cell = cells.find(({ start, end }) => start <= span.start && span.start < end);
  return cell ? `line ${row - rowOf(cell.start) + 1} of cell ${cell.number}` : `line ${row + 1}`;
}

const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The nodes around a span, outermost first; the last one may be the node of that very span. */
export function enclosing(module: Module, span: Span): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  let candidates: Iterable<SyntaxNode> = module.body;
  for (;;) {
    let inner: SyntaxNode | null = null;
    for (const node of candidates) if (contains(node, span)) inner = node;
    if (!inner) return found;
    found.push(inner);
    candidates = children(inner);
  }
}

/** The innermost statement around a span. */
export function statementAround(module: Module, span: Span): Statement | null {
  return enclosing(module, span).findLast(isStatement) ?? null;
}

/** Whether a notebook shows the value of an expression: it is the last statement of its cell. */
export function isShown({ module, cells }: Pick<RuleContext, 'module' | 'cells'>, expression: Span): boolean {
  const cell = cells.find(({ start, end }) => start <= expression.start && expression.start < end);
  if (!cell) return false;
  const last = module.body.findLast(({ start }) => cell.start <= start && start < cell.end);
  return last?.kind === 'expressionStatement' && contains(last, expression);
}

/** Whether a statement has its line to itself, apart from a comment, so that a block may take its place. */
export function standsAlone(module: Module, statement: Statement): boolean {
  const lines = new LineIndex(module.text);
  const first = lines.lineSpan(lines.positionAt(statement.start).row);
  const last = lines.lineSpan(lines.positionAt(statement.end).row);
  return (
    module.text.slice(first.start, statement.start).trim() === '' &&
    /^\s*(?:#.*)?$/.test(module.text.slice(statement.end, last.end))
  );
}

/** The call of exactly this span, as `setattr(...)` is. */
export function callAt(module: Module, span: Span): Call | null {
  const node = enclosing(module, span).findLast((one) => sameSpan(one, span) && one.kind === 'call');
  return node?.kind === 'call' ? node : null;
}

/** Whether the value of a call is thrown away: a statement of its own, or the element of a comprehension that is one. */
export function isDiscarded(module: Module, call: Call): boolean {
  const statement = statementAround(module, call);
  if (statement?.kind !== 'expressionStatement') return false;
  const { expression } = statement;
  if (expression.kind === 'comprehension') {
    return expression.form !== 'generator' && sameSpan(expression.element, call);
  }
  return sameSpan(expression, call);
}

/** Names that a statement at this place must not rebind: loop variables around it, parameters of its function. */
export function namesInUse(module: Module, span: Span): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of enclosing(module, span)) {
    if (node.kind === 'for') for (const name of boundNames(node.target)) names.add(name);
    if (node.kind === 'functionDefinition') for (const { name } of node.parameters) names.add(name);
  }
  return names;
}

/** The variable that this program's loops over parameters use, or `param`; never one in use at the place. */
export function loopVariable(module: Module, span: Span): string {
  const inUse = namesInUse(module, span);
  return loopVariables(module).find((name) => !inUse.has(name)) ?? 'parameter_';
}

/** Names for the variable of a loop over parameters, those that this program uses first. */
export function loopVariables({ text }: Module): readonly string[] {
  const own = text.matchAll(
    /\bfor (?:(\w+) in [\w.[\]]+\.parameters|\w+, (\w+) in [\w.[\]]+\.named_parameters)\(\)/g,
  );
  return [...[...own].map(([, single, second]) => single ?? second ?? 'param'), 'param', 'parameter', 'p'];
}

/** A class of the program by its name, with those of its ancestors that the program defines. */
function classesNamed(module: Module, name: string): readonly ClassDefinition[] {
  const all = new Map<string, ClassDefinition>();
  for (const statement of module.body) {
    for (const node of walk(statement)) if (node.kind === 'classDefinition') all.set(node.name, node);
  }
  const found: ClassDefinition[] = [];
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const definition = all.get(next);
    if (!definition || found.includes(definition)) continue;
    found.push(definition);
    for (const { value } of definition.bases) {
      const base = dottedName(value);
      if (base !== null) pending.push(base);
    }
  }
  return found;
}

/** Whether the file has a function or method of this name. */
export const definesFunction = (module: Module, name: string): boolean =>
  module.body.some((statement) =>
    [...walk(statement)].some((node) => node.kind === 'functionDefinition' && node.name === name),
  );

/** Whether a function is called by `()` and by nothing else: any other decorator may make a property of it. */
export const isUndecorated = (definition: FunctionDefinition | Lambda): boolean =>
  definition.kind === 'lambda' ||
  definition.decorators.every((decorator) =>
    /(?:^|\.)(?:staticmethod|classmethod|no_grad|enable_grad|inference_mode)$/.test(
      dottedName(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
    ),
  );

/** Whether a class or an ancestor in the program reads `self.name`, so that the attribute is its own. */
export function readsOnSelf(module: Module, className: string, name: string): boolean {
  return classesNamed(module, className).some((definition) =>
    [...walk(definition)].some((node) => {
      if (node.kind === 'assignment' || node.kind === 'annotatedAssignment') return false;
      return [...children(node)].some(
        (child) =>
          child.kind === 'attribute' &&
          child.name === name &&
          child.object.kind === 'name' &&
          child.object.id === 'self',
      );
    }),
  );
}

/** Whether a guard around the place asks what kind of thing `receiver` is, or expects that the attribute is missing. */
export function isGuarded(module: Module, span: Span, receiver: Expression | null): boolean {
  return enclosing(module, span).some((node) => {
    if (node.kind === 'if') {
      const test = textOf(module, node.test);
      const asked = receiver ? textOf(module, receiver) : '';
      return (
        /\b(?:hasattr|is_tensor|isinstance|getattr|is_leaf|dtype|is_floating_point)\b/.test(test) &&
        (test.includes(`${asked},`) || test.includes(`(${asked})`) || test.includes(`${asked}.`))
      );
    }
    if (node.kind === 'try') {
      return (
        node.body.some((one) => contains(one, span)) &&
        node.handlers.some(({ type }) => type && textOf(module, type).includes('AttributeError'))
      );
    }
    return false;
  });
}

/** Whether a `try` around the place catches this exception, or a test says that it comes. */
export function isExpected(module: Module, span: Span, error: string): boolean {
  const expects = new RegExp(`\\b(?:Base)?(?:${error}|Exception)\\b`);
  return enclosing(module, span).some((node) => {
    if (node.kind === 'with') {
      return node.items.some(({ context }) =>
        /\b(?:suppress|raises|assertRaises\w*)\(/.test(textOf(module, context)),
      );
    }
    return (
      node.kind === 'try' &&
      node.body.some((one) => contains(one, span)) &&
      node.handlers.some(({ type }) => !type || expects.test(textOf(module, type)))
    );
  });
}

/** The assignment of which this attribute is the only target; null for chained and tuple targets. */
export function plainAssignment(
  module: Module,
  target: Expression,
): (Statement & { kind: 'assignment' }) | null {
  const statement = statementAround(module, target);
  if (statement?.kind !== 'assignment' || statement.targets.length !== 1) return null;
  const [only] = statement.targets;
  return only && sameSpan(only, target) ? statement : null;
}

/** The source of an expression on one line, as a message can quote it; parts of long ones become `...`. */
export function quoted(module: Module, span: Span): string {
  const text = textOf(module, span).replace(/\s+/g, ' ');
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 3).trimEnd()}...`;
}

/** Longer code in a message hides what the message says. */
const LONGEST_QUOTE = 60;

/** The source of an expression, in parentheses where a dot after it would not bind to all of it. */
export function receiverText(module: Module, expression: Expression): string {
  const text = textOf(module, expression);
  return /^(?:name|attribute|call|subscript)$/.test(expression.kind) ? text : `(${text})`;
}

/** The source of an expression as the only argument of a call. */
export function argumentText(module: Module, expression: Expression): string {
  const text = textOf(module, expression);
  return /^(?:tuple|yield|starred|namedExpression)$/.test(expression.kind) && !text.startsWith('(')
    ? `(${text})`
    : text;
}

/** What was set: the object and the value, also for `setattr(object, 'name', value)`. */
export interface AssignedCode {
  readonly object: Expression;
  readonly value: Expression;
  /** What a fix replaces to turn the assignment into another statement; null where more is assigned with it. */
  readonly whole: Span | null;
}

/** The code of an attribute assignment; null where it is neither a plain one nor a call of setattr. */
export function assignedCode(
  module: Module,
  { target, span, valueNode }: { target: Attribute | null; span: Span; valueNode: Expression },
): AssignedCode | null {
  if (target) {
    return { object: target.object, value: valueNode, whole: plainAssignment(module, target) };
  }
  const call = callAt(module, span);
  const object = call?.args[0]?.value;
  return object ? { object, value: valueNode, whole: call } : null;
}

/** Whether some `if`, `while` or conditional expression asks for the attribute `name` of the same object. */
export function isTested(module: Module, object: Expression, name: string): boolean {
  const wanted = `${textOf(module, object)}.${name}`;
  const asks = (test: Expression): boolean =>
    [...walk(test)].some((node) => node.kind === 'attribute' && textOf(module, node) === wanted);
  for (const statement of module.body) {
    for (const node of walk(statement)) {
      if (!/^(?:if|while|conditional)$/.test(node.kind) || !('test' in node)) continue;
      if (asks(node.test)) return true;
    }
  }
  return false;
}

/** `.data`, `.detach()` or `.clone()` at the end of an expression, all of them where they are chained; else null. */
export function copyingPart(expression: Expression): Span | null {
  let inner = expression;
  for (;;) {
    const attribute = inner.kind === 'call' && inner.args.length === 0 ? inner.callee : inner;
    if (attribute.kind !== 'attribute') break;
    if (attribute !== inner ? !/^(?:detach|clone|cpu)$/.test(attribute.name) : attribute.name !== 'data')
      break;
    inner = attribute.object;
  }
  return inner === expression ? null : { start: inner.end, end: expression.end };
}

/** What a statement at this place writes to: the target of an assignment, else the place itself. */
export function writtenAt(module: Module, place: Span): Span {
  const statement = statementAround(module, place);
  if (statement?.kind !== 'assignment') return place;
  const targets = statement.targets.flatMap((target): Expression[] =>
    target.kind === 'tuple' || target.kind === 'list' ? [...target.elements] : [target],
  );
  const around = targets.find((target) => contains(target, place) || contains(place, target));
  return around ?? place;
}
