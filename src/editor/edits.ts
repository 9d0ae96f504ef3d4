import type { Span } from '../python/syntax.ts';
import type { Edit } from '../rules/rule.ts';

/**
 * Applies edits, given in any order with offsets into `text`, and returns the new text.
 * Throws RangeError where two edits overlap: that is a bug in a fix, and guessing would damage the file.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((left, right) => {
    return left.span.start - right.span.start || left.span.end - right.span.end;
  });
  let result = '';
  let position = 0;
  for (const { span, content } of ordered) {
    if (span.start < position) throw new RangeError(`edits overlap at offset ${span.start}`);
    result += text.slice(position, span.start) + content;
    position = span.end;
  }
  return result + text.slice(position);
}

/**
 * Whether two edits cannot both be made: they share characters, or they insert at the same place,
 * where nobody could say which comes first.
 */
export function conflict(left: Span, right: Span): boolean {
  if (left.start === left.end && right.start === right.end) return left.start === right.start;
  return left.start < right.end && right.start < left.end;
}
