import * as vscode from 'vscode';
import { LineIndex } from '../python/positions.ts';

/**
 * The Python documents that are linted. Schemes are listed one by one: a diff's old side or a preview has a
 * scheme of its own, and would otherwise show every finding twice.
 */
export const pythonDocuments: vscode.DocumentSelector = [
  { language: 'python', scheme: 'file' },
  { language: 'python', scheme: 'untitled' },
  { language: 'python', scheme: 'vscode-vfs' },
];

// Machine-written files beyond this would stall typing for nothing.
const maximumCharacters = 2 * 1024 * 1024;

/** Whether a document is linted at all, whatever it holds. */
export function isLinted(document: vscode.TextDocument): boolean {
  return vscode.languages.match(pythonDocuments, document) > 0;
}

/** The document's text; null where it is too big to lint while typing. */
export function lintedText(document: vscode.TextDocument): string | null {
  const text = document.getText();
  return text.length > maximumCharacters ? null : text;
}

export function rangeOf(
  document: vscode.TextDocument,
  span: { readonly start: number; readonly end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** The range of a span in a file that need not be open. */
export function rangeIn(text: string, span: { readonly start: number; readonly end: number }): vscode.Range {
  const lines = new LineIndex(text);
  const [start, end] = [lines.positionAt(span.start), lines.positionAt(span.end)];
  return new vscode.Range(start.row, start.column, end.row, end.column);
}
