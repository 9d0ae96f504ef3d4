import * as vscode from 'vscode';
import type { ImportedFile, Program } from '../analysis/program.ts';
import type { Wording } from '../editor/wording.ts';
import type { Span } from '../python/syntax.ts';
import { rangeIn, rangeOf } from './documents.ts';

/** What hovers and trees run to lead to the line that decided. It is no entry of the command palette. */
export const revealCommand = 'freezelint.revealCode';

/** Arguments of the command: the document and the place in it, as JSON can hold them. */
export type RevealArguments = readonly [uri: string, line: number, character: number];

/** Words in the user's language, with links that work in any document, also an untitled one. */
export function wordingFor(document: vscode.TextDocument, program: Program): Wording {
  return {
    translate: (message, ...args) => vscode.l10n.t(message, ...args),
    link: (text, span) => {
      const given = encodeURIComponent(JSON.stringify(revealArguments(document, program, span)));
      return `[${text}](command:${revealCommand}?${given})`;
    },
    nameOfLine: (span) => {
      const place = program.locate(span);
      const line = placeIn(document, place?.file ?? null, place?.span ?? span).range.start.line + 1;
      if (!place) return vscode.l10n.t('line {0}', line);
      return vscode.l10n.t(
        'line {0} of {1}',
        line,
        place.file.path.slice(place.file.path.lastIndexOf('/') + 1),
      );
    },
  };
}

export function revealArguments(
  document: vscode.TextDocument,
  program: Program,
  span: Span,
): RevealArguments {
  const found = program.locate(span);
  const { uri, range } = placeIn(document, found?.file ?? null, found?.span ?? span);
  return [uri.toString(), range.start.line, range.start.character];
}

function placeIn(document: vscode.TextDocument, file: ImportedFile | null, span: Span): vscode.Location {
  return file
    ? new vscode.Location(document.uri.with({ path: file.path }), rangeIn(file.text, span))
    : new vscode.Location(document.uri, rangeOf(document, span));
}

/** Shows a document with the cursor at a place. */
export function offerReveal(): vscode.Disposable {
  return vscode.commands.registerCommand(revealCommand, async (...given: RevealArguments) => {
    const [uri, line, character] = given;
    const at = new vscode.Position(line, character);
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
  });
}
