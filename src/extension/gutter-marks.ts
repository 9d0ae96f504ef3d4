import * as vscode from 'vscode';
import { type FlagWrite, flagWrites } from '../editor/flag-writes.ts';
import { lintedDocumentOf } from './documents.ts';
import type { LintedProgram, LiveLint } from './live-lint.ts';
import { settingsAt } from './settings.ts';

/** A snowflake beside lines that freeze, and a flame beside lines that unfreeze. */
export function showGutterMarks(live: LiveLint, icons: vscode.Uri): vscode.Disposable {
  const mark = (name: string): vscode.TextEditorDecorationType => {
    const icon = (theme: string) => ({
      gutterIconPath: vscode.Uri.joinPath(icons, `${name}-${theme}.svg`),
      gutterIconSize: '80%',
    });
    return vscode.window.createTextEditorDecorationType({ light: icon('light'), dark: icon('dark') });
  };
  const marks = { freezes: mark('frozen'), unfreezes: mark('trainable') } as const;
  const update = (editor: vscode.TextEditor): void => {
    const { document } = editor;
    const linted = settingsAt(document).gutterMarks ? lintedDocumentOf(document) : null;
    // Of an outrun text the editor moves the marks along by itself.
    if (linted && live.isBusy(linted)) return;
    const state = linted ? live.lastState(linted) : undefined;
    for (const effect of ['freezes', 'unfreezes'] as const) {
      const ranges = state?.kind === 'linted' ? rangesOf(document, state, effect) : [];
      editor.setDecorations(marks[effect], ranges);
    }
  };
  const updateAll = (): void => vscode.window.visibleTextEditors.forEach(update);
  updateAll();
  return vscode.Disposable.from(
    ...Object.values(marks),
    live.onDidLint(updateAll),
    vscode.window.onDidChangeVisibleTextEditors(updateAll),
  );
}

function rangesOf(
  document: vscode.TextDocument,
  { result, documents }: LintedProgram,
  wanted: FlagWrite['effect'],
): vscode.Range[] {
  return flagWrites(result.trace).flatMap(({ effect, span }) => {
    const range = effect === wanted ? documents.rangeIn(document, span) : null;
    return range ? [range] : [];
  });
}
