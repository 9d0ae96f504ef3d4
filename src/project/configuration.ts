import ignorePatterns from 'ignore';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import type { Rule } from '../rules/rule.ts';
import { noSettings, type RuleSettings, rulesMeant, torchMajorVersion } from './rule-selection.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** The table `[tool.freezelint]` of a pyproject.toml. */
export interface ProjectConfiguration extends RuleSettings {
  /** The path of the pyproject.toml. */
  readonly file: string;
  /** Patterns in the form of .gitignore, relative to the file's folder. */
  readonly exclude: readonly string[];
  /**
   * Selectors of rules to leave out, by the pattern of the files where they are: in the form of .gitignore, relative
   * to the file's folder; with `!` in front, for all files that the rest does not match.
   */
  readonly perFileIgnores: Readonly<Record<string, readonly string[]>>;
}

/** A mistake in a pyproject.toml; the message names file, line and key. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}

const listOfStrings = v.array(v.string('must be a list of strings'), 'must be a list of strings');

const table = v.strictObject({
  select: v.optional(listOfStrings),
  ignore: v.optional(listOfStrings),
  severity: v.optional(
    v.record(
      v.string(),
      v.picklist(
        ['error', 'warning', 'information', 'hint', 'off'],
        'must be "error", "warning", "information", "hint" or "off"',
      ),
      'must be a table of rule codes',
    ),
  ),
  'per-file-ignores': v.optional(
    v.record(v.string(), listOfStrings, 'must be a table of file patterns, each with a list of rules'),
  ),
  exclude: v.optional(listOfStrings),
  'torch-version': v.optional(
    v.pipe(
      v.union([v.string(), v.number()], 'must be a version such as "2.1"'),
      v.transform((version) => torchMajorVersion(String(version))),
      v.number('must be a version such as "2.1"'),
    ),
  ),
});

const knownKeys = Object.keys(table.entries).join(', ');

/**
 * The configuration for files of `folder`: of the nearest pyproject.toml at or above it that has a table
 * `[tool.freezelint]`; null where none has. Rejects with a ConfigurationError where that table is wrong.
 */
export async function findConfiguration(
  files: Pick<WorkspaceFiles, 'read'>,
  folder: string,
  rules: readonly Rule[],
): Promise<ProjectConfiguration | null> {
  for (let current = folder.replace(/\/+$/, ''); ; current = current.slice(0, current.lastIndexOf('/'))) {
    const file = `${current}/pyproject.toml`;
    const text = await files.read(file);
    const found = text === null ? null : readConfiguration(file, text, rules);
    if (found !== null || !current.includes('/')) return found;
  }
}

/**
 * Reads the table `[tool.freezelint]` from a pyproject.toml's text; null where there is none. Throws a
 * ConfigurationError where it is wrong, or where the file mentions freezelint and is no TOML at all.
 */
export function readConfiguration(
  file: string,
  text: string,
  rules: readonly Rule[],
): ProjectConfiguration | null {
  // Another tool's broken file is none of our business.
  if (!text.includes('freezelint')) return null;
  let document: Record<string, unknown>;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigurationError(file, error.line, error.message.split('\n')[0] ?? 'invalid TOML');
  }
  const tool = document.tool;
  if (typeof tool !== 'object' || tool === null || !('freezelint' in tool)) return null;

  const parsed = v.safeParse(table, tool.freezelint);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = (issue.path ?? []).map((item) => String(item.key));
    const unknown = issue.type === 'strict_object' && path.length > 0;
    const problem = unknown ? `there is no such key; known are ${knownKeys}` : issue.message;
    throw new ConfigurationError(file, lineOf(text, path), `${keyName(path)}: ${problem}`);
  }
  const { select = null, ignore = [], severity = {}, exclude = [] } = parsed.output;
  const perFileIgnores = parsed.output['per-file-ignores'] ?? {};

  const selectors: [...path: string[], selector: string][] = [
    ...(select ?? []).map((selector): [string, string] => ['select', selector]),
    ...ignore.map((selector): [string, string] => ['ignore', selector]),
    ...Object.keys(severity).map((selector): [string, string] => ['severity', selector]),
    ...Object.entries(perFileIgnores).flatMap(([pattern, ignored]) =>
      ignored.map((selector): [string, string, string] => ['per-file-ignores', pattern, selector]),
    ),
  ];
  for (const path of selectors) {
    const selector = path.at(-1) ?? '';
    if (rulesMeant(selector, rules).length > 0) continue;
    throw new ConfigurationError(
      file,
      lineOf(text, path),
      `${keyName(path.slice(0, -1))}: no rule "${selector}"`,
    );
  }
  const torchVersion = parsed.output['torch-version'] ?? null;
  return { file, select, ignore, severity, torchVersion, exclude, perFileIgnores };
}

/**
 * The settings for the file at `path` (absolute, with `/`), weakest first: those of its project, those that override
 * them, and what the project ignores in this very file, which nothing overrides.
 */
export function settingsFor(
  path: string,
  project: ProjectConfiguration | null,
  overriding: RuleSettings,
): readonly RuleSettings[] {
  if (project === null) return [overriding];
  const ignore = Object.entries(project.perFileIgnores).flatMap(([pattern, ignored]) => {
    const negated = pattern.startsWith('!');
    const matches = matchesAny(path, project, [negated ? pattern.slice(1) : pattern]);
    return matches === negated ? [] : ignored;
  });
  return [project, overriding, { ...noSettings, ignore }];
}

/** Whether a project leaves out the file at `path` (absolute, with `/`). */
export function isExcluded(path: string, project: ProjectConfiguration | null): boolean {
  return project !== null && matchesAny(path, project, project.exclude);
}

function matchesAny(path: string, { file }: ProjectConfiguration, patterns: readonly string[]): boolean {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  if (patterns.length === 0 || !path.startsWith(folder) || path === folder) return false;
  return ignorePatterns({ ignorecase: false })
    .add([...patterns])
    .ignores(path.slice(folder.length));
}

function keyName(path: readonly string[]): string {
  return ['tool', 'freezelint', ...path.filter((key) => !/^\d+$/.test(key))].join('.');
}

/**
 * The line of a key or list item below `[tool.freezelint]`, counted from 1, by searching for the words of
 * `path` in order: the TOML parser keeps no places. The table's own line where a word cannot be found.
 */
function lineOf(text: string, path: readonly string[]): number {
  const lines = text.split('\n');
  const header = /^\s*\[\s*"?tool"?\s*\.\s*"?freezelint\b|^\s*"?freezelint"?\s*[.=]|\btool\.freezelint\b/;
  let line = Math.max(
    0,
    lines.findIndex((each) => header.test(each)),
  );
  for (const word of path) {
    if (/^\d+$/.test(word)) continue;
    const below = (test: (each: string) => boolean) =>
      lines.findIndex((each, index) => index >= line && test(each));
    // As a key first: `ignore` also occurs in `per-file-ignores`.
    const literal = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const key = new RegExp(`(?:^|[\\s.{,"'\\[])${literal}["']?\\s*[=.\\]]`);
    let found = below((each) => key.test(each.split('#')[0] ?? ''));
    if (found === -1) found = below((each) => each.split('#')[0]?.includes(word) ?? false);
    if (found !== -1) line = found;
  }
  return line + 1;
}
