import type { Trace } from './analysis/trace.ts';
import type { PythonParser } from './python/parser.ts';
import type { Module, Span } from './python/syntax.ts';
import type { Fix, RelatedPlace, Severity } from './rules/rule.ts';

/** A finding with its rule and its effective severity. */
export interface Problem {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** All fixes, the preferred one first. */
  readonly fixes: readonly Fix[];
  readonly related: readonly RelatedPlace[];
}

/** What the user set: severity by code, `off` to silence a rule. Codes left out keep their default. */
export interface LintConfiguration {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
}

export interface LintResult {
  readonly module: Module;
  readonly trace: Trace;
  /** In source order; findings that overlap a syntax error are withheld. */
  readonly problems: readonly Problem[];
}

/**
 * Lints one Python document: parse, analyse, run the rules, apply suppressions and severities.
 * Returns null where the text never mentions torch (nothing is parsed then). Never throws on any text.
 */
export declare function lint(
  parser: PythonParser,
  text: string,
  configuration: LintConfiguration,
): LintResult | null;
