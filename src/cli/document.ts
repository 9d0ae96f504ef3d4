import { readFile } from 'node:fs/promises';
import { decodeSource, encodeSource, maximumFileSize, UnreadableSource } from '../node/source-file.ts';
import { NotebookFile } from './notebook-file.ts';
import { type Source, textOf } from './places.ts';

const megabyte = 1024 * 1024;
// Here the images count.
const maximumNotebookSize = 64 * megabyte;

/** A file to lint, and the way back. */
export interface Document {
  readonly source: Source;
  /** The file's bytes with another source in it. Throws UnreadableSource where it cannot hold that. */
  withSource(source: Source): Uint8Array;
  /** The bytes of the file as text, for a diff. */
  textWith(source: Source): string;
}

/**
 * Reads a Python file or a notebook, by its name. Null where it holds no Python. Throws UnreadableSource where it
 * cannot be understood.
 */
export function readDocument(name: string, bytes: Uint8Array): Document | null {
  const decoded = decodeSource(bytes);
  if (!name.endsWith('.ipynb')) {
    return {
      source: decoded.text,
      textWith: (source) => source as string,
      withSource: (source) => encodeSource(source as string, decoded),
    };
  }
  const notebook = NotebookFile.read(decoded.text);
  if (notebook === null) return null;
  const textWith = (source: Source) => {
    if (typeof source === 'string') throw new UnreadableSource('a notebook holds cells');
    return notebook.textWith(source);
  };
  return {
    source: notebook.source,
    textWith,
    withSource: (source) => encodeSource(textWith(source), decoded),
  };
}

/** Reads a file of the disk; throws also what the system throws. `tooLarge` is the limit that it is beyond, in words. */
export async function readDocumentFile(
  name: string,
  absolute: string,
): Promise<Document | null | { readonly tooLarge: string }> {
  const bytes = await readFile(absolute);
  const maximum = name.endsWith('.ipynb') ? maximumNotebookSize : maximumFileSize;
  if (bytes.length > maximum) return { tooLarge: `${maximum / megabyte} MB` };
  const document = readDocument(name, bytes);
  const isHuge = document !== null && textOf(document.source).length > maximumFileSize;
  return isHuge ? { tooLarge: `${maximumFileSize / megabyte} MB` } : document;
}
