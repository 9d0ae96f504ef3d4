import type { ConcreteNode } from './concrete-tree.ts';
import { lowerExpression } from './lower-expressions.ts';
import { childOfType, hasChild, type Lowering } from './lowering.ts';
import { interpretEscapes, stringLayout } from './string-literal.ts';
import type { FormatString, StringLiteral } from './syntax.ts';

type FormatPart = FormatString['parts'][number];

/** A string, an f-string or adjacent ones, which Python joins. */
export function lowerString(lowering: Lowering, node: ConcreteNode): StringLiteral | FormatString {
  const literals = node.type === 'string' ? [node] : node.children;
  let format = false;
  let bytes = false;
  const parts: FormatPart[] = [];
  for (const literal of literals) {
    const layout = stringLayout(lowering.text, literal.start, literal.end);
    bytes ||= layout.bytes;
    format ||= layout.format;
    let textStart = layout.contentStart;
    const addText = (textEnd: number) => {
      const written = lowering.text.slice(textStart, textEnd);
      const braces = layout.format ? written.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : written;
      parts.push(interpretEscapes(braces, layout));
    };
    for (const child of literal.children) {
      if (child.type === 'interpolation') {
        addText(child.start);
        lowerInterpolation(lowering, child, parts);
        textStart = child.end;
      }
    }
    addText(layout.contentEnd);
  }
  const joined = joinTexts(parts);
  if (format) {
    return { kind: 'formatString', start: node.start, end: node.end, parts: joined };
  }
  const value = typeof joined[0] === 'string' ? joined[0] : '';
  return { kind: 'string', start: node.start, end: node.end, value, bytes };
}

function lowerInterpolation(lowering: Lowering, node: ConcreteNode, parts: FormatPart[]): void {
  let value = node.children[1];
  const equals = childOfType(node, '=');
  if (equals !== undefined) {
    // `{x=}` also prints the expression as written, up to and with the `=` and the blanks after it.
    const next = node.children[node.children.indexOf(equals) + 1];
    parts.push(lowering.text.slice(node.start + 1, next?.start ?? equals.end));
  }
  let plain =
    equals === undefined && !hasChild(node, 'type_conversion') && !hasChild(node, 'format_specifier');
  if (value?.type === 'named_expression') {
    // `{x:=10}` has the format spec `=10`; a walrus there needs parentheses.
    value = value.children[0];
    plain = false;
  }
  const expression = node.broken
    ? ({ kind: 'errorExpression', start: node.start, end: node.end } as const)
    : lowerExpression(lowering, value, node);
  parts.push({ expression, plain });
}

/** Joins neighbouring texts and drops empty ones. */
function joinTexts(parts: readonly FormatPart[]): FormatPart[] {
  const joined: FormatPart[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (typeof part === 'string' && typeof previous === 'string') {
      joined[joined.length - 1] = previous + part;
    } else if (part !== '') {
      joined.push(part);
    }
  }
  return joined;
}
