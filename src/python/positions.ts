import type { Span } from './syntax.ts';

/** A place in a document: row and column from 0, the column in UTF-16 code units. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/**
 * Lines of a text, as an editor counts them. Like VS Code and the language server protocol, it ends a
 * line at CRLF, LF and a bare CR. (The grammar does not know the bare CR, which no longer occurs in
 * practice; offsets are the same either way.)
 */
export class LineIndex {
  readonly text: string;
  /** Offset of the first character of each line; line 0 always exists. */
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (const match of text.matchAll(/\r\n|\n|\r/g)) {
      starts.push(match.index + match[0].length);
    }
    this.starts = starts;
  }

  /** At least 1: a text that ends with a line end has an empty last line. */
  get lineCount(): number {
    return this.starts.length;
  }

  /**
   * The place of an offset; offsets outside the text are moved to its start or end. Between CR and LF
   * counts as the end of that line.
   */
  positionAt(offset: number): Position {
    const within = this.clamp(offset);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= within) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const line = this.lineSpan(low);
    return { row: low, column: Math.min(within, line.end) - line.start };
  }

  /** The offset of a place; a column past the end of its line means that end. */
  offsetAt(position: Position): number {
    if (position.row < 0) {
      return 0;
    }
    if (position.row >= this.starts.length) {
      return this.text.length;
    }
    const line = this.lineSpan(position.row);
    return Math.min(line.start + Math.max(position.column, 0), line.end);
  }

  /** The line without its line end; rows outside the text are moved to its first or last line. */
  lineSpan(row: number): Span {
    const index = Math.max(0, Math.min(row, this.starts.length - 1));
    const start = this.starts[index]!;
    let end = this.starts[index + 1] ?? this.text.length;
    if (index + 1 < this.starts.length) {
      end -= this.text.startsWith('\r\n', end - 2) ? 2 : 1;
    }
    return { start, end };
  }

  /** The blanks and tabs at the start of the line that holds `offset`. */
  indentationAt(offset: number): string {
    const { start, end } = this.lineSpan(this.positionAt(offset).row);
    return leadingBlanks(this.text.slice(start, end));
  }

  /** The line end most lines have; LF where none or equally many have CRLF. */
  get lineEnding(): '\n' | '\r\n' {
    let balance = 0;
    for (const match of this.text.matchAll(/\r?\n/g)) {
      balance += match[0].length === 2 ? 1 : -1;
    }
    return balance > 0 ? '\r\n' : '\n';
  }

  /**
   * What one level of indentation adds in this text: the commonest step from a line that ends in a
   * colon to the next one. Four spaces, as PEP 8 has it, where there is no such step.
   */
  get indentUnit(): string {
    const counts = new Map<string, number>();
    let opener: string | null = null;
    for (let row = 0; row < this.lineCount; row++) {
      const { start, end } = this.lineSpan(row);
      const line = this.text.slice(start, end);
      const code = line.trim();
      if (code === '' || code.startsWith('#')) {
        continue;
      }
      const blanks = leadingBlanks(line);
      if (opener !== null && blanks.length > opener.length && blanks.startsWith(opener)) {
        const step = blanks.slice(opener.length);
        counts.set(step, (counts.get(step) ?? 0) + 1);
      }
      opener = /:\s*(#.*)?$/.test(code) ? blanks : null;
    }
    let unit = '    ';
    let highest = 0;
    for (const [step, count] of counts) {
      if (count > highest) {
        unit = step;
        highest = count;
      }
    }
    return unit;
  }

  private clamp(offset: number): number {
    return Math.max(0, Math.min(offset, this.text.length));
  }
}

function leadingBlanks(line: string): string {
  return /^[ \t\f]*/.exec(line)?.[0] ?? '';
}
