import * as vscode from 'vscode';
import type { Program } from '../analysis/program.ts';
import { type InternalError, type LintResult, lint, mayTrain, usesTorch } from '../lint.ts';
import { isLinted, lintedText } from './documents.ts';
import type { LazyParser } from './lazy-parser.ts';
import type { Settings } from './settings.ts';
import type { WorkspacePrograms } from './workspace-programs.ts';

/** What is known about a document at one of its versions. */
export type LintState =
  | { readonly kind: 'off' }
  /** Nothing to do with torch, or too big. */
  | { readonly kind: 'not concerned' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'linted';
      readonly result: LintResult;
      /** The files that it imports, for who runs it on paper again. */
      readonly program: Program;
    };

interface Linted {
  readonly version: number;
  readonly state: LintState;
  /** The paths of the files that the document imports. */
  readonly imported: ReadonlySet<string>;
  /** True once one of them has changed: shown until the document is linted again. */
  outdated: boolean;
}

// Long enough for a word to be typed, short enough to feel live.
const debounceMilliseconds = 200;

/**
 * Lints open documents as they change. A result that its document has outrun is dropped: listeners only ever
 * hear of the current version.
 */
export class LiveLint implements vscode.Disposable {
  readonly #parser: LazyParser;
  readonly #programs: WorkspacePrograms;
  readonly #settings: Settings;
  readonly #log: vscode.LogOutputChannel;
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #linted = new Map<string, Linted>();
  readonly #changed = new vscode.EventEmitter<{ document: vscode.TextDocument; state: LintState | null }>();
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
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#schedule(document, debounceMilliseconds);
      }),
      // Comes also before a document is opened again in another language.
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      this.#settings.onDidChange(() => this.relintAll()),
      this.#programs.onDidChange((uri) => this.#relintImportersOf(uri)),
    );
    this.relintAll();
  }

  /** Throws away what is known and lints all open documents anew. */
  relintAll(): void {
    this.#generation++;
    this.#linted.clear();
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  /** What was last found out about a document, maybe for an earlier version; undefined if nothing yet. */
  lastState(document: vscode.TextDocument): LintState | undefined {
    return this.#linted.get(document.uri.toString())?.state;
  }

  /** Whether the document has changed since it was last linted. */
  isBusy(document: vscode.TextDocument): boolean {
    const known = this.#linted.get(document.uri.toString());
    return known === undefined || known.version !== document.version || known.outdated;
  }

  /** The result for the document as it is now, linting it at once if need be; null where there is none. */
  async currentResult(document: vscode.TextDocument): Promise<LintResult | null> {
    const state = await this.currentState(document);
    return state?.kind === 'linted' ? state.result : null;
  }

  /** What is known about the document as it is now; null where it is not linted at all. */
  async currentState(document: vscode.TextDocument): Promise<LintState | null> {
    if (!isLinted(document)) return null;
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
    for (const document of vscode.workspace.textDocuments) {
      const known = this.#linted.get(document.uri.toString());
      if (!known || document.uri.toString() === uri.toString()) continue;
      // A file that nobody has open changes seldom; it may be new, and an import of it missing so far.
      if (isOpen && !known.imported.has(uri.path)) continue;
      known.outdated = true;
      this.#schedule(document, debounceMilliseconds);
    }
  }

  #schedule(document: vscode.TextDocument, delay: number): void {
    if (!isLinted(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      void this.#lintNow(document);
    }, delay);
    this.#waiting.set(key, timer);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#linted.delete(key);
    this.#changed.fire({ document, state: null });
  }

  /** Null where the document has changed or closed meanwhile. Never rejects. */
  async #lintNow(document: vscode.TextDocument): Promise<LintState | null> {
    const key = document.uri.toString();
    const { version } = document;
    const generation = this.#generation;
    const fileChanges = this.#fileChanges;
    const known = this.#linted.get(key);
    if (known?.version === version && !known.outdated) return known.state;
    const { state, imported } = await this.#lint(document);
    if (document.isClosed || document.version !== version) return null;
    if (generation !== this.#generation) return this.#lintNow(document);
    if (fileChanges !== this.#fileChanges && imported.size > 0) return this.#lintNow(document);
    // Two callers may have waited for the same parser; the first one's result has been announced.
    const announced = this.#linted.get(key);
    if (announced?.version === version && !announced.outdated) return announced.state;
    this.#linted.set(key, { version, state, imported, outdated: false });
    this.#changed.fire({ document, state });
    return state;
  }

  async #lint(document: vscode.TextDocument): Promise<Pick<Linted, 'state' | 'imported'>> {
    let imported: ReadonlySet<string> = new Set();
    try {
      const selection = await this.#settings.of(document);
      if (selection === null) return { state: { kind: 'off' }, imported };
      const text = lintedText(document);
      const isConcerned = text !== null && (usesTorch(text) || mayTrain(text));
      if (!isConcerned) return { state: { kind: 'not concerned' }, imported };
      const parser = await this.#parser.get();
      const program = await this.#programs.of(document, text, parser);
      imported = new Set(program.files.keys());
      const started = performance.now();
      const result = lint(parser, text, selection.configuration, undefined, program);
      if (result === null) return { state: { kind: 'not concerned' }, imported };
      const milliseconds = (performance.now() - started).toFixed(1);
      this.#log.debug(
        `${vscode.workspace.asRelativePath(document.uri)}: ${result.problems.length} problems in ${milliseconds} ms, with ${imported.size} imported files`,
      );
      this.#report(document, result.internalErrors);
      return { state: { kind: 'linted', result, program }, imported };
    } catch (error) {
      const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const message = error instanceof Error ? error.message : String(error);
      this.#report(document, [{ where: 'linting', message, details }]);
      return { state: { kind: 'failed', message }, imported };
    }
  }

  #report(document: vscode.TextDocument, errors: readonly InternalError[]): void {
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
