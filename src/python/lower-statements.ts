import type { ConcreteNode } from './concrete-tree.ts';
import { breaksLine } from './line-breaks.ts';
import { lowerCompound } from './lower-compound-statements.ts';
import { lowerSimple } from './lower-simple-statements.ts';
import { type Lowering, MAXIMUM_DEPTH } from './lowering.ts';
import type { ErrorStatement, Span, Statement } from './syntax.ts';

/** Lowers the statements of a module or a block; neighbouring unreadable pieces become one statement. */
export function lowerStatements(lowering: Lowering, nodes: readonly ConcreteNode[]): Statement[] {
  const statements: Statement[] = [];
  for (const node of nodes) {
    if (node.type === ';') {
      continue;
    }
    const statement = isStatement(node) ? lowerStatement(lowering, node) : errorStatement(node);
    const previous = statements.at(-1);
    if (statement.kind === 'errorStatement' && previous?.kind === 'errorStatement') {
      statements[statements.length - 1] = errorStatement({ start: previous.start, end: statement.end });
    } else {
      statements.push(statement);
    }
  }
  return statements;
}

export function errorStatement(span: Span): ErrorStatement {
  return { kind: 'errorStatement', start: span.start, end: span.end };
}

export function rejected(lowering: Lowering, span: Span): ErrorStatement {
  lowering.reject(span);
  return errorStatement(span);
}

function isStatement(node: ConcreteNode): boolean {
  return node.type.endsWith('_statement') || node.type.endsWith('_definition');
}

function lowerStatement(lowering: Lowering, node: ConcreteNode): Statement {
  if (lowering.depth >= MAXIMUM_DEPTH) {
    return rejected(lowering, node);
  }
  lowering.depth++;
  const statement = lowerByType(lowering, node);
  lowering.depth--;
  return statement;
}

function lowerByType(lowering: Lowering, node: ConcreteNode): Statement {
  switch (node.type) {
    case 'if_statement':
    case 'for_statement':
    case 'while_statement':
    case 'with_statement':
    case 'try_statement':
    case 'match_statement':
    case 'function_definition':
    case 'class_definition':
    case 'decorated_definition':
      return lowerCompound(lowering, node);
    default:
      if (node.broken) {
        return errorStatement(node);
      }
      return breaksLine(lowering.text, [node]) ? rejected(lowering, node) : lowerSimple(lowering, node);
  }
}
