import { readFile } from 'node:fs/promises';
import { decodeSource, maximumFileSize, type SourceText, UnreadableSource } from '../node/source-file.ts';

/** Reads and decodes a Python file; null where it is too large. Throws UnreadableSource, and what the system throws. */
export async function readPython(name: string, absolute: string): Promise<SourceText | null> {
  if (name.endsWith('.pyi')) throw new UnreadableSource('stub files hold no code to check');
  if (name.endsWith('.ipynb')) throw new UnreadableSource('a notebook cannot be traced');
  const bytes = await readFile(absolute);
  return bytes.length > maximumFileSize ? null : decodeSource(bytes);
}
