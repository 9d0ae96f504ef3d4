import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { glob } from 'tinyglobby';

/** Folders that hold other people's or generated code; a path given explicitly is linted all the same. */
const foldersLeftOut = [
  '.eggs',
  '.freezelint_cache',
  '.git',
  '.hg',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.nox',
  '.pytest_cache',
  '.ruff_cache',
  '.svn',
  '.tox',
  '.venv',
  '__pycache__',
  'build',
  'dist',
  'node_modules',
  'site-packages',
  'venv',
];

export interface FoundFile {
  /** As the user would write it: the given path, or the given folder with the rest joined. */
  readonly name: string;
  readonly absolute: string;
  /** Named itself, not found in a folder. */
  readonly explicit: boolean;
}

export interface FoundFiles {
  /** Sorted by name, each file once. */
  readonly files: readonly FoundFile[];
  /** Paths that could not be looked at. */
  readonly missing: readonly { readonly name: string; readonly problem: string }[];
}

/**
 * Finds the files that `paths` mean: files as they are, folders with all below that git does not ignore and whose
 * names end in one of `extensions`.
 */
export async function findFiles(
  paths: readonly string[],
  workingFolder: string,
  extensions: readonly string[] = ['.py', '.ipynb'],
): Promise<FoundFiles> {
  const files = new Map<string, FoundFile>();
  const missing: { name: string; problem: string }[] = [];
  for (const name of paths) {
    const absolute = path.resolve(workingFolder, name);
    try {
      const status = await stat(absolute);
      if (!status.isDirectory()) {
        files.set(absolute, { name, absolute, explicit: true });
        continue;
      }
      for (const relative of await filesBelow(absolute, extensions)) {
        const inside = path.join(absolute, relative);
        if (files.has(inside)) continue;
        files.set(inside, { name: path.join(name, relative), absolute: inside, explicit: false });
      }
    } catch (error) {
      missing.push({ name, problem: systemProblem(error) });
    }
  }
  const sorted = [...files.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return { files: sorted, missing };
}

/** A file system error in words. Rethrows anything else. */
export function systemProblem(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  switch (error.code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'is a folder';
    default:
      return error.message;
  }
}

async function filesBelow(folder: string, extensions: readonly string[]): Promise<string[]> {
  const found = await glob([...extensions.map((extension) => `**/*${extension}`), '**/.gitignore'], {
    cwd: folder,
    dot: true,
    expandDirectories: false,
    // A link to a parent folder would never end, and a linked file is found where it is.
    followSymbolicLinks: false,
    ignore: foldersLeftOut.map((name) => `**/${name}/**`),
  });
  const ignoring = await IgnoreFiles.around(folder);
  const ignoreFiles = found.filter((file) => path.basename(file) === '.gitignore');
  // Outer files first: git does not read a .gitignore inside an ignored folder.
  ignoreFiles.sort((left, right) => left.split('/').length - right.split('/').length);
  for (const file of ignoreFiles) {
    const holder = path.dirname(path.join(folder, file));
    if (holder === folder || !ignoring.ignores(`${holder}${path.sep}`)) await ignoring.add(holder);
  }
  return found.filter(
    (file) => extensions.includes(path.extname(file)) && !ignoring.ignores(path.join(folder, file)),
  );
}

/** The .gitignore files that count for a folder, outermost first. */
class IgnoreFiles {
  readonly #levels: { readonly folder: string; readonly patterns: Ignore }[] = [];

  /** With the .gitignore files above `folder`, up to the root of its git repository; none outside one. */
  static async around(folder: string): Promise<IgnoreFiles> {
    const ignoring = new IgnoreFiles();
    const above: string[] = [];
    for (let current = folder; ; current = path.dirname(current)) {
      const isRoot = await stat(path.join(current, '.git')).then(
        () => true,
        () => false,
      );
      if (current !== folder) above.unshift(current);
      if (isRoot) break;
      if (path.dirname(current) === current) return ignoring;
    }
    for (const holder of above) await ignoring.add(holder);
    return ignoring;
  }

  async add(folder: string): Promise<void> {
    const text = await readFile(path.join(folder, '.gitignore'), 'utf-8').catch(() => null);
    if (text !== null) this.#levels.push({ folder, patterns: ignore({ ignorecase: false }).add(text) });
  }

  /** `file` is absolute; a folder ends with a separator. */
  ignores(file: string): boolean {
    let ignored = false;
    for (const { folder, patterns } of this.#levels) {
      const relative = path.relative(folder, file) + (file.endsWith(path.sep) ? '/' : '');
      if (relative.startsWith('..')) continue;
      const verdict = patterns.test(relative.split(path.sep).join('/'));
      if (verdict.ignored) ignored = true;
      else if (verdict.unignored) ignored = false;
    }
    return ignored;
  }
}
