import * as vscode from 'vscode';
import { loadPythonParser, type PythonParser } from '../python/parser.ts';

/** Loads the parser from the WebAssembly files in `folder`, through VS Code: on the web they are on no disk. */
export async function loadParser(folder: vscode.Uri): Promise<PythonParser> {
  const [runtime, grammar] = await Promise.all([
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'web-tree-sitter.wasm')),
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'tree-sitter-python.wasm')),
  ]);
  return loadPythonParser({ runtime, grammar });
}
