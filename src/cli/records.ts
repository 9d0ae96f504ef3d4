import type { Problem } from '../lint.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import type { Applicability, Fix, Severity } from '../rules/rule.ts';
import { ruleUrl } from '../rules-url.ts';

/** A place in a file: row and column from 1, the column in UTF-16 code units. */
export interface Location {
  readonly row: number;
  readonly column: number;
}

export interface FixRecord {
  readonly applicability: Applicability;
  readonly message: string;
  /** `content` replaces the text from `location` up to, not including, `end_location`. */
  readonly edits: readonly {
    readonly content: string;
    readonly location: Location;
    readonly end_location: Location;
  }[];
}

/** One finding in `--output-format json`; the names of its fields are a contract with other programs. */
export interface ProblemRecord {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly filename: string;
  readonly location: Location;
  readonly end_location: Location;
  /** The preferred fix. */
  readonly fix: FixRecord | null;
  /** All fixes, the preferred one first. */
  readonly fixes: readonly FixRecord[];
  readonly url: string;
  readonly related: readonly {
    readonly message: string;
    readonly filename: string;
    readonly location: Location;
    readonly end_location: Location;
  }[];
}

/** A linted file as the output formats need it. */
export interface FileReport {
  readonly filename: string;
  readonly text: string;
  readonly problems: readonly Problem[];
}

export function problemRecords({ filename, text, problems }: FileReport): ProblemRecord[] {
  const lines = new LineIndex(text);
  return problems.map((problem) => {
    const fixes = problem.fixes.map((fix) => fixRecord(fix, lines));
    return {
      code: problem.code,
      name: problem.name,
      severity: problem.severity,
      message: problem.message,
      filename,
      ...locations(problem.span, lines),
      fix: fixes[0] ?? null,
      fixes,
      url: ruleUrl(problem.code),
      related: problem.related.map(({ message, span, file }) => ({
        message,
        filename: file?.path ?? filename,
        ...locations(span, file ? new LineIndex(file.text) : lines),
      })),
    };
  });
}

/** Where an offset is, as people count. */
export function locationOf(offset: number, lines: LineIndex): Location {
  const { row, column } = lines.positionAt(offset);
  return { row: row + 1, column: column + 1 };
}

function locations(span: Span, lines: LineIndex): { location: Location; end_location: Location } {
  return { location: locationOf(span.start, lines), end_location: locationOf(span.end, lines) };
}

function fixRecord({ applicability, message, edits }: Fix, lines: LineIndex): FixRecord {
  return {
    applicability,
    message,
    edits: edits.map(({ span, content }) => ({ content, ...locations(span, lines) })),
  };
}
