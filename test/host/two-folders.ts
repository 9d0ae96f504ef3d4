import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Makes a workspace of two folders in `scratch`: a copy of `sample`, and an empty one.
 * @returns the file that VS Code opens it by.
 */
export function workspaceOfTwoFolders(sample: string, scratch: string): string {
  fs.cpSync(sample, path.join(scratch, 'workspace'), { recursive: true });
  fs.mkdirSync(path.join(scratch, 'second'));
  const file = path.join(scratch, 'test.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders: [{ path: 'workspace' }, { path: 'second' }] }));
  return file;
}
