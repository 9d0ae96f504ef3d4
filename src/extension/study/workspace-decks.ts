import * as vscode from 'vscode';
import { compileDecks, type Deck, type DeckFile } from '../../learn/deck.ts';
import type { ContentError } from '../../learn/yaml-content.ts';

/** Where a workspace keeps decks of its own. */
const FOLDER = '.freezelint/decks';

/**
 * Folders that come with their files, or go with them, are often told without the files. Of what happens later in a
 * folder that came together with its parent, nothing may be told at all: see `look`.
 */
const WATCHED = ['.freezelint', FOLDER, `${FOLDER}/*.{yaml,yml}`];

/** Far beyond any deck; a bigger file is not even read. In bytes. */
const MAX_BYTES = 4_000_000;

/** The decks that the folders of the workspace bring along, and what is wrong with those that cannot be read. */
export interface WorkspaceDeckResult {
  readonly decks: readonly Deck[];
  /** The names of files with errors. */
  readonly broken: readonly string[];
}

/**
 * Reads the decks of the workspace and says when they change. Whoever wrote them may be a stranger: they are data that is
 * checked and then shown as text. Errors stand in the files, as diagnostics.
 */
export class WorkspaceDecks implements vscode.Disposable {
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('freezelint-decks');
  readonly #changed = new vscode.EventEmitter<void>();
  #watchers: vscode.Disposable[] = [];
  /** What the files were that were read last; null before anybody has asked for decks. */
  #read: string | null = null;
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Fires when a deck file has come, gone or changed. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#watch();
    this.#subscriptions = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch();
        this.#changed.fire();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.path.includes(`/${FOLDER}/`)) this.#changed.fire();
      }),
      // Whoever makes decks outside of the editor comes back to it.
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) void this.look();
      }),
      vscode.window.onDidEndTerminalShellExecution(() => void this.look()),
    ];
  }

  dispose(): void {
    for (const each of [...this.#subscriptions, this.#changed, this.#diagnostics, ...this.#watchers])
      each.dispose();
  }

  /** Reads all deck files as they are now. Ids must differ from those of the built-in decks. */
  async read(builtIn: readonly Deck[]): Promise<WorkspaceDeckResult> {
    const files: (DeckFile & { readonly uri: vscode.Uri })[] = [];
    const tooBig: vscode.Uri[] = [];
    const found = await deckFiles();
    this.#read = outlineOf(found);
    for (const { uri, size } of found) {
      try {
        if (size > MAX_BYTES) tooBig.push(uri);
        else {
          const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
          files.push({ uri, name: vscode.workspace.asRelativePath(uri), text });
        }
      } catch {
        // Gone since it was listed; its deletion is told as well.
      }
    }
    const { decks, errors } = compileDecks(files, builtIn);
    this.#diagnostics.clear();
    for (const { uri, name, text } of files) {
      const own = errors.filter(({ file }) => file === name);
      if (own.length > 0)
        this.#diagnostics.set(
          uri,
          own.map((error) => diagnosticOf(error, text)),
        );
    }
    for (const uri of tooBig) {
      const message = vscode.l10n.t('This deck is too big; split it into several.');
      this.#diagnostics.set(uri, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), message)]);
    }
    const names = [...new Set(errors.map(({ file }) => file))];
    return { decks, broken: [...names, ...tooBig.map((uri) => vscode.workspace.asRelativePath(uri))] };
  }

  /** Finds out whether the files are still those that were read last, without the watcher. */
  async look(): Promise<void> {
    if (this.#read === null) return;
    const now = outlineOf(await deckFiles());
    if (now !== this.#read) this.#changed.fire();
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    const tell = (): void => this.#changed.fire();
    this.#watchers = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
      WATCHED.flatMap((pattern) => {
        const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern));
        return [watcher, watcher.onDidChange(tell), watcher.onDidCreate(tell), watcher.onDidDelete(tell)];
      }),
    );
  }
}

interface FoundFile {
  readonly uri: vscode.Uri;
  /** In bytes. */
  readonly size: number;
  readonly mtime: number;
}

const outlineOf = (files: readonly FoundFile[]): string =>
  files.map(({ uri, size, mtime }) => `${uri.toString()} ${size} ${mtime}`).join('\n');

/** The deck files of all folders, by name within each. */
async function deckFiles(): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const folder = vscode.Uri.joinPath(uri, FOLDER);
    for (const name of await deckNames(folder)) {
      const file = vscode.Uri.joinPath(folder, name);
      try {
        const { size, mtime } = await vscode.workspace.fs.stat(file);
        found.push({ uri: file, size, mtime });
      } catch {
        // Gone since it was listed; its deletion is told as well.
      }
    }
  }
  return found;
}

async function deckNames(folder: vscode.Uri): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries
      .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && /\.ya?ml$/.test(name))
      .map(([name]) => name)
      .sort();
  } catch {
    // Most workspaces have no such folder.
    return [];
  }
}

function diagnosticOf({ line, column, key, message }: ContentError, text: string): vscode.Diagnostic {
  const start = new vscode.Position(line - 1, column - 1);
  const length = (text.split(/\r?\n/)[line - 1] ?? '').length;
  const range = new vscode.Range(start, new vscode.Position(line - 1, Math.max(column - 1, length)));
  const diagnostic = new vscode.Diagnostic(range, key === '' ? message : `${key}: ${message}`);
  diagnostic.source = 'Freezelint';
  return diagnostic;
}
