import * as vscode from 'vscode';
import type { LintResult } from '../../lint.ts';
import { type LintedDocument, lintedDocumentOf } from '../documents.ts';
import type { LiveLint } from '../live-lint.ts';
import type { Finding } from './overviews.ts';

/** Tells, whenever it may have changed, what was found in the Python file that the learner used last. */
export function watchFindings(
  live: LiveLint,
  tell: (findings: readonly Finding[]) => void,
): vscode.Disposable {
  let last: LintedDocument | null = null;
  const update = (): void => {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    // With the focus in an editor tab that shows something else, the file used last still counts while it is visible.
    const editor = [activeTextEditor, ...visibleTextEditors].find(
      (each) => each !== undefined && lintedDocumentOf(each.document) !== null,
    );
    if (editor !== undefined) last = lintedDocumentOf(editor.document);
    tell(last === null || last.isClosed ? [] : findingsOf(live, last));
  };
  return vscode.Disposable.from(
    live.onDidLint(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.onDidChangeVisibleTextEditors(update),
  );
}

function findingsOf(live: LiveLint, document: LintedDocument): Finding[] {
  const state = live.lastState(document);
  if (state?.kind !== 'linted') return [];
  return state.result.problems.flatMap(({ code, span }) => {
    const place = state.documents.placeOf(span);
    if (place === null) return [];
    const name = place.document.uri.path.split('/').at(-1) ?? '';
    return [{ code, place: vscode.l10n.t('{0}, line {1}', name, place.range.start.line + 1) }];
  });
}

/**
 * Tells the rule of each mistake that a learner makes: a finding in a file that they save which was not in it when it was
 * opened or saved before. What stands there only while they type is no mistake yet.
 */
export function watchMistakes(live: LiveLint, tell: (code: string) => void): vscode.Disposable {
  /** The codes found in each open file when it was opened or saved last. */
  const known = new Map<string, ReadonlySet<string>>();
  return vscode.Disposable.from(
    live.onDidLint(({ document, state }) => {
      const key = document.uri.toString();
      if (state === null) known.delete(key);
      else if (!known.has(key)) known.set(key, state.kind === 'linted' ? codesOf(state.result) : new Set());
    }),
    vscode.workspace.onDidSaveTextDocument(async (document) => {
      const key = document.uri.toString();
      const before = known.get(key);
      if (before === undefined) return;
      const linted = await live.currentProgram(document);
      if (linted === null) return;
      const after = codesOf(linted.result);
      known.set(key, after);
      for (const code of after) if (!before.has(code)) tell(code);
    }),
  );
}

function codesOf({ problems }: LintResult): ReadonlySet<string> {
  return new Set(problems.map(({ code }) => code));
}
