import {
  type Connection,
  Emitter,
  type NotebookDocument,
  NotebookDocuments,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { NotebookText } from '../python/notebook-text.ts';
import { Source, SourceDocument } from './source.ts';
import { pathOf } from './uris.ts';

/** The Python documents and notebooks that the client has open. */
export class OpenDocuments {
  readonly #documents = new TextDocuments(TextDocument);
  readonly #notebooks = new NotebookDocuments(TextDocument);
  readonly #changed = new Emitter<{ readonly uri: string; readonly isNew: boolean }>();
  readonly #closed = new Emitter<string>();
  /** Of the files that are open, in the form of paths: clients spell URIs in different ways. */
  readonly #paths = new Map<string, string>();
  readonly #openNotebooks = new Set<string>();
  /** Fires with the URI of the document or notebook. */
  readonly onDidChange = this.#changed.event;
  readonly onDidClose = this.#closed.event;

  listen(connection: Connection): void {
    this.#documents.onDidOpen(({ document: { uri } }) => {
      const path = pathOf(uri);
      if (path !== null) this.#paths.set(path, uri);
      this.#changed.fire({ uri, isNew: true });
    });
    // Comes after an opening, too, which costs nothing: it is the same version.
    this.#documents.onDidChangeContent(({ document }) =>
      this.#changed.fire({ uri: document.uri, isNew: false }),
    );
    this.#documents.onDidClose(({ document: { uri } }) => {
      const path = pathOf(uri);
      if (path !== null) this.#paths.delete(path);
      this.#closed.fire(uri);
    });
    this.#documents.listen(connection);

    this.#notebooks.onDidOpen(({ uri }) => {
      this.#openNotebooks.add(uri);
      this.#changed.fire({ uri, isNew: true });
    });
    this.#notebooks.onDidClose(({ uri }) => {
      this.#openNotebooks.delete(uri);
      this.#closed.fire(uri);
    });
    const { synchronization } = connection.notebooks;
    // The library's own event does not come where cells only change places.
    const onDidChangeNotebookDocument: typeof synchronization.onDidChangeNotebookDocument = (handler) =>
      synchronization.onDidChangeNotebookDocument(async (params) => {
        await handler(params);
        const { uri } = params.notebookDocument;
        if (this.#openNotebooks.has(uri)) this.#changed.fire({ uri, isNew: false });
      });
    this.#notebooks.listen({
      notebooks: { synchronization: { ...synchronization, onDidChangeNotebookDocument } },
    } as Connection);
  }

  /** The program that a document, a cell or a notebook is, or is part of; null where it is not open or no Python. */
  sourceOf(uri: string): Source | null {
    const notebook =
      this.#notebooks.findNotebookDocumentForCell(uri) ?? this.#notebooks.getNotebookDocument(uri);
    if (notebook) return this.#notebookSource(notebook);
    const document = this.#documents.get(uri);
    if (document?.languageId !== 'python') return null;
    const text = document.getText();
    return new Source(uri, [new SourceDocument(uri, document.version, text)], text);
  }

  /** The URIs of all documents and notebooks that are open. */
  get uris(): readonly string[] {
    return [...this.#documents.keys(), ...this.#openNotebooks];
  }

  /** The URI of the document that shows a file; null where none does. */
  uriAt(path: string): string | null {
    return this.#paths.get(path) ?? null;
  }

  /** The text of a file as it stands in the editor; null where it is not open. */
  textAt(path: string): string | null {
    return this.#documents.get(this.#paths.get(path) ?? '')?.getText() ?? null;
  }

  #notebookSource({ uri, cells }: NotebookDocument): Source {
    const code = cells.flatMap((cell, index) => {
      const document = this.#notebooks.getCellTextDocument(cell);
      if (document?.languageId !== 'python') return [];
      return [{ document, text: document.getText(), number: index + 1 }];
    });
    const documents = code.map(
      ({ document, text }) => new SourceDocument(document.uri, document.version, text),
    );
    return new Source(uri, documents, new NotebookText(code));
  }
}
