import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeActionTriggerKind,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  RegistrationRequest,
  ShowDocumentRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The program from source, or the built one where the suite says so. */
const program = process.env.FREEZELINT_BUILT
  ? [path.join(root, 'dist/cli.js')]
  : ['--import', import.meta.resolve('tsx'), path.join(root, 'src/cli/main.ts')];

/** What most clients can do, as far as it matters here. */
export const usualCapabilities: ClientCapabilities = {
  general: { positionEncodings: ['utf-8', 'utf-16'] },
  textDocument: {
    hover: { contentFormat: ['markdown', 'plaintext'] },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
  },
  window: { showDocument: { support: true } },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
};

/** Those of a client that asks for diagnostics itself. */
export const askingCapabilities: ClientCapabilities = {
  ...usualCapabilities,
  textDocument: { ...usualCapabilities.textDocument, diagnostic: {} },
  workspace: { ...usualCapabilities.workspace, diagnostics: { refreshSupport: true } },
};

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** The client's section `freezelint`. */
  readonly settings?: unknown;
}

/** A language server in a process of its own, with a client of the protocol's own library and a folder for files. */
export class Client {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly logs: string[] = [];
  readonly registered: string[] = [];
  readonly shown: string[] = [];
  refreshes = 0;
  settings: unknown;
  initialized: InitializeResult | undefined;
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<number | null>;
  readonly #texts = new Map<string, TextDocument>();

  private constructor(folder: string, { settings }: Options) {
    this.folder = folder;
    this.settings = settings ?? null;
    this.process = spawn(process.execPath, [...program, 'server', '--stdio'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#ended = new Promise((resolve) => this.process.on('close', resolve));
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout!),
      new StreamMessageWriter(this.process.stdin!),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.set(params.uri, params);
      this.#wake();
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.logs.push(message);
      this.#wake();
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registered.push(...registrations.map(({ method }) => method));
      this.#wake();
    });
    this.connection.onRequest(DiagnosticRefreshRequest.type, () => {
      this.refreshes++;
      this.#wake();
    });
    this.connection.onRequest(ShowDocumentRequest.type, ({ uri }) => {
      this.shown.push(uri);
      return { success: true };
    });
    this.connection.listen();
  }

  /** Starts a server that has not been initialized. */
  static async spawn(options: Options = {}): Promise<Client> {
    const folder = await mkdtemp(path.join(tmpdir(), 'freezelint-server-'));
    const client = new Client(folder, options);
    for (const [name, text] of Object.entries(options.files ?? {})) await client.write(name, text);
    return client;
  }

  static async start(options: Options = {}): Promise<Client> {
    const client = await Client.spawn(options);
    client.initialized = await client.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: client.uri(''),
      workspaceFolders: [{ uri: client.uri(''), name: 'test' }],
      capabilities: options.capabilities ?? usualCapabilities,
      initializationOptions: options.initializationOptions,
    });
    await client.connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  async write(name: string, text: string): Promise<void> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async open(uri: string, text: string, languageId = 'python'): Promise<void> {
    this.#texts.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Replaces the first `old` in an open document, as typing does. */
  async edit(uri: string, old: string, replacement: string): Promise<void> {
    const document = this.#textDocument(uri);
    const start = document.getText().indexOf(old);
    const range = { start: document.positionAt(start), end: document.positionAt(start + old.length) };
    const contentChanges = [{ range, text: replacement }];
    const version = document.version + 1;
    this.#texts.set(uri, TextDocument.update(document, contentChanges, version));
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** Waits until a condition holds after some message of the server's. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Waits until the server has published exactly these codes for a document. */
  async published(uri: string, codes: readonly string[]): Promise<readonly Diagnostic[]> {
    const found = () => this.#published.get(uri)?.diagnostics;
    await this.until(() => JSON.stringify(found()?.map(({ code }) => code)) === JSON.stringify(codes));
    return found() ?? [];
  }

  hasPublished(uri: string): boolean {
    return this.#published.has(uri);
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  /** The codes of the diagnostics that the server answers with. */
  async pulled(uri: string): Promise<readonly unknown[]> {
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items.map(({ code }) => code) : [];
  }

  async actions(
    uri: string,
    range: Range,
    only?: string[],
    triggerKind: CodeActionTriggerKind = CodeActionTriggerKind.Invoked,
  ): Promise<CodeAction[]> {
    const answer = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [], triggerKind, ...(only === undefined ? {} : { only }) },
    });
    return (answer ?? []) as CodeAction[];
  }

  /** The text of an open document after an action. */
  applied(uri: string, { edit }: CodeAction): string {
    const document = this.#textDocument(uri);
    const changes = (edit?.documentChanges ?? []) as TextDocumentEdit[];
    const own = changes.filter(({ textDocument }) => textDocument.uri === uri);
    const edits = own.flatMap((change) => change.edits) as { range: Range; newText: string }[];
    return TextDocument.applyEdits(document, edits);
  }

  /** Ends the conversation as the protocol asks, and resolves to the server's exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    return this.exit();
  }

  async exit(): Promise<number | null> {
    await this.connection.sendNotification(ExitNotification.type);
    return this.ended();
  }

  async ended(): Promise<number | null> {
    const code = await this.#ended;
    this.connection.dispose();
    await rm(this.folder, { recursive: true, force: true });
    return code;
  }

  #textDocument(uri: string): TextDocument {
    const document = this.#texts.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
