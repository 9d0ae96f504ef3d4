import * as vscode from 'vscode';

const shownMilliseconds = 5000;

/** Answers somebody who asked for what cannot be done; gone by itself. */
export function sayInStatusBar(why: string): void {
  vscode.window.setStatusBarMessage(`Freezelint: ${why}`, shownMilliseconds);
}
