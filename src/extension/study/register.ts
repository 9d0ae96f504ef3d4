import * as vscode from 'vscode';
import type { LazyParser } from '../../python/lazy-parser.ts';
import type { LiveLint } from '../live-lint.ts';
import type { ObservedPrograms } from '../observed-programs.ts';
import { type ExerciseRules, Practice } from '../practice/practice.ts';
import { sayInStatusBar } from '../status-bar-message.ts';
import { editorInSight } from './editor-in-sight.ts';
import { offerStudyExports } from './export-commands.ts';
import { watchFindings, watchMistakes } from './findings-in-code.ts';
import { PROGRESS_KEY } from './progress-store.ts';
import { StudyViewProvider } from './study-view-provider.ts';

/** What the rest of the extension may ask of the Study view. */
export interface StudyApi {
  /** Shows the Study view and puts the keyboard focus there. */
  openStudy(): Promise<void>;
  /** Opens the Study view at the card for a rule code such as FRZ101. False where no deck has one. */
  openCardForRule(code: string): Promise<boolean>;
  /** What is linted in the code of exercises. */
  readonly exerciseRules: ExerciseRules;
}

/** Registers the Study view and its commands. */
export function registerStudy(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  parser: LazyParser,
  programs: ObservedPrograms,
  live: LiveLint,
): StudyApi {
  context.globalState.setKeysForSync([PROGRESS_KEY]);
  const provider = new StudyViewProvider(context.extensionUri, context.globalState, log, {
    inSight: () => editorInSight(programs),
    practise: (mode, action) => practice.carryOut(mode, action),
  });
  const practice = new Practice(provider, parser);
  const openStudy = async (): Promise<void> => {
    await vscode.commands.executeCommand(`${StudyViewProvider.viewId}.focus`);
  };
  const openCardForRule = async (code: string): Promise<boolean> => {
    const isKnown = await provider.openCardForRule(code);
    await openStudy();
    return isKnown;
  };
  context.subscriptions.push(
    practice,
    offerStudyExports(provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('freezelint.study')) void provider.refresh();
    }),
    provider,
    vscode.window.registerWebviewViewProvider(StudyViewProvider.viewId, provider),
    vscode.window.registerWebviewPanelSerializer(StudyViewProvider.editorId, provider),
    watchFindings(live, (findings) => void provider.setFindings(findings)),
    watchMistakes(live, (code) => void provider.addMistake(code)),
    vscode.commands.registerCommand('freezelint.openStudyInEditor', () => provider.openInEditor()),
    vscode.commands.registerCommand('freezelint.openStudy', openStudy),
    vscode.commands.registerCommand('freezelint.learnWhy', async (code: unknown) => {
      if (typeof code !== 'string') return openStudy();
      if (await openCardForRule(code)) return;
      sayInStatusBar(vscode.l10n.t('there is no card about {0} yet', code));
    }),
  );
  return { openStudy, openCardForRule, exerciseRules: practice };
}
