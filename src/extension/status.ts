import * as vscode from 'vscode';
import type { LintResult } from '../lint.ts';
import { documentInFront, lintedDocumentOf, pythonDocumentsAndCells } from './documents.ts';
import type { LiveLint } from './live-lint.ts';

/** What documents are known to be, and when that changes. */
interface KnownStates extends Pick<LiveLint, 'lastState' | 'isBusy'> {
  readonly onDidLint: vscode.Event<unknown>;
}

/** The entry in the language status of Python editors: what Freezelint knows of the file in front. */
export function showStatus(live: KnownStates): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('freezelint.status', pythonDocumentsAndCells);
  item.name = 'Freezelint';
  item.command = { title: vscode.l10n.t('Show Log'), command: 'freezelint.showLog' };
  const update = () => {
    const document = documentInFront();
    if (document === null) return;
    const state = live.lastState(document);
    item.busy = live.isBusy(document);
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.detail = '';
    switch (state?.kind) {
      case undefined:
        item.text = 'Freezelint';
        return;
      case 'off':
        item.text = vscode.l10n.t('Freezelint is off');
        return;
      case 'not concerned':
        item.text = vscode.l10n.t('Freezelint: no PyTorch here');
        return;
      case 'failed':
        item.text = vscode.l10n.t('Freezelint failed');
        item.detail = state.message;
        item.severity = vscode.LanguageStatusSeverity.Error;
        return;
      case 'linted':
        describe(item, state.result);
    }
  };
  update();
  return vscode.Disposable.from(
    item,
    live.onDidLint(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const linted = lintedDocumentOf(document);
      if (linted !== null && linted === documentInFront()) item.busy = live.isBusy(linted);
    }),
  );
}

function describe(
  item: vscode.LanguageStatusItem,
  { problems, internalErrors, module, trace }: LintResult,
): void {
  const count = problems.length;
  if (count === 0) item.text = vscode.l10n.t('Freezelint: no problems');
  else if (count === 1) item.text = vscode.l10n.t('Freezelint: 1 problem');
  else item.text = vscode.l10n.t('Freezelint: {0} problems', count);
  if (internalErrors.length > 0) {
    item.severity = vscode.LanguageStatusSeverity.Warning;
    item.detail = vscode.l10n.t('internal error, see the log');
  } else if (trace.isPartial) {
    item.detail = vscode.l10n.t('too large: followed only in part');
  } else if (module.errors.length > 0) {
    item.detail = vscode.l10n.t('silent on lines with syntax errors');
  }
}
