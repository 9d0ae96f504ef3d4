import type { LintConfiguration, RuleSetting } from '../lint.ts';
import type { Rule, Severity } from '../rules/rule.ts';

/** What one source of settings says about the rules: pyproject.toml, the command line or the editor. */
export interface RuleSettings {
  /** Selectors of the only rules to run; null for all. */
  readonly select: readonly string[] | null;
  /** Selectors of rules to leave out. */
  readonly ignore: readonly string[];
  /** Severity by selector; `off` leaves a rule out. */
  readonly severity: Readonly<Record<string, Severity | 'off'>>;
  /** The major version of PyTorch to assume; null leaves it to weaker sources. */
  readonly torchVersion: number | null;
}

/** Says nothing. */
export const noSettings: RuleSettings = { select: null, ignore: [], severity: {}, torchVersion: null };

export interface RuleSelection {
  readonly configuration: LintConfiguration;
  /** Codes that somebody asked for by a `select`: their findings are shown however mild they are. */
  readonly selected: ReadonlySet<string>;
}

/**
 * The rules that a selector means: a code (`FRZ101`), the start of codes (`FRZ4`), a rule's name, or
 * `ALL`. Empty where it means none.
 */
export function rulesMeant(selector: string, rules: readonly Rule[]): readonly Rule[] {
  const code = selector.toUpperCase();
  if (code === 'ALL') return rules;
  const named = rules.filter((rule) => rule.name === selector.toLowerCase());
  if (named.length > 0) return named;
  return /^FRZ\d*$/.test(code) ? rules.filter((rule) => rule.code.startsWith(code)) : [];
}

/**
 * Combines settings, weakest first. A later severity replaces an earlier one, `off` included. A later `select` starts
 * afresh: what earlier sources selected, ignored or switched off no longer counts. A rule that is off by default runs
 * where it is selected, by its code or with others, or given a severity.
 */
export function selectRules(settings: readonly RuleSettings[], rules: readonly Rule[]): RuleSelection {
  const chosen: Record<string, RuleSetting> = {};
  let selected = new Set<string>();
  // A severity does not bring back a rule that is not selected or is ignored.
  let leftOut = new Set<string>();
  let assumed: number | null = null;
  for (const { select, ignore, severity, torchVersion } of settings) {
    assumed = torchVersion ?? assumed;
    if (select !== null) {
      selected = new Set(codesMeant(select, rules));
      leftOut = new Set(rules.map(({ code }) => code).filter((code) => !selected.has(code)));
      for (const code of selected) if (chosen[code] === 'off') delete chosen[code];
      for (const { code, isOffByDefault } of rules) {
        if (isOffByDefault && selected.has(code)) chosen[code] ??= 'on';
      }
    }
    for (const [selector, value] of Object.entries(severity)) {
      for (const { code } of rulesMeant(selector, rules)) chosen[code] = value;
    }
    for (const code of codesMeant(ignore, rules)) leftOut.add(code);
  }
  for (const code of leftOut) chosen[code] = 'off';
  const version = assumed === null ? {} : { torchVersion: assumed };
  return { configuration: { rules: chosen, ...version }, selected };
}

/** The major version in `2` or `1.13.1`; null where the text is no version. */
export function torchMajorVersion(version: string): number | null {
  const found = /^(\d+)(?:\.\d+)*$/.exec(version.trim());
  return found ? Number(found[1]) : null;
}

function codesMeant(selectors: readonly string[], rules: readonly Rule[]): string[] {
  return selectors.flatMap((selector) => rulesMeant(selector, rules).map((rule) => rule.code));
}
