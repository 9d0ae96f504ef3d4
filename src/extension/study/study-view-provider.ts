import * as v from 'valibot';
import * as vscode from 'vscode';
import { type Deck, deckSchema } from '../../learn/deck.ts';
import { type Exercises, exercisesSchema } from '../../learn/exercises/content.ts';
import { lessonSchema } from '../../learn/lessons/lesson.ts';
import type { ModeId } from '../../learn/modes.ts';
import { predictionSchema } from '../../learn/predict/prediction.ts';
import type { Progress } from '../../learn/progress.ts';
import type { Review } from '../../learn/review.ts';
import { DEFAULT_NEW_PER_DAY } from '../../learn/scheduling.ts';
import { readMessageToHost, type StudyAction } from '../../study-messages/messages.ts';
import { insertCode, openCode } from './editor-code.ts';
import type { EditorInSight, Mode, Moment } from './mode.ts';
import { modesOf } from './modes.ts';
import type { Finding } from './overviews.ts';
import { isPractice } from './practice-modes.ts';
import { ProgressStore } from './progress-store.ts';
import { Study } from './study.ts';
import { StudyPages } from './study-pages.ts';
import { STUDY_EDITOR, STUDY_VIEW } from './view-ids.ts';
import { WorkspaceDecks } from './workspace-decks.ts';

/** What ways to learn ask of editors. */
export interface EditorSide {
  /** What is known of the file in the editor. */
  inSight(): Promise<EditorInSight>;
  /** Carries out an action that concerns the code of an exercise. */
  practise(mode: ModeId, action: unknown): Promise<void>;
}

/**
 * The Study view. All state lives here, in the extension host; the pages only show it, so hiding, moving or
 * reloading a page loses nothing.
 */
export class StudyViewProvider
  implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #store: ProgressStore;
  readonly #workspaceDecks = new WorkspaceDecks();
  readonly #pages: StudyPages;
  #builtIn: Promise<Deck[]> | undefined;
  #exercises: Promise<Exercises | null> | undefined;
  #study: Promise<Study> | undefined;
  /** What was found in the file in the editor. */
  #findings: readonly Finding[] = [];
  #view: vscode.WebviewView | undefined;
  #panel: vscode.WebviewPanel | undefined;
  /** Settles once the deck files have been read as often as they changed. */
  #decksRead: Promise<void> | undefined;

  constructor(
    extensionUri: vscode.Uri,
    memento: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    private readonly editor: EditorSide,
  ) {
    this.#extensionUri = extensionUri;
    this.#store = new ProgressStore(memento);
    this.#pages = new StudyPages(extensionUri, (data, from) => void this.#receive(data, from));
    this.#workspaceDecks.onDidChange(() => {
      this.#decksRead = (this.#decksRead ?? Promise.resolve()).then(() => this.#readDecksAgain());
    });
  }

  dispose(): void {
    this.#workspaceDecks.dispose();
  }

  /** The built-in decks, in order; read when first asked for, as most windows never study. */
  get builtIn(): Promise<Deck[]> {
    this.#builtIn ??= this.#readContent('decks.json', v.array(deckSchema)).then((decks) => decks ?? []);
    return this.#builtIn;
  }

  /** Null where they could not be read. */
  get exercises(): Promise<Exercises | null> {
    this.#exercises ??= this.#readContent('exercises.json', exercisesSchema);
    return this.#exercises;
  }

  get study(): Promise<Study> {
    this.#study ??= this.#load();
    return this.#study;
  }

  /** Called by VS Code whenever the view is shown anew. */
  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.onDidDispose(() => {
      if (this.#view === view) this.#view = undefined;
    });
    this.#pages.add(view.webview, view);
  }

  /** Shows the same in an editor tab, where there is more room. */
  openInEditor(): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    const title = vscode.l10n.t('Study');
    this.#useAsEditor(vscode.window.createWebviewPanel(STUDY_EDITOR, title, vscode.ViewColumn.Active));
  }

  /** Called by VS Code for an editor tab that was open before the window was reloaded. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#useAsEditor(panel);
  }

  #useAsEditor(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    this.#pages.add(panel.webview, panel);
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

  /** All decks there are, the built-in ones first. */
  async allDecks(): Promise<readonly Deck[]> {
    return (await this.study).allDecks;
  }

  /** Takes note of what was found in the file in the editor, for the overview. */
  async setFindings(findings: readonly Finding[]): Promise<void> {
    this.#findings = findings;
    if (this.#study === undefined) return;
    const study = await this.#study;
    if (study.setFindings(this.#findings) && study.progress.front === 'home') await this.#show(study);
  }

  /** Puts the card of a mistake that was made in code into today's reviews, where the learner wants that. */
  async addMistake(code: string): Promise<void> {
    if (!settings().get<boolean>('learnFromMistakes', false)) return;
    const study = await this.study;
    if (!study.addMistake(code, Date.now())) return;
    await this.#show(study);
    await this.#save(study);
  }

  /** What a way to learn keeps. */
  async stateOf(mode: ModeId): Promise<unknown> {
    return (await this.study).progress.modes[mode];
  }

  /** Lets an action change what a way to learn keeps, whatever is in front. */
  async actIn(mode: ModeId, action: unknown): Promise<void> {
    const study = await this.study;
    const before = study.progress;
    study.actIn(mode, action, momentNow());
    await this.#show(study);
    if (study.progress !== before) await this.#save(study);
  }

  /** Puts a way to learn in front and brings the view into sight, without taking the focus where that can be. */
  async bringToFront(mode: ModeId): Promise<void> {
    const study = await this.study;
    const before = study.progress;
    study.act({ type: 'open', mode }, momentNow());
    await this.#show(study);
    if (study.progress !== before) await this.#save(study);
    if (this.#view !== undefined) this.#view.show(true);
    else if (this.#panel !== undefined) this.#panel.reveal(undefined, true);
    else await vscode.commands.executeCommand(`${STUDY_VIEW}.focus`, { preserveFocus: true });
  }

  /** Shows the settings as they are now. */
  async refresh(): Promise<void> {
    await this.#show(await this.study);
  }

  async #receive(data: unknown, from: vscode.Webview): Promise<void> {
    const message = readMessageToHost(data);
    if (message === undefined) {
      this.log.warn('The Study view sent a message that is not understood.');
      return;
    }
    const study = await this.study;
    const showsDecks = message.type === 'ready' || ['home', 'decks'].includes(message.action.type);
    if (showsDecks) void this.#workspaceDecks.look();
    if (message.type === 'ready') await this.#show(study);
    else if (message.action.type === 'do' && isPractice(message.action.mode)) {
      await this.editor.practise(message.action.mode, message.action.action);
    } else await this.#act(study, message.action, from);
  }

  async #act(study: Study, action: StudyAction, from: vscode.Webview): Promise<void> {
    const editor = study.asksEditor(action) ? await this.editor.inSight() : undefined;
    await this.#useEditor(study, action);
    const before = study.progress;
    study.act(action, { ...momentNow(), editor });
    // The page has the draft already; sending it back would disturb the typing.
    await this.#show(study, action.type === 'draft' ? from : undefined);
    if (study.progress !== before) await this.#save(study);
  }

  async #save(study: Study): Promise<void> {
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

  async #show(study: Study, except?: vscode.Webview): Promise<void> {
    if (this.#view !== undefined) {
      const due = settings().get<boolean>('dueBadge', false) ? study.countDue(Date.now()) : 0;
      this.#view.badge = due === 0 ? undefined : { value: due, tooltip: vscode.l10n.t('{0} due', due) };
    }
    await this.#pages.show({ type: 'view', view: study.viewAt(momentNow()) }, except);
  }

  async #load(): Promise<Study> {
    const { decks, notices: deckNotices } = await this.#readDecks();
    const { modes, notices: contentNotices } = await this.#readModes();
    const { progress, notices: progressNotices } = await this.#loadProgress(modes);
    const study = new Study(decks, progress, [...contentNotices, ...progressNotices], modes);
    study.setDecks(decks, deckNotices);
    study.setFindings(this.#findings);
    return study;
  }

  /** The ways to learn besides the decks, and what of the built-in content could not be read. */
  async #readModes(): Promise<{ modes: readonly Mode[]; notices: readonly string[] }> {
    const builtIn = await this.builtIn;
    const lessons = (await this.#readContent('lessons.json', v.array(lessonSchema))) ?? [];
    const predictions = (await this.#readContent('predictions.json', v.array(predictionSchema))) ?? [];
    const exercises = await this.exercises;
    const notices: string[] = [];
    if (builtIn.length === 0) notices.push(vscode.l10n.t('The decks could not be read. The log says why.'));
    if (exercises === null) notices.push(vscode.l10n.t('The exercises could not be read. The log says why.'));
    if (lessons.length === 0) notices.push(vscode.l10n.t('The lessons could not be read. The log says why.'));
    return { modes: modesOf({ lessons, predictions, exercises }), notices };
  }

  /** The learner's progress, and what the learner should know of how it was found. */
  async #loadProgress(modes: readonly Mode[]): Promise<{ progress: Progress; notices: readonly string[] }> {
    const { progress, problem, state } = await this.#store.load(Date.now());
    if (problem !== undefined) this.log.error(`Study progress: ${problem}.`);
    const unreadable = modes.filter((mode) => !mode.isReadable(progress.modes[mode.id]));
    if (unreadable.length > 0) {
      const names = unreadable.map(({ id }) => id).join(', ');
      const key = await this.#store.backUp('damaged', Date.now());
      this.log.error(`Study progress of ${names} could not be read. It is kept under the key "${key}".`);
    }
    const notices: string[] = [];
    if (state === 'newer') {
      notices.push(
        vscode.l10n.t(
          'Your study progress is from a newer Freezelint and was left as it is. What you do here is kept beside it until this Freezelint is updated.',
        ),
      );
    }
    if (state === 'damaged' || unreadable.length > 0) {
      notices.push(
        vscode.l10n.t(
          'Some of your study progress could not be read. Nothing was deleted; the log says more.',
        ),
      );
    }
    return { progress, notices };
  }

  /** The built-in decks and those of the workspace, and which of those cannot be read. */
  async #readDecks(): Promise<{ decks: readonly Deck[]; notices: readonly string[] }> {
    const builtIn = await this.builtIn;
    const { decks, broken } = await this.#workspaceDecks.read(builtIn);
    const notices = broken.map((file) =>
      vscode.l10n.t('{0} is left out, since it has errors. The Problems panel lists them.', file),
    );
    return { decks: [...builtIn, ...decks], notices };
  }

  async #readDecksAgain(): Promise<void> {
    const study = await this.study;
    const { decks, notices } = await this.#readDecks();
    study.setDecks(decks, notices);
    await this.#show(study);
  }

  /** What the build made of a kind of content; null, and a line in the log, where that cannot be read. */
  async #readContent<Content>(
    file: string,
    schema: v.GenericSchema<unknown, Content>,
  ): Promise<Content | null> {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#extensionUri, 'dist', file));
      return v.parse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      this.log.error(`The built-in ${file} could not be read: ${String(error)}`);
      return null;
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
