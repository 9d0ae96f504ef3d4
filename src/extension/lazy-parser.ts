import * as vscode from 'vscode';
import { loadPythonParser, type PythonParser } from '../python/parser.ts';

/** The parser, loaded when the first document mentions torch: other people pay nothing. */
export class LazyParser {
  readonly #folder: vscode.Uri;
  #loading: Promise<PythonParser> | null = null;

  /** `folder` holds the WebAssembly files. */
  constructor(folder: vscode.Uri) {
    this.#folder = folder;
  }

  get(): Promise<PythonParser> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Lets the next use load it afresh. */
  reset(): void {
    this.#loading = null;
  }

  async #load(): Promise<PythonParser> {
    try {
      const [runtime, grammar] = await Promise.all([
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, 'web-tree-sitter.wasm')),
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, 'tree-sitter-python.wasm')),
      ]);
      return await loadPythonParser({ runtime, grammar });
    } catch (error) {
      // A failure may pass, for example on a remote file system; the next document tries again.
      this.#loading = null;
      throw error;
    }
  }
}
