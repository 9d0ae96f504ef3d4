import type { NotebookText } from '../python/notebook-text.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';

/** A place in a file: row and column from 1, the column in UTF-16 code units. */
export interface Location {
  /** In notebooks: the number of the cell, Markdown cells counted, from 1; row and column are within the cell. */
  readonly cell?: number;
  readonly row: number;
  readonly column: number;
}

export interface Locations {
  readonly location: Location;
  readonly end_location: Location;
}

/** A file's text, or the cells of a notebook. */
export type Source = string | NotebookText;

/** A span in the text that people see it in: that of the file, or that of a notebook's cell. */
export interface SeenSpan {
  readonly cell: number | null;
  readonly lines: LineIndex;
  readonly span: Span;
}

/** Tells places as people count them. */
export class Places {
  readonly #source: Source;
  readonly #lines: LineIndex;
  readonly #cellLines = new Map<number, LineIndex>();

  constructor(source: Source) {
    this.#source = source;
    this.#lines = new LineIndex(textOf(source));
  }

  seen(span: Span): SeenSpan {
    const place = typeof this.#source === 'string' ? null : this.#source.placeOf(span);
    if (place === null) return { cell: null, lines: this.#lines, span };
    const { number, text } = place.cell;
    // With the line break that the program has after each cell: an edit may end behind it.
    const lines = this.#cellLines.get(number) ?? new LineIndex(/[\r\n]$/.test(text) ? text : `${text}\n`);
    this.#cellLines.set(number, lines);
    return { cell: number, lines, span: place.span };
  }

  locations(span: Span): Locations {
    const { cell, lines, span: seen } = this.seen(span);
    const locate = (offset: number): Location => {
      return { ...(cell === null ? {} : { cell }), ...locationOf(offset, lines) };
    };
    return { location: locate(seen.start), end_location: locate(seen.end) };
  }
}

/** Where an offset is, as people count. */
export function locationOf(offset: number, lines: LineIndex): Location {
  const { row, column } = lines.positionAt(offset);
  return { row: row + 1, column: column + 1 };
}

/** The program's text. */
export function textOf(source: Source): string {
  return typeof source === 'string' ? source : source.text;
}

/** A place as it stands in messages: `train.py:3:1`, `train.ipynb:cell 2:3:1`. */
export function placeName(filename: string, { cell, row, column }: Location): string {
  return `${filename}:${cell === undefined ? '' : `cell ${cell}:`}${row}:${column}`;
}
