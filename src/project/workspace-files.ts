/**
 * How the project reads files, whatever holds them: Node's file system, or an editor's that may be remote or
 * virtual. Paths are absolute with `/` between folders.
 */
export interface WorkspaceFiles {
  /** The decoded text of a file; null where there is none. Rejects where it cannot be read. */
  read(path: string): Promise<string | null>;
}
