/** The files of a program: the one that is analysed and those that it imports. */
import type { Module, Span } from '../python/syntax.ts';

/** Where the import statements of one file lead: paths by the dotted name as written, `.layers` or `models.resnet`. */
export type Imports = ReadonlyMap<string, string>;

/**
 * The offsets of the analysed file are below this, those of imported files at or above it: beyond any text worth
 * analysing, yet small enough to stay an integer for the engine however many files follow.
 */
export const FIRST_IMPORTED_OFFSET = 2 ** 25;

/** A file that a program imports, directly or through others. */
export interface ImportedFile {
  readonly path: string;
  readonly text: string;
  /** Where its offsets begin, FIRST_IMPORTED_OFFSET or more; no two files of a program share an offset. */
  readonly start: number;
  readonly imports: Imports;
  /** Its syntax tree, with offsets from `start` on; parsed when first asked for. */
  readonly module: Module;
}

/** A span in a file of its own: offsets count from the start of that file. */
export interface PlaceInFile {
  readonly file: ImportedFile;
  readonly span: Span;
}

/** Whether a span lies in an imported file. */
export const isImported = ({ start }: Span): boolean => start >= FIRST_IMPORTED_OFFSET;

/** The files around the analysed one, handed in by whoever can read files: the analysis does no I/O. */
export class Program {
  /** What the analysed file imports. */
  readonly imports: Imports;
  /** Every imported file by its path. */
  readonly files: ReadonlyMap<string, ImportedFile>;
  readonly #inOrder: readonly ImportedFile[];

  constructor(imports: Imports, files: ReadonlyMap<string, ImportedFile>) {
    this.imports = imports;
    this.files = files;
    this.#inOrder = [...files.values()].sort((a, b) => a.start - b.start);
  }

  /** The imported file that holds an offset; null for the analysed file. */
  fileAt(offset: number): ImportedFile | null {
    if (offset < FIRST_IMPORTED_OFFSET) return null;
    return this.#inOrder.findLast(({ start }) => start <= offset) ?? null;
  }

  /** The imported file of a span and the span's place in it; null for a span of the analysed file. */
  locate(span: Span): PlaceInFile | null {
    const file = this.fileAt(span.start);
    return file && { file, span: { start: span.start - file.start, end: span.end - file.start } };
  }

  /** What the file that holds an offset imports. */
  importsAt(offset: number): Imports {
    return this.fileAt(offset)?.imports ?? this.imports;
  }
}

/** A program of one file. */
export const ALONE = new Program(new Map(), new Map());
