import type { ConcreteNode } from './concrete-tree.ts';
import { lowerExpression, lowerPair } from './lower-expressions.ts';
import { lowerIndices } from './lower-subscripts.ts';
import { childAfter, hasChild, type Lowering, namedChildren } from './lowering.ts';
import type { Comprehension, ComprehensionClause } from './syntax.ts';

export function lowerComprehension(
  lowering: Lowering,
  node: ConcreteNode,
  form: Comprehension['form'],
): Comprehension {
  const body = namedChildren(node)[0];
  const pair = form === 'dictionary' && body?.type === 'pair' ? lowerPair(lowering, body) : undefined;
  const clauses: ComprehensionClause[] = [];
  for (const child of namedChildren(node).slice(1)) {
    const last = clauses.at(-1);
    if (child.type === 'for_in_clause') {
      clauses.push(lowerForClause(lowering, child));
    } else if (last !== undefined) {
      const condition = lowerExpression(lowering, childAfter(child, 'if'), child);
      clauses[clauses.length - 1] = { ...last, end: child.end, conditions: [...last.conditions, condition] };
    }
  }
  return {
    kind: 'comprehension',
    start: node.start,
    end: node.end,
    form,
    element: pair?.key ?? lowerExpression(lowering, body, node),
    value: pair?.value ?? null,
    clauses,
  };
}

function lowerForClause(lowering: Lowering, node: ConcreteNode): ComprehensionClause {
  const afterIn = node.children.findIndex((child) => child.type === 'in') + 1;
  const iterables = node.children.slice(afterIn).filter((child) => child.named);
  return {
    start: node.start,
    end: node.end,
    target: lowerExpression(lowering, childAfter(node, 'for'), node),
    // Python 2 allowed `for x in 1, 2` here.
    iterable: lowerIndices(lowering, iterables, undefined, node),
    conditions: [],
    isAsync: hasChild(node, 'async'),
  };
}
