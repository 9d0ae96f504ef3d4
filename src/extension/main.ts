import * as vscode from 'vscode';
import type { Features } from './features.ts';
import { EXERCISE_SCHEME } from './practice/exercise-address.ts';
import { ExerciseFiles } from './practice/exercise-files.ts';
import { StandIns } from './stand-ins.ts';
import { STUDY_EDITOR, STUDY_VIEW } from './study/view-ids.ts';
import { listWalkthrough } from './walkthrough.ts';

/**
 * Called by VS Code when the first Python file, the study view or one of its documents is opened. Python seldom means
 * PyTorch, so that the features, which are nearly all of the code, are loaded only once something needs them.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Freezelint', { log: true });
  let features: Promise<Features> | undefined;
  const load = (): Promise<Features> => {
    features ??= import('./features.ts').then(({ startFeatures }) => {
      standIns.dispose();
      return startFeatures(context, log, exercises);
    });
    return features;
  };
  const standIns = new StandIns(context.extension, load);
  const exercises = new ExerciseFiles({
    read: async (address) => (await load()).exercises.read(address),
    write: async (address, text) => (await load()).exercises.write(address, text),
  });
  context.subscriptions.push(
    log,
    standIns,
    vscode.workspace.registerFileSystemProvider(EXERCISE_SCHEME, exercises, { isCaseSensitive: true }),
    vscode.window.registerWebviewViewProvider(STUDY_VIEW, {
      resolveWebviewView: async (view) => (await load()).study.resolveWebviewView(view),
    }),
    vscode.window.registerWebviewPanelSerializer(STUDY_EDITOR, {
      deserializeWebviewPanel: async (panel) => (await load()).study.deserializeWebviewPanel(panel),
    }),
  );
  listWalkthrough(context);
  standIns.start();
}
