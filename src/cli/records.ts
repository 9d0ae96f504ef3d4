import type { Problem } from '../lint.ts';
import type { Applicability, Fix, Severity } from '../rules/rule.ts';
import { ruleUrl } from '../rules-url.ts';
import { type Locations, Places, type Source } from './places.ts';

export interface FixRecord {
  readonly applicability: Applicability;
  readonly message: string;
  /** `content` replaces the text from `location` up to, not including, `end_location`. */
  readonly edits: readonly (Locations & { readonly content: string })[];
}

/** One finding in `--output-format json`; the names of its fields are a contract with other programs. */
export interface ProblemRecord extends Locations {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly filename: string;
  /** Only in notebooks: the cell of `location`. */
  readonly cell?: number;
  /** The preferred fix. */
  readonly fix: FixRecord | null;
  /** All fixes, the preferred one first. */
  readonly fixes: readonly FixRecord[];
  readonly url: string;
  readonly related: readonly (Locations & { readonly message: string; readonly filename: string })[];
}

/** A linted file as the output formats need it. */
export interface FileReport {
  readonly filename: string;
  readonly source: Source;
  readonly problems: readonly Problem[];
}

export function problemRecords({ filename, source, problems }: FileReport): ProblemRecord[] {
  const places = new Places(source);
  return problems.map((problem) => {
    const fixes = problem.fixes.map((fix) => fixRecord(fix, places));
    const locations = places.locations(problem.span);
    const { cell } = locations.location;
    return {
      code: problem.code,
      name: problem.name,
      severity: problem.severity,
      message: problem.message,
      filename,
      ...(cell === undefined ? {} : { cell }),
      ...locations,
      fix: fixes[0] ?? null,
      fixes,
      url: ruleUrl(problem.code),
      related: problem.related.map(({ message, span, file }) => ({
        message,
        filename: file?.path ?? filename,
        ...(file ? new Places(file.text) : places).locations(span),
      })),
    };
  });
}

function fixRecord({ applicability, message, edits }: Fix, places: Places): FixRecord {
  return {
    applicability,
    message,
    edits: edits.map(({ span, content }) => ({ content, ...places.locations(span) })),
  };
}
