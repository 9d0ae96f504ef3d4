import type { Location, Range, TextEdit } from 'vscode-languageserver/node';
import type { AskedCell } from '../editor/code-actions.ts';
import type { NotebookText } from '../python/notebook-text.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import type { Edit } from '../rules/rule.ts';

/** A text document as the client had it when the source was made; documents themselves change in place. */
export class SourceDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  #lines: LineIndex | null = null;

  constructor(uri: string, version: number, text: string) {
    this.uri = uri;
    this.version = version;
    this.text = text;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }
}

/** What is linted as one program: a Python document, or the code cells of a notebook in their order. */
export class Source {
  /** The document's or the notebook's. */
  readonly uri: string;
  /** The text, or the cells, in their order. */
  readonly documents: readonly SourceDocument[];
  readonly code: string | NotebookText;
  /** Another one whenever the code is another. */
  readonly version: string;

  /** `code` has a cell for each of the documents, or is the text of the only one. */
  constructor(uri: string, documents: readonly SourceDocument[], code: string | NotebookText) {
    this.uri = uri;
    this.documents = documents;
    this.code = code;
    this.version = documents.map((each) => `${each.version} ${each.uri}`).join('\n');
  }

  get text(): string {
    return typeof this.code === 'string' ? this.code : this.code.text;
  }

  /** Where a span of the program is; null in a notebook without code. */
  locationOf(span: Span): Location | null {
    const { document, within } = this.#placeOf(span);
    return document ? { uri: document.uri, range: rangeIn(document.lines, within) } : null;
  }

  /** The span of the program at a range of one of the documents; null where the document is not among them. */
  spanOf(uri: string, { start, end }: Range): Span | null {
    const index = this.documents.findIndex((each) => each.uri === uri);
    const document = this.documents[index];
    if (!document) return null;
    const within = {
      start: document.lines.offsetAt({ row: start.line, column: start.character }),
      end: document.lines.offsetAt({ row: end.line, column: end.character }),
    };
    return typeof this.code === 'string' ? within : this.code.spanOf(index, within);
  }

  /** The cell that a document is; null where the source is no notebook, or the document none of its cells. */
  cellOf(uri: string): AskedCell | null {
    const index = this.documents.findIndex((each) => each.uri === uri);
    return typeof this.code === 'string' || index === -1 ? null : { notebook: this.code, index };
  }

  /** Edits of the program by the documents that they change; null where one of them has no place. */
  editsOf(edits: readonly Edit[]): ReadonlyMap<SourceDocument, readonly TextEdit[]> | null {
    if (typeof this.code !== 'string' && !this.code.canEdit(edits)) return null;
    const byDocument = typeof this.code === 'string' ? new Map([[0, edits]]) : this.code.editsByCell(edits);
    const changes = new Map<SourceDocument, readonly TextEdit[]>();
    for (const [index, within] of byDocument) {
      const document = this.documents[index];
      if (document === undefined) return null;
      changes.set(
        document,
        within.map(({ span, content }) => ({ range: rangeIn(document.lines, span), newText: content })),
      );
    }
    return changes;
  }

  #placeOf(span: Span): { readonly document: SourceDocument | undefined; readonly within: Span } {
    if (typeof this.code === 'string') return { document: this.documents[0], within: span };
    const place = this.code.placeOf(span);
    if (!place) return { document: undefined, within: span };
    return { document: this.documents[this.code.cells.indexOf(place.cell)], within: place.span };
  }
}

/** The range of a span in a text. Columns are UTF-16 code units, which every client knows. */
export function rangeIn(lines: LineIndex, span: Span): Range {
  const [start, end] = [lines.positionAt(span.start), lines.positionAt(span.end)];
  return {
    start: { line: start.row, character: start.column },
    end: { line: end.row, character: end.column },
  };
}
