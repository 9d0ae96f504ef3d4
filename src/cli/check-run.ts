import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Program } from '../analysis/program.ts';
import { fixUntilStable } from '../editor/fix-all.ts';
import { type LintEngine, lint, type Problem } from '../lint.ts';
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
import { LazyParser } from '../python/lazy-parser.ts';
import type { PythonParser } from '../python/parser.ts';
import type { Applicability } from '../rules/rule.ts';
import { concernsTorch, mayTrain, usesTorch } from '../torch/mentions.ts';
import { unifiedDiff } from './diff.ts';
import { type Document, readDocument, readDocumentFile } from './document.ts';
import { type FoundFile, findFiles, systemProblem } from './find-files.ts';
import { cacheKey, type Findings, FindingsCache } from './findings-cache.ts';
import { Places, placeName, type Source, textOf } from './places.ts';
import type { FileReport } from './records.ts';
import { type RelatedFile, withRelatedFiles } from './related-files.ts';
import type { Terminal } from './terminal.ts';

/** What a run needs besides its arguments. */
export interface CheckParts {
  readonly terminal: Terminal;
  readonly engine: LintEngine;
  readonly version: string;
  /** Tells this build of the program from others; null where nothing may be remembered between runs. */
  readonly build: string | null;
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
  /** Whether findings of earlier runs may be used, and those of this one kept. */
  readonly cache: boolean;
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
  readonly #parser: LazyParser;
  readonly #programs: Programs;
  #cache: FindingsCache | null = null;

  constructor(parts: CheckParts, options: CheckOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#parser = new LazyParser(() => parts.loadParser());
    this.#programs = new Programs(nodeFiles, this.#parser);
  }

  async checkPaths(paths: readonly string[]): Promise<void> {
    const { terminal, build } = this.#parts;
    const found = await findFiles(paths, terminal.workingFolder);
    // What is repaired changes at once, so nothing is gained.
    if (build !== null && this.#options.cache && this.#options.fix === null) {
      this.#cache = await FindingsCache.load(terminal.workingFolder, build);
    }
    for (const { name, problem } of found.missing) this.#fail(name, problem);
    if (found.files.length === 0 && !this.failed) terminal.stderr('No Python files found.\n');
    // All configurations first: a mistake in one must not come after half a report.
    const configured = new Map<FoundFile, ProjectConfiguration | null>();
    for (const file of found.files) {
      configured.set(file, await this.#configurationOf(path.dirname(file.absolute)));
    }
    for (const [file, project] of configured) {
      if (file.explicit || !isExcluded(slashes(file.absolute), project)) await this.#checkFile(file, project);
    }
    await this.#cache?.save();
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
        this.#programs.forget(slashes(absolute));
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
    const { workingFolder } = this.#parts.terminal;
    const root = await workspaceRoot(absolute, workingFolder);
    const program = await this.#programs.of(slashes(absolute), text, root);
    if (!explicit && !concernsTorch(text, program)) return document.source;
    const settings = settingsFor(slashes(absolute), project, this.#options.settings);
    const selection = selectRules(settings, this.#parts.engine.rules);
    const { configuration } = selection;
    const key = this.#cache && cacheKey(document.source, program, configuration);
    const known = key === null ? null : (this.#cache?.get(absolute, key, program) ?? null);
    const { source, findings } = known
      ? { source: document.source, findings: known }
      : await this.#lint(file, document, program, selection, key);
    // A file that was named is checked for its syntax even where it has nothing to do with torch.
    const [firstError, ...moreErrors] = findings.errors;
    if (firstError !== undefined) {
      const { location } = new Places(source).locations(firstError);
      const more = moreErrors.length > 0 ? ` (and ${moreErrors.length} more)` : '';
      this.#fail(placeName(name, location), `syntax error${more}; nothing is reported on these lines`);
    }
    const problems = findings.problems.filter((problem) => this.#isShown(problem, selection));
    if (problems.length > 0) {
      // As a person in the working folder would name them.
      const named = ({ path: other, text }: RelatedFile) => ({
        path: path.relative(workingFolder, other),
        text,
      });
      this.reports.push({
        filename: name,
        source,
        problems: problems.map((problem) => withRelatedFiles(problem, named)),
      });
    }
    return source;
  }

  /** Analyses a document and repairs it where asked to; `key` is what to remember the findings by, if at all. */
  async #lint(
    { name, absolute }: FoundFile,
    document: Document,
    program: Program,
    selection: RuleSelection,
    key: string | null,
  ): Promise<{ readonly source: Source; readonly findings: Findings }> {
    const parser = await this.#parser.get();
    const { fix, diff } = this.#options;
    const relint = (changed: Source) => {
      const found = lint(parser, changed, selection.configuration, this.#parts.engine, program);
      // What is not shown is not repaired either.
      const isWanted = (problem: Problem): boolean => fix === null || this.#isShown(problem, selection);
      return found && { ...found, problems: found.problems.filter(isWanted) };
    };
    const { source, result, fixed } = fixUntilStable(document.source, relint, fix ?? []);
    if (fixed.length > 0) {
      this.fixedProblems += fixed.length;
      this.fixedFiles++;
    }
    if (source !== document.source && diff) {
      this.diff += unifiedDiff(name, document.textWith(document.source), document.textWith(source));
    }
    const internalErrors = result?.internalErrors ?? [];
    for (const { where, message } of internalErrors) {
      this.#fail(name, `internal error in ${where}: ${message}`);
    }
    const { errors } = result?.module ?? parser.parse(textOf(source));
    const findings = { errors, problems: result?.problems ?? [] };
    if (key !== null && internalErrors.length === 0) this.#cache?.set(absolute, key, findings);
    return { source, findings };
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

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf-8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ConfigurationError(file, 1, systemProblem(error));
  }
}
