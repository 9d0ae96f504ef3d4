import * as v from 'valibot';
import * as vscode from 'vscode';
import { checkSteps } from '../../learn/exercises/check-goal.ts';
import {
  currentStep,
  freshProject,
  type ProjectAction,
  type ProjectState,
  projectStateSchema,
} from '../../learn/exercises/project-state.ts';
import type { LintResult } from '../../lint.ts';
import { uriOfExercise } from './exercise-address.ts';
import type { PracticeStore } from './practice-store.ts';

/** The file that the steps are about. */
const CODE = 'train.py';

/** What the page asks for. */
const requestSchema = v.variant('type', [
  v.strictObject({ type: v.literal('pick') }),
  v.strictObject({ type: v.literal('leave') }),
  v.strictObject({ type: v.literal('hint') }),
  v.strictObject({ type: v.literal('check') }),
  v.strictObject({ type: v.literal('edit') }),
  v.strictObject({ type: v.literal('solution') }),
  v.strictObject({ type: v.literal('reveal'), line: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
]);

/** The guided project in a folder of the learner: begins it, and ticks its steps from what the code does. */
export class ProjectFolder implements vscode.Disposable {
  readonly #store: PracticeStore;
  readonly #lint: (text: string) => Promise<LintResult | null>;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(store: PracticeStore, lint: (text: string) => Promise<LintResult | null>) {
    this.#store = store;
    this.#lint = lint;
    this.#subscriptions = [
      vscode.workspace.onDidSaveTextDocument(
        (document) => void this.#ifItsCode(document, () => this.#check()),
      ),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        void this.#ifItsCode(document, () => this.#act({ type: 'changed' }));
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Carries out what the page asks for. */
  async carryOut(action: unknown): Promise<void> {
    const request = v.safeParse(requestSchema, action);
    if (!request.success) return;
    switch (request.output.type) {
      case 'pick':
        return this.#pick();
      case 'leave':
      case 'hint':
        return this.#act(request.output);
      case 'check':
        return this.#check();
      case 'edit':
        return this.#open();
      case 'reveal':
        return this.#open(request.output.line);
      case 'solution':
        return this.#compare();
    }
  }

  async #pick(): Promise<void> {
    const chosen = await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      title: vscode.l10n.t('An Empty Folder for the Project'),
      openLabel: vscode.l10n.t('Use This Folder'),
    });
    const folder = chosen?.[0];
    if (folder === undefined) return;
    const problem = await this.#begin(folder);
    if (problem !== null) return this.#act({ type: 'failed', problem });
    await this.#act({ type: 'chosen', folder: folder.toString() });
    await this.#open();
  }

  /** Writes the files of the project into an empty folder; what is wrong with it where that cannot be. */
  async #begin(folder: vscode.Uri): Promise<string | null> {
    const exercises = await this.#store.exercises;
    if (exercises === null) return vscode.l10n.t('The files of the project could not be read.');
    const name = vscode.workspace.asRelativePath(folder);
    try {
      const entries = await vscode.workspace.fs.readDirectory(folder);
      if (entries.length > 0) {
        return vscode.l10n.t(
          'The folder “{0}” is not empty. Choose an empty one; nothing of yours is ever written over.',
          name,
        );
      }
    } catch (error) {
      return vscode.l10n.t('The folder “{0}” could not be read: {1}', name, messageOf(error));
    }
    const edit = new vscode.WorkspaceEdit();
    for (const file of exercises.project.files) {
      const contents = new TextEncoder().encode(file.text);
      edit.createFile(vscode.Uri.joinPath(folder, file.name), { contents, overwrite: false });
    }
    const isWritten = await vscode.workspace.applyEdit(edit);
    return isWritten ? null : vscode.l10n.t('Nothing could be written into the folder “{0}”.', name);
  }

  async #check(): Promise<void> {
    const code = await this.#code();
    const exercises = await this.#store.exercises;
    if (code === null || exercises === null) return;
    let text: string;
    try {
      const open = openDocument(code);
      // The editor may not have noticed yet what somebody else has written.
      text = open?.isDirty
        ? open.getText()
        : new TextDecoder().decode(await vscode.workspace.fs.readFile(code));
    } catch (error) {
      const problem = vscode.l10n.t('{0} could not be read: {1}', CODE, messageOf(error));
      return this.#act({ type: 'failed', problem });
    }
    const { steps } = exercises.project;
    const checked = checkSteps(await this.#lint(text), steps);
    await this.#act({
      type: 'checked',
      steps: Object.fromEntries(steps.map(({ id }, index) => [id, [...(checked.steps[index] ?? [])]])),
      whole: [...checked.whole],
    });
  }

  async #open(line?: number): Promise<void> {
    const code = await this.#code();
    if (code === null) return;
    const position = line === undefined ? undefined : new vscode.Position(line - 1, 0);
    const options = position ? { selection: new vscode.Range(position, position) } : {};
    try {
      await vscode.window.showTextDocument(code, { preview: false, ...options });
    } catch (error) {
      const problem = vscode.l10n.t('{0} could not be opened: {1}', CODE, messageOf(error));
      await this.#act({ type: 'failed', problem });
    }
  }

  async #compare(): Promise<void> {
    const [code, exercises, state] = [await this.#code(), await this.#store.exercises, await this.#state()];
    if (code === null || exercises === null) return;
    const step = currentStep(state, exercises.project);
    if (step === null) return;
    const solution = uriOfExercise({ kind: 'project', id: step.id, file: 'solution' });
    const title = vscode.l10n.t('{0}: yours and a solution', step.title);
    await vscode.commands.executeCommand('vscode.diff', code, solution, title);
  }

  /** The file that the steps are about; null before a folder is chosen. */
  async #code(): Promise<vscode.Uri | null> {
    const { folder } = await this.#state();
    return folder === null ? null : vscode.Uri.joinPath(vscode.Uri.parse(folder, true), CODE);
  }

  async #ifItsCode({ uri }: vscode.TextDocument, work: () => Promise<void>): Promise<void> {
    if (!uri.path.endsWith(`/${CODE}`)) return;
    if ((await this.#code())?.toString() === uri.toString()) await work();
  }

  async #state(): Promise<ProjectState> {
    const parsed = v.safeParse(projectStateSchema, await this.#store.stateOf('project'));
    return parsed.success ? parsed.output : freshProject;
  }

  #act(action: ProjectAction): Promise<void> {
    return this.#store.actIn('project', action);
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
