import * as vscode from 'vscode';
import type { Program } from '../analysis/program.ts';
import type { Wording, Words } from '../editor/wording.ts';
import type { Span } from '../python/syntax.ts';
import { rangeIn } from './documents.ts';
import type { PlaceInDocument, ProgramDocuments } from './program-documents.ts';

/** What hovers and trees run to lead to the line that decided. It is no entry of the command palette. */
export const revealCommand = 'freezelint.revealCode';

/** Arguments of the command: the document and the place in it, as JSON can hold them. */
export type RevealArguments = readonly [uri: string, line: number, character: number];

/** Words in the user's language. */
export const words: Words = { translate: (message, ...args) => vscode.l10n.t(message, ...args) };

/** The same, with links that work in any document, also an untitled one or a cell. */
export function wordingFor(documents: ProgramDocuments, program: Program): Wording {
  return {
    ...words,
    link: (text, span) => {
      const given = encodeURIComponent(JSON.stringify(revealArguments(documents, program, span)));
      return `[${text}](command:${revealCommand}?${given})`;
    },
    nameOfLine: (span) => {
      const imported = program.locate(span)?.file;
      const { uri, range } = locationOf(documents, program, span);
      if (!imported) return nameOfLine(documents, uri, range.start.line);
      const name = imported.path.slice(imported.path.lastIndexOf('/') + 1);
      return vscode.l10n.t('line {0} of {1}', range.start.line + 1, name);
    },
  };
}

/** `line 22`, or `line 2 of cell 3`; `line` counts from 0. */
export function nameOfLine(documents: ProgramDocuments, uri: vscode.Uri, line: number): string {
  const document = documents.documents.find((each) => each.uri.toString() === uri.toString());
  const cell = document ? documents.numberOf(document) : null;
  return cell === null
    ? vscode.l10n.t('line {0}', line + 1)
    : vscode.l10n.t('line {0} of cell {1}', line + 1, cell);
}

/** The same for where something begins; '' for nowhere. */
export function nameOfPlace(documents: ProgramDocuments, place: PlaceInDocument | null): string {
  return place ? nameOfLine(documents, place.document.uri, place.range.start.line) : '';
}

export function revealArguments(documents: ProgramDocuments, program: Program, span: Span): RevealArguments {
  const { uri, range } = locationOf(documents, program, span);
  return [uri.toString(), range.start.line, range.start.character];
}

/** Where a span of the program is, maybe in a file that it imports. */
function locationOf(documents: ProgramDocuments, program: Program, span: Span): vscode.Location {
  const imported = program.locate(span);
  if (imported) {
    const { path, text } = imported.file;
    return new vscode.Location(documents.uri.with({ path }), rangeIn(text, imported.span));
  }
  const place = documents.placeOf(span);
  return place
    ? new vscode.Location(place.document.uri, place.range)
    : new vscode.Location(documents.uri, new vscode.Position(0, 0));
}

/** Shows a document, or the notebook of a cell, with the cursor at a place. */
export function offerReveal(): vscode.Disposable {
  return vscode.commands.registerCommand(revealCommand, async (...given: RevealArguments) => {
    const [uri, line, character] = given;
    const at = new vscode.Position(line, character);
    const selection = new vscode.Range(at, at);
    // Unlike `showTextDocument`, this also finds cells.
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri), { selection });
  });
}
