import * as vscode from 'vscode';
import {
  ConfigurationError,
  findConfiguration,
  type ProjectConfiguration,
} from '../project/configuration.ts';
import { type EditorSettings, editorSettings, rulesInEditor } from '../project/editor-settings.ts';
import type { RuleSelection } from '../project/rule-selection.ts';
import type { Rule } from '../rules/rule.ts';
import type { ExerciseRules } from './practice/practice.ts';

/** What holds for a document: null where the extension is switched off or the project excludes it. */
export type DocumentSettings = RuleSelection | null;

/**
 * Settings by document: pyproject.toml of its project, overridden by the editor's settings. `onDidChange` fires
 * when either changes.
 */
export class Settings implements vscode.Disposable {
  readonly #rules: readonly Rule[];
  readonly #log: vscode.LogOutputChannel;
  #exercises: ExerciseRules | null = null;
  readonly #projects = new Map<string, Promise<ProjectConfiguration | null>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;

  constructor(rules: readonly Rule[], log: vscode.LogOutputChannel) {
    this.#rules = rules;
    this.#log = log;
    const watcher = vscode.workspace.createFileSystemWatcher('**/pyproject.toml');
    const projectsChanged = () => {
      this.#projects.clear();
      this.#changed.fire();
    };
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidChange(projectsChanged),
      watcher.onDidCreate(projectsChanged),
      watcher.onDidDelete(projectsChanged),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('freezelint')) this.#changed.fire();
      }),
    ];
  }

  /** Lets exercises say what is linted in their documents. */
  follow(exercises: ExerciseRules): void {
    this.#exercises = exercises;
    this.#subscriptions.push(exercises.onDidChangeRules(() => this.#changed.fire()));
  }

  async of({ uri }: { readonly uri: vscode.Uri }): Promise<DocumentSettings> {
    const exercise = await this.#exercises?.configurationFor(uri);
    if (exercise) return { configuration: exercise, selected: new Set() };
    const settings = settingsAt(uri);
    if (!settings.enable) return null;
    return rulesInEditor(uri.path, await this.#projectOf(uri), settings, this.#rules);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Never rejects: with a wrong pyproject.toml the editor's settings hold alone, and the log says why. */
  #projectOf(uri: vscode.Uri): Promise<ProjectConfiguration | null> {
    if (uri.scheme === 'untitled') return Promise.resolve(null);
    const folder = vscode.Uri.joinPath(uri, '..');
    const key = folder.toString();
    let project = this.#projects.get(key);
    if (project === undefined) {
      const files = { read: (path: string) => readIfThere(folder.with({ path })) };
      project = findConfiguration(files, folder.path, this.#rules).catch((error: unknown) => {
        const known = error instanceof ConfigurationError || error instanceof vscode.FileSystemError;
        this.#log.error(known ? error.message : `Reading pyproject.toml failed: ${String(error)}`);
        return null;
      });
      this.#projects.set(key, project);
    }
    return project;
  }
}

/** What is set in the editor for a document, in its folder of the workspace. */
export function settingsAt(scope: vscode.ConfigurationScope): EditorSettings {
  return editorSettings(vscode.workspace.getConfiguration('freezelint', scope));
}

async function readIfThere(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}
