import type { ConcreteNode } from './concrete-tree.ts';
import type { Span } from './syntax.ts';

/**
 * How deep expressions and statements may nest. CPython's own parser stops at 200 nested brackets;
 * chains such as `a + b + ...` may be longer there, but nothing worth an answer is, and everything
 * after the parser may recurse over the tree without a thought for the stack.
 */
export const MAXIMUM_DEPTH = 300;

/** What lowering carries along: the text, the errors found so far, and where it is. */
export class Lowering {
  readonly text: string;
  readonly errors: Span[];
  /** Whether the function whose body is being lowered contains `yield`. */
  containsYield = false;
  depth = 0;

  constructor(text: string, errors: readonly Span[]) {
    this.text = text;
    this.errors = [...errors];
  }

  textOf(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** An identifier in the form Python compares: NFKC. */
  identifier(node: ConcreteNode): string {
    const written = this.textOf(node);
    return isAscii(written) ? written : written.normalize('NFKC');
  }

  /** Notes text that parses, but not as Python 3 or not within the limits. */
  reject(span: Span): void {
    this.errors.push({ start: span.start, end: span.end });
  }
}

/** The children that are not keywords, punctuation or unreadable text. */
export function namedChildren(node: ConcreteNode): ConcreteNode[] {
  return node.children.filter((child) => child.named && child.type !== 'ERROR');
}

export function childOfType(node: ConcreteNode, type: string): ConcreteNode | undefined {
  return node.children.find((child) => child.type === type);
}

export function hasChild(node: ConcreteNode, type: string): boolean {
  return childOfType(node, type) !== undefined;
}

/** The first readable child after the keyword or mark `token`. */
export function childAfter(node: ConcreteNode, token: string): ConcreteNode | undefined {
  const index = node.children.findIndex((child) => child.type === token);
  if (index < 0) {
    return undefined;
  }
  return node.children.slice(index + 1).find((child) => child.named && child.type !== 'ERROR');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) {
      return false;
    }
  }
  return true;
}
