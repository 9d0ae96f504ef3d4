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
      text += plain.text + missingLineBreak(cell.text);
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

  /** Whether each edit stays in one cell and touches nothing that only IPython understands. */
  canEdit(edits: readonly TextEdit[]): boolean {
    return edits.every(({ span }) => {
      const around = this.spans[this.#indexAt(span.start)];
      if (around === undefined || span.end > around.end) return false;
      return this.#blanked.every(({ start, end }) => span.end <= start || end <= span.start);
    });
  }

  /** The notebook with edits of the program made in its cells. Throws RangeError where `canEdit` says no. */
  edited(edits: readonly TextEdit[]): NotebookText {
    if (!this.canEdit(edits)) throw new RangeError('an edit goes over the border of a cell');
    const cells = this.cells.map((cell, index) => {
      const within = edits.filter(({ span }) => this.#indexAt(span.start) === index);
      if (within.length === 0) return cell;
      const added = missingLineBreak(cell.text);
      const offset = this.spans[index]?.start ?? 0;
      let text = cell.text + added;
      // From the last to the first, so that the offsets of the others stay true.
      for (const { span, content } of within.toSorted((left, right) => right.span.start - left.span.start)) {
        text = text.slice(0, span.start - offset) + content + text.slice(span.end - offset);
      }
      return { ...cell, text: added !== '' && text.endsWith('\n') ? text.slice(0, -1) : text };
    });
    return new NotebookText(cells);
  }

  #indexAt(offset: number): number {
    const index = this.spans.findIndex(({ start, end }) => start <= offset && offset < end);
    return index === -1 ? this.spans.length - 1 : index;
  }
}

function missingLineBreak(text: string): string {
  return /[\r\n]$/.test(text) ? '' : '\n';
}
