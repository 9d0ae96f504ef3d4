import type { WorkspaceFiles } from '../../src/project/workspace-files.ts';

/** A workspace in memory, from absolute paths to texts. */
export function memoryFiles(texts: ReadonlyMap<string, string>): WorkspaceFiles {
  return {
    async read(path) {
      return texts.get(path) ?? null;
    },
    async list(folder) {
      const names = new Set<string>();
      for (const path of texts.keys()) {
        if (!path.startsWith(`${folder}/`)) continue;
        const [name = '', ...below] = path.slice(folder.length + 1).split('/');
        names.add(below.length > 0 ? `${name}/` : name);
      }
      return [...names];
    },
  };
}
