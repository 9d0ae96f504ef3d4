import type { ConcreteNode } from './concrete-tree.ts';
import { lowerDottedName, lowerExpression } from './lower-expressions.ts';
import { hasChild, type Lowering, namedChildren } from './lowering.ts';
import type { Expression, MappingEntry, MatchCase } from './syntax.ts';

/** What a `case` pattern says, as far as the syntax tree keeps it. */
type LoweredPattern = Pick<MatchCase, 'values' | 'classes' | 'mapping' | 'irrefutable' | 'captures'>;

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
    values: only === undefined ? null : alternatives(only, (node) => patternValue(lowering, node)),
    classes: only === undefined ? null : alternatives(only, (node) => patternClass(lowering, node)),
    mapping: only === undefined ? null : patternMapping(lowering, only),
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

/** What each of the patterns between bars is, or the only one; null where one of them is something else. */
function alternatives(
  pattern: ConcreteNode,
  lower: (node: ConcreteNode) => Expression | null,
): readonly Expression[] | null {
  const node = unwrapPattern(pattern);
  const options = node.type === 'union_pattern' ? namedChildren(node) : [node];
  const lowered = options.map((option) => {
    const inner = unwrapPattern(option);
    return inner.broken || inner.missing ? null : lower(inner);
  });
  return lowered.every((one) => one !== null) ? lowered : null;
}

/** `Linear()`, without patterns for what it has. */
function patternClass(lowering: Lowering, node: ConcreteNode): Expression | null {
  const [name, , end] = node.children;
  const isPlain = node.type === 'class_pattern' && name?.type === 'dotted_name' && end?.type === ')';
  return isPlain ? lowerDottedName(lowering, name) : null;
}

/** `{'part': part, Mode.FLAG: 1}` */
function patternMapping(lowering: Lowering, pattern: ConcreteNode): MatchCase['mapping'] {
  const node = unwrapPattern(pattern);
  if (node.type !== 'dict_pattern' || node.broken) {
    return null;
  }
  const parts = node.children.slice(1, -1).filter(({ type }) => type !== ',');
  const entries: MappingEntry[] = [];
  for (let index = 0; index < parts.length; index += 3) {
    const [keyNode, colon, valueNode] = parts.slice(index, index + 3);
    if (keyNode === undefined || colon?.type !== ':' || valueNode === undefined) {
      return null;
    }
    const key = patternValue(lowering, unwrapPattern(keyNode));
    const value = unwrapPattern(valueNode);
    const name = isCapture(lowering, value) ? lowering.identifier(value) : null;
    const isAny = name !== null || isWildcard(lowering, value);
    const values = isAny ? null : alternatives(value, (node) => patternValue(lowering, node));
    if (key === null || (values === null && !isAny)) {
      return null;
    }
    entries.push({ key, values, name });
  }
  return entries;
}

/** A literal or a dotted name; null for any other pattern. */
function patternValue(lowering: Lowering, node: ConcreteNode): Expression | null {
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
