import { fileURLToPath, pathToFileURL } from 'node:url';
import { slashes } from '../node/node-files.ts';

/** The path of a file, as the core knows paths; null for what is no file of this machine, such as an unsaved text. */
export function pathOf(uri: string): string | null {
  try {
    return slashes(fileURLToPath(uri));
  } catch {
    return null;
  }
}

export const uriOf = (path: string): string => pathToFileURL(path).href;
