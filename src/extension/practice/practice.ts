import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  configurationOf,
  goalOf,
  isBugLine,
  isWithheld,
  withoutFindings,
} from '../../learn/exercises/challenges.ts';
import { checkGoal } from '../../learn/exercises/check-goal.ts';
import type { Challenge, Try } from '../../learn/exercises/content.ts';
import {
  freshPractice,
  type PracticeAction,
  type PracticeState,
  practiceStateSchema,
  textOf,
} from '../../learn/exercises/practice-state.ts';
import type { ModeId } from '../../learn/modes.ts';
import { type LintConfiguration, type LintResult, lint } from '../../lint.ts';
import type { LazyParser } from '../../python/lazy-parser.ts';
import { rules } from '../../rules/registry.ts';
import {
  EXERCISE_SCHEME,
  type ExerciseAddress,
  type ExerciseKind,
  exerciseOf,
  uriOfExercise,
} from './exercise-address.ts';
import type { ExerciseFiles, ExerciseTexts } from './exercise-files.ts';
import type { PracticeStore } from './practice-store.ts';
import { ProjectFolder } from './project-folder.ts';

/** What the page asks of the editor. */
const requestSchema = v.variant('type', [
  v.strictObject({ type: v.literal('check') }),
  v.strictObject({ type: v.literal('mark') }),
  v.strictObject({ type: v.literal('edit') }),
  v.strictObject({ type: v.literal('solution') }),
  v.strictObject({ type: v.literal('restart') }),
  v.strictObject({ type: v.literal('reveal'), line: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
]);

/** What the page may let the state do by itself; outcomes come from here only. */
const plainSchema = v.variant('type', [
  v.strictObject({ type: v.literal('choose'), id: v.string() }),
  v.strictObject({ type: v.literal('list') }),
  v.strictObject({ type: v.literal('hint') }),
]);

// Long enough for a word to be typed, and shorter than the way to the button that closes the editor.
const saveAfterMilliseconds = 250;

// A save that another one overtakes, or that more is typed into, says that it has not saved. One that the disk refuses
// says so, too, and is not to be asked for without end.
const SAVE_ATTEMPTS = 5;

/** What is linted in the documents of exercises, whatever the learner's settings say. */
export interface ExerciseRules {
  /** Null for a document that is none of an exercise. */
  configurationFor(uri: vscode.Uri): Promise<LintConfiguration | null>;
  /** Fires when the answer may be another one. */
  readonly onDidChangeRules: vscode.Event<void>;
}

const asByDefault: LintConfiguration = { rules: {} };
const nothing: LintConfiguration = { rules: Object.fromEntries(rules.map(({ code }) => [code, 'off'])) };

/** Exercises in real editors: opens their code, keeps it, and checks what it does. */
export class Practice implements vscode.Disposable, ExerciseRules, ExerciseTexts {
  readonly #store: PracticeStore;
  readonly #parser: LazyParser;
  readonly #files: ExerciseFiles;
  readonly #project: ProjectFolder;
  readonly #rulesChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeRules = this.#rulesChanged.event;
  readonly #saving = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: vscode.Disposable[];

  /** `files` hold what the exercises have here. */
  constructor(store: PracticeStore, parser: LazyParser, files: ExerciseFiles) {
    this.#store = store;
    this.#parser = parser;
    this.#files = files;
    this.#project = new ProjectFolder(store, (text) => this.#lint(text, asByDefault));
    this.#subscriptions = [
      this.#rulesChanged,
      this.#project,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.uri.scheme === EXERCISE_SCHEME && contentChanges.length > 0) this.#saveSoon(document);
      }),
      vscode.commands.registerCommand('freezelint.checkExercise', () => this.#checkInEditor()),
      vscode.commands.registerCommand('freezelint.closeExercise', () => this.#closeEditor()),
      vscode.commands.registerCommand('freezelint.markBug', (place: unknown) => this.#markInEditor(place)),
    ];
  }

  dispose(): void {
    for (const timer of this.#saving.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async configurationFor(uri: vscode.Uri): Promise<LintConfiguration | null> {
    if (uri.scheme !== EXERCISE_SCHEME) return null;
    const address = exerciseOf(uri);
    if (address?.kind !== 'challenge') return asByDefault;
    const one = await this.#findChallenge(address.id);
    if (one === undefined) return asByDefault;
    const isKept = address.file === 'code' && isWithheld(await this.#stateOf('challenge'), one.id);
    return isKept ? nothing : configurationOf(one);
  }

  async write({ kind, id }: ExerciseAddress, text: string): Promise<void> {
    // Kept at once; that it is also stored is not worth waiting for, while the editor counts as unsaved.
    if (kind !== 'project') void this.#act(kind, { type: 'typed', id, text });
  }

  /** Carries out what the page asks for in a way to learn with exercises. */
  async carryOut(mode: ModeId, action: unknown): Promise<void> {
    if (mode === 'project') return this.#project.carryOut(action);
    if (mode !== 'try' && mode !== 'challenge') return;
    const plain = v.safeParse(plainSchema, action);
    if (plain.success) {
      await this.#act(mode, plain.output);
      if (plain.output.type === 'choose') await this.#open(mode, plain.output.id);
      return;
    }
    const request = v.safeParse(requestSchema, action);
    const { current } = await this.#stateOf(mode);
    if (!request.success || current === null) return;
    switch (request.output.type) {
      case 'check':
        return this.#check(mode, current);
      case 'mark':
        return this.#markAtCursor(mode, current);
      case 'edit':
        return this.#open(mode, current);
      case 'restart':
        return this.#restart(mode, current);
      case 'reveal':
        return this.#open(mode, current, request.output.line);
      case 'solution':
        return this.#compare(mode, current);
    }
  }

  /** For who is in the editor: checks the exercise there, and shows the outcome beside it. */
  async #checkInEditor(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const address = uri && exerciseOf(uri);
    if (!address || address.kind === 'project') return;
    const { kind, id } = address;
    await this.#act(kind, { type: 'choose', id });
    await this.#store.bringToFront(kind);
    await this.#check(kind, id);
  }

  async #check(kind: ExerciseKind, id: string): Promise<void> {
    const one = await this.#find(kind, id);
    if (one === undefined) return;
    const address: ExerciseAddress = { kind, id, file: 'code' };
    const text = openDocument(address)?.getText() ?? (await this.read(address)) ?? one.start;
    await this.#act(kind, { type: 'typed', id, text });
    if (kind === 'try') {
      const rows = checkGoal(await this.#lint(text, asByDefault), one.goal);
      return this.#act(kind, { type: 'checked', id, rows: [...rows] });
    }
    const challenge = one as Challenge;
    const rows = checkGoal(await this.#lint(text, configurationOf(challenge)), goalOf(challenge));
    const isKept = isWithheld(await this.#stateOf(kind), id);
    await this.#act(kind, { type: 'checked', id, rows: [...(isKept ? withoutFindings(rows) : rows)] });
  }

  /** What is right does not depend on the learner's settings. */
  async #lint(text: string, configuration: LintConfiguration): Promise<LintResult | null> {
    return lint(await this.#parser.get(), text, configuration);
  }

  /** Takes the line of the cursor for the bug; opens the editor first where it is not in sight. */
  async #markAtCursor(kind: ExerciseKind, id: string): Promise<void> {
    const uri = uriOfExercise({ kind, id, file: 'code' }).toString();
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    if (editor === undefined) return this.#open(kind, id);
    await this.#mark(id, editor.document.getText(), editor.selection.active.line + 1);
  }

  /** For who is in the editor: the line of the cursor, or the one whose number was clicked. */
  async #markInEditor(place: unknown): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const address = editor && exerciseOf(editor.document.uri);
    if (address?.kind !== 'challenge' || editor === undefined) return;
    const clicked = v.safeParse(v.object({ lineNumber: v.number() }), place);
    const line = clicked.success ? clicked.output.lineNumber : editor.selection.active.line + 1;
    await this.#act('challenge', { type: 'choose', id: address.id });
    await this.#store.bringToFront('challenge');
    await this.#mark(address.id, editor.document.getText(), line);
  }

  async #mark(id: string, text: string, line: number): Promise<void> {
    const one = await this.#findChallenge(id);
    if (one === undefined) return;
    await this.#act('challenge', { type: 'marked', id, line, isRight: isBugLine(one, text, line) });
  }

  async #open(kind: ExerciseKind, id: string, line?: number): Promise<void> {
    const uri = uriOfExercise({ kind, id, file: 'code' });
    const position = line === undefined ? undefined : new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(uri, {
      preview: false,
      ...(position ? { selection: new vscode.Range(position, position) } : {}),
    });
  }

  async #restart(kind: ExerciseKind, id: string): Promise<void> {
    const address: ExerciseAddress = { kind, id, file: 'code' };
    const one = await this.#find(kind, id);
    const document = openDocument(address);
    if (one === undefined) return;
    if (document !== undefined) {
      const edit = new vscode.WorkspaceEdit();
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      edit.replace(document.uri, document.validateRange(whole), one.start);
      await vscode.workspace.applyEdit(edit);
      await save(document);
    }
    await this.#act(kind, { type: 'reset', id });
    this.#files.noteChanged(uriOfExercise(address));
    await this.#open(kind, id);
  }

  async #compare(kind: ExerciseKind, id: string): Promise<void> {
    const one = await this.#find(kind, id);
    const title = vscode.l10n.t('{0}: yours and a solution', one?.title ?? '');
    const [yours, solution] = (['code', 'solution'] as const).map((file) =>
      uriOfExercise({ kind, id, file }),
    );
    await vscode.commands.executeCommand('vscode.diff', yours, solution, title);
  }

  async read({ kind, id, file }: ExerciseAddress): Promise<string | null> {
    if (kind === 'project') {
      const step = (await this.#store.exercises)?.project.steps.find((one) => one.id === id);
      return file === 'solution' ? (step?.solution ?? null) : null;
    }
    const one = await this.#find(kind, id);
    if (one === undefined) return null;
    return file === 'solution' ? one.solution : textOf(await this.#stateOf(kind), one);
  }

  async #find(kind: ExerciseKind, id: string): Promise<Try | Challenge | undefined> {
    if (kind === 'challenge') return this.#findChallenge(id);
    return (await this.#store.exercises)?.tries.find((one) => one.id === id);
  }

  async #findChallenge(id: string): Promise<Challenge | undefined> {
    return (await this.#store.exercises)?.challenges.find((one) => one.id === id);
  }

  async #stateOf(kind: ExerciseKind): Promise<PracticeState> {
    const parsed = v.safeParse(practiceStateSchema, await this.#store.stateOf(kind));
    return parsed.success ? parsed.output : freshPractice;
  }

  async #act(kind: ExerciseKind, action: PracticeAction): Promise<void> {
    await this.#store.actIn(kind, action);
    // A hint or a solution may let the diagnostics of a challenge be seen.
    const mayShow = action.type === 'hint' || action.type === 'checked';
    if (kind === 'challenge' && mayShow) this.#rulesChanged.fire();
  }

  /**
   * What the key that closes an editor does in an exercise: VS Code lets no extension answer its question whether to
   * save, so that the last keystrokes have to be saved before it comes up.
   */
  async #closeEditor(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document && exerciseOf(document.uri)?.file === 'code') {
      clearTimeout(this.#saving.get(document.uri.toString()));
      await save(document);
    }
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  }

  /** Nobody is asked to save an exercise. */
  #saveSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#saving.get(key));
    this.#saving.set(
      key,
      setTimeout(() => {
        this.#saving.delete(key);
        if (exerciseOf(document.uri)?.file === 'code') void save(document);
      }, saveAfterMilliseconds),
    );
  }
}

/**
 * Saves a document that may be changed meanwhile. It is not asked whether it has changes: VS Code tells an extension of
 * a save by which a document has none, also where more was typed during that save.
 */
async function save(document: vscode.TextDocument): Promise<void> {
  for (let attempts = 0; attempts < SAVE_ATTEMPTS; attempts++) {
    if (document.isClosed || (await document.save())) return;
  }
}

function openDocument(address: ExerciseAddress): vscode.TextDocument | undefined {
  const uri = uriOfExercise(address).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}
