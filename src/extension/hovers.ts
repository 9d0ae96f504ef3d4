import * as vscode from 'vscode';
import { hoverAt } from '../editor/hover.ts';
import { pythonDocumentsAndCells } from './documents.ts';
import type { ObservedPrograms } from './observed-programs.ts';
import { settingsAt } from './settings.ts';
import { revealCommand, wordingFor } from './wording.ts';

/** What is frozen, when the pointer rests on a model, a parameter, an optimizer or a write of requires_grad. */
export function offerHovers(programs: ObservedPrograms): vscode.Disposable {
  return vscode.languages.registerHoverProvider(pythonDocumentsAndCells, {
    async provideHover(document, position, token) {
      if (!settingsAt(document).hover) return null;
      const known = await programs.of(document);
      if (known === null || token.isCancellationRequested) return null;
      const { observed, program, documents } = known;
      const offset = documents.offsetOf(document, position);
      const found = hoverAt(observed, offset, wordingFor(documents, program));
      const range = found && documents.rangeIn(document, found.span);
      if (!found || !range) return null;
      const markdown = new vscode.MarkdownString(found.markdown);
      markdown.isTrusted = { enabledCommands: [revealCommand] };
      return new vscode.Hover(markdown, range);
    },
  });
}
