import type { ConcreteNode } from './concrete-tree.ts';
import { assignmentToTypeCall } from './grammar-corrections.ts';
import { lowerExpression } from './lower-expressions.ts';
import { errorStatement, rejected } from './lower-statements.ts';
import { childAfter, childOfType, hasChild, type Lowering, namedChildren } from './lowering.ts';
import type { Expression, Statement } from './syntax.ts';

/** Lowers a statement without a body, which has no unreadable text in it. */
export function lowerSimple(lowering: Lowering, node: ConcreteNode): Statement {
  const { start, end } = node;
  switch (node.type) {
    case 'expression_statement':
      return lowerExpressionStatement(lowering, node);
    case 'return_statement':
      return { kind: 'return', start, end, value: optionalExpression(lowering, namedChildren(node)[0]) };
    case 'raise_statement': {
      const first = node.children[1];
      const exception = first?.named ? first : undefined;
      return { kind: 'raise', start, end, exception: optionalExpression(lowering, exception) };
    }
    case 'delete_statement':
      return { kind: 'delete', start, end, targets: lowerDeleted(lowering, namedChildren(node)) };
    case 'type_alias_statement': {
      const assignment = assignmentToTypeCall(node);
      return assignment === undefined ? { kind: 'pass', start, end } : lowerAssignment(lowering, assignment);
    }
    case 'pass_statement':
      return { kind: 'pass', start, end };
    case 'break_statement':
      return { kind: 'break', start, end };
    case 'continue_statement':
      return { kind: 'continue', start, end };
    case 'assert_statement':
      return { kind: 'assert', start, end, test: lowerExpression(lowering, namedChildren(node)[0], node) };
    case 'global_statement':
    case 'nonlocal_statement': {
      const kind = node.type === 'global_statement' ? 'global' : 'nonlocal';
      return { kind, start, end, names: namedChildren(node).map((name) => lowering.identifier(name)) };
    }
    case 'import_statement': {
      const names = namedChildren(node).map((imported) => {
        const { name, alias } = importedName(lowering, imported);
        return { path: name, alias };
      });
      return { kind: 'import', start, end, names };
    }
    case 'import_from_statement':
    case 'future_import_statement':
      return lowerImportFrom(lowering, node);
    default:
      // `print x` and `exec x` of Python 2 among others.
      return rejected(lowering, node);
  }
}

export function optionalExpression(lowering: Lowering, node: ConcreteNode | undefined): Expression | null {
  return node === undefined ? null : lowerExpression(lowering, node, node);
}

function lowerExpressionStatement(lowering: Lowering, node: ConcreteNode): Statement {
  const { start, end } = node;
  const expressions = namedChildren(node);
  const first = expressions[0];
  const last = expressions.at(-1);
  if (first?.type === 'assignment') {
    return lowerAssignment(lowering, first);
  }
  if (first?.type === 'augmented_assignment') {
    if (first.broken) {
      return errorStatement(first);
    }
    const [target, value] = namedChildren(first);
    const operator = first.children.find((child) => !child.named)?.type ?? '=';
    return {
      kind: 'augmentedAssignment',
      start,
      end,
      target: lowerExpression(lowering, target, first),
      operator: operator.slice(0, -1),
      value: lowerExpression(lowering, value, first),
    };
  }
  if (first === undefined || last === undefined) {
    return rejected(lowering, node);
  }
  if (expressions.length === 1 && !hasChild(node, ',')) {
    return { kind: 'expressionStatement', start, end, expression: lowerExpression(lowering, first, node) };
  }
  const elements = expressions.map((expression) => lowerExpression(lowering, expression, node));
  return { kind: 'expressionStatement', start, end, expression: { kind: 'tuple', start, end, elements } };
}

/** `a = b = value` comes as an assignment whose right side is an assignment. */
function lowerAssignment(lowering: Lowering, node: ConcreteNode): Statement {
  const { start, end } = node;
  const annotation = childOfType(node, 'type');
  if (annotation !== undefined && !node.broken) {
    const value = childAfter(node, '=');
    return {
      kind: 'annotatedAssignment',
      start,
      end,
      target: lowerExpression(lowering, node.children[0], node),
      annotation: lowerExpression(lowering, annotation, node),
      value: optionalExpression(lowering, value),
    };
  }
  const targets: Expression[] = [];
  let inner: ConcreteNode | undefined = node;
  while (inner?.type === 'assignment') {
    if (inner.broken) {
      return errorStatement(node);
    }
    if (hasChild(inner, 'type')) {
      return rejected(lowering, node);
    }
    targets.push(lowerExpression(lowering, inner.children[0], inner));
    inner = childAfter(inner, '=');
  }
  return { kind: 'assignment', start, end, targets, value: lowerExpression(lowering, inner, node) };
}

/** `del (a, b), c` deletes three things. */
function lowerDeleted(lowering: Lowering, nodes: readonly ConcreteNode[]): Expression[] {
  return nodes.flatMap((node) => flattenTargets(lowerExpression(lowering, node, node)));
}

function flattenTargets(target: Expression): Expression[] {
  return target.kind === 'tuple' || target.kind === 'list'
    ? target.elements.flatMap(flattenTargets)
    : [target];
}

function importedName(lowering: Lowering, node: ConcreteNode): { name: string; alias: string | null } {
  if (node.type === 'aliased_import') {
    const [name, alias] = namedChildren(node);
    return {
      name: name === undefined ? '' : dottedPath(lowering, name),
      alias: alias === undefined ? null : lowering.identifier(alias),
    };
  }
  return { name: dottedPath(lowering, node), alias: null };
}

function dottedPath(lowering: Lowering, node: ConcreteNode): string {
  return namedChildren(node)
    .map((part) => lowering.identifier(part))
    .join('.');
}

function lowerImportFrom(lowering: Lowering, node: ConcreteNode): Statement {
  const { start, end } = node;
  const imported = node.children
    .slice(node.children.findIndex((child) => child.type === 'import') + 1)
    .filter((child) => child.named);
  const source = node.children[1];
  let module = node.type === 'future_import_statement' ? '__future__' : '';
  let level = 0;
  if (source?.type === 'relative_import') {
    const prefix = childOfType(source, 'import_prefix');
    level = prefix === undefined ? 0 : lowering.textOf(prefix).replace(/[^.]/g, '').length;
    const path = childOfType(source, 'dotted_name');
    module = path === undefined ? '' : dottedPath(lowering, path);
  } else if (source?.type === 'dotted_name') {
    module = dottedPath(lowering, source);
  }
  const names =
    imported[0]?.type === 'wildcard_import' ? null : imported.map((name) => importedName(lowering, name));
  return { kind: 'importFrom', start, end, module, level, names };
}
