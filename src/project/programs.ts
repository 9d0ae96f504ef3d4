/** Reads the files around a Python file: those that it imports, and those that they import. */
import { FIRST_IMPORTED_OFFSET, type ImportedFile, Program } from '../analysis/program.ts';
import type { PythonParser } from '../python/parser.ts';
import type { Module } from '../python/syntax.ts';
import { mayTrain, usesTorch } from '../torch/mentions.ts';
import { ImportResolver, mayBeLocal } from './import-resolution.ts';
import { dottedNames, importStatements } from './import-statements.ts';
import { folderOf, type WorkspaceFiles } from './workspace-files.ts';

/** Imports of imports that are followed: helpers and models are near, far files are frameworks. */
const MAX_DEPTH = 6;
/** Files of one program: each costs a read, and while somebody types only memory. */
const MAX_FILES = 100;
/** Characters of one program's imported files: twice what a large training repository imports for one script. */
const MAX_CHARACTERS = 2_000_000;
/** Files kept between programs, read and maybe parsed; a run over many repositories must not keep them all. */
const MAX_KEPT = 400;

/** A file as it was read; parsed when first asked for. */
class Source {
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly names: ReadonlySet<string>;
  readonly #parser: PythonParser;
  #module: Module | null = null;

  constructor(path: string, text: string, start: number, parser: PythonParser) {
    this.path = path;
    this.text = text;
    this.start = start;
    this.names = namesIn(text);
    this.#parser = parser;
  }

  get module(): Module {
    this.#module ??= this.#parser.parse(this.text, this.start);
    return this.#module;
  }
}

const namesIn = (text: string): ReadonlySet<string> =>
  new Set(importStatements(text).flatMap(dottedNames).filter(mayBeLocal));

/** Remembers what it has read until told to forget it. */
export class Programs {
  readonly #files: WorkspaceFiles;
  readonly #parser: PythonParser;
  readonly #sources = new Map<string, Promise<Source | null>>();
  readonly #folders = new Map<string, Promise<readonly string[]>>();
  #nextStart = FIRST_IMPORTED_OFFSET;

  /** Files are found and read without `parser`, which is only used once somebody asks for the tree of one. */
  constructor(files: WorkspaceFiles, parser: PythonParser) {
    this.#files = files;
    this.#parser = parser;
  }

  /**
   * The program of the file at `path` (absolute, with `/`) in a workspace that reaches up to the folder `root`. Files
   * that cannot be read are left out, and so is what goes beyond the limits. Never rejects.
   */
  async of(path: string, text: string, root: string): Promise<Program> {
    const found = new Map<string, ImportedFile>();
    const names = usesTorch(text) || mayTrain(text) ? namesIn(text) : [];
    if ([...names].length === 0) return new Program(new Map(), found);
    const files: WorkspaceFiles = {
      read: (file) => this.#files.read(file),
      list: (folder) => this.#list(folder),
    };
    const resolver = await ImportResolver.forMainFileIn(files, folderOf(path), root);
    const importsOf = async (importer: string, names: Iterable<string>): Promise<Map<string, string>> => {
      const imports = new Map<string, string>();
      for (const name of names) {
        const target = await resolver.resolve(importer, name);
        if (target !== null && target !== path) imports.set(name, target);
      }
      return imports;
    };

    const imports = await importsOf(path, names);
    let characters = 0;
    let level = new Set(imports.values());
    for (let depth = 0; depth < MAX_DEPTH && level.size > 0; depth++) {
      const next = new Set<string>();
      for (const source of await Promise.all([...level].map((file) => this.#source(file)))) {
        if (!source || found.size >= MAX_FILES || characters + source.text.length > MAX_CHARACTERS) continue;
        characters += source.text.length;
        const targets = await importsOf(source.path, source.names);
        found.set(source.path, {
          path: source.path,
          text: source.text,
          start: source.start,
          imports: targets,
          get module() {
            return source.module;
          },
        });
        for (const target of targets.values()) next.add(target);
      }
      level = new Set([...next].filter((file) => !found.has(file)));
    }
    return new Program(imports, found);
  }

  /** The text of a file has changed. */
  forget(path: string): void {
    this.#sources.delete(path);
  }

  /** A file came or went, and its folder maybe with it. */
  forgetFolders(path: string): void {
    this.#sources.delete(path);
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) this.#folders.delete(folder);
  }

  #source(path: string): Promise<Source | null> {
    const known = this.#sources.get(path);
    this.#sources.delete(path);
    const source = known ?? this.#read(path);
    // Put back at the end: what is asked for least goes first.
    this.#sources.set(path, source);
    if (this.#sources.size > MAX_KEPT) {
      const [oldest = ''] = this.#sources.keys();
      this.#sources.delete(oldest);
    }
    return source;
  }

  async #read(path: string): Promise<Source | null> {
    const text = await this.#files.read(path).catch(() => null);
    if (text === null) return null;
    const start = this.#nextStart;
    this.#nextStart += text.length + 1;
    return new Source(path, text, start, this.#parser);
  }

  #list(folder: string): Promise<readonly string[]> {
    let names = this.#folders.get(folder);
    if (!names) {
      names = this.#files.list(folder).catch(() => []);
      this.#folders.set(folder, names);
    }
    return names;
  }
}
