import * as vscode from 'vscode';
import { ALONE, type Program } from '../analysis/program.ts';
import { Programs } from '../project/programs.ts';
import { folderOf, type WorkspaceFiles } from '../project/workspace-files.ts';
import type { PythonParser } from '../python/parser.ts';

/**
 * The programs around documents: what they import, as it stands in an open editor, else in the file. Fires when
 * something that a program may consist of has changed, come or gone.
 */
export class WorkspacePrograms implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** By scheme and authority: paths are only unique within them. */
  readonly #known = new Map<string, Programs>();
  readonly #parser: PythonParser;
  readonly #subscriptions: vscode.Disposable[] = [];

  /** Files are found and read without `parser`; it has to be ready once somebody asks for the tree of one. */
  constructor(parser: PythonParser) {
    this.#parser = parser;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.py');
    const cameOrWent = (uri: vscode.Uri): void => {
      this.#known.get(keyOf(uri))?.forgetFolders(uri.path);
      this.#changed.fire(uri);
    };
    const forgetDocument = (document: vscode.TextDocument): void => {
      if (document.uri.path.endsWith('.py')) this.#forget(document.uri);
    };
    this.#subscriptions.push(
      this.#changed,
      watcher,
      watcher.onDidChange((uri) => this.#forget(uri)),
      watcher.onDidCreate(cameOrWent),
      watcher.onDidDelete(cameOrWent),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) forgetDocument(document);
      }),
      // What was not saved is gone.
      vscode.workspace.onDidCloseTextDocument(forgetDocument),
    );
  }

  /** Never rejects. */
  async of({ uri }: { readonly uri: vscode.Uri }, text: string): Promise<Program> {
    if (uri.scheme === 'untitled') return ALONE;
    const key = keyOf(uri);
    const programs = this.#known.get(key) ?? new Programs(filesLike(uri), this.#parser);
    this.#known.set(key, programs);
    const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.path.replace(/\/$/, '');
    return programs.of(uri.path, text, root ?? folderOf(uri.path));
  }

  /** Reads everything anew. */
  forgetAll(): void {
    this.#known.clear();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #forget(uri: vscode.Uri): void {
    this.#known.get(keyOf(uri))?.forget(uri.path);
    this.#changed.fire(uri);
  }
}

const keyOf = ({ scheme, authority }: vscode.Uri): string => `${scheme}://${authority}`;

/** The files beside `uri`, wherever that is. */
function filesLike(uri: vscode.Uri): WorkspaceFiles {
  return {
    async read(path) {
      const file = uri.with({ path });
      const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === file.toString());
      if (open) return open.getText();
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    },
    async list(folder) {
      const entries = await vscode.workspace.fs.readDirectory(uri.with({ path: folder }));
      return entries.map(([name, type]) => (type & vscode.FileType.Directory ? `${name}/` : name));
    },
  };
}
