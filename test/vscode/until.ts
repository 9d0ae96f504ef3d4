import * as vscode from 'vscode';

/** Waits, from one event to the next, until something is found. */
export async function until<Found>(
  events: vscode.Event<unknown> | readonly vscode.Event<unknown>[],
  find: () => Found | null | undefined,
): Promise<Found> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (found === null || found === undefined) return;
      for (const listener of listeners) listener.dispose();
      resolve(found);
    };
    const listeners = [events].flat().map((event) => event(look));
    look();
  });
}

/**
 * Opens a file as a person does, and waits until its editor is the active one. What an extension opens by itself, VS Code
 * keeps open for minutes after its editor was closed.
 */
export async function openByCommand(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', file);
  const { onDidChangeActiveTextEditor, onDidChangeActiveNotebookEditor } = vscode.window;
  await until([onDidChangeActiveTextEditor, onDidChangeActiveNotebookEditor], () => {
    const { activeTextEditor, activeNotebookEditor } = vscode.window;
    const shown = activeNotebookEditor?.notebook ?? activeTextEditor?.document;
    return shown?.uri.toString() === file.toString() ? shown : null;
  });
}

/** Waits until a document is open. */
export const untilOpen = (uri: vscode.Uri): Promise<vscode.TextDocument> =>
  until(vscode.workspace.onDidOpenTextDocument, () =>
    vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString()),
  );

/** Waits until the tab in front has a label that matches. */
export async function untilActiveTab(label: RegExp): Promise<void> {
  await until(vscode.window.tabGroups.onDidChangeTabs, () => {
    const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
    return shown !== undefined && label.test(shown) ? shown : null;
  });
}

/** Runs a command that asks by a quick pick, and takes what is in focus there. */
export async function acceptQuickPickOf(command: string): Promise<void> {
  const done = vscode.commands.executeCommand(command);
  // Nothing tells an extension that its own quick pick is shown; accepting does nothing before it is.
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  while (!isDone) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}
