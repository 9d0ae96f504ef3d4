import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings } from './findings.ts';

/** Sets a setting of ours for the workspace; undefined resets it. */
export function set(name: string, value: unknown): Thenable<void> {
  return vscode.workspace
    .getConfiguration('freezelint')
    .update(name, value, vscode.ConfigurationTarget.Workspace);
}

export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, text);
  return document.positionAt(offset);
}

/** The hovers at the first place of `text`. */
export async function hovers(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString[]> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    positionOf(document, text),
  );
  return found.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
}

/** The lenses, each as `line: text`, with lines from 1. */
export async function lenses(document: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return found.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
}

/** The inlay hints, written as the lenses are. */
export async function hints(document: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
  return found.map(({ position, label }) => `${position.line + 1}: ${String(label)}`);
}

/** That a document has nothing of ours, while the same text in another one has findings, lenses, hints and hovers. */
export async function assertUntouched(
  untouched: vscode.TextDocument,
  control: vscode.TextDocument,
): Promise<void> {
  assert.equal(untouched.getText(), control.getText());
  const shownIn = async (document: vscode.TextDocument) => [
    findings(document.uri),
    await lenses(document),
    await hints(document),
    await hovers(document, 'optimizer = '),
  ];
  assert.ok((await shownIn(control)).every(({ length }) => length > 0));
  assert.deepEqual(await shownIn(untouched), [[], [], [], []]);
}
