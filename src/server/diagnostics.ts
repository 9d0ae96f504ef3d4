import {
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Problem } from '../lint.ts';
import { LineIndex } from '../python/positions.ts';
import type { Severity } from '../rules/rule.ts';
import type { Linted, LiveLint } from './live-lint.ts';
import type { OpenDocuments } from './open-documents.ts';
import { rulePageUri } from './rule-pages.ts';
import { rangeIn, type Source } from './source.ts';
import { uriOf } from './uris.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Makes diagnostics in the form that the client understands. */
export class DiagnosticWriter {
  readonly #documents: OpenDocuments;
  #relatesPlaces = false;
  #linksPages = false;
  #fades = false;

  constructor(documents: OpenDocuments) {
    this.#documents = documents;
  }

  initialize({ textDocument }: ClientCapabilities): void {
    const { publishDiagnostics: pushed, diagnostic: pulled } = textDocument ?? {};
    this.#relatesPlaces = pushed?.relatedInformation === true || pulled?.relatedInformation === true;
    const tags = [...(pushed?.tagSupport?.valueSet ?? []), ...(pulled?.tagSupport?.valueSet ?? [])];
    this.#fades = tags.includes(DiagnosticTag.Unnecessary);
    this.#linksPages = pushed?.codeDescriptionSupport === true || pulled?.codeDescriptionSupport === true;
  }

  /** The diagnostics of each document of a source; those without any have an empty list. */
  all({ source, lint }: Linted): ReadonlyMap<string, readonly Diagnostic[]> {
    const found = new Map<string, Diagnostic[]>(source.documents.map(({ uri }) => [uri, []]));
    for (const problem of lint?.result.problems ?? []) {
      const place = source.locationOf(problem.span);
      if (place) found.get(place.uri)?.push(this.one(source, problem));
    }
    return found;
  }

  one(source: Source, { code, severity, message, span, related, isUnnecessary }: Problem): Diagnostic {
    const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const page = this.#linksPages ? rulePageUri(code) : null;
    const relatedInformation = related.flatMap((place) => {
      const location = place.file
        ? {
            uri: this.#documents.uriAt(place.file.path) ?? uriOf(place.file.path),
            range: rangeIn(new LineIndex(place.file.text), place.span),
          }
        : source.locationOf(place.span);
      return location ? [{ location, message: place.message }] : [];
    });
    return {
      range: source.locationOf(span)?.range ?? nowhere,
      severity: severities[severity],
      code,
      source: 'Freezelint',
      message,
      ...(this.#fades && isUnnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
      ...(page === null ? {} : { codeDescription: { href: page } }),
      ...(this.#relatesPlaces && relatedInformation.length > 0 ? { relatedInformation } : {}),
    };
  }
}

/** Sends diagnostics to clients that do not ask for them. */
export class DiagnosticPusher {
  readonly #connection: Connection;
  readonly #writer: DiagnosticWriter;
  /** The documents of each source of which the client has been told. */
  readonly #told = new Map<string, readonly string[]>();

  constructor(connection: Connection, writer: DiagnosticWriter) {
    this.#connection = connection;
    this.#writer = writer;
  }

  push(linted: Linted): void {
    const { source } = linted;
    const versions = new Map(source.documents.map(({ uri, version }) => [uri, version]));
    const all = this.#writer.all(linted);
    this.#clear((this.#told.get(source.uri) ?? []).filter((uri) => !all.has(uri)));
    this.#told.set(source.uri, [...all.keys()]);
    for (const [uri, diagnostics] of all) {
      const version = versions.get(uri);
      void this.#connection.sendDiagnostics({
        uri,
        ...(version === undefined ? {} : { version }),
        diagnostics: [...diagnostics],
      });
    }
  }

  clear(source: string): void {
    this.#clear(this.#told.get(source) ?? []);
    this.#told.delete(source);
  }

  #clear(uris: readonly string[]): void {
    for (const uri of uris) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}

/** Answers clients that ask for diagnostics. */
export function answerPulls(connection: Connection, live: LiveLint, writer: DiagnosticWriter): void {
  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
    const linted = await live.current(uri);
    if (token.isCancellationRequested) {
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    }
    if (linted === null) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    if (previousResultId === linted.id) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: linted.id };
    }
    const items = [...(writer.all(linted).get(uri) ?? [])];
    return { kind: DocumentDiagnosticReportKind.Full, resultId: linted.id, items };
  });
}
