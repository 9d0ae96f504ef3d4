import type { ConcreteNode } from './concrete-tree.ts';
import { namedChildren } from './lowering.ts';

/*
 * Places where tree-sitter-python 0.25 reads sound Python otherwise than Python does. Each function
 * rearranges concrete nodes into what Python means, before they are lowered.
 */

const chains = new Set([
  'attribute',
  'subscript',
  'call',
  'binary_operator',
  'boolean_operator',
  'comparison_operator',
  'conditional_expression',
]);

/**
 * In `x = *a.b(), c` the grammar binds the star to `a` alone. Returns `a.b()`, what the star is really
 * about; undefined where the node does not start with such a star.
 */
export function starredOperand(node: ConcreteNode): ConcreteNode | undefined {
  if (!chains.has(node.type)) {
    return undefined;
  }
  return replaceHead(node, chains, (head) =>
    head.type === 'list_splat' ? namedChildren(head)[0] : undefined,
  );
}

/** Copies a chain such as `head.a[0].b` with another head; undefined where `replace` wants none. */
function replaceHead(
  node: ConcreteNode,
  through: ReadonlySet<string>,
  replace: (head: ConcreteNode) => ConcreteNode | undefined,
): ConcreteNode | undefined {
  const links: ConcreteNode[] = [];
  let head = node;
  while (through.has(head.type) && head.children[0] !== undefined && !head.broken) {
    links.push(head);
    head = head.children[0];
  }
  let replaced = replace(head);
  for (const link of links.reverse()) {
    if (replaced === undefined) {
      return undefined;
    }
    replaced = { ...link, start: replaced.start, children: [replaced, ...link.children.slice(1)] };
  }
  return replaced;
}

const typeChains = new Set([...chains, 'type', 'member_type', 'constrained_type']);
const bracketed = new Set(['parenthesized_expression', 'tuple', 'generator_expression']);

/**
 * `type(model).attribute = value` comes as a `type` statement. Returns the assignment it is; undefined
 * for a real `type` statement.
 */
export function assignmentToTypeCall(statement: ConcreteNode): ConcreteNode | undefined {
  const [keyword, left, equals, right] = statement.children;
  if (keyword === undefined || left === undefined || equals === undefined || right === undefined) {
    return undefined;
  }
  const target = replaceHead(left, typeChains, (head) => {
    if (!bracketed.has(head.type)) {
      return undefined;
    }
    const name: ConcreteNode = { ...keyword, type: 'identifier', named: true };
    const list: ConcreteNode = {
      ...head,
      type: head.type === 'generator_expression' ? head.type : 'argument_list',
    };
    return { ...head, type: 'call', start: keyword.start, children: [name, list] };
  });
  const inner = target?.type === 'type' ? target.children[0] : target;
  if (inner === undefined) {
    return undefined;
  }
  const targets = inner.type === 'constrained_type' ? inner.children : [inner];
  return { ...statement, type: 'assignment', children: [...targets, equals, right.children[0] ?? right] };
}

/**
 * Python binds `&` tighter than `^`, the grammar the other way round. Returns `a & b ^ c` regrouped;
 * undefined where nothing is to be done.
 */
export function regroupedBitwise(node: ConcreteNode): ConcreteNode | undefined {
  if (node.children[1]?.type !== '&' || !containsXor(node)) {
    return undefined;
  }
  const pieces: ConcreteNode[] = [];
  const pending = [node];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (isBitwise(piece)) {
      pending.push(...piece.children.toReversed());
    } else {
      pieces.push(piece);
    }
  }
  const groups: ConcreteNode[] = [];
  let group: ConcreteNode | undefined;
  for (let index = 0; index < pieces.length; index += 2) {
    const operand = pieces[index]!;
    const operator = pieces[index - 1];
    if (operator === undefined || group === undefined) {
      group = operand;
    } else if (operator.type === '&') {
      group = join(node, group, operator, operand);
    } else {
      groups.push(group, operator);
      group = operand;
    }
  }
  const [first, ...rest] = group === undefined ? groups : [...groups, group];
  let result = first;
  for (let index = 0; index + 1 < rest.length; index += 2) {
    result = result && join(node, result, rest[index]!, rest[index + 1]!);
  }
  return result;
}

function isBitwise(node: ConcreteNode): boolean {
  const operator = node.children[1]?.type;
  return node.type === 'binary_operator' && !node.broken && (operator === '&' || operator === '^');
}

function containsXor(node: ConcreteNode): boolean {
  let inner = node;
  while (isBitwise(inner)) {
    const [left, operator, right] = inner.children;
    if (operator?.type === '^' || (right !== undefined && isBitwise(right))) {
      return true;
    }
    inner = left!;
  }
  return false;
}

function join(
  pattern: ConcreteNode,
  left: ConcreteNode,
  operator: ConcreteNode,
  right: ConcreteNode,
): ConcreteNode {
  return { ...pattern, start: left.start, end: right.end, children: [left, operator, right] };
}
