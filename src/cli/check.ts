import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { allowedFix, fixUntilStable } from '../editor/fix-all.ts';
import { concernsTorch, type LintEngine, lint, mayTrain, type Problem, usesTorch } from '../lint.ts';
import {
  ConfigurationError,
  findConfiguration,
  isExcluded,
  type ProjectConfiguration,
  settingsFor,
} from '../project/configuration.ts';
import { Programs } from '../project/programs.ts';
import {
  type RuleSelection,
  type RuleSettings,
  rulesMeant,
  selectRules,
  torchMajorVersion,
} from '../project/rule-selection.ts';
import type { PythonParser } from '../python/parser.ts';
import { LineIndex } from '../python/positions.ts';
import type { Applicability } from '../rules/rule.ts';
import { oneOf, parseArguments, selectors, UsageError } from './arguments.ts';
import { type FoundFile, findFiles, systemProblem } from './find-files.ts';
import { formatReports, type OutputFormat, outputFormats } from './formats.ts';
import { nodeFiles, slashes, workspaceRoot } from './node-files.ts';
import { readPython } from './read-python.ts';
import { type FileReport, locationOf } from './records.ts';
import { decodeSource, encodeSource, type SourceText, UnreadableSource } from './source-file.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

const options = {
  'output-format': { type: 'string', default: 'concise' },
  fix: { type: 'boolean', default: false },
  'unsafe-fixes': { type: 'boolean', default: false },
  select: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'torch-version': { type: 'string' },
  'exit-zero': { type: 'boolean', default: false },
  'stdin-filename': { type: 'string' },
} as const;

/** What a run needs besides its arguments. */
export interface CheckParts {
  readonly terminal: Terminal;
  readonly engine: LintEngine;
  loadParser(): Promise<PythonParser>;
}

/** `freezelint check`. Rejects with a UsageError or ConfigurationError before anything is printed. */
export async function check(args: readonly string[], parts: CheckParts): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, options);
  const { terminal, engine } = parts;
  const format = oneOf('output-format', values['output-format'], outputFormats);
  const commandLine: RuleSettings = {
    select: selectors(values.select),
    ignore: selectors(values.ignore) ?? [],
    severity: {},
    torchVersion: readTorchVersion(values['torch-version']),
  };
  for (const selector of [...(commandLine.select ?? []), ...commandLine.ignore]) {
    if (rulesMeant(selector, engine.rules).length === 0) throw new UsageError(`no rule "${selector}"`);
  }
  const fromStdin = positionals.includes('-');
  if (fromStdin && positionals.length > 1) throw new UsageError('"-" cannot be combined with other paths');

  const applied: Applicability[] = values['unsafe-fixes'] ? ['safe', 'behavioural'] : ['safe'];
  const fix = values.fix || values['unsafe-fixes'] ? applied : null;
  // A program that reads JSON can tell severities apart by itself.
  const run = new CheckRun(parts, commandLine, fix, format === 'json');
  if (fromStdin) await run.checkStdin(values['stdin-filename'] ?? '-');
  else await run.checkPaths(positionals.length === 0 ? ['.'] : positionals);

  const { reports } = run;
  // The repaired text of `check --fix -` owns stdout.
  const print = fromStdin && run.fixing ? terminal.stderr : terminal.stdout;
  print.call(terminal, formatReports(reports, format, terminal.colour));
  if (format === 'json') terminal.stderr(fixedSentence(run));
  else print.call(terminal, fixedSentence(run) + summary(run, format));

  if (run.failed) return exitCodes.error;
  const grave = reports.some(({ problems }) => problems.some(isGrave));
  return grave && !values['exit-zero'] ? exitCodes.findings : exitCodes.clean;
}

function readTorchVersion(version: string | undefined): number | null {
  if (version === undefined) return null;
  const major = torchMajorVersion(version);
  if (major === null) throw new UsageError(`--torch-version: "${version}" is no version such as 2.1`);
  return major;
}

function isGrave({ severity }: Problem): boolean {
  return severity === 'error' || severity === 'warning';
}

/** The state of one run over many files. */
class CheckRun {
  readonly reports: FileReport[] = [];
  /** Whether anything could not be read, understood or written. */
  failed = false;
  checkedFiles = 0;
  fixedProblems = 0;
  fixedFiles = 0;
  readonly #parts: CheckParts;
  readonly #commandLine: RuleSettings;
  readonly #fix: readonly Applicability[] | null;
  readonly #showsMild: boolean;
  readonly #configurations = new Map<string, Promise<ProjectConfiguration | null>>();
  #parser: PythonParser | null = null;
  #programs: Programs | null = null;

  /**
   * `fix` lists the kinds of fixes to apply; null applies none. `showsMild` keeps findings of severity information
   * and hint although nobody selected their rules.
   */
  constructor(
    parts: CheckParts,
    commandLine: RuleSettings,
    fix: readonly Applicability[] | null,
    showsMild: boolean,
  ) {
    this.#parts = parts;
    this.#commandLine = commandLine;
    this.#fix = fix;
    this.#showsMild = showsMild;
  }

  get fixing(): boolean {
    return this.#fix !== null;
  }

  async checkPaths(paths: readonly string[]): Promise<void> {
    const found = await findFiles(paths, this.#parts.terminal.workingFolder);
    for (const { name, problem } of found.missing) this.#fail(name, problem);
    if (found.files.length === 0 && !this.failed) this.#parts.terminal.stderr('No Python files found.\n');
    // All configurations first: a mistake in one must not come after half a report.
    const configured = new Map<FoundFile, ProjectConfiguration | null>();
    for (const file of found.files) {
      configured.set(file, await this.#configurationOf(path.dirname(file.absolute)));
    }
    for (const [file, project] of configured) {
      if (file.explicit || !isExcluded(slashes(file.absolute), project)) await this.#checkFile(file, project);
    }
  }

  async checkStdin(name: string): Promise<void> {
    const { terminal } = this.#parts;
    // A nameless text has the configuration of the working folder, and no pattern of it means this text.
    const absolute = path.resolve(terminal.workingFolder, name);
    const project = await this.#configurationOf(path.dirname(absolute));
    const bytes = await terminal.readStdin();
    let source: SourceText;
    try {
      source = decodeSource(bytes);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.#fail(name, error.message);
      return;
    }
    const fixed = await this.#checkText({ name, absolute, explicit: true }, source.text, project);
    if (this.fixing) terminal.stdout(fixed);
  }

  async #checkFile(file: FoundFile, project: ProjectConfiguration | null): Promise<void> {
    const { name, absolute } = file;
    try {
      const source = await readPython(name, absolute);
      if (source === null) {
        this.#parts.terminal.stderr(`${name}: skipped, larger than 2 MB\n`);
        return;
      }
      const text = await this.#checkText(file, source.text, project);
      if (text !== source.text) {
        await writeFile(absolute, encodeSource(text, source));
        this.#programs?.forget(slashes(absolute));
      }
    } catch (error) {
      this.#fail(name, error instanceof UnreadableSource ? error.message : systemProblem(error));
    }
  }

  /** Lints, and fixes where asked to; adds to the report and returns the text, changed or not. */
  async #checkText(
    { name, absolute, explicit }: FoundFile,
    text: string,
    project: ProjectConfiguration | null,
  ): Promise<string> {
    this.checkedFiles++;
    if (!explicit && !usesTorch(text) && !mayTrain(text)) return text;
    this.#parser ??= await this.#parts.loadParser();
    const parser = this.#parser;
    this.#programs ??= new Programs(nodeFiles, parser);
    const { workingFolder } = this.#parts.terminal;
    const root = await workspaceRoot(absolute, workingFolder);
    const program = await this.#programs.of(slashes(absolute), text, root);
    if (!explicit && !concernsTorch(text, program)) return text;
    const settings = settingsFor(slashes(absolute), project, this.#commandLine);
    const selection = selectRules(settings, this.#parts.engine.rules);
    const relint = (changed: string) => {
      const found = lint(parser, changed, selection.configuration, this.#parts.engine, program);
      return found && { ...found, problems: found.problems.filter((each) => this.#isShown(each, selection)) };
    };
    const { text: fixed, result, fixed: repaired } = fixUntilStable(text, relint, this.#fix ?? []);
    if (repaired.length > 0) {
      this.fixedProblems += repaired.length;
      this.fixedFiles++;
    }
    // A file that was named is checked for its syntax even where it has nothing to do with torch.
    const errors = result === null ? parser.parse(fixed).errors : result.module.errors;
    const [firstError] = errors;
    if (firstError !== undefined) {
      const { row, column } = locationOf(firstError.start, new LineIndex(fixed));
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      this.#fail(`${name}:${row}:${column}`, `syntax error${more}; nothing is reported on these lines`);
    }
    for (const { where, message } of result?.internalErrors ?? []) {
      this.#fail(name, `internal error in ${where}: ${message}`);
    }
    if (result !== null && result.problems.length > 0) {
      const nameOf = (file: string): string => path.relative(workingFolder, file);
      this.reports.push({ filename: name, text: fixed, problems: result.problems.map(shorten(nameOf)) });
    }
    return fixed;
  }

  /** Mild findings are for editors: a terminal shows them only to those who select their rule. */
  #isShown(problem: Problem, { selected }: RuleSelection): boolean {
    return this.#showsMild || isGrave(problem) || selected.has(problem.code);
  }

  #configurationOf(folder: string): Promise<ProjectConfiguration | null> {
    let found = this.#configurations.get(folder);
    if (found === undefined) {
      const files = { read: readIfThere };
      found = findConfiguration(files, slashes(folder), this.#parts.engine.rules);
      this.#configurations.set(folder, found);
    }
    return found;
  }

  #fail(where: string, problem: string): void {
    this.failed = true;
    this.#parts.terminal.stderr(`${where}: ${problem}\n`);
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf-8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ConfigurationError(file, 1, systemProblem(error));
  }
}

/** Names other files in a problem as a person in the working folder would. */
const shorten =
  (nameOf: (file: string) => string) =>
  (problem: Problem): Problem => ({
    ...problem,
    related: problem.related.map((place) =>
      place.file ? { ...place, file: { path: nameOf(place.file.path), text: place.file.text } } : place,
    ),
  });

function fixedSentence({ fixing, fixedProblems, fixedFiles }: CheckRun): string {
  if (!fixing) return '';
  return `Fixed ${count(fixedProblems, 'problem')} in ${count(fixedFiles, 'file')}.\n`;
}

function summary({ reports, checkedFiles, fixing }: CheckRun, format: OutputFormat): string {
  const problems = reports.flatMap((report) => report.problems);
  if (problems.length === 0) return `No problems found in ${count(checkedFiles, 'file')}.\n`;
  const total = `${count(problems.length, 'problem')} in ${count(reports.length, 'file')}`;
  const fixable = problems.filter((problem) => allowedFix(problem) !== undefined).length;
  const advice = fixable > 0 && !fixing ? ` ${fixable} can be fixed with --fix.` : '';
  const details = format === 'concise' ? '' : ' `freezelint rule CODE` explains a rule.';
  return `Found ${total}.${advice}${details}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
