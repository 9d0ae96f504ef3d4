import * as vscode from 'vscode';
import type { Problem, Related } from '../lint.ts';
import type { Severity } from '../rules/rule.ts';
import { rangeIn } from './documents.ts';
import type { LintState, LiveLint } from './live-lint.ts';
import type { ProgramDocuments } from './program-documents.ts';

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Shows the problems of linted documents in editor and Problems panel. */
export function showDiagnostics(live: LiveLint): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('freezelint');
  /** The text documents that have something shown, by what they are linted with. */
  const shown = new Map<string, readonly vscode.Uri[]>();
  const subscription = live.onDidLint(({ document, state }) => {
    const key = document.uri.toString();
    const diagnostics = diagnosticsOf(state);
    const uris = [...diagnostics.keys()];
    const emptied = (shown.get(key) ?? []).filter((uri) => !diagnostics.has(uri));
    collection.set([...emptied.map((uri): [vscode.Uri, undefined] => [uri, undefined]), ...diagnostics]);
    if (uris.length > 0) shown.set(key, uris);
    else shown.delete(key);
  });
  return vscode.Disposable.from(collection, subscription);
}

/** A problem as VS Code shows it, in the document that it is in; its code links to the rule's page. */
export function diagnosticOf(
  documents: ProgramDocuments,
  problem: Problem,
): { readonly document: vscode.TextDocument; readonly diagnostic: vscode.Diagnostic } | null {
  const place = documents.placeOf(problem.span);
  if (place === null) return null;
  const diagnostic = new vscode.Diagnostic(place.range, problem.message, severities[problem.severity]);
  diagnostic.source = 'Freezelint';
  if (problem.isUnnecessary) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  const page = `command:freezelint.explainRule?${encodeURIComponent(JSON.stringify([problem.code]))}`;
  diagnostic.code = { value: problem.code, target: vscode.Uri.parse(page) };
  diagnostic.relatedInformation = problem.related.flatMap((related) => {
    const location = locationOf(documents, related);
    return location ? [new vscode.DiagnosticRelatedInformation(location, related.message)] : [];
  });
  return { document: place.document, diagnostic };
}

function locationOf(documents: ProgramDocuments, { span, file }: Related): vscode.Location | null {
  if (file) return new vscode.Location(documents.uri.with({ path: file.path }), rangeIn(file.text, span));
  const place = documents.placeOf(span);
  return place && new vscode.Location(place.document.uri, place.range);
}

function diagnosticsOf(state: LintState | null): Map<vscode.Uri, vscode.Diagnostic[]> {
  const found = new Map<vscode.Uri, vscode.Diagnostic[]>();
  if (state?.kind !== 'linted') return found;
  for (const problem of state.result.problems) {
    const shown = diagnosticOf(state.documents, problem);
    if (shown === null) continue;
    const { uri } = shown.document;
    found.set(uri, [...(found.get(uri) ?? []), shown.diagnostic]);
  }
  return found;
}
