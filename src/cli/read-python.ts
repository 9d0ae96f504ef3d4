import { readFile } from 'node:fs/promises';
import { decodeSource, type SourceText, UnreadableSource } from './source-file.ts';

/** Machine-written files beyond this would stall a run for nothing. */
export const maximumFileSize = 2 * 1024 * 1024;

/** Reads and decodes a Python file; null where it is too large. Throws UnreadableSource, and what the system throws. */
export async function readPython(name: string, absolute: string): Promise<SourceText | null> {
  if (name.endsWith('.pyi')) throw new UnreadableSource('stub files hold no code to check');
  if (name.endsWith('.ipynb')) throw new UnreadableSource('a notebook cannot be traced');
  const bytes = await readFile(absolute);
  return bytes.length > maximumFileSize ? null : decodeSource(bytes);
}
