import * as vscode from 'vscode';
import { hoverAt } from '../editor/hover.ts';
import { pythonDocuments, rangeOf } from './documents.ts';
import type { ObservedPrograms } from './observed-programs.ts';
import { revealCommand, wordingFor } from './wording.ts';

/** What is frozen, when the pointer rests on a model, a parameter, an optimizer or a write of requires_grad. */
export function offerHovers(programs: ObservedPrograms): vscode.Disposable {
  return vscode.languages.registerHoverProvider(pythonDocuments, {
    async provideHover(document, position, token) {
      if (!vscode.workspace.getConfiguration('freezelint', document).get('hover', true)) return null;
      const known = await programs.of(document);
      if (known === null || token.isCancellationRequested) return null;
      const { observed, program } = known;
      const found = hoverAt(observed, document.offsetAt(position), wordingFor(document, program));
      if (found === null) return null;
      const markdown = new vscode.MarkdownString(found.markdown);
      markdown.isTrusted = { enabledCommands: [revealCommand] };
      return new vscode.Hover(markdown, rangeOf(document, found.span));
    },
  });
}
