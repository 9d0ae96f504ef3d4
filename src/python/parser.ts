import type { Module } from './syntax.ts';

/** A ready Python parser. Synchronous; one instance serves a whole process. */
export interface PythonParser {
  /** Parses any text; syntax errors are listed in the module, never thrown. */
  parse(text: string): Module;
}

/** The two WebAssembly files a parser needs, as bytes, so that the core does no I/O. */
export interface ParserBinaries {
  /** web-tree-sitter's own runtime. */
  readonly runtime: Uint8Array;
  /** The Python grammar of tree-sitter-python. */
  readonly grammar: Uint8Array;
}

/** Loads the runtime and the grammar (about 20 ms). */
export declare function loadPythonParser(binaries: ParserBinaries): Promise<PythonParser>;
