import * as vscode from 'vscode';
import type { AskedCell } from '../editor/code-actions.ts';
import { NotebookText } from '../python/notebook-text.ts';
import type { Span } from '../python/syntax.ts';
import type { Edit } from '../rules/rule.ts';
import { type LintedDocument, pythonCells, rangeOf } from './documents.ts';

export interface PlaceInDocument {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
}

/** The text documents of a program as it was when it was linted: one, or the Python cells of a notebook. */
export class ProgramDocuments {
  /** The file: that of the notebook where the documents are cells. */
  readonly uri: vscode.Uri;
  readonly documents: readonly vscode.TextDocument[];
  readonly source: string | NotebookText;

  constructor(linted: LintedDocument) {
    this.uri = linted.uri;
    if ('notebookType' in linted) {
      this.documents = pythonCells(linted);
      const numbers = new Map(linted.getCells().map((cell) => [cell.document, cell.index + 1]));
      this.source = new NotebookText(
        this.documents.map((document) => {
          return { text: document.getText(), number: numbers.get(document) ?? 0 };
        }),
      );
    } else {
      this.documents = [linted];
      this.source = linted.getText();
    }
  }

  /** The program's text. */
  get text(): string {
    return typeof this.source === 'string' ? this.source : this.source.text;
  }

  /** The cell that a document is; null where the program is no notebook, or the document none of its cells. */
  cellOf(document: vscode.TextDocument): AskedCell | null {
    const index = this.documents.indexOf(document);
    return typeof this.source === 'string' || index === -1 ? null : { notebook: this.source, index };
  }

  /** Whether edits of the program have a place in its documents: see `NotebookText.canEdit`. */
  canEdit(edits: readonly Edit[]): boolean {
    return typeof this.source === 'string' || this.source.canEdit(edits);
  }

  /** What people call the cell that a document is: its place among all cells, from 1; null where it is none. */
  numberOf(document: vscode.TextDocument): number | null {
    const cell = this.cellOf(document);
    return cell?.notebook.cells[cell.index]?.number ?? null;
  }

  /** Where a range of one of the documents is in the program. */
  spanOf(document: vscode.TextDocument, range: vscode.Range): Span {
    const span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const cell = this.cellOf(document);
    return cell === null ? span : cell.notebook.spanOf(cell.index, span);
  }

  /** Where a place of one of the documents is in the program. */
  offsetOf(document: vscode.TextDocument, position: vscode.Position): number {
    return this.spanOf(document, new vscode.Range(position, position)).start;
  }

  /** The document and the range of a span of the program. */
  placeOf(span: Span): PlaceInDocument | null {
    const { source } = this;
    const place = typeof source === 'string' ? { cell: null, span } : source.placeOf(span);
    if (place === null) return null;
    const index = typeof source === 'string' || place.cell === null ? 0 : source.cells.indexOf(place.cell);
    const document = this.documents[index];
    return document === undefined ? null : { document, range: rangeOf(document, place.span) };
  }

  /** The range of a span, where it is in this document. */
  rangeIn(document: vscode.TextDocument, span: Span): vscode.Range | null {
    const place = this.placeOf(span);
    return place?.document === document ? place.range : null;
  }

  /** Edits of the program, made in the documents. Throws RangeError where `canEdit` says no. */
  workspaceEdit(edits: readonly Edit[]): vscode.WorkspaceEdit {
    const changes = new vscode.WorkspaceEdit();
    const byDocument =
      typeof this.source === 'string' ? new Map([[0, edits]]) : this.source.editsByCell(edits);
    for (const [index, within] of byDocument) {
      const document = this.documents[index];
      if (document === undefined) continue;
      for (const { span, content } of within) changes.replace(document.uri, rangeOf(document, span), content);
    }
    return changes;
  }
}
