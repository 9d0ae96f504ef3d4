import * as vscode from 'vscode';
import { falseAlarmReport, WHY } from '../editor/false-alarm.ts';
import type { Problem } from '../lint.ts';
import type { LazyParser } from '../python/lazy-parser.ts';
import { cursorInFront } from './cursor.ts';
import type { LiveLint } from './live-lint.ts';
import type { ProgramDocuments } from './program-documents.ts';
import type { Settings } from './settings.ts';
import { sayInStatusBar } from './status-bar-message.ts';
import { nameOfPlace } from './wording.ts';

/** *Report False Alarm…*: opens a new Markdown document about a finding. Nothing is sent anywhere. */
export function offerFalseAlarmReports(
  live: LiveLint,
  parser: LazyParser,
  settings: Settings,
  version: string,
): vscode.Disposable {
  return vscode.commands.registerCommand('freezelint.reportFalseAlarm', async (code?: unknown) => {
    const front = cursorInFront();
    const program = front && (await live.currentProgram(front.document));
    if (!front || !program)
      return sayInStatusBar(vscode.l10n.t('open a Python file that uses PyTorch first'));
    const { result, documents } = program;
    const cursor = documents.offsetOf(front.document, front.position);
    const ofRule = result.problems.filter((problem) => typeof code !== 'string' || problem.code === code);
    const atCursor = ofRule.filter(({ span }) => span.start <= cursor && cursor <= span.end);
    const candidates = atCursor.length > 0 ? atCursor : ofRule;
    if (candidates.length === 0) return sayInStatusBar(vscode.l10n.t('there are no findings in this file'));
    const problem = await pickProblem(documents, candidates);
    if (problem === undefined) return;
    const selection = await settings.of(documents);
    const content = falseAlarmReport({
      parser: await parser.get(),
      result,
      problem,
      torchVersion: selection?.configuration.torchVersion,
      versions: `Freezelint ${version}, VS Code ${vscode.version}`,
    });
    const report = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    const editor = await vscode.window.showTextDocument(report);
    // Where the person has something to say, and not at the head.
    const answer = report.positionAt(report.getText().indexOf(WHY) + WHY.length);
    editor.selection = new vscode.Selection(answer, answer);
  });
}

async function pickProblem(
  documents: ProgramDocuments,
  problems: readonly Problem[],
): Promise<Problem | undefined> {
  if (problems.length < 2) return problems[0];
  const items = problems.map((problem) => ({
    label: problem.code,
    description: nameOfPlace(documents, documents.placeOf(problem.span)),
    detail: problem.message,
    problem,
  }));
  const title = vscode.l10n.t('Which finding is wrong?');
  return (await vscode.window.showQuickPick(items, { title }))?.problem;
}
