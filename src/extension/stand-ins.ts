import * as vscode from 'vscode';
import { mayTrain, usesTorch } from '../torch/mentions.ts';
import { pythonDocumentsAndCells } from './documents.ts';
import { showStatus } from './status.ts';

// As long as the features themselves let somebody type.
const debounceMilliseconds = 200;

/**
 * What there is of the features until they are loaded: a command for each of theirs that loads them first, their
 * status in editors that are none of their business, and an eye on whether that still holds.
 */
export class StandIns implements vscode.Disposable {
  readonly #load: () => Promise<unknown>;
  readonly #commands: readonly vscode.Disposable[];
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #settingsChanged = new vscode.EventEmitter<void>();
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** `load` disposes of the stand-ins before it resolves. */
  constructor(extension: vscode.Extension<unknown>, load: () => Promise<unknown>) {
    this.#load = load;
    const listed: readonly { readonly command: string }[] = extension.packageJSON.contributes.commands;
    this.#commands = listed.map(({ command }) =>
      vscode.commands.registerCommand(command, async (...given: unknown[]) => {
        await load();
        return vscode.commands.executeCommand(command, ...given);
      }),
    );
  }

  /** Looks at what is open, and then at whatever is opened or typed. */
  start(): void {
    this.#subscriptions.push(
      this.#settingsChanged,
      showStatus({
        lastState: ({ uri }) => (isEnabled(uri) ? { kind: 'not concerned' } : { kind: 'off' }),
        isBusy: () => false,
        onDidLint: this.#settingsChanged.event,
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.#lookAt(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        clearTimeout(this.#waiting);
        this.#waiting = setTimeout(() => this.#lookAt(document), debounceMilliseconds);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('freezelint')) return;
        this.#settingsChanged.fire();
        this.#lookAround();
      }),
    );
    this.#lookAround();
  }

  dispose(): void {
    clearTimeout(this.#waiting);
    for (const each of [...this.#commands, ...this.#subscriptions]) each.dispose();
  }

  #lookAround(): void {
    // The badge counts cards that are due, whatever is open.
    if (vscode.workspace.getConfiguration('freezelint').get('study.dueBadge', false)) void this.#load();
    for (const document of vscode.workspace.textDocuments) this.#lookAt(document);
  }

  #lookAt(document: vscode.TextDocument): void {
    if (document.isClosed || vscode.languages.match(pythonDocumentsAndCells, document) === 0) return;
    if (!isEnabled(document.uri)) return;
    const text = document.getText();
    if (usesTorch(text) || mayTrain(text)) void this.#load();
  }
}

const isEnabled = (scope: vscode.Uri): boolean =>
  vscode.workspace.getConfiguration('freezelint', scope).get('enable', true);
