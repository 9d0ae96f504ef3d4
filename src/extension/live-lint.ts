import * as vscode from 'vscode';
import type { Program } from '../analysis/program.ts';
import { exhaustionLines } from '../editor/exhaustions.ts';
import { type InternalError, type LintResult, lint } from '../lint.ts';
import type { LazyParser } from '../python/lazy-parser.ts';
import { concernsTorch } from '../torch/mentions.ts';
import {
  isLintedDocument,
  isTooBig,
  type LintedDocument,
  lintedDocumentOf,
  lintedDocuments,
  versionOf,
} from './documents.ts';
import { ProgramDocuments } from './program-documents.ts';
import type { Settings } from './settings.ts';
import type { WorkspacePrograms } from './workspace-programs.ts';

/** A program's result, with the documents that it consists of. */
export interface LintedProgram {
  readonly kind: 'linted';
  readonly result: LintResult;
  readonly documents: ProgramDocuments;
  /** The files that it imports, for who runs it on paper again. */
  readonly program: Program;
}

/** What is known about a document at one of its versions. */
export type LintState =
  | { readonly kind: 'off' }
  /** Nothing to do with torch, or too big. */
  | { readonly kind: 'not concerned' }
  | { readonly kind: 'failed'; readonly message: string }
  | LintedProgram;

interface Linted {
  readonly version: string;
  readonly state: LintState;
  /** The paths of the files that the document imports. */
  readonly imported: ReadonlySet<string>;
  /** True once one of them has changed: shown until the document is linted again. */
  outdated: boolean;
}

// Long enough for a word to be typed, short enough to feel live.
const debounceMilliseconds = 200;

/**
 * Lints open documents and notebooks as they change. A result that its document has outrun is dropped: listeners only ever
 * hear of the current version.
 */
export class LiveLint implements vscode.Disposable {
  readonly #parser: LazyParser;
  readonly #programs: WorkspacePrograms;
  readonly #settings: Settings;
  readonly #log: vscode.LogOutputChannel;
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #linted = new Map<string, Linted>();
  readonly #changed = new vscode.EventEmitter<{ document: LintedDocument; state: LintState | null }>();
  readonly #subscriptions: vscode.Disposable[] = [];
  /** Counts the times everything known was thrown away: what was begun before then counts no more. */
  #generation = 0;
  /** Counts changes of Python files: a document that was being linted then may have seen an import as it was before. */
  #fileChanges = 0;
  #toldOfInternalError = false;
  /** Fires with a document's new state, or null when it is closed. */
  readonly onDidLint = this.#changed.event;

  constructor(
    parser: LazyParser,
    programs: WorkspacePrograms,
    settings: Settings,
    log: vscode.LogOutputChannel,
  ) {
    this.#parser = parser;
    this.#programs = programs;
    this.#settings = settings;
    this.#log = log;
  }

  /** Starts with the documents that are open. */
  start(): void {
    this.#subscriptions.push(
      this.#changed,
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(lintedDocumentOf(document), 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#schedule(lintedDocumentOf(document), debounceMilliseconds);
      }),
      // Comes also before a document is opened again in another language; a cell then leaves its notebook's program.
      vscode.workspace.onDidCloseTextDocument((document) => {
        const linted = lintedDocumentOf(document);
        if (linted === null || linted === document) this.#forget(document);
        else this.#schedule(linted, 0);
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#schedule(notebook, 0)),
      // Cells come, go and move; what is typed in them is told above.
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0) this.#schedule(notebook, debounceMilliseconds);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#forget(notebook)),
      this.#settings.onDidChange(() => this.relintAll()),
      this.#programs.onDidChange((uri) => this.#relintImportersOf(uri)),
    );
    this.relintAll();
  }

  /** Throws away what is known and lints all open documents anew. */
  relintAll(): void {
    this.#generation++;
    this.#linted.clear();
    for (const document of lintedDocuments()) this.#schedule(document, 0);
  }

  /** What was last found out about a document, maybe for an earlier version; undefined if nothing yet. */
  lastState(document: LintedDocument): LintState | undefined {
    return this.#linted.get(document.uri.toString())?.state;
  }

  /** Whether the document has changed since it was last linted. */
  isBusy(document: LintedDocument): boolean {
    const known = this.#linted.get(document.uri.toString());
    return known === undefined || known.version !== versionOf(document) || known.outdated;
  }

  /**
   * The result for a whole program as it is now, linting it at once if need be: that of a document, of a notebook, or of
   * the notebook that a cell is in. Null where there is none.
   */
  async currentProgram(document: LintedDocument): Promise<LintedProgram | null> {
    const linted = 'notebookType' in document ? document : lintedDocumentOf(document);
    const state = linted && isLintedDocument(linted) ? await this.#upToDate(linted) : null;
    return state?.kind === 'linted' ? state : null;
  }

  async #upToDate(document: LintedDocument): Promise<LintState | null> {
    let state = await this.#lintNow(document);
    // Typed on meanwhile: the question is about the document as it is when it is answered.
    while (state === null && !document.isClosed) state = await this.#lintNow(document);
    return state;
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Lints the open documents that import a file, or that may import it now that it is there. */
  #relintImportersOf(uri: vscode.Uri): void {
    this.#fileChanges++;
    const isOpen = vscode.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
    for (const document of lintedDocuments()) {
      const known = this.#linted.get(document.uri.toString());
      if (!known || document.uri.toString() === uri.toString()) continue;
      // A file that nobody has open changes seldom; it may be new, and an import of it missing so far.
      if (isOpen && !known.imported.has(uri.path)) continue;
      known.outdated = true;
      this.#schedule(document, debounceMilliseconds);
    }
  }

  #schedule(document: LintedDocument | null, delay: number): void {
    if (document === null || !isLintedDocument(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      void this.#lintNow(document);
    }, delay);
    this.#waiting.set(key, timer);
  }

  #forget(document: LintedDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#linted.delete(key);
    this.#changed.fire({ document, state: null });
  }

  /** Null where the document has changed or closed meanwhile. Never rejects. */
  async #lintNow(document: LintedDocument): Promise<LintState | null> {
    const key = document.uri.toString();
    const version = versionOf(document);
    const generation = this.#generation;
    const fileChanges = this.#fileChanges;
    const known = this.#linted.get(key);
    if (known?.version === version && !known.outdated) return known.state;
    const isStale = (): boolean => document.isClosed || versionOf(document) !== version;
    const found = await this.#lint(document, isStale);
    if (found === null || isStale()) return null;
    const { state, imported } = found;
    if (generation !== this.#generation) return this.#lintNow(document);
    // What changed may also be a file that was looked for and not there yet.
    if (fileChanges !== this.#fileChanges) return this.#lintNow(document);
    // Two callers may have waited for the same parser; the first one's result has been announced.
    const announced = this.#linted.get(key);
    if (announced?.version === version && !announced.outdated) return announced.state;
    this.#linted.set(key, { version, state, imported, outdated: false });
    this.#changed.fire({ document, state });
    return state;
  }

  /** Null for a document that is stale by the time its turn comes. */
  async #lint(
    document: LintedDocument,
    isStale: () => boolean,
  ): Promise<Pick<Linted, 'state' | 'imported'> | null> {
    let imported: ReadonlySet<string> = new Set();
    try {
      const selection = await this.#settings.of(document);
      if (selection === null) return { state: { kind: 'off' }, imported };
      const documents = new ProgramDocuments(document);
      const { text, source } = documents;
      if (isTooBig(text)) return { state: { kind: 'not concerned' }, imported };
      const program = await this.#programs.of(document, text);
      imported = new Set(program.files.keys());
      // Before the parser is loaded: where torch is out of reach nobody needs it.
      if (!concernsTorch(text, program)) return { state: { kind: 'not concerned' }, imported };
      const parser = await this.#parser.get();
      if (isStale()) return null;
      const started = performance.now();
      const result = lint(parser, source, selection.configuration, undefined, program);
      if (result === null) return { state: { kind: 'not concerned' }, imported };
      const milliseconds = (performance.now() - started).toFixed(1);
      const name = vscode.workspace.asRelativePath(document.uri);
      this.#log.debug(
        `${name}: ${result.problems.length} problems in ${milliseconds} ms, with ${imported.size} imported files`,
      );
      for (const line of exhaustionLines(result, source)) this.#log.debug(`${name}: ${line}`);
      this.#report(document, result.internalErrors);
      return { state: { kind: 'linted', result, documents, program }, imported };
    } catch (error) {
      const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const message = error instanceof Error ? error.message : String(error);
      this.#report(document, [{ where: 'linting', message, details }]);
      return { state: { kind: 'failed', message }, imported };
    }
  }

  #report(document: LintedDocument, errors: readonly InternalError[]): void {
    for (const { where, details } of errors) {
      this.#log.error(
        `${vscode.workspace.asRelativePath(document.uri)}: internal error in ${where}: ${details}`,
      );
    }
    if (errors.length === 0 || this.#toldOfInternalError) return;
    this.#toldOfInternalError = true;
    const showLog = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t('Freezelint met an internal error; some findings may be missing.');
    vscode.window.showErrorMessage(message, showLog).then((chosen) => {
      if (chosen === showLog) this.#log.show();
    });
  }
}
