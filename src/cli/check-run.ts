import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fixUntilStable } from '../editor/fix-all.ts';
import { concernsTorch, type LintEngine, lint, mayTrain, type Problem, usesTorch } from '../lint.ts';
import { nodeFiles, slashes, workspaceRoot } from '../node/node-files.ts';
import { UnreadableSource } from '../node/source-file.ts';
import {
  ConfigurationError,
  findConfiguration,
  isExcluded,
  type ProjectConfiguration,
  settingsFor,
} from '../project/configuration.ts';
import { Programs } from '../project/programs.ts';
import { type RuleSelection, type RuleSettings, selectRules } from '../project/rule-selection.ts';
import type { PythonParser } from '../python/parser.ts';
import type { Applicability } from '../rules/rule.ts';
import { unifiedDiff } from './diff.ts';
import { type Document, readDocument, readDocumentFile } from './document.ts';
import { type FoundFile, findFiles, systemProblem } from './find-files.ts';
import { Places, placeName, type Source, textOf } from './places.ts';
import type { FileReport } from './records.ts';
import type { Terminal } from './terminal.ts';

/** What a run needs besides its arguments. */
export interface CheckParts {
  readonly terminal: Terminal;
  readonly engine: LintEngine;
  readonly version: string;
  loadParser(): Promise<PythonParser>;
}

/** What the arguments ask of a run. */
export interface CheckOptions {
  readonly settings: RuleSettings;
  /** The kinds of fixes to apply; null applies none. */
  readonly fix: readonly Applicability[] | null;
  /** Show what the fixes would change, and write nothing. */
  readonly diff: boolean;
  /** Keep findings of severity information and hint although nobody selected their rules. */
  readonly showsMild: boolean;
}

export function isGrave({ severity }: Problem): boolean {
  return severity === 'error' || severity === 'warning';
}

/** The state of one run over many files. */
export class CheckRun {
  readonly reports: FileReport[] = [];
  /** Whether anything could not be read, understood or written. */
  failed = false;
  checkedFiles = 0;
  fixedProblems = 0;
  fixedFiles = 0;
  /** With `diff`: what the fixes would change. */
  diff = '';
  readonly #parts: CheckParts;
  readonly #options: CheckOptions;
  readonly #configurations = new Map<string, Promise<ProjectConfiguration | null>>();
  #parser: PythonParser | null = null;
  #programs: Programs | null = null;

  constructor(parts: CheckParts, options: CheckOptions) {
    this.#parts = parts;
    this.#options = options;
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
    try {
      const document = readDocument(name, bytes);
      const fixed = document && (await this.#check({ name, absolute, explicit: true }, document, project));
      if (this.#options.fix === null || this.#options.diff) return;
      const isChanged = document !== null && fixed !== null && fixed !== document.source;
      terminal.stdout(isChanged ? document.withSource(fixed) : bytes);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.#fail(name, error.message);
    }
  }

  async #checkFile(file: FoundFile, project: ProjectConfiguration | null): Promise<void> {
    const { name, absolute } = file;
    try {
      if (name.endsWith('.pyi')) {
        this.#parts.terminal.stderr(`${name}: skipped, stub files hold no code to check\n`);
        return;
      }
      const document = await readDocumentFile(name, absolute);
      if (document === null) return;
      if ('tooLarge' in document) {
        this.#parts.terminal.stderr(`${name}: skipped, larger than ${document.tooLarge}\n`);
        return;
      }
      const fixed = await this.#check(file, document, project);
      if (fixed !== document.source && !this.#options.diff) {
        await writeFile(absolute, document.withSource(fixed));
        this.#programs?.forget(slashes(absolute));
      }
    } catch (error) {
      this.#fail(name, error instanceof UnreadableSource ? error.message : systemProblem(error));
    }
  }

  /** Lints, and fixes where asked to; adds to the report and returns the source, changed or not. */
  async #check(file: FoundFile, document: Document, project: ProjectConfiguration | null): Promise<Source> {
    const { name, absolute, explicit } = file;
    this.checkedFiles++;
    const text = textOf(document.source);
    if (!explicit && !usesTorch(text) && !mayTrain(text)) return document.source;
    this.#parser ??= await this.#parts.loadParser();
    const parser = this.#parser;
    this.#programs ??= new Programs(nodeFiles, parser);
    const { workingFolder } = this.#parts.terminal;
    const root = await workspaceRoot(absolute, workingFolder);
    const program = await this.#programs.of(slashes(absolute), text, root);
    if (!explicit && !concernsTorch(text, program)) return document.source;
    const settings = settingsFor(slashes(absolute), project, this.#options.settings);
    const selection = selectRules(settings, this.#parts.engine.rules);
    const relint = (changed: Source) => {
      const found = lint(parser, changed, selection.configuration, this.#parts.engine, program);
      return found && { ...found, problems: found.problems.filter((each) => this.#isShown(each, selection)) };
    };
    const { source, result, fixed } = fixUntilStable(document.source, relint, this.#options.fix ?? []);
    if (fixed.length > 0) {
      this.fixedProblems += fixed.length;
      this.fixedFiles++;
    }
    if (source !== document.source && this.#options.diff) {
      this.diff += unifiedDiff(name, document.textWith(document.source), document.textWith(source));
    }
    // A file that was named is checked for its syntax even where it has nothing to do with torch.
    const errors = result === null ? parser.parse(textOf(source)).errors : result.module.errors;
    const [firstError] = errors;
    if (firstError !== undefined) {
      const { location } = new Places(source).locations(firstError);
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      this.#fail(placeName(name, location), `syntax error${more}; nothing is reported on these lines`);
    }
    for (const { where, message } of result?.internalErrors ?? []) {
      this.#fail(name, `internal error in ${where}: ${message}`);
    }
    if (result !== null && result.problems.length > 0) {
      const nameOf = (other: string): string => path.relative(workingFolder, other);
      this.reports.push({ filename: name, source, problems: result.problems.map(shorten(nameOf)) });
    }
    return source;
  }

  /** Mild findings are for editors: a terminal shows them only to those who select their rule. */
  #isShown(problem: Problem, { selected }: RuleSelection): boolean {
    return this.#options.showsMild || isGrave(problem) || selected.has(problem.code);
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

/** Names other files in a problem as a person in the working folder would. */
const shorten =
  (nameOf: (file: string) => string) =>
  (problem: Problem): Problem => ({
    ...problem,
    related: problem.related.map((place) =>
      place.file ? { ...place, file: { path: nameOf(place.file.path), text: place.file.text } } : place,
    ),
  });

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf-8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ConfigurationError(file, 1, systemProblem(error));
  }
}
