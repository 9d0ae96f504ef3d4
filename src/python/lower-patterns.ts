import type { ConcreteNode } from './concrete-tree.ts';
import { lowerDottedName, lowerExpression } from './lower-expressions.ts';
import { hasChild, type Lowering, namedChildren } from './lowering.ts';
import type { Expression } from './syntax.ts';

/** What a `case` pattern says, as far as the syntax tree keeps it. */
export interface LoweredPattern {
  readonly values: readonly Expression[] | null;
  readonly irrefutable: boolean;
  readonly captures: readonly string[];
}

/** Lowers the patterns between `case` and the guard; several, or a trailing comma, make a sequence. */
export function lowerPatterns(
  lowering: Lowering,
  patterns: readonly ConcreteNode[],
  comma: boolean,
): LoweredPattern {
  const captures = new Set<string>();
  for (const pattern of patterns) {
    collectCaptures(lowering, pattern, captures);
  }
  const only = patterns.length === 1 && !comma ? patterns[0] : undefined;
  return {
    values: only === undefined ? null : patternValues(lowering, only),
    irrefutable: only !== undefined && isIrrefutable(lowering, only),
    captures: [...captures],
  };
}

/** The pattern without the nodes that only wrap it, parentheses among them. */
function unwrapPattern(node: ConcreteNode): ConcreteNode {
  let inner = node;
  for (;;) {
    const children = namedChildren(inner);
    const child = children[0];
    const wraps =
      (inner.type === 'case_pattern' && inner.children.length === 1) ||
      (inner.type === 'tuple_pattern' && children.length === 1 && !hasChild(inner, ','));
    if (!wraps || child === undefined || inner.broken) {
      return inner;
    }
    inner = child;
  }
}

function isCapture(lowering: Lowering, node: ConcreteNode): boolean {
  return node.type === 'dotted_name' && node.children.length === 1 && lowering.textOf(node) !== '_';
}

function isWildcard(lowering: Lowering, node: ConcreteNode): boolean {
  return lowering.textOf(node) === '_';
}

function isIrrefutable(lowering: Lowering, pattern: ConcreteNode): boolean {
  const node = unwrapPattern(pattern);
  if (node.broken || node.missing) {
    return false;
  }
  if (node.type === 'union_pattern' || node.type === 'as_pattern') {
    const alternatives = node.type === 'union_pattern' ? node.children : node.children.slice(0, 1);
    return alternatives.some((child) => child.type !== '|' && isIrrefutable(lowering, child));
  }
  return isCapture(lowering, node) || isWildcard(lowering, node);
}

const literalTypes = new Set(['string', 'concatenated_string', 'true', 'false', 'none', 'integer', 'float']);

/** A literal, a dotted name, or several between bars; null for any other pattern. */
function patternValues(lowering: Lowering, pattern: ConcreteNode): readonly Expression[] | null {
  const node = unwrapPattern(pattern);
  const alternatives = node.type === 'union_pattern' ? namedChildren(node) : [node];
  const values = alternatives.flatMap((alternative) => patternValue(lowering, alternative) ?? []);
  return values.length === alternatives.length ? values : null;
}

function patternValue(lowering: Lowering, pattern: ConcreteNode): Expression | null {
  const node = unwrapPattern(pattern);
  if (node.broken || node.missing) {
    return null;
  }
  if (literalTypes.has(node.type)) {
    return lowerExpression(lowering, node, node);
  }
  if (node.type === 'dotted_name') {
    return node.children.length > 1 ? lowerDottedName(lowering, node) : null;
  }
  if (node.type === 'case_pattern' && node.children[0]?.type === '-') {
    return {
      kind: 'unary',
      start: node.start,
      end: node.end,
      operator: '-',
      operand: lowerExpression(lowering, node.children[1], node),
    };
  }
  if (node.type === 'complex_pattern') {
    return { kind: 'number', start: node.start, end: node.end, value: Number.NaN, integer: false };
  }
  return null;
}

/** Adds the names the pattern binds, without recursion. */
function collectCaptures(lowering: Lowering, pattern: ConcreteNode, captures: Set<string>): void {
  const pending = [pattern];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    let children = node.children;
    switch (node.type) {
      case 'dotted_name':
        if (isCapture(lowering, node)) {
          captures.add(lowering.identifier(node));
        }
        children = [];
        break;
      case 'splat_pattern':
      case 'as_pattern': {
        const name = node.children.at(-1);
        if (name?.type === 'identifier') {
          captures.add(lowering.identifier(name));
        }
        break;
      }
      case 'class_pattern':
        // The class itself is looked up, not bound.
        children = children.slice(1);
        break;
      case 'dict_pattern':
        // A name before a colon is a key, which is looked up too.
        children = children.filter((_, index) => node.children[index + 1]?.type !== ':');
        break;
    }
    for (let index = children.length - 1; index >= 0; index--) {
      pending.push(children[index]!);
    }
  }
}
