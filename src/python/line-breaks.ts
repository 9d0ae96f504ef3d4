import type { ConcreteNode } from './concrete-tree.ts';

/**
 * Whether a line ends inside the statement (or header) made of `nodes` where Python would end the
 * statement: outside brackets and without a backslash. The grammar reads on there without an error,
 * so that a half-typed `p.requires_grad =` swallows the statement on the next line.
 */
export function breaksLine(text: string, nodes: readonly ConcreteNode[]): boolean {
  const first = nodes[0];
  const last = nodes.at(-1);
  if (first === undefined || last === undefined || !hasLineEnd(text, first.start, last.end)) {
    return false;
  }
  let depth = 0;
  let previousEnd = first.start;
  const pending = nodes.toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.children.length > 0) {
      for (let index = node.children.length - 1; index >= 0; index--) {
        pending.push(node.children[index]!);
      }
      continue;
    }
    if (depth === 0) {
      // A keyword of two words is one token, with the gap inside.
      const until = node.type === 'not in' || node.type === 'is not' ? node.end : node.start;
      if (hasLineEnd(text, previousEnd, until) && hasBareLineEnd(text.slice(previousEnd, until))) {
        return true;
      }
    }
    if (node.type === '(' || node.type === '[' || node.type === '{') {
      depth++;
    } else if (node.type === ')' || node.type === ']' || node.type === '}') {
      depth--;
    }
    previousEnd = node.end;
  }
  return false;
}

function hasLineEnd(text: string, start: number, end: number): boolean {
  const index = text.indexOf('\n', start);
  return index >= 0 && index < end;
}

function hasBareLineEnd(gap: string): boolean {
  return gap.replace(/\\\r?\n/g, '').includes('\n');
}
