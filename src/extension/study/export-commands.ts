import * as vscode from 'vscode';
import { exportAnki, exportProgress, readExport } from '../../learn/export.ts';
import { sayInStatusBar } from '../status-bar-message.ts';
import type { StudyViewProvider } from './study-view-provider.ts';

/** The commands that take progress and cards out of the Study view and back. */
export function offerStudyExports(provider: StudyViewProvider): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('freezelint.exportStudyProgress', async (target?: vscode.Uri) => {
      const { progress } = await provider.study;
      await save(exportProgress(progress), 'freezelint-progress.json', 'JSON', target);
    }),
    vscode.commands.registerCommand('freezelint.importStudyProgress', async (source?: vscode.Uri) => {
      const file = source ?? (await vscode.window.showOpenDialog({ filters: { JSON: ['json'] } }))?.[0];
      if (file === undefined) return;
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
      const { progress, problem } = readExport(text);
      const added = await provider.importReviews(progress.reviews);
      const done = vscode.l10n.t('{0} reviews added', added);
      if (problem === undefined) sayInStatusBar(done);
      else void vscode.window.showWarningMessage(vscode.l10n.t('{0}. In that file {1}.', done, problem));
    }),
    vscode.commands.registerCommand('freezelint.exportStudyCards', async (target?: vscode.Uri) => {
      await save(exportAnki(await provider.allDecks()), 'freezelint-cards.txt', 'Anki', target);
    }),
  );
}

async function save(text: string, name: string, kind: string, target?: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file =
    target ??
    (await vscode.window.showSaveDialog({
      filters: { [kind]: [name.split('.').at(-1) ?? ''] },
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    }));
  if (file !== undefined) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}
