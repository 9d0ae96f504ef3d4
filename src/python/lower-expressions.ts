import type { ConcreteNode } from './concrete-tree.ts';
import { regroupedBitwise, starredOperand } from './grammar-corrections.ts';
import { lowerComprehension } from './lower-comprehensions.ts';
import { lowerParameters } from './lower-parameters.ts';
import { lowerString } from './lower-strings.ts';
import { lowerGenericType, lowerSlice, lowerSubscript } from './lower-subscripts.ts';
import {
  childAfter,
  childOfType,
  hasChild,
  type Lowering,
  MAXIMUM_DEPTH,
  namedChildren,
} from './lowering.ts';
import type {
  Argument,
  Binary,
  Call,
  Comparison,
  ComparisonOperator,
  Dictionary,
  Expression,
  Name,
  NumberLiteral,
  Sequence,
  Span,
  Unary,
  Yield,
} from './syntax.ts';

/**
 * Lowers any node that stands where an expression may stand: expressions, assignment targets and
 * annotations. Parentheses vanish: the result spans the inner expression. What is no expression, is
 * broken or lies too deep becomes an `errorExpression`.
 */
export function lowerExpression(lowering: Lowering, node: ConcreteNode | undefined, near: Span): Expression {
  if (node === undefined) {
    return missingExpression(near);
  }
  let inner = node;
  for (;;) {
    const unwrapped = unwrap(inner);
    if (unwrapped === undefined) {
      break;
    }
    inner = unwrapped;
  }
  if (inner.missing || inner.broken) {
    return { kind: 'errorExpression', start: inner.start, end: inner.end };
  }
  if (lowering.depth >= MAXIMUM_DEPTH) {
    return rejected(lowering, inner);
  }
  lowering.depth++;
  const starred = lowering.text[inner.start] === '*' ? starredOperand(inner) : undefined;
  const { start, end } = inner;
  const expression: Expression =
    starred === undefined
      ? lowerUnwrapped(lowering, inner)
      : { kind: 'starred', start, end, value: lowerExpression(lowering, starred, inner) };
  lowering.depth--;
  return expression;
}

/** An expression that the source lacks: an empty span at the end of what precedes it. */
export function missingExpression(near: Span): Expression {
  return { kind: 'errorExpression', start: near.end, end: near.end };
}

function rejected(lowering: Lowering, span: Span): Expression {
  lowering.reject(span);
  return { kind: 'errorExpression', start: span.start, end: span.end };
}

/** The node inside parentheses or inside a node that only groups; undefined if there is none. */
function unwrap(node: ConcreteNode): ConcreteNode | undefined {
  switch (node.type) {
    case 'parenthesized_expression':
    case 'type':
    case 'as_pattern_target':
      return node.broken ? undefined : namedChildren(node)[0];
    case 'tuple_pattern':
      // `(a) = 1` and `case (a):` are no tuples, but the grammar calls them so.
      return node.broken || hasChild(node, ',') || namedChildren(node).length !== 1
        ? undefined
        : namedChildren(node)[0];
    default:
      return undefined;
  }
}

function lowerUnwrapped(lowering: Lowering, node: ConcreteNode): Expression {
  const { start, end } = node;
  switch (node.type) {
    case 'identifier':
      return lowerName(lowering, node);
    case 'attribute':
    case 'member_type': {
      const name = node.children.at(-1);
      if (name?.type !== 'identifier' || name.missing) {
        return { kind: 'errorExpression', start, end };
      }
      return {
        kind: 'attribute',
        start,
        end,
        object: lowerExpression(lowering, node.children[0], node),
        name: lowering.identifier(name),
        nameSpan: { start: name.start, end: name.end },
      };
    }
    case 'dotted_name':
      return lowerDottedName(lowering, node);
    case 'call':
      return lowerCall(lowering, node);
    case 'subscript':
      return lowerSubscript(lowering, node);
    case 'generic_type':
      return lowerGenericType(lowering, node);
    case 'slice':
      return lowerSlice(lowering, node);
    case 'string':
    case 'concatenated_string':
      return lowerString(lowering, node);
    case 'integer':
    case 'float':
      return lowerNumber(lowering, node);
    case 'true':
    case 'false':
      return { kind: 'boolean', start, end, value: node.type === 'true' };
    case 'none':
      return { kind: 'none', start, end };
    case 'ellipsis':
      return { kind: 'ellipsis', start, end };
    case 'tuple':
    case 'tuple_pattern':
    case 'pattern_list':
    case 'expression_list':
      return lowerSequence(lowering, node, 'tuple');
    case 'list':
    case 'list_pattern':
      return lowerSequence(lowering, node, 'list');
    case 'set':
      return lowerSequence(lowering, node, 'set');
    case 'dictionary':
      return lowerDictionary(lowering, node);
    case 'unary_operator':
    case 'not_operator':
      return lowerUnary(lowering, node);
    case 'binary_operator':
    case 'union_type':
      return lowerBinary(lowering, regroupedBitwise(node) ?? node);
    case 'boolean_operator':
      return {
        kind: 'booleanOperation',
        start,
        end,
        operator: hasChild(node, 'and') ? 'and' : 'or',
        left: lowerExpression(lowering, node.children[0], node),
        right: lowerExpression(lowering, node.children.at(-1), node),
      };
    case 'comparison_operator':
      return lowerComparison(lowering, node);
    case 'conditional_expression':
      return {
        kind: 'conditional',
        start,
        end,
        test: lowerExpression(lowering, childAfter(node, 'if'), node),
        body: lowerExpression(lowering, node.children[0], node),
        orelse: lowerExpression(lowering, childAfter(node, 'else'), node),
      };
    case 'lambda': {
      const outer = lowering.containsYield;
      const parameters = lowerParameters(lowering, childOfType(node, 'lambda_parameters'));
      const body = lowerExpression(lowering, childAfter(node, ':'), node);
      lowering.containsYield = outer;
      return { kind: 'lambda', start, end, parameters, body };
    }
    case 'list_comprehension':
      return lowerComprehension(lowering, node, 'list');
    case 'set_comprehension':
      return lowerComprehension(lowering, node, 'set');
    case 'dictionary_comprehension':
      return lowerComprehension(lowering, node, 'dictionary');
    case 'generator_expression':
      return lowerComprehension(lowering, node, 'generator');
    case 'list_splat':
    case 'list_splat_pattern':
    case 'splat_type':
      return { kind: 'starred', start, end, value: lowerExpression(lowering, namedChildren(node)[0], node) };
    case 'await':
      return { kind: 'await', start, end, value: lowerExpression(lowering, namedChildren(node)[0], node) };
    case 'yield':
      return lowerYield(lowering, node);
    case 'named_expression': {
      const target = namedChildren(node)[0];
      if (target?.type !== 'identifier') {
        return rejected(lowering, node);
      }
      return {
        kind: 'namedExpression',
        start,
        end,
        target: lowerName(lowering, target),
        value: lowerExpression(lowering, childAfter(node, ':='), node),
      };
    }
    default:
      return rejected(lowering, node);
  }
}

function lowerName(lowering: Lowering, node: ConcreteNode): Name {
  return { kind: 'name', start: node.start, end: node.end, id: lowering.identifier(node) };
}

/** `a.b.c` in an import or a pattern, where the grammar has it flat. */
export function lowerDottedName(lowering: Lowering, node: ConcreteNode): Expression {
  const [first, ...rest] = namedChildren(node);
  if (first === undefined) {
    return rejected(lowering, node);
  }
  let expression: Expression = lowerName(lowering, first);
  for (const name of rest) {
    expression = {
      kind: 'attribute',
      start: node.start,
      end: name.end,
      object: expression,
      name: lowering.identifier(name),
      nameSpan: { start: name.start, end: name.end },
    };
  }
  return expression;
}

function lowerCall(lowering: Lowering, node: ConcreteNode): Expression {
  const [callee, list] = namedChildren(node);
  if (callee === undefined || list === undefined) {
    return { kind: 'errorExpression', start: node.start, end: node.end };
  }
  const call: Call = {
    kind: 'call',
    start: node.start,
    end: node.end,
    callee: lowerExpression(lowering, callee, node),
    args: lowerArguments(lowering, list),
    argsSpan: { start: list.start, end: list.end },
  };
  return call;
}

/** The arguments of a call or class header; unreadable text among them is one more, unknown, argument. */
export function lowerArguments(lowering: Lowering, list: ConcreteNode): Argument[] {
  if (list.type === 'generator_expression') {
    const value = lowerExpression(lowering, list, list);
    return [{ form: 'positional', name: null, value, start: list.start, end: list.end }];
  }
  const args: Argument[] = [];
  for (const child of list.children) {
    const { start, end } = child;
    if (child.type === 'ERROR') {
      args.push({
        form: 'positional',
        name: null,
        value: { kind: 'errorExpression', start, end },
        start,
        end,
      });
    } else if (!child.named) {
      // A bracket or a comma.
    } else if (child.type === 'keyword_argument' && !child.broken) {
      const name = namedChildren(child)[0];
      args.push({
        form: 'keyword',
        name: name === undefined ? '' : lowering.identifier(name),
        value: lowerExpression(lowering, childAfter(child, '='), child),
        start,
        end,
      });
    } else if ((child.type === 'list_splat' || child.type === 'dictionary_splat') && !child.broken) {
      args.push({
        form: child.type === 'list_splat' ? 'star' : 'doubleStar',
        name: null,
        value: lowerExpression(lowering, namedChildren(child)[0], child),
        start,
        end,
      });
    } else {
      const value = lowerExpression(lowering, child, child);
      args.push(
        value.kind === 'starred'
          ? { form: 'star', name: null, value: value.value, start, end }
          : { form: 'positional', name: null, value, start, end },
      );
    }
  }
  return args;
}

function lowerNumber(lowering: Lowering, node: ConcreteNode): NumberLiteral {
  const written = lowering.textOf(node).replaceAll('_', '').toLowerCase();
  const { start, end } = node;
  if (/^0[xob]/.test(written)) {
    return { kind: 'number', start, end, value: Number(written.replace(/l$/, '')), integer: true };
  }
  if (written.endsWith('j')) {
    return { kind: 'number', start, end, value: Number.NaN, integer: false };
  }
  const value = Number(written.replace(/l$/, ''));
  return { kind: 'number', start, end, value, integer: node.type === 'integer' };
}

function lowerSequence(lowering: Lowering, node: ConcreteNode, kind: Sequence['kind']): Sequence {
  const elements = namedChildren(node).map((child) => lowerExpression(lowering, child, node));
  return { kind, start: node.start, end: node.end, elements };
}

function lowerDictionary(lowering: Lowering, node: ConcreteNode): Dictionary {
  const entries = namedChildren(node).map((child) => {
    if (child.type === 'dictionary_splat') {
      return { key: null, value: lowerExpression(lowering, namedChildren(child)[0], child) };
    }
    return lowerPair(lowering, child);
  });
  return { kind: 'dictionary', start: node.start, end: node.end, entries };
}

export function lowerPair(lowering: Lowering, node: ConcreteNode): { key: Expression; value: Expression } {
  return {
    key: lowerExpression(lowering, node.children[0], node),
    value: lowerExpression(lowering, childAfter(node, ':'), node),
  };
}

function lowerBinary(lowering: Lowering, node: ConcreteNode): Binary {
  return {
    kind: 'binary',
    start: node.start,
    end: node.end,
    operator: node.children.find((child) => !child.named)?.type ?? '',
    left: lowerExpression(lowering, node.children[0], node),
    right: lowerExpression(lowering, node.children.at(-1), node),
  };
}

function lowerUnary(lowering: Lowering, node: ConcreteNode): Unary {
  const operator = node.children[0]?.type;
  return {
    kind: 'unary',
    start: node.start,
    end: node.end,
    operator: operator === 'not' || operator === '-' || operator === '+' ? operator : '~',
    operand: lowerExpression(lowering, namedChildren(node)[0], node),
  };
}

function lowerComparison(lowering: Lowering, node: ConcreteNode): Comparison {
  const rest: Comparison['rest'][number][] = [];
  let operator: ConcreteNode | undefined;
  for (const child of node.children.slice(1)) {
    if (!child.named) {
      operator = child;
    } else if (operator !== undefined) {
      rest.push({
        // `<>` is how Python 2 also wrote `!=`.
        operator: operator.type === '<>' ? '!=' : (operator.type as ComparisonOperator),
        operatorSpan: { start: operator.start, end: operator.end },
        right: lowerExpression(lowering, child, node),
      });
    }
  }
  return {
    kind: 'comparison',
    start: node.start,
    end: node.end,
    left: lowerExpression(lowering, node.children[0], node),
    rest,
  };
}

function lowerYield(lowering: Lowering, node: ConcreteNode): Yield {
  lowering.containsYield = true;
  const value = namedChildren(node)[0];
  return {
    kind: 'yield',
    start: node.start,
    end: node.end,
    value: value === undefined ? null : lowerExpression(lowering, value, node),
    delegates: hasChild(node, 'from'),
  };
}
