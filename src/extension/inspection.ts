import * as vscode from 'vscode';
import { analyse } from '../analysis/analyse.ts';
import { traceText } from '../editor/trace-text.ts';
import { LineIndex } from '../python/positions.ts';
import { syntaxTreeText } from '../python/syntax-tree-text.ts';
import { isLinted } from './documents.ts';
import type { LintState, LiveLint } from './live-lint.ts';

const scheme = 'freezelint-inspection';
type View = 'trace' | 'syntax tree';

/** *Show Trace* and *Show Syntax Tree*: read-only documents beside a Python file that follow it while it is typed. */
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
      const document = vscode.workspace.textDocuments.find(
        (each) => each.uri.toString() === source.toString(),
      );
      const state = document ? await live.currentState(document) : null;
      if (document === undefined || state?.kind !== 'linted') {
        return vscode.l10n.t('Nothing is known: the file is closed, or has nothing to do with PyTorch.');
      }
      return uri.fragment === 'trace' ? traceOf(document, state) : syntaxTreeText(state.result.module);
    },
  };
  const show = async (view: View): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isLinted(document)) return;
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

/** What `freezelint trace` prints about the file. */
function traceOf(
  document: vscode.TextDocument,
  { result, program }: Extract<LintState, { kind: 'linted' }>,
): string {
  const filename = vscode.workspace.asRelativePath(document.uri);
  const lines = new LineIndex(result.module.text);
  const trace = analyse(result.module, program, { functionEnds: true });
  return traceText({
    filename,
    trace,
    line: null,
    scope: null,
    snapshot: trace.topLevel,
    placeOf(span) {
      const place = trace.locate(span);
      if (!place) return { filename, row: lines.positionAt(span.start).row + 1 };
      const elsewhere = vscode.workspace.asRelativePath(document.uri.with({ path: place.file.path }));
      return {
        filename: elsewhere,
        row: new LineIndex(place.file.text).positionAt(place.span.start).row + 1,
      };
    },
  });
}
