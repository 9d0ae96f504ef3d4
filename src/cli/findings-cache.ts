import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Program } from '../analysis/program.ts';
import type { LintConfiguration, Problem } from '../lint.ts';
import type { Span } from '../python/syntax.ts';
import type { Source } from './places.ts';
import { type RelatedFile, withRelatedFiles } from './related-files.ts';

const FOLDER = '.freezelint_cache';
const FILE = 'findings.json';

/** What a file gave when it was linted: all problems, whether shown or not, and its syntax errors. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly errors: readonly Span[];
}

/** What is stored of one file. Related places in other files are without their texts, which their paths lead to. */
const entrySchema = v.object({ key: v.string(), findings: v.string() });
const cacheSchema = v.object({ build: v.string(), files: v.record(v.string(), entrySchema) });
type Entry = v.InferOutput<typeof entrySchema>;

/**
 * What earlier runs found, in `.freezelint_cache` of the folder that they were run in, so that what has not changed
 * is not analysed again. A file's entry counts for the same text, the same texts of all that it imports, the same
 * configuration and the same build of Freezelint. A cache that cannot be read or written is done without.
 */
export class FindingsCache {
  readonly #folder: string;
  readonly #build: string;
  readonly #files: Map<string, Entry>;
  #isChanged = false;

  private constructor(folder: string, build: string, files: Map<string, Entry>) {
    this.#folder = folder;
    this.#build = build;
    this.#files = files;
  }

  static async load(workingFolder: string, build: string): Promise<FindingsCache> {
    const folder = path.join(workingFolder, FOLDER);
    const stored = await readFile(path.join(folder, FILE), 'utf-8')
      .then((text) => v.parse(cacheSchema, JSON.parse(text)))
      .catch(() => null);
    const files = stored?.build === build ? Object.entries(stored.files) : [];
    return new FindingsCache(folder, build, new Map(files));
  }

  /** What was found in a file, or null where anything that counts has changed. */
  get(file: string, key: string, program: Program): Findings | null {
    const entry = this.#files.get(file);
    if (entry?.key !== key) return null;
    const { problems, errors } = JSON.parse(entry.findings) as Findings;
    const withText = ({ path }: RelatedFile) => ({ path, text: program.files.get(path)?.text ?? '' });
    return { errors, problems: problems.map((problem) => withRelatedFiles(problem, withText)) };
  }

  set(file: string, key: string, { problems, errors }: Findings): void {
    const withoutText = ({ path }: RelatedFile) => ({ path, text: '' });
    const findings: Findings = {
      errors,
      problems: problems.map((problem) => withRelatedFiles(problem, withoutText)),
    };
    this.#files.set(file, { key, findings: JSON.stringify(findings) });
    this.#isChanged = true;
  }

  /** Writes what is new. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    const text = JSON.stringify({ build: this.#build, files: Object.fromEntries(this.#files) });
    const file = path.join(this.#folder, FILE);
    try {
      await mkdir(this.#folder, { recursive: true });
      // Not for git, and not for backups: https://bford.info/cachedir/
      await writeFile(path.join(this.#folder, '.gitignore'), '*\n');
      await writeFile(
        path.join(this.#folder, 'CACHEDIR.TAG'),
        'Signature: 8a477f597d28d172789f06886806bc55\n# Written by Freezelint; may be deleted at any time.\n',
      );
      // In one step, so that a run beside this one never reads half of it.
      await writeFile(`${file}.${process.pid}`, text);
      await rename(`${file}.${process.pid}`, file);
    } catch {
      // A folder that cannot be written to is no reason to fail.
    }
  }
}

/** What the findings of a file depend on, besides the build. */
export function cacheKey(source: Source, program: Program, configuration: LintConfiguration): string {
  const hash = createHash('sha256');
  const add = (text: string): void => {
    hash.update(`${text.length}:`).update(text);
  };
  add(JSON.stringify(configuration));
  if (typeof source === 'string') add(source);
  else for (const { number, text } of source.cells) add(`${number}:${text}`);
  add(JSON.stringify([...program.imports]));
  for (const { path, text, imports } of program.files.values()) {
    add(JSON.stringify([path, [...imports]]));
    add(text);
  }
  return hash.digest('hex');
}
