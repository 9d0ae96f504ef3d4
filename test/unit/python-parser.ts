import { readFile } from 'node:fs/promises';
import { loadPythonParser, type PythonParser } from '../../src/python/parser.ts';

let parser: Promise<PythonParser> | undefined;

/** The one parser all tests share, read from the installed packages. */
export function testParser(): Promise<PythonParser> {
  parser ??= load();
  return parser;
}

async function load(): Promise<PythonParser> {
  const [runtime, grammar] = await Promise.all([
    readFile(new URL(import.meta.resolve('web-tree-sitter/web-tree-sitter.wasm'))),
    readFile(new URL(import.meta.resolve('tree-sitter-python/tree-sitter-python.wasm'))),
  ]);
  return loadPythonParser({ runtime, grammar });
}
