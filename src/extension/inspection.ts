import * as vscode from 'vscode';
import { analyse } from '../analysis/analyse.ts';
import { traceText } from '../editor/trace-text.ts';
import { LineIndex } from '../python/positions.ts';
import { syntaxTreeText } from '../python/syntax-tree-text.ts';
import { documentInFront, lintedDocuments } from './documents.ts';
import type { LintedProgram, LiveLint } from './live-lint.ts';

const scheme = 'freezelint-inspection';
type View = 'trace' | 'syntax tree';

/** *Show Trace* and *Show Syntax Tree*: read-only documents beside a Python file or a notebook that follow it while it is typed. */
export function offerInspection(live: LiveLint): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** By the address of their source. */
  const shown = new Map<string, Set<string>>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const source = vscode.Uri.parse(uri.query, true);
      const views = shown.get(source.toString()) ?? new Set();
      shown.set(source.toString(), views.add(uri.toString()));
      const document = lintedDocuments().find((each) => each.uri.toString() === source.toString());
      const linted = document ? await live.currentProgram(document) : null;
      if (linted === null) {
        return vscode.l10n.t('Nothing is known: the file is closed, or has nothing to do with PyTorch.');
      }
      return uri.fragment === 'trace' ? traceOf(linted) : syntaxTreeText(linted.result.module);
    },
  };
  const show = async (view: View): Promise<void> => {
    const document = documentInFront();
    if (document === null) return;
    const name = document.uri.path.split('/').at(-1);
    const uri = vscode.Uri.from({
      scheme,
      path: `/${name} (${view})`,
      query: document.uri.toString(),
      fragment: view,
    });
    await vscode.window.showTextDocument(uri, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    live.onDidLint(({ document }) => {
      for (const uri of shown.get(document.uri.toString()) ?? []) changed.fire(vscode.Uri.parse(uri, true));
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) shown.get(uri.query)?.delete(uri.toString());
    }),
    vscode.commands.registerCommand('freezelint.showTrace', () => show('trace')),
    vscode.commands.registerCommand('freezelint.showSyntaxTree', () => show('syntax tree')),
    vscode.commands.registerCommand('freezelint.openSettings', () =>
      vscode.commands.executeCommand('workbench.action.openSettings', '@ext:freezelint.freezelint'),
    ),
  );
}

/** What `freezelint trace` prints about the file or notebook. */
function traceOf({ result, program, documents }: LintedProgram): string {
  const filename = vscode.workspace.asRelativePath(documents.uri);
  const trace = analyse(result.module, program, { functionEnds: true });
  return traceText({
    filename,
    trace,
    line: null,
    scope: null,
    snapshot: trace.topLevel,
    placeOf(span) {
      const imported = trace.locate(span);
      if (imported) {
        const { path, text } = imported.file;
        const row = new LineIndex(text).positionAt(imported.span.start).row + 1;
        return { filename: vscode.workspace.asRelativePath(documents.uri.with({ path })), row };
      }
      const place = documents.placeOf(span);
      const row = (place?.range.start.line ?? 0) + 1;
      const cell = place && documents.numberOf(place.document);
      return cell ? { filename, row, cell } : { filename, row };
    },
  });
}
