/**
 * What IPython understands and Python does not: magics, shell commands and help. They are blanked, so that the rest of
 * a notebook cell can be parsed, without moving anything: every character keeps its offset.
 */
import type { Span } from './syntax.ts';

/** A cell's text as Python, and the places that were blanked. */
export interface PlainPython {
  readonly text: string;
  readonly blanked: readonly Span[];
}

// The rest of these cells is Python code that runs in the notebook.
const pythonCellMagics = /^%%(?:capture|time|timeit|prun|memit|python3?)\b/;

// Commands that IPython takes without a sign in front, where no operator makes them an expression.
const automagic =
  /^(?:(?:pip|conda)[ \t]+(?:install|uninstall|list|show|freeze)\b|(?:cd|ls|mkdir|rm|cp|mv|cat)[ \t]+[\w./~"'-])(?!.*[=(])/;

/** Blanks the IPython syntax of one cell. Lines inside strings and brackets are left alone. */
export function plainPython(cell: string): PlainPython {
  const blanks = new Blanks(cell);
  const cellMagic = /^\s*(?=%%)/.exec(cell);
  let start = 0;
  if (cellMagic) {
    start = lineEnd(cell, cellMagic[0].length);
    if (!pythonCellMagics.test(cell.slice(cellMagic[0].length))) start = cell.length;
    blanks.blank({ start: cellMagic[0].length, end: start });
  }
  const scanner = new LineScanner();
  for (let end = start; start < cell.length; start = end + lineBreakAt(cell, end)) {
    end = lineEnd(cell, start);
    if (scanner.isAtStatement) end = blanks.blankMagic(start, end);
    scanner.read(cell.slice(start, end));
  }
  return blanks.result;
}

/** The offset of the end of the line that holds `offset`, before its line break. */
function lineEnd(text: string, offset: number): number {
  const found = text.slice(offset).search(/[\r\n]/);
  return found === -1 ? text.length : offset + found;
}

function lineBreakAt(text: string, offset: number): number {
  return text.startsWith('\r\n', offset) ? 2 : 1;
}

/** The text of a cell with parts overwritten by as many harmless characters. */
class Blanks {
  readonly #cell: string;
  readonly #blanked: Span[] = [];
  #text = '';

  constructor(cell: string) {
    this.#cell = cell;
  }

  get result(): PlainPython {
    return { text: this.#text + this.#cell.slice(this.#text.length), blanked: this.#blanked };
  }

  blank(span: Span, instead = ''): void {
    const original = this.#cell.slice(span.start, span.end);
    this.#text += this.#cell.slice(this.#text.length, span.start);
    this.#text += instead + original.slice(instead.length).replace(/[^\r\n]/g, ' ');
    this.#blanked.push(span);
  }

  /** Blanks the line if it is none of Python's; returns the end of what it looked at, for continued lines later. */
  blankMagic(start: number, end: number): number {
    const line = this.#cell.slice(start, end);
    const code = start + (/^\s*/.exec(line)?.[0].length ?? 0);
    const trimmed = line.trim();
    // `%time x = f()` runs `x = f()`.
    const timed = /^%time[ \t]+(?=[^\s-])(?!(?:for|while|if|with|def|class|try|async|@)\b)/.exec(trimmed);
    if (timed) {
      this.blank({ start: code, end: code + timed[0].length }, '0;');
      return end;
    }
    // `%run script.py` and the like run code that may use every name, as `exec` does.
    const runs = /^%(?:run|store|pylab)\b/.test(trimmed) && trimmed.length >= 'exec(_)'.length;
    const isMagic = /^[%!?]/.test(trimmed) || /^[\w.]+\?\??$/.test(trimmed) || automagic.test(trimmed);
    if (isMagic) {
      const last = this.#lastContinued(end);
      this.blank({ start: code, end: last }, runs ? 'exec(_)' : '0');
      return last;
    }
    // `files = !ls` binds something that nobody knows.
    const assigned = /^[\w.,()[\] \t]+=[ \t]*(?=[!%][^=])/.exec(trimmed);
    if (assigned) {
      const last = this.#lastContinued(end);
      this.blank({ start: code + assigned[0].length, end: last }, '_');
      return last;
    }
    return end;
  }

  /** The end of a line with those that it continues on after a backslash. */
  #lastContinued(end: number): number {
    let last = end;
    while (this.#cell[last - 1] === '\\' && last < this.#cell.length) {
      last = lineEnd(this.#cell, last + lineBreakAt(this.#cell, last));
    }
    return last;
  }
}

/** Knows, line by line, whether the next one starts a statement or goes on inside a string, brackets or after a backslash. */
class LineScanner {
  #depth = 0;
  #openString: string | null = null;
  #isContinued = false;

  get isAtStatement(): boolean {
    return this.#depth === 0 && this.#openString === null && !this.#isContinued;
  }

  read(line: string): void {
    const tokens = /\\.|"""|'''|["']|[([{]|[)\]}]|#/gs;
    this.#isContinued = line.endsWith('\\');
    for (let match = tokens.exec(line); match; match = tokens.exec(line)) {
      const [token] = match;
      if (this.#openString !== null) {
        if (token === this.#openString) this.#openString = null;
        // In a string with one kind of quotes, three of them are one that closes it and more.
        else if (token[0] === this.#openString) {
          this.#openString = null;
          tokens.lastIndex = match.index + 1;
        }
      } else if (token === '#') break;
      else if (/^["']/.test(token)) this.#openString = token;
      else if (/[([{]/.test(token)) this.#depth++;
      else if (/[)\]}]/.test(token)) this.#depth = Math.max(0, this.#depth - 1);
    }
    // A string with single quotes ends with its line, finished or not, unless a backslash continues it.
    if (this.#openString?.length === 1 && !this.#isContinued) this.#openString = null;
  }
}
