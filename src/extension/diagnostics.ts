import * as vscode from 'vscode';
import type { Problem } from '../lint.ts';
import type { Severity } from '../rules/rule.ts';
import { rangeIn, rangeOf } from './documents.ts';
import type { LintState, LiveLint } from './live-lint.ts';

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Shows the problems of linted documents in editor and Problems panel. */
export function showDiagnostics(live: LiveLint): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('freezelint');
  const subscription = live.onDidLint(({ document, state }) => {
    collection.set(document.uri, diagnosticsOf(document, state));
  });
  return vscode.Disposable.from(collection, subscription);
}

/** A problem as VS Code shows it; its code links to the rule's page. */
export function diagnosticOf(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    rangeOf(document, problem.span),
    problem.message,
    severities[problem.severity],
  );
  diagnostic.source = 'Freezelint';
  const page = `command:freezelint.explainRule?${encodeURIComponent(JSON.stringify([problem.code]))}`;
  diagnostic.code = { value: problem.code, target: vscode.Uri.parse(page) };
  diagnostic.relatedInformation = problem.related.map(({ message, span, file }) => {
    const place = file
      ? new vscode.Location(document.uri.with({ path: file.path }), rangeIn(file.text, span))
      : new vscode.Location(document.uri, rangeOf(document, span));
    return new vscode.DiagnosticRelatedInformation(place, message);
  });
  return diagnostic;
}

function diagnosticsOf(document: vscode.TextDocument, state: LintState | null): vscode.Diagnostic[] {
  if (state?.kind !== 'linted') return [];
  return state.result.problems.map((problem) => diagnosticOf(document, problem));
}
