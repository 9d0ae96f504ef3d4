import * as vscode from 'vscode';
import { LazyParser } from '../python/lazy-parser.ts';
import { rules } from '../rules/registry.ts';
import { offerCodeActions } from './code-actions.ts';
import { offerCodeLenses } from './code-lenses.ts';
import { showDiagnostics } from './diagnostics.ts';
import { offerFalseAlarmReports } from './false-alarms.ts';
import { offerFreezing } from './freeze-commands.ts';
import { showFreezeMap } from './freeze-map.ts';
import { showGutterMarks } from './gutter-marks.ts';
import { offerHovers } from './hovers.ts';
import { offerInlayHints } from './inlay-hints.ts';
import { offerInspection } from './inspection.ts';
import { LiveLint } from './live-lint.ts';
import { loadParser } from './load-parser.ts';
import { ObservedPrograms } from './observed-programs.ts';
import type { ExerciseFiles, ExerciseTexts } from './practice/exercise-files.ts';
import { offerRulePages } from './rule-pages.ts';
import { Settings } from './settings.ts';
import { showStatus } from './status.ts';
import { registerStudy } from './study/register.ts';
import type { StudyViewProvider } from './study/study-view-provider.ts';
import { offerWalkthrough } from './walkthrough.ts';
import { offerReveal } from './wording.ts';
import { WorkspacePrograms } from './workspace-programs.ts';

/** What is registered before the features are loaded, and leads to them. */
export interface Features {
  readonly study: Pick<StudyViewProvider, 'resolveWebviewView' | 'deserializeWebviewPanel'>;
  readonly exercises: ExerciseTexts;
}

/** Everything that the extension does, from the first document, view or command on that asks for it. */
export function startFeatures(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  exercises: ExerciseFiles,
): Features {
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const parser = new LazyParser(() => loadParser(dist));
  const settings = new Settings(rules, log);
  const programs = new WorkspacePrograms(parser);
  const live = new LiveLint(parser, programs, settings, log);
  const icons = vscode.Uri.joinPath(context.extensionUri, 'media/icons');
  const observed = new ObservedPrograms(live);
  context.subscriptions.push(
    settings,
    programs,
    live,
    showDiagnostics(live),
    offerCodeActions(live),
    offerFreezing(live),
    offerHovers(observed),
    offerCodeLenses(live, observed),
    offerInlayHints(live),
    showGutterMarks(live, icons),
    showFreezeMap(live, observed, icons),
    offerReveal(),
    offerInspection(live),
    offerFalseAlarmReports(live, parser, settings, String(context.extension.packageJSON.version)),
    showStatus(live),
    offerRulePages(rules),
    offerWalkthrough(context.extensionUri, live),
    vscode.commands.registerCommand('freezelint.showLog', () => log.show()),
    vscode.commands.registerCommand('freezelint.restart', () => {
      log.info('Restarting.');
      parser.reset();
      programs.forgetAll();
      live.relintAll();
    }),
  );
  const { provider, practice } = registerStudy(context, log, parser, observed, live, exercises);
  settings.follow(practice);
  live.start();
  return { study: provider, exercises: practice };
}
