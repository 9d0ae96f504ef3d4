import type { ConcreteNode } from './concrete-tree.ts';
import { lowerExpression, missingExpression } from './lower-expressions.ts';
import { type Lowering, namedChildren } from './lowering.ts';
import type { Expression, Slice, Span, Subscript } from './syntax.ts';

export function lowerSubscript(lowering: Lowering, node: ConcreteNode): Subscript {
  const [object, ...indices] = namedChildren(node);
  return {
    kind: 'subscript',
    start: node.start,
    end: node.end,
    object: lowerExpression(lowering, object, node),
    index: lowerIndices(lowering, indices, trailingComma(node), object ?? node),
  };
}

/** The comma before the closing bracket, if any. */
function trailingComma(node: ConcreteNode): ConcreteNode | undefined {
  const last = node.children.at(-2);
  return last?.type === ',' ? last : undefined;
}

/** One index, or a tuple of several that ends with its last comma; a lone `*index` is a tuple too. */
export function lowerIndices(
  lowering: Lowering,
  indices: readonly ConcreteNode[],
  comma: ConcreteNode | undefined,
  near: Span,
): Expression {
  const first = indices[0];
  const last = indices.at(-1);
  if (first === undefined || last === undefined) {
    return missingExpression(near);
  }
  const elements = indices.map((index) => lowerExpression(lowering, index, near));
  const only = elements.length === 1 && comma === undefined ? elements[0] : undefined;
  if (only !== undefined && only.kind !== 'starred') {
    return only;
  }
  return { kind: 'tuple', start: first.start, end: comma?.end ?? last.end, elements };
}

/** `List[int]` in an annotation, where the grammar has its own node for it. */
export function lowerGenericType(lowering: Lowering, node: ConcreteNode): Expression {
  const [object, list] = namedChildren(node);
  if (object === undefined || list === undefined || list.broken) {
    return { kind: 'errorExpression', start: node.start, end: node.end };
  }
  return {
    kind: 'subscript',
    start: node.start,
    end: node.end,
    object: lowerExpression(lowering, object, node),
    index: lowerIndices(lowering, namedChildren(list), trailingComma(list), object),
  };
}

export function lowerSlice(lowering: Lowering, node: ConcreteNode): Slice {
  const parts: (Expression | null)[] = [null, null, null];
  let position = 0;
  for (const child of node.children) {
    if (child.type === ':') {
      position++;
    } else {
      parts[position] = lowerExpression(lowering, child, node);
    }
  }
  const [lower, upper, step] = parts;
  return {
    kind: 'slice',
    start: node.start,
    end: node.end,
    lower: lower ?? null,
    upper: upper ?? null,
    step: step ?? null,
  };
}
