import {
  type ClientCapabilities,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  PositionEncodingKind,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { LazyParser } from '../python/lazy-parser.ts';
import type { PythonParser } from '../python/parser.ts';
import { rules } from '../rules/registry.ts';
import { CodeActionAnswers, explainCommand, offeredKinds } from './code-actions.ts';
import { answerCodeLenses } from './code-lenses.ts';
import { answerPulls, DiagnosticPusher, DiagnosticWriter } from './diagnostics.ts';
import { HoverAnswers } from './hovers.ts';
import { answerInlayHints } from './inlay-hints.ts';
import { LiveLint } from './live-lint.ts';
import { OpenDocuments } from './open-documents.ts';
import { Settings } from './settings.ts';
import { pathOf } from './uris.ts';
import { Workspace } from './workspace.ts';

export interface ServerParts {
  readonly version: string;
  loadParser(): Promise<PythonParser>;
}

/** Serves one client; the caller makes the connection listen. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #parts: ServerParts;
  readonly #documents = new OpenDocuments();
  readonly #workspace: Workspace;
  readonly #settings: Settings;
  readonly #live: LiveLint;
  readonly #writer = new DiagnosticWriter(this.#documents);
  readonly #pusher: DiagnosticPusher;
  readonly #codeActions: CodeActionAnswers;
  readonly #hovers: HoverAnswers;
  #capabilities: ClientCapabilities = {};
  #refreshing: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, parts: ServerParts) {
    this.#connection = connection;
    this.#parts = parts;
    const parser = new LazyParser(async () => {
      const loaded = await parts.loadParser();
      connection.console.debug('The Python parser is loaded.');
      return loaded;
    });
    this.#workspace = new Workspace(this.#documents, parser);
    this.#settings = new Settings(connection, rules, this.#workspace.files);
    this.#live = new LiveLint({
      connection,
      documents: this.#documents,
      settings: this.#settings,
      workspace: this.#workspace,
      parser,
    });
    this.#pusher = new DiagnosticPusher(connection, this.#writer);
    this.#codeActions = new CodeActionAnswers(this.#live, this.#writer);
    this.#hovers = new HoverAnswers(this.#live, this.#settings);
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onDidChangeConfiguration(({ settings }) => {
      this.#settings.changed(settings);
      this.#relintAll();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri, type } of changes) this.#fileChanged(uri, type);
    });
    this.#documents.onDidChange(({ uri, isNew }) => this.#documentChanged(uri, isNew));
    this.#documents.onDidClose((uri) => this.#documentClosed(uri));
    this.#documents.listen(connection);
    this.#live.onDidLint((linted) => {
      if (!this.#isAsked) this.#pusher.push(linted);
    });
    answerPulls(connection, this.#live, this.#writer);
    answerCodeLenses(connection, this.#live, this.#settings);
    answerInlayHints(connection, this.#live, this.#settings);
    this.#hovers.listen(connection);
    this.#codeActions.listen(connection);
  }

  /** Whether the client asks for diagnostics itself: what is pushed as well it would show twice. */
  get #isAsked(): boolean {
    return this.#capabilities.textDocument?.diagnostic !== undefined;
  }

  get #watchesFiles(): boolean {
    return this.#capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#capabilities = params.capabilities;
    this.#settings.initialize(params);
    this.#writer.initialize(params.capabilities);
    this.#codeActions.initialize(params.capabilities);
    this.#hovers.initialize(params.capabilities);
    const single = params.rootUri ? [{ uri: params.rootUri }] : [];
    this.#workspace.addFolders(params.workspaceFolders ?? single);
    return {
      serverInfo: { name: 'freezelint', version: this.#parts.version },
      capabilities: {
        // The one encoding that every client must know; the core counts in it.
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        notebookDocumentSync: {
          notebookSelector: [{ notebook: '*', cells: [{ language: 'python' }] }],
          save: false,
        },
        codeActionProvider: { codeActionKinds: offeredKinds },
        hoverProvider: true,
        codeLensProvider: {},
        inlayHintProvider: true,
        executeCommandProvider: { commands: [explainCommand] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(this.#isAsked
          ? {
              diagnosticProvider: {
                identifier: 'freezelint',
                interFileDependencies: true,
                workspaceDiagnostics: false,
              },
            }
          : {}),
      },
    };
  }

  async #initialized(): Promise<void> {
    const { workspace } = this.#capabilities;
    this.#connection.console.info(`Freezelint ${this.#parts.version} is ready.`);
    if (workspace?.workspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        this.#workspace.removeFolders(removed);
        this.#workspace.addFolders(added);
        this.#relintAll();
      });
    }
    try {
      if (workspace?.didChangeConfiguration?.dynamicRegistration) {
        await this.#connection.client.register(DidChangeConfigurationNotification.type, {
          section: 'freezelint',
        });
      }
      if (this.#watchesFiles) {
        await this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: '**/*.py' }, { globPattern: '**/pyproject.toml' }],
        });
      }
    } catch (error) {
      this.#connection.console.warn(`The client does not register what it offered to: ${String(error)}`);
    }
  }

  #documentChanged(uri: string, isNew: boolean): void {
    if (isNew && !this.#watchesFiles) this.#forgetDisk();
    if (!this.#isAsked) this.#live.schedule(uri, !isNew);
    // The client asks about the document that was changed, but a notebook has other cells.
    else if ((this.#documents.sourceOf(uri)?.documents.length ?? 0) > 1) this.#refresh();
    const path = pathOf(uri);
    if (path !== null) this.#forgetText(path, uri);
  }

  #documentClosed(uri: string): void {
    this.#live.forget(uri);
    this.#pusher.clear(uri);
    const path = pathOf(uri);
    // What was not saved is gone.
    if (path !== null) this.#forgetText(path, uri);
  }

  /** The text of a file has changed, as others see it that import it. */
  #forgetText(path: string, uri: string): void {
    this.#workspace.forget(path);
    this.#live.startAfresh();
    for (const importer of this.#live.importersOf(path)) if (importer !== uri) this.#relint(importer);
  }

  #fileChanged(uri: string, type: FileChangeType): void {
    const path = pathOf(uri);
    if (path === null) return;
    if (path.endsWith('/pyproject.toml')) {
      this.#settings.forgetProjects();
      // It marks also where the project ends, and so which files are found.
      this.#workspace.forgetAll();
      this.#relintAll();
    } else if (type === FileChangeType.Changed) {
      // Of an open file, what the editor shows counts.
      if (this.#documents.uriAt(path) === null) this.#forgetText(path, uri);
    } else {
      // It may be new, and an import of it missing so far.
      this.#workspace.forgetFolders(path);
      this.#relintAll();
    }
  }

  /** A client that watches no files: what lies on disk is read anew whenever a document is opened. */
  #forgetDisk(): void {
    this.#settings.forgetProjects();
    this.#workspace.forgetAll();
  }

  #relintAll(): void {
    for (const uri of this.#documents.uris) this.#relint(uri);
  }

  #relint(uri: string): void {
    this.#live.forget(uri);
    this.#refresh();
    if (!this.#isAsked) this.#live.schedule(uri, true);
  }

  /** Has the client ask again, once where much changes at a time. */
  #refresh(): void {
    const { diagnostics, codeLens, inlayHint } = this.#capabilities.workspace ?? {};
    const { languages } = this.#connection;
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => {
      const asked = [
        this.#isAsked && diagnostics?.refreshSupport ? languages.diagnostics.refresh() : null,
        codeLens?.refreshSupport ? this.#connection.sendRequest(CodeLensRefreshRequest.type) : null,
        inlayHint?.refreshSupport ? languages.inlayHint.refresh() : null,
      ];
      Promise.all(asked).catch((error: unknown) => {
        this.#connection.console.warn(`The client does not ask anew: ${String(error)}`);
      });
    }, 200);
  }
}
