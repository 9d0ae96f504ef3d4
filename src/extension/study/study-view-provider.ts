import * as v from 'valibot';
import * as vscode from 'vscode';
import { type Deck, deckSchema } from '../../learn/deck.ts';
import { lessonSchema } from '../../learn/lessons/lesson.ts';
import { predictionSchema } from '../../learn/predict/prediction.ts';
import type { Review } from '../../learn/review.ts';
import { DEFAULT_NEW_PER_DAY } from '../../learn/scheduling.ts';
import { type MessageToWebview, readMessageToHost, type StudyAction } from '../../study-messages/messages.ts';
import { insertCode, openCode } from './editor-code.ts';
import type { EditorInSight } from './editor-in-sight.ts';
import type { Moment } from './mode.ts';
import { modesOf } from './modes.ts';
import { ProgressStore } from './progress-store.ts';
import { Study } from './study.ts';

/**
 * The Study view. All state lives here, in the extension host; the page only shows it, so hiding, moving or
 * reloading the page loses nothing.
 */
export class StudyViewProvider implements vscode.WebviewViewProvider {
  static readonly viewId = 'freezelint.study';

  readonly #distribution: vscode.Uri;
  readonly #store: ProgressStore;
  #decks: Promise<Deck[]> | undefined;
  #study: Promise<Study> | undefined;
  #view: vscode.WebviewView | undefined;

  constructor(
    extensionUri: vscode.Uri,
    memento: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    private readonly editor: () => Promise<EditorInSight>,
  ) {
    this.#distribution = vscode.Uri.joinPath(extensionUri, 'dist');
    this.#store = new ProgressStore(memento);
  }

  /** The built-in decks, in order; read when first asked for, as most windows never study. */
  get decks(): Promise<Deck[]> {
    this.#decks ??= this.#readContent('decks.json', deckSchema);
    return this.#decks;
  }

  get study(): Promise<Study> {
    this.#study ??= this.#load();
    return this.#study;
  }

  /** Called by VS Code whenever the view is shown anew. */
  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.#distribution] };
    this.#view = view;
    const listener = webview.onDidReceiveMessage((data: unknown) => this.#receive(data));
    view.onDidDispose(() => {
      listener.dispose();
      if (this.#view === view) this.#view = undefined;
    });
    webview.html = pageOf(webview, this.#distribution);
  }

  /** Puts the card of a rule in front. False where no deck has one. */
  async openCardForRule(code: string): Promise<boolean> {
    const study = await this.study;
    const isKnown = study.openCardForRule(code);
    await this.#show(study);
    return isKnown;
  }

  /** Adds reviews of an exported file, after a backup, and gives how many were new. */
  async importReviews(reviews: readonly Review[]): Promise<number> {
    const study = await this.study;
    await this.#store.backUp('before-import', Date.now());
    const added = study.importReviews(reviews);
    await this.#store.save(study.progress, Date.now());
    await this.#show(study);
    return added;
  }

  /** Shows the settings as they are now. */
  async refresh(): Promise<void> {
    await this.#show(await this.study);
  }

  async #receive(data: unknown): Promise<void> {
    const message = readMessageToHost(data);
    if (message === undefined) {
      this.log.warn('The Study view sent a message that is not understood.');
      return;
    }
    const study = await this.study;
    if (message.type === 'ready') await this.#show(study);
    else await this.#act(study, message.action);
  }

  async #act(study: Study, action: StudyAction): Promise<void> {
    const editor = study.asksEditor(action) ? await this.editor() : {};
    await this.#useEditor(study, action);
    const before = study.progress;
    study.act(action, { ...momentNow(), ...editor });
    // The page has the draft already; sending it back would disturb the typing.
    if (action.type !== 'draft') await this.#show(study);
    if (study.progress === before) return;
    try {
      await this.#store.save(study.progress, Date.now());
    } catch (error) {
      this.log.error(`Study progress could not be saved: ${String(error)}`);
    }
  }

  async #useEditor({ code, program }: Study, action: StudyAction): Promise<void> {
    if (action.type === 'insertCode' && code !== null) await insertCode(code);
    if (action.type === 'openCode' && program !== null) await openCode(program);
    if (action.type === 'openRule') {
      await vscode.commands.executeCommand('freezelint.explainRule', action.code);
    }
  }

  async #show(study: Study): Promise<void> {
    if (this.#view === undefined) return;
    const due = settings().get<boolean>('dueBadge', false) ? study.countDue(Date.now()) : 0;
    this.#view.badge = due === 0 ? undefined : { value: due, tooltip: vscode.l10n.t('{0} due', due) };
    const message: MessageToWebview = { type: 'view', view: study.viewAt(momentNow()) };
    await this.#view.webview.postMessage(message);
  }

  async #load(): Promise<Study> {
    const notices: string[] = [];
    const decks = await this.decks;
    if (decks.length === 0) notices.push(vscode.l10n.t('The decks could not be read. The log says why.'));
    const { progress, problem, state } = await this.#store.load(Date.now());
    if (problem !== undefined) {
      this.log.error(`Study progress: ${problem}.`);
      notices.push(
        state === 'newer'
          ? vscode.l10n.t(
              'Your study progress is from a newer Freezelint and was left as it is. What you do here is kept beside it until this Freezelint is updated.',
            )
          : vscode.l10n.t(
              'Some of your study progress could not be read. Nothing was deleted; the log says more.',
            ),
      );
    }
    const lessons = await this.#readContent('lessons.json', lessonSchema);
    const predictions = await this.#readContent('predictions.json', predictionSchema);
    const modes = modesOf({ lessons, predictions });
    if (lessons.length === 0) notices.push(vscode.l10n.t('The lessons could not be read. The log says why.'));
    const unreadable = modes.filter((mode) => !mode.isReadable(progress.modes[mode.id]));
    if (unreadable.length > 0) {
      const names = unreadable.map(({ id }) => id).join(', ');
      const key = await this.#store.backUp('damaged', Date.now());
      this.log.error(`Study progress of ${names} could not be read. It is kept under the key "${key}".`);
      notices.push(
        vscode.l10n.t(
          'Some of your study progress could not be read. Nothing was deleted; the log says more.',
        ),
      );
    }
    return new Study(decks, progress, notices, modes);
  }

  /** What the build made of a kind of content; nothing, and a line in the log, where that cannot be read. */
  async #readContent<Content>(file: string, schema: v.GenericSchema<unknown, Content>): Promise<Content[]> {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#distribution, file));
      return v.parse(v.array(schema), JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      this.log.error(`The built-in ${file} could not be read: ${String(error)}`);
      return [];
    }
  }
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('freezelint.study');
}

function momentNow(): Moment {
  const newPerDay = settings().get<unknown>('newPerDay');
  return {
    now: Date.now(),
    seed: crypto.getRandomValues(new Int32Array(1))[0] ?? 0,
    newPerDay: typeof newPerDay === 'number' ? newPerDay : DEFAULT_NEW_PER_DAY,
  };
}

/** The empty page around the view: nothing inline, nothing remote. */
function pageOf(webview: vscode.Webview, distribution: vscode.Uri): string {
  const address = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(distribution, file)).toString();
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  const policy = `default-src 'none'; style-src ${webview.cspSource}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Study</title>
  <link rel="stylesheet" href="${address('codicon.css')}">
  <link rel="stylesheet" href="${address('webview.css')}">
</head>
<body>
  <main id="root"></main>
  <script nonce="${nonce}" src="${address('webview.js')}"></script>
</body>
</html>`;
}
