import type { LineIndex } from './python/positions.ts';
import type { Comment, Module, Span, Statement } from './python/syntax.ts';
import { children, isStatement } from './python/walk.ts';
import type { Rule } from './rules/rule.ts';

/**
 * A comment that silences findings:
 *
 * - `# freezelint: ignore[FRZ101, FRZ103] -- reason`, or bare `# freezelint: ignore`, at the end of a
 *   line: for the logical line it stands on (a statement over several lines, or the header of a loop,
 *   function or class);
 * - the same on a line of its own: for the statement that follows, with everything in it;
 * - `# freezelint: ignore-file[FRZ101]`, anywhere: for the whole file;
 * - `# noqa: FRZ101` and bare `# noqa`, at the end of a line, as for other linters.
 */
export interface Suppression {
  readonly form: 'freezelint' | 'noqa';
  /** From the inner `#` to the end of the codes, without the reason. */
  readonly span: Span;
  /** Upper-case codes; null silences every rule. */
  readonly codes: readonly string[] | null;
  /** Where the list of codes ends (before `]`); null where no codes are listed. */
  readonly codesEnd: number | null;
  /** The rows it covers, from 0, both included; null for the whole file. */
  readonly rows: Rows | null;
}

interface Rows {
  readonly first: number;
  readonly last: number;
}

// The codes' character class leaves a missing bracket unmatched: such a comment then silences nothing.
const pragma =
  /#\s*freezelint\s*:\s*ignore(?<file>-file)?(?:\s*\[(?<codes>[\w\s,-]*)\]|(?=\s*(?:$|#|--)))/dgi;
const noqa = /#\s*noqa(?:\s*:\s*(?<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)|(?!\s*:)(?!\w))/dgi;

/** Finds the comments that silence findings. `rules` lets a comment name a rule instead of its code. */
export function findSuppressions(module: Module, lines: LineIndex, rules: readonly Rule[]): Suppression[] {
  const found: Suppression[] = [];
  for (const comment of module.comments) {
    for (const match of comment.text.matchAll(pragma)) {
      const wholeFile = match.groups?.file !== undefined;
      found.push({
        form: 'freezelint',
        ...placed(match, comment, rules),
        rows: wholeFile ? null : coveredRows(module, comment, lines),
      });
    }
    for (const match of comment.text.matchAll(noqa)) {
      const row = lines.positionAt(comment.start).row;
      found.push({ form: 'noqa', ...placed(match, comment, rules), rows: logicalLine(module, row, lines) });
    }
  }
  return found;
}

/** Whether one of the comments silences a finding of the rule `code` at `span`. */
export function isSuppressed(
  suppressions: readonly Suppression[],
  code: string,
  span: Span,
  lines: LineIndex,
): boolean {
  if (suppressions.length === 0) return false;
  const first = lines.positionAt(span.start).row;
  const last = lines.positionAt(span.end).row;
  return suppressions.some(
    (suppression) =>
      (suppression.codes === null || suppression.codes.includes(code)) &&
      (suppression.rows === null || covers(suppression.rows, first) || covers(suppression.rows, last)),
  );
}

function covers(rows: Rows, row: number): boolean {
  return rows.first <= row && row <= rows.last;
}

function placed(match: RegExpExecArray, comment: Comment, rules: readonly Rule[]) {
  const start = comment.start + match.index;
  const listed = match.groups?.codes;
  const codesAt = match.indices?.groups?.codes?.[0];
  return {
    span: { start, end: start + match[0].length },
    codes: listed === undefined ? null : codesOf(listed, rules),
    codesEnd:
      listed === undefined || codesAt === undefined
        ? null
        : comment.start + codesAt + listed.trimEnd().length,
  };
}

function codesOf(listed: string, rules: readonly Rule[]): string[] {
  const words = listed.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const named = rules.find((rule) => rule.name === word.toLowerCase());
    return named ? named.code : word.toUpperCase();
  });
}

function coveredRows(module: Module, comment: Comment, lines: LineIndex): Rows {
  const row = lines.positionAt(comment.start).row;
  const alone = module.text.slice(lines.lineSpan(row).start, comment.start).trim() === '';
  if (!alone) return logicalLine(module, row, lines);
  const next = statementAfter(module.body, comment.start);
  if (next === null) return { first: row, last: row };
  return { first: Math.min(row, lines.positionAt(next.start).row), last: lines.positionAt(next.end).row };
}

/** The lines of the simple statement, or of the header of the compound one, that holds `row`. */
function logicalLine(module: Module, row: number, lines: LineIndex): Rows {
  let body = module.body;
  for (;;) {
    const statement = body.find((candidate) => {
      return lines.positionAt(candidate.start).row <= row && row <= lines.positionAt(candidate.end).row;
    });
    if (statement === undefined) return { first: row, last: row };
    const inner = blocksOf(statement);
    const firstInner = inner[0];
    const first = lines.positionAt(statement.start).row;
    if (firstInner === undefined) return { first, last: lines.positionAt(statement.end).row };
    const header = Math.max(first, lines.positionAt(firstInner.start).row - 1);
    if (row <= header) return { first, last: header };
    body = inner;
  }
}

/** The first statement that starts after `offset`, or the simple one that `offset` stands inside. */
function statementAfter(body: readonly Statement[], offset: number): Statement | null {
  for (const statement of body) {
    if (statement.start >= offset) return statement;
    if (offset >= statement.end) continue;
    const inner = blocksOf(statement);
    if (inner.length === 0) return statement;
    const found = statementAfter(inner, offset);
    if (found !== null) return found;
  }
  return null;
}

/** The statements directly inside a compound statement, in source order. */
function blocksOf(statement: Statement): readonly Statement[] {
  return [...children(statement)].filter(isStatement);
}
