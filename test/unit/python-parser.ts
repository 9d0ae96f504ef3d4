import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPythonParser, type PythonParser } from '../../src/python/parser.ts';

let parser: Promise<PythonParser> | undefined;

/** The one parser all tests share, read from the installed packages. */
export function testParser(): Promise<PythonParser> {
  parser ??= load();
  return parser;
}

async function load(): Promise<PythonParser> {
  const { resolve } = createRequire(import.meta.url);
  const [runtime, grammar] = await Promise.all([
    readFile(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  return loadPythonParser({ runtime, grammar });
}
