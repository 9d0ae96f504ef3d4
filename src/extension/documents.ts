import * as vscode from 'vscode';
import { LineIndex } from '../python/positions.ts';
import { EXERCISE_SCHEME } from './practice/exercise-address.ts';

/**
 * Where Python is linted. Schemes are listed one by one: a diff's old side or a preview mostly has a scheme of its own, and
 * would otherwise show every finding twice. Those after the first two are of VS Code on the web: a repository, a
 * remote machine, and the files of the two hosts with which extensions are tried out. The last one is the code of the
 * study view's exercises.
 */
const schemes = [
  'file',
  'untitled',
  'vscode-vfs',
  'vscode-remote',
  'vscode-test-web',
  'memfs',
  EXERCISE_SCHEME,
];

/** The Python documents that are linted, each by itself. */
const pythonDocuments: readonly vscode.DocumentFilter[] = schemes.map((scheme) => {
  return { language: 'python', scheme };
});

/** Every cell of a notebook, in whatever language. */
export const notebookCells: vscode.DocumentFilter = { scheme: 'vscode-notebook-cell' };

/** Python documents, and the Python cells of notebooks. */
export const pythonDocumentsAndCells: readonly vscode.DocumentFilter[] = [
  ...pythonDocuments,
  { ...notebookCells, language: 'python' },
];

/** What is linted as one program: a Python document, or the Python cells of a notebook. */
export type LintedDocument = vscode.TextDocument | vscode.NotebookDocument;

// Machine-written files beyond this would stall typing for nothing.
const maximumCharacters = 2 * 1024 * 1024;

/** Whether a text document is linted by itself, whatever it holds. */
export function isLinted(document: vscode.TextDocument): boolean {
  return vscode.languages.match(pythonDocuments, document) > 0 && !isOtherRevision(document.uri);
}

/**
 * Whether an address means what is in a folder of the workspace at another commit, as it stands on the old side of a
 * diff on github.dev: there it has the workspace's scheme, and the commit behind a plus sign in its authority
 * (`github+7b22…`, JSON as hexadecimal digits). The workspace's own may have one, too.
 */
function isOtherRevision(uri: vscode.Uri): boolean {
  if (uri.scheme !== 'vscode-vfs' || vscode.workspace.getWorkspaceFolder(uri)) return false;
  const [host] = uri.authority.split('+');
  return (vscode.workspace.workspaceFolders ?? []).some((folder) => {
    const isSameHost = folder.uri.scheme === uri.scheme && folder.uri.authority.split('+')[0] === host;
    return isSameHost && uri.path.startsWith(`${folder.uri.path}/`);
  });
}

/** The document with which a text document is linted: itself, or the notebook of a cell; null where it is none. */
export function lintedDocumentOf(document: vscode.TextDocument): LintedDocument | null {
  const found = notebookOf(document) ?? document;
  return isLintedDocument(found) ? found : null;
}

/** What is linted of the editor that has the focus, or of the notebook of the cell that has it. */
export function documentInFront(): LintedDocument | null {
  const document = vscode.window.activeTextEditor?.document;
  return document ? lintedDocumentOf(document) : null;
}

/** The notebook that has a document for a cell. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (vscode.languages.match(notebookCells, document) === 0) return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) => {
    return notebook.getCells().some((cell) => cell.document === document);
  });
}

/** All that is open and linted, whatever it holds. */
export function lintedDocuments(): readonly LintedDocument[] {
  const { textDocuments, notebookDocuments } = vscode.workspace;
  return [...textDocuments, ...notebookDocuments].filter(isLintedDocument);
}

/** Whether a document is linted, whatever it holds. An interactive window repeats code that a file or a console holds. */
export function isLintedDocument(document: LintedDocument): boolean {
  if (!('notebookType' in document)) return isLinted(document);
  const { uri, notebookType } = document;
  return (
    schemes.includes(uri.scheme) &&
    !isOtherRevision(uri) &&
    notebookType !== 'interactive' &&
    notebookType !== 'repl'
  );
}

/** Tells one state of a document from another: as long as it stays, nothing that is linted has changed. */
export function versionOf(document: LintedDocument): string {
  if (!('notebookType' in document)) return String(document.version);
  // A notebook's own version may lag behind those of its cells.
  return pythonCells(document)
    .map(({ uri, version }) => `${uri.fragment}:${version}`)
    .join(' ');
}

/** The documents of a notebook's Python cells, in order. */
export function pythonCells(notebook: vscode.NotebookDocument): readonly vscode.TextDocument[] {
  return notebook
    .getCells()
    .map(({ document }) => document)
    .filter(({ languageId }) => languageId === 'python');
}

/** Whether a program is too big to be linted while somebody types. */
export const isTooBig = (text: string): boolean => text.length > maximumCharacters;

export function rangeOf(
  document: vscode.TextDocument,
  span: { readonly start: number; readonly end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** The range of a span in a file that need not be open. */
export function rangeIn(text: string, span: { readonly start: number; readonly end: number }): vscode.Range {
  const lines = new LineIndex(text);
  const [start, end] = [lines.positionAt(span.start), lines.positionAt(span.end)];
  return new vscode.Range(start.row, start.column, end.row, end.column);
}
