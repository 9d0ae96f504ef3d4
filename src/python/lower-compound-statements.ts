import type { ConcreteNode } from './concrete-tree.ts';
import { breaksLine } from './line-breaks.ts';
import { lowerArguments, lowerExpression } from './lower-expressions.ts';
import { lowerParameters } from './lower-parameters.ts';
import { lowerPatterns } from './lower-patterns.ts';
import { optionalExpression } from './lower-simple-statements.ts';
import { lowerStatements, rejected } from './lower-statements.ts';
import {
  childAfter,
  childOfType,
  hasChild,
  type Lowering,
  MAXIMUM_DEPTH,
  namedChildren,
} from './lowering.ts';
import type {
  ClassDefinition,
  ExceptHandler,
  Expression,
  FunctionDefinition,
  If,
  Match,
  MatchCase,
  Span,
  Statement,
  Try,
  With,
} from './syntax.ts';

/** Lowers a statement with a body. */
export function lowerCompound(lowering: Lowering, node: ConcreteNode): Statement {
  if (node.type === 'decorated_definition') {
    return lowerDecorated(lowering, node);
  }
  if (!checkHeader(lowering, node)) {
    return rejected(lowering, node);
  }
  switch (node.type) {
    case 'if_statement':
      return lowerIf(lowering, node);
    case 'for_statement': {
      const body = lowerBlock(lowering, node);
      const orelse = lowerElse(lowering, node);
      return {
        kind: 'for',
        start: node.start,
        end: endOf(node, body, orelse),
        target: lowerExpression(lowering, childAfter(node, 'for'), node),
        iterable: lowerExpression(lowering, childAfter(node, 'in'), node),
        body,
        orelse,
        isAsync: hasChild(node, 'async'),
      };
    }
    case 'while_statement': {
      const body = lowerBlock(lowering, node);
      const orelse = lowerElse(lowering, node);
      return {
        kind: 'while',
        start: node.start,
        end: endOf(node, body, orelse),
        test: lowerExpression(lowering, childAfter(node, 'while'), node),
        body,
        orelse,
      };
    }
    case 'with_statement':
      return lowerWith(lowering, node);
    case 'try_statement':
      return lowerTry(lowering, node);
    case 'match_statement':
      return lowerMatch(lowering, node);
    case 'function_definition':
      return lowerFunction(lowering, node, node.start, []);
    default:
      return lowerClass(lowering, node, node.start, []);
  }
}

/**
 * Checks what the grammar lets pass: a header that goes on over a line end (false: nothing in it can be
 * trusted), and a header without a body (noted as an error at the colon).
 */
function checkHeader(lowering: Lowering, node: ConcreteNode): boolean {
  const colon = node.children.findIndex((child) => child.type === ':');
  const block = childOfType(node, 'block');
  if (block !== undefined && colon >= 0 && !node.broken && !block.children.some((child) => child.named)) {
    lowering.reject(node.children[colon]!);
  }
  return !breaksLine(lowering.text, node.children.slice(0, colon + 1));
}

/**
 * The body of a compound statement or clause. Unreadable text in its header, or between the colon and
 * the body, stands for an unknown statement in that body.
 */
function lowerBlock(lowering: Lowering, node: ConcreteNode): Statement[] {
  const unreadable = node.broken ? node.children.filter((child) => child.type === 'ERROR') : [];
  return lowerStatements(lowering, [...unreadable, ...(childOfType(node, 'block')?.children ?? [])]);
}

function lowerElse(lowering: Lowering, node: ConcreteNode): Statement[] {
  return lowerClause(lowering, childOfType(node, 'else_clause'));
}

/** The body of an `else` or a `finally`. */
function lowerClause(lowering: Lowering, clause: ConcreteNode | undefined): Statement[] {
  if (clause === undefined) {
    return [];
  }
  checkHeader(lowering, clause);
  return lowerBlock(lowering, clause);
}

/**
 * Where a compound statement ends: with its last statement. The grammar would count comments that
 * follow in the same block.
 */
function endOf(node: ConcreteNode, ...bodies: readonly (readonly Span[])[]): number {
  for (const body of bodies.toReversed()) {
    const last = body.at(-1);
    if (last !== undefined) {
      return last.end;
    }
  }
  return node.end;
}

/**
 * An `if` with its `elif`s, put together from the last one back, since each is the `orelse` of the one
 * before. Branches beyond the greatest depth become one error statement.
 */
function lowerIf(lowering: Lowering, node: ConcreteNode): Statement {
  const depth = lowering.depth;
  const branches = [node, ...node.children.filter((child) => child.type === 'elif_clause')];
  const kept = branches.slice(0, Math.max(1, MAXIMUM_DEPTH - depth));
  const lowered = kept.map((branch, index) => {
    lowering.depth = depth + index;
    const sound = branch === node || checkHeader(lowering, branch);
    const test = lowerExpression(lowering, childAfter(branch, branch === node ? 'if' : 'elif'), branch);
    return { branch, sound, test, body: lowerBlock(lowering, branch) };
  });
  const excess = branches[kept.length];
  let orelse: readonly Statement[] =
    excess === undefined
      ? lowerElse(lowering, node)
      : [rejected(lowering, { start: excess.start, end: node.end })];
  lowering.depth = depth;
  for (const { branch, sound, test, body } of lowered.toReversed()) {
    const { start } = branch;
    const end = endOf(branch, body, orelse);
    if (sound) {
      const statement: If = { kind: 'if', start, end, test, body, orelse };
      orelse = [statement];
    } else {
      orelse = [rejected(lowering, { start, end })];
    }
  }
  return orelse[0] ?? rejected(lowering, node);
}

function lowerWith(lowering: Lowering, node: ConcreteNode): With {
  const clause = childOfType(node, 'with_clause');
  const body = lowerBlock(lowering, node);
  return {
    kind: 'with',
    start: node.start,
    end: endOf(node, body),
    items: clause === undefined ? [] : withItems(clause).map((item) => lowerWithItem(lowering, item)),
    body,
    isAsync: hasChild(node, 'async'),
  };
}

/** The items, also where parentheses around all of them make the grammar see a tuple. */
function withItems(clause: ConcreteNode): ConcreteNode[] {
  const values = namedChildren(clause).map((item) => namedChildren(item)[0] ?? item);
  const only = values.length === 1 ? values[0] : undefined;
  if (only?.type === 'tuple' && !only.broken) {
    const elements = namedChildren(only);
    const starred = elements.some((element) => element.type === 'list_splat');
    return elements.length === 0 || starred ? values : elements;
  }
  return values;
}

function lowerWithItem(lowering: Lowering, node: ConcreteNode): With['items'][number] {
  let item = node;
  while (item.type === 'parenthesized_expression' && namedChildren(item)[0] !== undefined) {
    item = namedChildren(item)[0]!;
  }
  if (item.type !== 'as_pattern' || item.broken) {
    return { context: lowerExpression(lowering, node, node), target: null };
  }
  const [context, target] = namedChildren(item);
  return {
    context: lowerExpression(lowering, context, item),
    target: lowerExpression(lowering, target, item),
  };
}

function lowerTry(lowering: Lowering, node: ConcreteNode): Try {
  const body = lowerBlock(lowering, node);
  const handlers = node.children
    .filter((child) => child.type === 'except_clause')
    .map((clause) => lowerHandler(lowering, clause));
  const orelse = lowerElse(lowering, node);
  const finalbody = lowerClause(lowering, childOfType(node, 'finally_clause'));
  const end = endOf(node, body, handlers, orelse, finalbody);
  return { kind: 'try', start: node.start, end, body, handlers, orelse, finalbody };
}

function lowerHandler(lowering: Lowering, clause: ConcreteNode): ExceptHandler {
  checkHeader(lowering, clause);
  const header = clause.children.slice(
    0,
    clause.children.findIndex((child) => child.type === ':'),
  );
  const body = lowerBlock(lowering, clause);
  const values = header.filter((child) => child.named && child.type !== 'ERROR');
  let [type, alias] = values;
  if (type?.type === 'as_pattern') {
    [type, alias] = namedChildren(type);
  } else if (header.some((child) => child.type === ',')) {
    // `except A, B` is a tuple since Python 3.14; before, Python 2 bound B.
    alias = undefined;
  }
  const name = alias?.type === 'as_pattern_target' ? namedChildren(alias)[0] : alias;
  const types = values.length > 1 && alias === undefined ? values : [];
  const lowered = types.map((value) => lowerExpression(lowering, value, clause));
  const first = lowered[0];
  return {
    type:
      first === undefined
        ? optionalExpression(lowering, type)
        : { kind: 'tuple', start: first.start, end: lowered.at(-1)!.end, elements: lowered },
    name: name?.type === 'identifier' ? lowering.identifier(name) : null,
    body,
    start: clause.start,
    end: endOf(clause, body),
  };
}

function lowerMatch(lowering: Lowering, node: ConcreteNode): Match {
  const colon = node.children.findIndex((child) => child.type === ':');
  const header = node.children.slice(1, colon);
  const subjects = header.filter((child) => child.named && child.type !== 'ERROR');
  const lowered = subjects.map((subject) => lowerExpression(lowering, subject, node));
  const comma = header.at(-1)?.type === ',' ? header.at(-1) : undefined;
  const only = lowered.length === 1 && comma === undefined ? lowered[0] : undefined;
  const block = childOfType(node, 'block');
  const cases = (block?.children ?? [])
    .filter((child) => child.type === 'case_clause')
    .map((clause) => lowerCase(lowering, clause));
  return {
    kind: 'match',
    start: node.start,
    end: endOf(node, cases),
    subject: only ?? {
      kind: 'tuple',
      start: lowered[0]?.start ?? node.start,
      end: comma?.end ?? lowered.at(-1)?.end ?? node.start,
      elements: lowered,
    },
    cases,
  };
}

function lowerCase(lowering: Lowering, clause: ConcreteNode): MatchCase {
  checkHeader(lowering, clause);
  const patterns = clause.children.filter((child) => child.type === 'case_pattern');
  const guard = childOfType(clause, 'if_clause');
  const body = lowerBlock(lowering, clause);
  return {
    ...lowerPatterns(lowering, patterns, hasChild(clause, ',')),
    guard: guard === undefined ? null : lowerExpression(lowering, childAfter(guard, 'if'), guard),
    body,
    start: clause.start,
    end: endOf(clause, body),
  };
}

function lowerDecorated(lowering: Lowering, node: ConcreteNode): Statement {
  const definition = node.children.find((child) => child.type.endsWith('_definition'));
  if (definition === undefined || !checkHeader(lowering, definition)) {
    return rejected(lowering, node);
  }
  const decorators = node.children
    .filter((child) => child.type === 'decorator')
    .map((decorator) => lowerExpression(lowering, namedChildren(decorator)[0], decorator));
  return definition.type === 'function_definition'
    ? lowerFunction(lowering, definition, node.start, decorators)
    : lowerClass(lowering, definition, node.start, decorators);
}

function lowerFunction(
  lowering: Lowering,
  node: ConcreteNode,
  start: number,
  decorators: readonly Expression[],
): FunctionDefinition {
  const name = childOfType(node, 'identifier');
  const returns = childAfter(node, '->');
  const parameters = lowerParameters(lowering, childOfType(node, 'parameters'));
  const outer = lowering.containsYield;
  lowering.containsYield = false;
  const body = lowerBlock(lowering, node);
  const isGenerator = lowering.containsYield;
  lowering.containsYield = outer;
  return {
    kind: 'functionDefinition',
    start,
    end: endOf(node, body),
    name: name === undefined ? '' : lowering.identifier(name),
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    parameters,
    returns: optionalExpression(lowering, returns),
    body,
    decorators,
    isAsync: hasChild(node, 'async'),
    isGenerator,
  };
}

function lowerClass(
  lowering: Lowering,
  node: ConcreteNode,
  start: number,
  decorators: readonly Expression[],
): ClassDefinition {
  const name = childOfType(node, 'identifier');
  const bases = childOfType(node, 'argument_list');
  const outer = lowering.containsYield;
  const body = lowerBlock(lowering, node);
  lowering.containsYield = outer;
  return {
    kind: 'classDefinition',
    start,
    end: endOf(node, body),
    name: name === undefined ? '' : lowering.identifier(name),
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    bases: bases === undefined ? [] : lowerArguments(lowering, bases),
    body,
    decorators,
  };
}
