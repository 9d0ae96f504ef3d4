import { Language, Parser } from 'web-tree-sitter';
import { ConcreteTreeReader } from './concrete-tree.ts';
import { lowerStatements } from './lower-statements.ts';
import { Lowering } from './lowering.ts';
import { withPlainSubjects, withSubjects } from './match-subjects.ts';
import { moveSpans } from './move-spans.ts';
import type { Module } from './syntax.ts';

/** A ready Python parser. Synchronous; one instance serves a whole process. */
export interface PythonParser {
  /**
   * Parses any text; syntax errors are listed in the module, never thrown. All offsets count from `start`, 0 where
   * it is left out.
   */
  parse(text: string, start?: number): Module;
}

/** The two WebAssembly files a parser needs, as bytes, so that the core does no I/O. */
export interface ParserBinaries {
  /** web-tree-sitter's own runtime. */
  readonly runtime: Uint8Array;
  /** The Python grammar of tree-sitter-python. */
  readonly grammar: Uint8Array;
}

/**
 * Loads the runtime and the grammar (about 20 ms). The runtime is loaded once per process: a second
 * call reuses the first one's. Rejects if the bytes are not what they should be.
 */
export async function loadPythonParser(binaries: ParserBinaries): Promise<PythonParser> {
  // Without `locateFile` the runtime would resolve a file name against `import.meta.url`, which
  // does not exist in a CommonJS bundle.
  await Parser.init({
    wasmBinary: binaries.runtime as Uint8Array<ArrayBuffer>,
    locateFile: (name: string) => name,
  });
  const language = await Language.load(binaries.grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const reader = new ConcreteTreeReader(language);
  return { parse: (text, start = 0) => parse(parser, reader, text, start) };
}

function parse(parser: Parser, reader: ConcreteTreeReader, text: string, start: number): Module {
  let module = read(parser, reader, text, text);
  const rewritten = module.errors.length > 0 ? withPlainSubjects(text) : null;
  if (rewritten !== null) {
    const again = read(parser, reader, text, rewritten.text);
    if (again.errors.length < module.errors.length) {
      module = withSubjects(again, rewritten.subjects, (subject) => read(parser, reader, subject, subject));
    }
  }
  if (start === 0) return module;
  moveSpans([module.body, module.comments, module.errors], start);
  return { ...module, start };
}

/** Reads `grammarText` for the tree, `text`, which is as long, for what names and strings are. */
function read(parser: Parser, reader: ConcreteTreeReader, text: string, grammarText: string): Module {
  const tree = parser.parse(grammarText);
  if (tree === null) {
    throw new Error('The Python parser has no grammar.');
  }
  try {
    const { root, comments, errors } = reader.read(tree, text);
    const lowering = new Lowering(text, errors);
    const body = lowerStatements(lowering, root.children);
    lowering.errors.sort((a, b) => a.start - b.start || a.end - b.end);
    return { text, start: 0, body, comments, errors: lowering.errors };
  } finally {
    tree.delete();
  }
}
