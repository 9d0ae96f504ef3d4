/** Which file of the workspace a dotted name means, as Python would find it when the main file is run. */
import { folderOf, type WorkspaceFiles } from './workspace-files.ts';

/**
 * Libraries that are not looked for in the workspace: those of which the analysis knows more than their source would
 * tell it in any sensible time, though the workspace hold a copy of one, and what comes with Python, whose names nobody
 * can use for files of their own without harm.
 */
const LIBRARIES = new Set(
  (
    'torch torchvision torchaudio transformers timm lightning pytorch_lightning peft accelerate numpy scipy pandas ' +
    'sklearn matplotlib PIL cv2 tqdm yaml wandb tensorboardX __future__ abc argparse ast asyncio base64 bisect ' +
    'collections contextlib copy csv dataclasses datetime enum functools gc gzip hashlib heapq importlib inspect io ' +
    'itertools json logging math multiprocessing operator os pathlib pickle platform pprint queue random re shutil ' +
    'signal socket string struct subprocess sys tempfile threading time traceback types typing unittest urllib uuid ' +
    'warnings zipfile'
  ).split(' '),
);

/** Whether a dotted name (`a.b`, `..a`) may lead to a file of the workspace. */
export const mayBeLocal = (name: string): boolean => !LIBRARIES.has(/^[^.]*/.exec(name)?.[0] ?? '');

/** Where a workspace ends: a folder with one of these is its root. */
const ROOT_MARKERS = ['.git/', '.git', 'pyproject.toml', 'setup.py', 'setup.cfg'];

/** The nearest folder at or above `folder` that is the root of a project; `otherwise` where there is none. */
export async function projectRoot(files: WorkspaceFiles, folder: string, otherwise: string): Promise<string> {
  for (let current = folder; current !== ''; current = folderOf(current)) {
    const names = await files.list(current);
    if (ROOT_MARKERS.some((marker) => names.includes(marker))) return current;
  }
  return otherwise;
}

/** The folders from `folder` up to `root`, both included; `folder` alone where it is not below the root. */
function upTo(root: string, folder: string): readonly string[] {
  if (folder !== root && !folder.startsWith(`${root}/`)) return [folder];
  const found = [folder];
  while (found.at(-1) !== root) found.push(folderOf(found.at(-1) ?? root));
  return found;
}

/** Finds the files that a program with a given main file imports. */
export class ImportResolver {
  readonly #files: WorkspaceFiles;
  readonly #root: string;
  /** Python's `sys.path`, as far as it is inside the workspace. */
  readonly #searched: readonly string[];

  private constructor(files: WorkspaceFiles, root: string, searched: readonly string[]) {
    this.#files = files;
    this.#root = root;
    this.#searched = searched;
  }

  /**
   * For a main file in `folder`. A script finds what is beside it first, then what is in the folders above, up to the
   * workspace's `root`, then `src` folders. A file inside a package is seldom run itself: for it the folder of
   * the outermost package comes first and its own folder last.
   */
  static async forMainFileIn(files: WorkspaceFiles, folder: string, root: string): Promise<ImportResolver> {
    const above = upTo(root, folder);
    let packages = 0;
    for (const each of above) {
      if (!(await files.list(each)).includes('__init__.py')) break;
      packages++;
    }
    const own = above.slice(0, packages);
    const rest = above.slice(packages);
    const sources: string[] = [];
    for (const each of above) if ((await files.list(each)).includes('src/')) sources.push(`${each}/src`);
    return new ImportResolver(files, root, [...rest, ...sources, ...own]);
  }

  /** The file that `name` (`a.b`, `..a`) means in the file at `importer`; null for a library or a missing file. */
  async resolve(importer: string, name: string): Promise<string | null> {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const parts = name.slice(dots).split('.').filter(Boolean);
    if (dots > 0) {
      let folder = folderOf(importer);
      for (let level = 1; level < dots; level++) folder = folderOf(folder);
      return this.#below(folder, parts);
    }
    if (!mayBeLocal(name)) return null;
    for (const folder of new Set([...this.#searched, ...upTo(this.#root, folderOf(importer))])) {
      const found = await this.#below(folder, parts);
      if (found !== null) return found;
    }
    return null;
  }

  /** The package or module at `parts` below a folder. */
  async #below(folder: string, parts: readonly string[]): Promise<string | null> {
    let current = folder;
    let names = await this.#files.list(current);
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (names.includes(`${part}/`)) {
        const inside = await this.#files.list(`${current}/${part}`);
        // A module may stand beside a folder of the same name that is no package.
        if (!isLast || inside.includes('__init__.py') || !names.includes(`${part}.py`)) {
          current = `${current}/${part}`;
          names = inside;
          continue;
        }
      }
      return isLast && names.includes(`${part}.py`) ? `${current}/${part}.py` : null;
    }
    return names.includes('__init__.py') ? `${current}/__init__.py` : null;
  }
}
