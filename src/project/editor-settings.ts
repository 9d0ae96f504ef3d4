/** The settings of an editor: the section `freezelint` of VS Code, and of the clients of the language server. */
import type { Rule, Severity } from '../rules/rule.ts';
import { isExcluded, type ProjectConfiguration, settingsFor } from './configuration.ts';
import { type RuleSelection, type RuleSettings, selectRules, torchMajorVersion } from './rule-selection.ts';

export interface EditorSettings {
  readonly enable: boolean;
  readonly rules: RuleSettings;
  readonly hover: boolean;
  readonly codeLens: 'informative' | 'always' | 'off';
  readonly inlayHints: boolean;
  readonly gutterMarks: boolean;
}

const severities: readonly unknown[] = ['error', 'warning', 'information', 'hint', 'off'];

/** Reads settings by their names after `freezelint.`; those that are missing or make no sense have their default. */
export function editorSettings(values: Readonly<Record<string, unknown>>): EditorSettings {
  const { enable, rules, ignore, torchVersion, hover, codeLens, inlayHints, gutterMarks } = values;
  const severity = Object.entries(typeof rules === 'object' && rules !== null ? rules : {}).filter(
    // `default` leaves a rule to weaker sources.
    (entry): entry is [string, Severity | 'off'] => severities.includes(entry[1]),
  );
  return {
    enable: enable !== false,
    rules: {
      select: null,
      ignore: Array.isArray(ignore) ? ignore.map(String) : [],
      severity: Object.fromEntries(severity),
      torchVersion: torchMajorVersion(String(torchVersion ?? '')),
    },
    hover: hover !== false,
    codeLens: codeLens === 'always' || codeLens === 'off' ? codeLens : 'informative',
    inlayHints: inlayHints === true,
    gutterMarks: gutterMarks === true,
  };
}

/**
 * What holds for the file at `path` (absolute, with `/`; null for an unsaved text): the settings of its project, overridden
 * by the editor's. Null where Freezelint is switched off, or the project leaves the file out.
 */
export function rulesInEditor(
  path: string | null,
  project: ProjectConfiguration | null,
  { enable, rules: overriding }: EditorSettings,
  rules: readonly Rule[],
): RuleSelection | null {
  if (!enable || (path !== null && isExcluded(path, project))) return null;
  return selectRules(settingsFor(path ?? '', project, overriding), rules);
}
