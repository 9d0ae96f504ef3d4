import type { LintResult, Problem } from '../lint.ts';
import type { NotebookText } from '../python/notebook-text.ts';
import type { Applicability, Edit, Fix } from '../rules/rule.ts';
import { applyEdits, conflict } from './edits.ts';

export interface FixAll {
  /** Edits that do not overlap, in no particular order. */
  readonly edits: readonly Edit[];
  /** The problems these edits repair, in source order. */
  readonly fixed: readonly Problem[];
}

const safeOnly: readonly Applicability[] = ['safe'];

/**
 * The fixes that may be applied without asking: of each problem the first fix of an allowed kind.
 * A fix that overlaps an earlier one is left out whole; it comes up again when the result is linted anew.
 */
export function fixAll(
  result: Pick<LintResult, 'problems'>,
  allowed: readonly Applicability[] = safeOnly,
): FixAll {
  const edits: Edit[] = [];
  const fixed: Problem[] = [];
  for (const problem of result.problems) {
    const fix = allowedFix(problem, allowed);
    if (fix === undefined) continue;
    const clashes = fix.edits.some((edit) => edits.some((taken) => conflict(edit.span, taken.span)));
    if (clashes) continue;
    edits.push(...fix.edits);
    fixed.push(problem);
  }
  return { edits, fixed };
}

/** The fix that `fixAll` would choose for a problem. */
export function allowedFix(problem: Problem, allowed: readonly Applicability[] = safeOnly): Fix | undefined {
  return problem.fixes.find((fix) => fix.edits.length > 0 && allowed.includes(fix.applicability));
}

// A fix may make room for another that overlapped it; deeper nests than this have not been seen, and a
// pair of rules that undo each other must not hang the caller.
const maximumRounds = 10;

/**
 * Applies allowed fixes and lints again until none is left (at most ten rounds).
 * `relint` returns null for a text that needs no linting.
 */
export function fixUntilStable<Source extends string | NotebookText>(
  source: Source,
  relint: (source: Source) => LintResult | null,
  allowed: readonly Applicability[] = safeOnly,
): { readonly source: Source; readonly result: LintResult | null; readonly fixed: readonly Problem[] } {
  let result = relint(source);
  const fixed: Problem[] = [];
  for (let round = 0; round < maximumRounds && result !== null; round++) {
    const step = fixAll(result, allowed);
    if (step.fixed.length === 0) break;
    const next = edited(source, step.edits);
    if (textOf(next) === textOf(source)) break;
    const after = relint(next);
    // A fix that breaks the syntax is a bug in its rule; the user's file must not pay for it.
    if (after !== null && after.module.errors.length > result.module.errors.length) break;
    source = next;
    result = after;
    fixed.push(...step.fixed);
  }
  return { source, result, fixed };
}

function edited<Source extends string | NotebookText>(source: Source, edits: readonly Edit[]): Source {
  return (typeof source === 'string' ? applyEdits(source, edits) : source.edited(edits)) as Source;
}

function textOf(source: string | NotebookText): string {
  return typeof source === 'string' ? source : source.text;
}
