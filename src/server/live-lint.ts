import { type Connection, Emitter } from 'vscode-languageserver/node';
import type { Program } from '../analysis/program.ts';
import { exhaustionLines } from '../editor/exhaustions.ts';
import { ObservedProgram } from '../editor/observed-program.ts';
import { type LintResult, lint } from '../lint.ts';
import { maximumFileSize } from '../node/source-file.ts';
import type { LazyParser } from '../python/lazy-parser.ts';
import { concernsTorch } from '../torch/mentions.ts';
import type { OpenDocuments } from './open-documents.ts';
import type { Settings } from './settings.ts';
import type { Source } from './source.ts';
import type { Workspace } from './workspace.ts';

/** A source that was linted. */
export interface Lint {
  readonly source: Source;
  readonly result: LintResult;
  readonly program: Program;
}

/** What was found out about a source at one of its versions. */
export interface Linted {
  readonly source: Source;
  /** Null where it is switched off, too big or has nothing to do with torch, or linting failed. */
  readonly lint: Lint | null;
  /** The paths of the files that the source imports. */
  readonly imported: ReadonlySet<string>;
  /** Another one each time that anything was linted. */
  readonly id: string;
}

/** The parts that a server is made of; tests and the executable hand them in. */
export interface LiveLintParts {
  readonly connection: Connection;
  readonly documents: OpenDocuments;
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly parser: LazyParser;
}

// Long enough for a word to be typed, short enough to feel live.
const debounceMilliseconds = 200;

/**
 * Lints open documents when they change, or when somebody asks. A result that its source has outrun is dropped, and
 * what is known of a version is not found out twice.
 */
export class LiveLint {
  readonly #parts: LiveLintParts;
  readonly #linted = new Map<string, Linted>();
  readonly #running = new Map<string, { readonly version: string; readonly linted: Promise<Linted> }>();
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #didLint = new Emitter<Linted>();
  readonly #observed = new WeakMap<Lint, ObservedProgram>();
  #lastId = 0;
  /** Fires with each new result, the current one of its source. */
  readonly onDidLint = this.#didLint.event;

  constructor(parts: LiveLintParts) {
    this.#parts = parts;
  }

  /** Lints a source soon; sooner where nobody is typing in it. */
  schedule(uri: string, isTyped: boolean): void {
    clearTimeout(this.#waiting.get(uri));
    const timer = setTimeout(
      () => {
        this.#waiting.delete(uri);
        void this.current(uri);
      },
      isTyped ? debounceMilliseconds : 0,
    );
    this.#waiting.set(uri, timer);
  }

  /** The result for a document, cell or notebook as it is now; null where it is not open or no Python. Never rejects. */
  async current(uri: string): Promise<Linted | null> {
    for (;;) {
      const source = this.#parts.documents.sourceOf(uri);
      if (source === null) return null;
      const known = this.#linted.get(source.uri);
      if (known?.source.version === source.version) return known;
      let running = this.#running.get(source.uri);
      if (running?.version !== source.version) {
        running = { version: source.version, linted: this.#lint(source) };
        this.#running.set(source.uri, running);
      }
      const linted = await running.linted;
      // Otherwise it was typed on, or thrown away meanwhile: the question is about what is there when it is answered.
      if (this.#running.get(source.uri) !== running) continue;
      this.#running.delete(source.uri);
      if (this.#parts.documents.sourceOf(uri)?.version !== source.version) continue;
      this.#linted.set(source.uri, linted);
      this.#didLint.fire(linted);
    }
  }

  /** The same, with what is known at each statement; null where the source was not linted. */
  async observed(uri: string): Promise<{ readonly lint: Lint; readonly observed: ObservedProgram } | null> {
    const lint = (await this.current(uri))?.lint;
    if (!lint) return null;
    const observed = this.#observed.get(lint) ?? new ObservedProgram(lint.result.module, lint.program);
    this.#observed.set(lint, observed);
    return { lint, observed };
  }

  /** The sources that were last seen to import a file. */
  importersOf(path: string): readonly string[] {
    return [...this.#linted].flatMap(([uri, { imported }]) => (imported.has(path) ? [uri] : []));
  }

  /** A file has changed: what is being found out may rest on what it was before. */
  startAfresh(): void {
    this.#running.clear();
  }

  /** Throws away what is known of a source, and what is being found out. */
  forget(uri: string): void {
    clearTimeout(this.#waiting.get(uri));
    this.#waiting.delete(uri);
    this.#linted.delete(uri);
    this.#running.delete(uri);
  }

  async #lint(source: Source): Promise<Linted> {
    const { connection, settings, workspace, parser } = this.#parts;
    this.#lastId++;
    const id = String(this.#lastId);
    const nothing: Linted = { source, lint: null, imported: new Set(), id };
    const { text } = source;
    if (text.length > maximumFileSize) return nothing;
    try {
      const selection = await settings.of(source.uri);
      if (selection === null) return nothing;
      const program = await workspace.programOf(source);
      const imported = new Set(program.files.keys());
      // Before the parser is loaded: where torch is out of reach nobody needs it.
      if (!concernsTorch(text, program)) return { ...nothing, imported };
      await parser.get();
      const started = performance.now();
      const result = lint(parser, source.code, selection.configuration, undefined, program);
      const milliseconds = (performance.now() - started).toFixed(1);
      connection.console.debug(
        `${source.uri}: ${result?.problems.length ?? 'no'} problems in ${milliseconds} ms, with ${imported.size} imported files`,
      );
      for (const line of result ? exhaustionLines(result, source.code) : []) {
        connection.console.debug(`${source.uri}: ${line}`);
      }
      for (const { where, details } of result?.internalErrors ?? []) {
        connection.console.error(`${source.uri}: internal error in ${where}: ${details}`);
      }
      return { source, lint: result && { source, result, program }, imported, id };
    } catch (error) {
      const details = error instanceof Error ? error.stack : String(error);
      connection.console.error(`${source.uri}: internal error: ${details}`);
      return nothing;
    }
  }
}
