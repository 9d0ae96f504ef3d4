/**
 * Headers of match statements that the grammar cannot read where the subject starts with a bracket or has a star before
 * one: to it `match [a, b]:` with `case [1, _]:` on the next line may as well annotate `match[a, b]`.
 */
import { moveSpans } from './move-spans.ts';
import type { Comment, Expression, Module, Span } from './syntax.ts';
import { walk } from './walk.ts';

/** The same text, as long, with a plain name instead of some subjects. */
export interface PlainSubjects {
  readonly text: string;
  /** Where the subjects were. */
  readonly subjects: readonly Span[];
}

/** Writes names for the subjects of match statements that are none; null where there is no such statement. */
export function withPlainSubjects(text: string): PlainSubjects | null {
  const subjects: Span[] = [];
  const starts = /^[ \t]*match\b[ \t]*(?=[^\s.=,:;)\]}])/gm;
  for (let match = starts.exec(text); match; match = starts.exec(text)) {
    const start = starts.lastIndex;
    const end = endOfHeader(text, start);
    if (end !== null && !/^\w*$/.test(text.slice(start, end))) subjects.push({ start, end });
  }
  if (subjects.length === 0) return null;
  let plain = '';
  for (const { start, end } of subjects) {
    // A name right behind the keyword would be one with it.
    const gap = text[start - 1] === 'h' ? ' ' : '';
    plain += text.slice(plain.length, start) + gap + '_'.repeat(end - start - gap.length);
  }
  return { text: plain + text.slice(plain.length), subjects };
}

const TOKEN =
  /\\\r?\n|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#.*|[([{]|[)\]}]|[:\n]/g;

/** Characters; a longer header is one that nobody closed. */
const MAXIMUM_HEADER = 2000;

/** The offset of the colon before the first `case`; null where the line is no header of a match. */
function endOfHeader(text: string, start: number): number | null {
  let depth = 0;
  TOKEN.lastIndex = start;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match;
    if (match.index - start > MAXIMUM_HEADER) return null;
    if (/^[([{]/.test(token)) depth++;
    else if (/^[)\]}]/.test(token)) depth--;
    else if (depth > 0 || !/^[:\n]/.test(token)) continue;
    else if (token === '\n') return null;
    else if (
      /^[ \t]*(?:#.*)?(?:\r?\n[ \t]*(?:#.*)?)+case\b/.test(text.slice(match.index + 1, match.index + 1000))
    )
      return match.index;
    if (depth < 0) return null;
  }
  return null;
}

/**
 * Puts the real subjects where `module` has names for them. `parse` reads a text of its own; what is wrong in a subject
 * is an error of the module.
 */
export function withSubjects(
  module: Module,
  subjects: readonly Span[],
  parse: (text: string) => Module,
): Module {
  const places = new Map(subjects.map((subject) => [subject.end, subject]));
  const errors: Span[] = [...module.errors];
  const comments: Comment[] = [...module.comments];
  for (const statement of module.body.flatMap((top) => [...walk(top)])) {
    const place = statement.kind === 'match' ? places.get(statement.subject.end) : undefined;
    if (place === undefined) continue;
    // Inside brackets lines may end, and a star may stand.
    const inner = parse(`(${module.text.slice(place.start, place.end)})`);
    moveSpans([inner.body, inner.comments, inner.errors], place.start - 1);
    const [only] = inner.body;
    const subject: Expression =
      only?.kind === 'expressionStatement' && inner.body.length === 1
        ? { ...only.expression, ...within(only.expression, place) }
        : { kind: 'errorExpression', ...place };
    Object.assign(statement, { subject });
    errors.push(...inner.errors);
    comments.push(...inner.comments);
  }
  const inOrder = (a: Span, b: Span): number => a.start - b.start || a.end - b.end;
  return { ...module, errors: errors.sort(inOrder), comments: comments.sort(inOrder) };
}

/** A tuple counts the brackets that were put around it. */
const within = (span: Span, outer: Span): Span => ({
  start: Math.max(span.start, outer.start),
  end: Math.min(span.end, outer.end),
});
