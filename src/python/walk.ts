import type { Expression, Module, Parameter, Statement } from './syntax.ts';

export type SyntaxNode = Expression | Statement;

/**
 * The expressions and statements directly inside a node, in source order. What lies inside an
 * argument, a parameter, a handler or a case counts as directly inside.
 */
export function* children(node: SyntaxNode): Generator<SyntaxNode, void, undefined> {
  switch (node.kind) {
    case 'name':
    case 'string':
    case 'number':
    case 'boolean':
    case 'none':
    case 'ellipsis':
    case 'errorExpression':
    case 'errorStatement':
    case 'pass':
    case 'break':
    case 'continue':
    case 'import':
    case 'importFrom':
    case 'global':
    case 'nonlocal':
      return;
    case 'attribute':
      yield node.object;
      return;
    case 'call':
      yield node.callee;
      for (const argument of node.args) {
        yield argument.value;
      }
      return;
    case 'subscript':
      yield node.object;
      yield node.index;
      return;
    case 'slice':
      yield* present(node.lower, node.upper, node.step);
      return;
    case 'formatString':
      for (const part of node.parts) {
        if (typeof part !== 'string') {
          yield part.expression;
        }
      }
      return;
    case 'tuple':
    case 'list':
    case 'set':
      yield* node.elements;
      return;
    case 'dictionary':
      for (const entry of node.entries) {
        yield* present(entry.key, entry.value);
      }
      return;
    case 'unary':
      yield node.operand;
      return;
    case 'binary':
    case 'booleanOperation':
      yield node.left;
      yield node.right;
      return;
    case 'comparison':
      yield node.left;
      for (const { right } of node.rest) {
        yield right;
      }
      return;
    case 'conditional':
      yield node.body;
      yield node.test;
      yield node.orelse;
      return;
    case 'lambda':
      yield* ofParameters(node.parameters);
      yield node.body;
      return;
    case 'comprehension':
      yield* present(node.element, node.value);
      for (const clause of node.clauses) {
        yield clause.target;
        yield clause.iterable;
        yield* clause.conditions;
      }
      return;
    case 'starred':
    case 'await':
      yield node.value;
      return;
    case 'yield':
    case 'return':
      yield* present(node.value);
      return;
    case 'namedExpression':
    case 'augmentedAssignment':
      yield node.target;
      yield node.value;
      return;
    case 'expressionStatement':
      yield node.expression;
      return;
    case 'assignment':
      yield* node.targets;
      yield node.value;
      return;
    case 'annotatedAssignment':
      yield node.target;
      yield node.annotation;
      yield* present(node.value);
      return;
    case 'if':
    case 'while':
      yield node.test;
      yield* node.body;
      yield* node.orelse;
      return;
    case 'for':
      yield node.target;
      yield node.iterable;
      yield* node.body;
      yield* node.orelse;
      return;
    case 'with':
      for (const item of node.items) {
        yield* present(item.context, item.target);
      }
      yield* node.body;
      return;
    case 'try':
      yield* node.body;
      for (const handler of node.handlers) {
        yield* present(handler.type);
        yield* handler.body;
      }
      yield* node.orelse;
      yield* node.finalbody;
      return;
    case 'match':
      yield node.subject;
      for (const matchCase of node.cases) {
        yield* present(...(matchCase.values ?? []), ...(matchCase.classes ?? []));
        for (const { key, values } of matchCase.mapping ?? []) yield* present(key, ...(values ?? []));
        yield* present(matchCase.guard);
        yield* matchCase.body;
      }
      return;
    case 'functionDefinition':
      yield* node.decorators;
      yield* ofParameters(node.parameters);
      yield* present(node.returns);
      yield* node.body;
      return;
    case 'classDefinition':
      yield* node.decorators;
      for (const base of node.bases) {
        yield base.value;
      }
      yield* node.body;
      return;
    case 'raise':
      yield* present(node.exception);
      return;
    case 'delete':
      yield* node.targets;
      return;
    case 'assert':
      yield node.test;
      return;
  }
}

function* present(...nodes: readonly (Expression | null)[]): Generator<Expression, void, undefined> {
  for (const node of nodes) {
    if (node !== null) {
      yield node;
    }
  }
}

function* ofParameters(parameters: readonly Parameter[]): Generator<Expression, void, undefined> {
  for (const parameter of parameters) {
    yield* present(parameter.annotation, parameter.defaultValue);
  }
}

/** The node and everything inside it, nested functions and classes too, each before its children. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode, void, undefined> {
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    pending.push(...[...children(next)].reverse());
  }
}

/** The expressions among `walk(node)`. */
export function* walkExpressions(node: SyntaxNode): Generator<Expression, void, undefined> {
  for (const inner of walk(node)) {
    if (!isStatement(inner)) {
      yield inner;
    }
  }
}

const statementKinds: ReadonlySet<string> = new Set<Statement['kind']>([
  'expressionStatement',
  'assignment',
  'annotatedAssignment',
  'augmentedAssignment',
  'if',
  'for',
  'while',
  'with',
  'try',
  'match',
  'functionDefinition',
  'classDefinition',
  'return',
  'raise',
  'delete',
  'pass',
  'break',
  'continue',
  'import',
  'importFrom',
  'global',
  'nonlocal',
  'assert',
  'errorStatement',
]);

export function isStatement(node: SyntaxNode): node is Statement {
  return statementKinds.has(node.kind);
}

/**
 * The innermost statement at an offset, null between statements. The end of a statement still
 * belongs to it, unless the next one starts there.
 */
export function statementAt(module: Module, offset: number): Statement | null {
  let found: Statement | null = null;
  let candidates: Iterable<SyntaxNode> = module.body;
  for (;;) {
    let inner: Statement | null = null;
    for (const node of candidates) {
      if (isStatement(node) && node.start <= offset && offset <= node.end) {
        inner = node;
      }
    }
    if (inner === null) {
      return found;
    }
    found = inner;
    candidates = children(inner);
  }
}

/** `a.b.c` for a name or for attributes of one, else null. */
export function dottedName(expression: Expression): string | null {
  const names: string[] = [];
  let inner = expression;
  while (inner.kind === 'attribute') {
    names.push(inner.name);
    inner = inner.object;
  }
  return inner.kind === 'name' ? [inner.id, ...names.reverse()].join('.') : null;
}

/** The names an assignment to `target` binds, in source order; attributes and subscripts bind none. */
export function boundNames(target: Expression): string[] {
  switch (target.kind) {
    case 'name':
      return [target.id];
    case 'starred':
      return boundNames(target.value);
    case 'tuple':
    case 'list':
      return target.elements.flatMap(boundNames);
    default:
      return [];
  }
}
