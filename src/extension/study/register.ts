import * as vscode from 'vscode';
import type { LazyParser } from '../../python/lazy-parser.ts';
import type { LiveLint } from '../live-lint.ts';
import type { ObservedPrograms } from '../observed-programs.ts';
import type { ExerciseFiles } from '../practice/exercise-files.ts';
import { Practice } from '../practice/practice.ts';
import { sayInStatusBar } from '../status-bar-message.ts';
import { editorInSight } from './editor-in-sight.ts';
import { offerStudyExports } from './export-commands.ts';
import { watchFindings, watchMistakes } from './findings-in-code.ts';
import { PROGRESS_KEY } from './progress-store.ts';
import { StudyViewProvider } from './study-view-provider.ts';
import { STUDY_VIEW } from './view-ids.ts';

/** What asks for the study view and the code of exercises needs of them. */
interface StudyParts {
  readonly provider: StudyViewProvider;
  readonly practice: Practice;
}

/** Makes the Study view and registers its commands. */
export function registerStudy(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  parser: LazyParser,
  programs: ObservedPrograms,
  live: LiveLint,
  exercises: ExerciseFiles,
): StudyParts {
  context.globalState.setKeysForSync([PROGRESS_KEY]);
  const provider = new StudyViewProvider(context.extensionUri, context.globalState, log, {
    inSight: () => editorInSight(programs),
    practise: (mode, action) => practice.carryOut(mode, action),
  });
  const practice = new Practice(provider, parser, exercises);
  const openStudy = async (): Promise<void> => {
    await vscode.commands.executeCommand(`${STUDY_VIEW}.focus`);
  };
  context.subscriptions.push(
    practice,
    offerStudyExports(provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('freezelint.study')) void provider.refresh();
    }),
    provider,
    watchFindings(live, (findings) => void provider.setFindings(findings)),
    watchMistakes(live, (code) => void provider.addMistake(code)),
    vscode.commands.registerCommand('freezelint.openStudyInEditor', () => provider.openInEditor()),
    vscode.commands.registerCommand('freezelint.openStudy', openStudy),
    vscode.commands.registerCommand('freezelint.learnWhy', async (code: unknown) => {
      if (typeof code !== 'string') return openStudy();
      const isKnown = await provider.openCardForRule(code);
      await openStudy();
      if (isKnown) return;
      sayInStatusBar(vscode.l10n.t('there is no card about {0} yet', code));
    }),
  );
  return { provider, practice };
}
