import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../project/import-resolution.ts';
import { folderOf, type WorkspaceFiles } from '../project/workspace-files.ts';
import { decodeSource, maximumFileSize } from './source-file.ts';

/** The files of this machine, for following imports: what cannot be read or decoded is not there. */
export const nodeFiles: WorkspaceFiles = {
  async read(file) {
    try {
      if ((await stat(file)).size > maximumFileSize) return null;
      return decodeSource(await readFile(file)).text;
    } catch {
      return null;
    }
  },
  async list(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch {
      return [];
    }
  },
};

/** The form in which the core knows paths. */
export function slashes(file: string): string {
  return file.split(path.sep).join('/');
}

/** Where imports of the file at `absolute` are looked for at most: its project, else the working folder around it. */
export async function workspaceRoot(absolute: string, workingFolder: string): Promise<string> {
  const folder = folderOf(slashes(absolute));
  const around = slashes(workingFolder);
  return projectRoot(nodeFiles, folder, folder.startsWith(`${around}/`) ? around : folder);
}
