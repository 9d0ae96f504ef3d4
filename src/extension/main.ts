import * as vscode from 'vscode';
import { rules } from '../rules/registry.ts';
import { offerCodeActions } from './code-actions.ts';
import { showDiagnostics } from './diagnostics.ts';
import { offerFreezing } from './freeze-commands.ts';
import { LazyParser } from './lazy-parser.ts';
import { LiveLint } from './live-lint.ts';
import { offerRulePages } from './rule-pages.ts';
import { Settings } from './settings.ts';
import { showStatus } from './status.ts';
import { registerStudy } from './study/register.ts';
import { WorkspacePrograms } from './workspace-programs.ts';

/** Called by VS Code when the first Python file or the study view is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Freezelint', { log: true });
  const parser = new LazyParser(vscode.Uri.joinPath(context.extensionUri, 'dist'));
  const settings = new Settings(rules, log);
  const programs = new WorkspacePrograms();
  const live = new LiveLint(parser, programs, settings, log);
  context.subscriptions.push(
    log,
    settings,
    programs,
    live,
    showDiagnostics(live),
    offerCodeActions(live),
    offerFreezing(live),
    showStatus(live),
    offerRulePages(rules),
    vscode.commands.registerCommand('freezelint.showLog', () => log.show()),
    vscode.commands.registerCommand('freezelint.restart', () => {
      log.info('Restarting.');
      parser.reset();
      live.relintAll();
    }),
  );
  registerStudy(context, log);
  live.start();
}
