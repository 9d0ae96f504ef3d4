/**
 * How the project reads files, whatever holds them: Node's file system, or an editor's that may be remote or
 * virtual. Paths are absolute with `/` between folders.
 */
export interface WorkspaceFiles {
  /** The decoded text of a file; null where there is none. Rejects where it cannot be read. */
  read(path: string): Promise<string | null>;
  /** The names in a folder, those of folders with `/` at the end; empty where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** The folder that holds a file or folder; '' for one at the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
