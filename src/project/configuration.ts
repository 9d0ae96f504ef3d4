import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import type { Rule } from '../rules/rule.ts';
import { type RuleSettings, rulesMeant } from './rule-selection.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** The table `[tool.freezelint]` of a pyproject.toml. */
export interface ProjectConfiguration extends RuleSettings {
  /** The path of the pyproject.toml. */
  readonly file: string;
  /** Patterns in the form of .gitignore, relative to the file's folder. */
  readonly exclude: readonly string[];
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

const table = v.strictObject({
  select: v.optional(v.array(v.string('must be a list of strings'), 'must be a list of strings')),
  ignore: v.optional(v.array(v.string('must be a list of strings'), 'must be a list of strings')),
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
  exclude: v.optional(v.array(v.string('must be a list of strings'), 'must be a list of strings')),
});

/**
 * The configuration for files of `folder`: of the nearest pyproject.toml at or above it that has a table
 * `[tool.freezelint]`; null where none has. Rejects with a ConfigurationError where that table is wrong.
 */
export async function findConfiguration(
  files: WorkspaceFiles,
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
    const problem = unknown
      ? 'there is no such key; known are select, ignore, severity, exclude'
      : issue.message;
    throw new ConfigurationError(file, lineOf(text, path), `${keyName(path)}: ${problem}`);
  }
  const { select = null, ignore = [], severity = {}, exclude = [] } = parsed.output;

  const selectors = [
    ...(select ?? []).map((selector) => ['select', selector]),
    ...ignore.map((selector) => ['ignore', selector]),
    ...Object.keys(severity).map((selector) => ['severity', selector]),
  ];
  for (const [key = '', selector = ''] of selectors) {
    if (rulesMeant(selector, rules).length > 0) continue;
    throw new ConfigurationError(
      file,
      lineOf(text, [key, selector]),
      `${keyName([key])}: no rule "${selector}"`,
    );
  }
  return { file, select, ignore, severity, exclude };
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
  let line = Math.max(
    0,
    lines.findIndex((each) => each.includes('freezelint') && !each.trimStart().startsWith('#')),
  );
  for (const word of path) {
    const found = lines.findIndex((each, index) => index >= line && each.split('#')[0]?.includes(word));
    if (found !== -1 && !/^\d+$/.test(word)) line = found;
  }
  return line + 1;
}
