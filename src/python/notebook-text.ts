import { plainPython } from './ipython.ts';
import type { Span } from './syntax.ts';

/** A code cell as its notebook has it. */
export interface NotebookCell {
  readonly text: string;
  /** What people call it: its place among all cells, Markdown included, counted from 1. */
  readonly number: number;
}

/** A span in the terms of the cell where it starts. */
export interface PlaceInCell {
  readonly cell: NotebookCell;
  /** Offsets into the cell's text and the line break after it. */
  readonly span: Span;
}

/** Replaces the text of `span` (UTF-16 offsets) by `content`. */
interface TextEdit {
  readonly span: Span;
  readonly content: string;
}

/**
 * The code cells of a notebook as one program, in their order, as *Run all* runs them: each on lines of its own, with
 * what only IPython understands blanked. It knows which cell a place of the program is in, and takes edits of the
 * program back to the cells.
 */
export class NotebookText {
  readonly cells: readonly NotebookCell[];
  /** The program. */
  readonly text: string;
  /** Where each cell is in the program, with the line break after it. */
  readonly spans: readonly Span[];
  readonly #blanked: readonly Span[];

  constructor(cells: readonly NotebookCell[]) {
    this.cells = cells;
    let text = '';
    const spans: Span[] = [];
    const blanked: Span[] = [];
    for (const cell of cells) {
      const start = text.length;
      const plain = plainPython(cell.text);
      blanked.push(...plain.blanked.map((span) => ({ start: start + span.start, end: start + span.end })));
      // Also after one that ends with a line break: its last line, which is blank, is a line of this cell.
      text += `${plain.text}\n`;
      spans.push({ start, end: text.length });
    }
    this.text = text;
    this.spans = spans;
    this.#blanked = blanked;
  }

  /** Where a span of the program is; its end is told in the same cell. Null in a notebook without code. */
  placeOf({ start, end }: Span): PlaceInCell | null {
    const index = this.#indexAt(start);
    const cell = this.cells[index];
    const around = this.spans[index];
    if (cell === undefined || around === undefined) return null;
    return {
      cell,
      span: { start: start - around.start, end: Math.min(end, around.end) - around.start },
    };
  }

  /** Where a span of the cell at `index` of `cells` is in the program. */
  spanOf(index: number, { start, end }: Span): Span {
    const offset = this.spans[index]?.start ?? 0;
    return { start: offset + start, end: offset + end };
  }

  /**
   * Whether each edit stays in one cell and touches nothing that only IPython understands. Nothing may come before
   * a magic of a whole cell, which IPython knows by its place.
   */
  canEdit(edits: readonly TextEdit[]): boolean {
    return edits.every(({ span }) => {
      const index = this.#indexAt(span.start);
      const around = this.spans[index];
      if (around === undefined || span.end > around.end) return false;
      const first = this.cells[index]?.text.search(/\S/) ?? -1;
      const isBeforeMagic =
        this.cells[index]?.text.startsWith('%%', first) === true && span.start <= around.start + first;
      return (
        !isBeforeMagic && this.#blanked.every(({ start, end }) => span.end <= start || end <= span.start)
      );
    });
  }

  /** The notebook with edits of the program made in its cells. Throws RangeError where `canEdit` says no. */
  edited(edits: readonly TextEdit[]): NotebookText {
    const changes = this.editsByCell(edits);
    const cells = this.cells.map((cell, index) => {
      const within = changes.get(index);
      return within ? { ...cell, text: withEdits(cell.text, within) } : cell;
    });
    return new NotebookText(cells);
  }

  /**
   * Edits of the program as edits of the cells' own texts, by index of the cell. Throws RangeError where `canEdit`
   * says no.
   */
  editsByCell(edits: readonly TextEdit[]): ReadonlyMap<number, readonly TextEdit[]> {
    if (!this.canEdit(edits)) throw new RangeError('an edit goes over the border of a cell');
    const changes = new Map<number, TextEdit[]>();
    for (const { span, content } of edits) {
      const index = this.#indexAt(span.start);
      const offset = this.spans[index]?.start ?? 0;
      const within = { span: { start: span.start - offset, end: span.end - offset }, content };
      changes.set(index, [...(changes.get(index) ?? []), within]);
    }
    for (const [index, within] of changes) {
      const text = this.cells[index]?.text ?? '';
      // The line break after the cell is in the program only.
      if (within.some(({ span }) => span.end > text.length)) {
        changes.set(index, [change(text, withEdits(`${text}\n`, within).replace(/\r?\n$/, ''))]);
      }
    }
    return changes;
  }

  #indexAt(offset: number): number {
    const index = this.spans.findIndex(({ start, end }) => start <= offset && offset < end);
    return index === -1 ? this.spans.length - 1 : index;
  }
}

function withEdits(text: string, edits: readonly TextEdit[]): string {
  // From the last to the first, so that the offsets of the others stay true.
  for (const { span, content } of edits.toSorted((left, right) => right.span.start - left.span.start)) {
    text = text.slice(0, span.start) + content + text.slice(span.end);
  }
  return text;
}

/** The shortest edit that makes one text of another. */
function change(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { span: { start, end: before.length - same }, content: after.slice(start, after.length - same) };
}
