import * as vscode from 'vscode';
import { type FlagWrite, flagWrites } from '../editor/flag-writes.ts';
import { rangeOf } from './documents.ts';
import type { LiveLint } from './live-lint.ts';

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
    const isOn = vscode.workspace.getConfiguration('freezelint', document).get('gutterMarks', false);
    const state = isOn ? live.lastState(document) : undefined;
    // Of an outrun text the editor moves the marks along by itself.
    if (isOn && live.isBusy(document)) return;
    const writes = state?.kind === 'linted' ? flagWrites(state.result.trace) : [];
    for (const effect of ['freezes', 'unfreezes'] as const) {
      editor.setDecorations(marks[effect], rangesOf(document, writes, effect));
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
  writes: readonly FlagWrite[],
  wanted: FlagWrite['effect'],
): vscode.Range[] {
  return writes.filter(({ effect }) => effect === wanted).map(({ span }) => rangeOf(document, span));
}
