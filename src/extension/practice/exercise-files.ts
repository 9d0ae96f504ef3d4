import * as vscode from 'vscode';
import { type ExerciseAddress, exerciseOf, uriOfExercise } from './exercise-address.ts';

/** Where the code of exercises is kept. */
export interface ExerciseTexts {
  /** The text of a document; null where there is no such exercise. */
  read(address: ExerciseAddress): Promise<string | null>;
  write(address: ExerciseAddress, text: string): Promise<void>;
}

/** The code of exercises as files, so that real editors can open them, also where there is no disk. */
export class ExerciseFiles implements vscode.FileSystemProvider {
  readonly #texts: ExerciseTexts;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** When a file was last written, as far as this window knows. */
  readonly #written = new Map<string, number>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(texts: ExerciseTexts) {
    this.#texts = texts;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (isFolder(uri)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const bytes = await this.readFile(uri);
    const mtime = this.#written.get(uri.toString()) ?? 0;
    const stat = { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.byteLength };
    const isReadonly = exerciseOf(uri)?.file === 'solution';
    return isReadonly ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const address = exerciseOf(uri);
    // One exercise has one address only; any other is a file that is not there.
    const isItsOwn = address !== null && uriOfExercise(address).path === uri.path;
    const text = isItsOwn ? await this.#texts.read(address) : null;
    if (text === null) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const address = exerciseOf(uri);
    if (address?.file !== 'code') throw vscode.FileSystemError.NoPermissions(uri);
    await this.#texts.write(address, new TextDecoder().decode(content));
    this.noteChanged(uri);
  }

  /** Lets editors know that the text of a file is another one. */
  noteChanged(uri: vscode.Uri): void {
    const key = uri.toString();
    this.#written.set(key, Math.max(Date.now(), (this.#written.get(key) ?? 0) + 1));
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  /** The folders are only there for who asks; nobody looks for exercises in them. */
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

/** Whether an exercise could be in this folder, or in one below it. */
function isFolder({ path }: vscode.Uri): boolean {
  return /^\/(?:\w+(?:\/[\w-]+)?)?$/.test(path);
}
