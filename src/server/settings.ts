import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import {
  ConfigurationError,
  findConfiguration,
  type ProjectConfiguration,
} from '../project/configuration.ts';
import { type EditorSettings, editorSettings, rulesInEditor } from '../project/editor-settings.ts';
import type { RuleSelection } from '../project/rule-selection.ts';
import { folderOf, type WorkspaceFiles } from '../project/workspace-files.ts';
import type { Rule } from '../rules/rule.ts';
import { pathOf } from './uris.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Settings by document: pyproject.toml of its project, overridden by the client's section `freezelint`. That comes, at
 * the client's choice, as an answer to `workspace/configuration`, in `workspace/didChangeConfiguration`, or with the
 * initialization, there also without the word `freezelint` around it.
 */
export class Settings {
  readonly #connection: Connection;
  readonly #rules: readonly Rule[];
  readonly #files: WorkspaceFiles;
  readonly #projects = new Map<string, Promise<ProjectConfiguration | null>>();
  readonly #asked = new Map<string, Promise<Values>>();
  /** What the client sent unasked. */
  #sent: Values = {};
  #canAsk = false;

  constructor(connection: Connection, rules: readonly Rule[], files: WorkspaceFiles) {
    this.#connection = connection;
    this.#rules = rules;
    this.#files = files;
  }

  initialize({ capabilities, initializationOptions }: InitializeParams): void {
    this.#canAsk = capabilities.workspace?.configuration === true;
    this.#sent = section(initializationOptions);
  }

  /** The client's settings have changed; clients that are asked for them need not send them. */
  changed(sent: unknown): void {
    this.#asked.clear();
    if (Object.keys(record(sent)).length > 0) this.#sent = section(sent);
  }

  /** A pyproject.toml has changed, come or gone. */
  forgetProjects(): void {
    this.#projects.clear();
  }

  /** What holds for a document; null where Freezelint is switched off or the project excludes it. Never rejects. */
  async of(uri: string): Promise<RuleSelection | null> {
    const settings = await this.inEditor(uri);
    if (!settings.enable) return null;
    const path = pathOf(uri);
    const project = path === null ? null : await this.#projectOf(folderOf(path));
    return rulesInEditor(path, project, settings, this.#rules);
  }

  /** What the client set for a document. */
  async inEditor(uri: string): Promise<EditorSettings> {
    return editorSettings(await this.#valuesAt(uri));
  }

  #valuesAt(uri: string): Promise<Values> {
    if (!this.#canAsk) return Promise.resolve(this.#sent);
    let values = this.#asked.get(uri);
    if (!values) {
      values = this.#connection.workspace.getConfiguration({ scopeUri: uri, section: 'freezelint' }).then(
        (answer: unknown) => (isRecord(answer) ? answer : this.#sent),
        (error: unknown) => {
          this.#connection.console.error(`The client gave no configuration: ${String(error)}`);
          return this.#sent;
        },
      );
      this.#asked.set(uri, values);
    }
    return values;
  }

  /** With a wrong pyproject.toml the client's settings hold alone, and the log says why. */
  #projectOf(folder: string): Promise<ProjectConfiguration | null> {
    let project = this.#projects.get(folder);
    if (!project) {
      project = findConfiguration(this.#files, folder, this.#rules).catch((error: unknown) => {
        const reason = error instanceof ConfigurationError ? error.message : String(error);
        this.#connection.console.error(reason);
        return null;
      });
      this.#projects.set(folder, project);
    }
    return project;
  }
}

/** The section `freezelint` of what a client sent, or all of it where it has none. */
function section(sent: unknown): Values {
  const values = record(sent);
  return isRecord(values.freezelint) ? values.freezelint : values;
}

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const record = (value: unknown): Values => (isRecord(value) ? value : {});
