import type { LineIndex } from './python/positions.ts';
import type { Comment, Module, Span, Statement } from './python/syntax.ts';
import { children, isStatement } from './python/walk.ts';

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
  /** The whole line comment that it is in, which may hold other tools' words. */
  readonly comment: Span;
  /** The rules it names; null silences every rule. */
  readonly codes: readonly ListedCode[] | null;
  /** From the first to the last rule it names; null where no list is written. */
  readonly list: Span | null;
  /** The rows it covers, from 0, both included; null for the whole file. */
  readonly rows: Rows | null;
}

/** A rule in the list of a comment: its code in upper case, or what else is written there. */
export interface ListedCode {
  readonly code: string;
  readonly span: Span;
}

/** What a comment may name. */
type NamedRules = readonly { readonly code: string; readonly name: string }[];

interface Rows {
  readonly first: number;
  readonly last: number;
}

// The codes' character class leaves a missing bracket unmatched: such a comment then silences nothing.
const pragma =
  /#\s*freezelint\s*:\s*ignore(?<file>-file)?(?:\s*\[(?<codes>[\w\s,-]*)\]|(?=\s*(?:$|#|--)))/dgi;
const noqa = /#\s*noqa(?:\s*:\s*(?<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)|(?!\s*:)(?!\w))/dgi;

/** Finds the comments that silence findings. `rules` lets a comment name a rule instead of its code. */
export function findSuppressions(module: Module, lines: LineIndex, rules: NamedRules): Suppression[] {
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

/** The comments of one text at work: which findings they silence, and which of them ever did. */
export class Silencing {
  readonly #suppressions: readonly Suppression[];
  readonly #lines: LineIndex;
  readonly #silenced = new Map<Suppression, Set<string>>();

  constructor(suppressions: readonly Suppression[], lines: LineIndex) {
    this.#suppressions = suppressions;
    this.#lines = lines;
  }

  /**
   * Whether a comment silences a finding of the rule `code` at `span`. Every comment that does is remembered as
   * used: where two cover the same finding, taking away either would be safe, taking away both would not.
   */
  silences(code: string, span: Span): boolean {
    const covering = this.#covering(span).filter(
      ({ codes }) => codes === null || codes.some((listed) => listed.code === code),
    );
    for (const suppression of covering) {
      const silenced = this.#silenced.get(suppression) ?? new Set();
      this.#silenced.set(suppression, silenced.add(code));
    }
    return covering.length > 0;
  }

  /** Whether a comment that covers `span` names the rule `code`: a bare one does not count. */
  isNamed(code: string, span: Span): boolean {
    return this.#covering(span).some(({ codes }) => codes?.some((listed) => listed.code === code));
  }

  /** All comments, each with the codes of the findings that it has silenced. */
  get uses(): readonly SuppressionUse[] {
    return this.#suppressions.map((suppression) => ({
      suppression,
      silenced: this.#silenced.get(suppression) ?? new Set(),
    }));
  }

  #covering(span: Span): Suppression[] {
    const first = this.#lines.positionAt(span.start).row;
    const last = this.#lines.positionAt(span.end).row;
    return this.#suppressions.filter(
      ({ rows }) => rows === null || covers(rows, first) || covers(rows, last),
    );
  }
}

export interface SuppressionUse {
  readonly suppression: Suppression;
  readonly silenced: ReadonlySet<string>;
}

function covers(rows: Rows, row: number): boolean {
  return rows.first <= row && row <= rows.last;
}

function placed(match: RegExpExecArray, comment: Comment, rules: NamedRules) {
  const start = comment.start + match.index;
  const listed = match.groups?.codes;
  const codesAt = match.indices?.groups?.codes?.[0];
  const found = { span: { start, end: start + match[0].length }, comment };
  if (listed === undefined || codesAt === undefined) return { ...found, codes: null, list: null };
  const listStart = comment.start + codesAt;
  const codes = [...listed.matchAll(/[^\s,]+/g)].map(({ 0: word, index }): ListedCode => {
    const named = rules.find((rule) => rule.name === word.toLowerCase());
    const wordStart = listStart + index;
    return {
      code: named ? named.code : word.toUpperCase(),
      span: { start: wordStart, end: wordStart + word.length },
    };
  });
  const list = { start: codes[0]?.span.start ?? listStart, end: codes.at(-1)?.span.end ?? listStart };
  return { ...found, codes, list };
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
