import * as vscode from 'vscode';

type Entry = File | Folder;
class File {
  readonly type = vscode.FileType.File;
  readonly ctime = Date.now();
  mtime = this.ctime;
  constructor(public bytes: Uint8Array) {}
  get size(): number {
    return this.bytes.length;
  }
}
class Folder {
  readonly type = vscode.FileType.Directory;
  readonly ctime = Date.now();
  readonly mtime = this.ctime;
  readonly size = 0;
  readonly entries = new Map<string, Entry>();
}

/** Files that only exist in the window's memory, as those of a repository do in VS Code for the web. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #root = new Folder();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    return this.#entry(uri);
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const folder = this.#entry(uri);
    if (!(folder instanceof Folder)) throw vscode.FileSystemError.FileNotADirectory(uri);
    return [...folder.entries].map(([name, { type }]) => [name, type]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const file = this.#entry(uri);
    if (!(file instanceof File)) throw vscode.FileSystemError.FileIsADirectory(uri);
    return file.bytes;
  }

  createDirectory(uri: vscode.Uri): void {
    this.#put(uri, new Folder());
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const file = this.#parent(uri).entries.get(nameOf(uri));
    if (file instanceof Folder) throw vscode.FileSystemError.FileIsADirectory(uri);
    if (file === undefined) {
      this.#put(uri, new File(bytes));
    } else {
      file.bytes = bytes;
      file.mtime = Date.now();
      this.#tell(vscode.FileChangeType.Changed, uri);
    }
  }

  delete(uri: vscode.Uri): void {
    if (!this.#parent(uri).entries.delete(nameOf(uri))) throw vscode.FileSystemError.FileNotFound(uri);
    this.#tell(vscode.FileChangeType.Deleted, uri);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    const entry = this.#entry(from);
    this.delete(from);
    this.#put(to, entry);
  }

  #entry(uri: vscode.Uri): Entry {
    let entry: Entry | undefined = this.#root;
    for (const name of uri.path.split('/').filter(Boolean)) {
      entry = entry instanceof Folder ? entry.entries.get(name) : undefined;
    }
    if (entry === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return entry;
  }

  #parent(uri: vscode.Uri): Folder {
    const folder = this.#entry(vscode.Uri.joinPath(uri, '..'));
    if (!(folder instanceof Folder)) throw vscode.FileSystemError.FileNotADirectory(uri);
    return folder;
  }

  #put(uri: vscode.Uri, entry: Entry): void {
    this.#parent(uri).entries.set(nameOf(uri), entry);
    this.#tell(vscode.FileChangeType.Created, uri);
  }

  #tell(type: vscode.FileChangeType, uri: vscode.Uri): void {
    // Like every real file system, it tells of a change only after it was made.
    setTimeout(() => this.#changed.fire([{ type, uri }]));
  }
}

const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);
