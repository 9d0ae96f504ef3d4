import type { WorkspaceFolder } from 'vscode-languageserver/node';
import { ALONE, type Program } from '../analysis/program.ts';
import { nodeFiles, workspaceRoot } from '../node/node-files.ts';
import { Programs } from '../project/programs.ts';
import { folderOf, type WorkspaceFiles } from '../project/workspace-files.ts';
import type { PythonParser } from '../python/parser.ts';
import type { OpenDocuments } from './open-documents.ts';
import type { Source } from './source.ts';
import { pathOf } from './uris.ts';

/** The files around documents, as they stand in the editor, else on disk; and the programs that they make up. */
export class Workspace {
  readonly files: WorkspaceFiles;
  #folders: readonly string[] = [];
  readonly #parser: PythonParser;
  #programs: Programs;

  /** Files are found and read without `parser`; it has to be ready once somebody asks for the tree of one. */
  constructor(documents: OpenDocuments, parser: PythonParser) {
    this.#parser = parser;
    this.files = {
      read: async (path) => documents.textAt(path) ?? nodeFiles.read(path),
      list: (folder) => nodeFiles.list(folder),
    };
    this.#programs = new Programs(this.files, parser);
  }

  addFolders(folders: readonly Pick<WorkspaceFolder, 'uri'>[]): void {
    this.#folders = [...this.#folders, ...pathsOf(folders)];
  }

  removeFolders(folders: readonly Pick<WorkspaceFolder, 'uri'>[]): void {
    const removed = pathsOf(folders);
    this.#folders = this.#folders.filter((folder) => !removed.includes(folder));
  }

  /** The source with all that it imports. Never rejects. */
  async programOf({ uri, text }: Source): Promise<Program> {
    const path = pathOf(uri);
    if (path === null) return ALONE;
    const around = this.#folders.filter((folder) => path.startsWith(`${folder}/`));
    const innermost = around.toSorted((left, right) => right.length - left.length)[0];
    const root = innermost ?? (await workspaceRoot(path, folderOf(path)));
    return this.#programs.of(path, text, root);
  }

  /** The text of a file has changed. */
  forget(path: string): void {
    this.#programs.forget(path);
  }

  /** A file came or went. */
  forgetFolders(path: string): void {
    this.#programs.forgetFolders(path);
  }

  /** Anything may have changed. */
  forgetAll(): void {
    this.#programs = new Programs(this.files, this.#parser);
  }
}

function pathsOf(folders: readonly Pick<WorkspaceFolder, 'uri'>[]): string[] {
  return folders.flatMap(({ uri }) => pathOf(uri)?.replace(/\/+$/, '') ?? []);
}
