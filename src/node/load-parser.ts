import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadPythonParser, type PythonParser } from '../python/parser.ts';

/** Loads the parser from the WebAssembly files beside the built program, or from node_modules when run from source. */
export async function loadParser(): Promise<PythonParser> {
  const [runtime, grammar] = await Promise.all([
    readFile(binary('web-tree-sitter.wasm', 'web-tree-sitter')),
    readFile(binary('tree-sitter-python.wasm', 'tree-sitter-python')),
  ]);
  return loadPythonParser({ runtime, grammar });
}

function binary(name: string, fromPackage: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL(`../../node_modules/${fromPackage}/${name}`, import.meta.url));
}
