import * as vscode from 'vscode';
import { freezeActions, refactorKind } from '../editor/freeze-actions.ts';
import { type FreezeContext, freezeContext } from '../editor/freeze-context.ts';
import {
  choiceNamed,
  freezeAllBut,
  headOf,
  layerChoices,
  layerLines,
  setLayers,
} from '../editor/freeze-layers.ts';
import { freezeStatistics } from '../editor/freeze-statistics.ts';
import { gradualUnfreeze, insertSchedule, type NoGradualUnfreeze } from '../editor/gradual-unfreeze.ts';
import { filterableOptimizers, rebuildableOptimizers } from '../editor/optimizer-edits.ts';
import type { Edit } from '../rules/rule.ts';
import { type Cursor, cursorIn, cursorInFront } from './cursor.ts';
import { lintedDocumentOf, pythonDocumentsAndCells, versionOf } from './documents.ts';
import { pickLayers } from './layer-pick.ts';
import type { LintedProgram, LiveLint } from './live-lint.ts';
import type { ProgramDocuments } from './program-documents.ts';
import { sayInStatusBar } from './status-bar-message.ts';
import { nameOfLine, words } from './wording.ts';

/** What a caller, such as a tree of the model or a code action, may say to the commands that freeze and unfreeze. */
export interface FreezeArguments {
  /** The document or cell; the active editor's where left out. */
  readonly uri?: vscode.Uri | string;
  /** The line to insert at, from 0; that of the cursor where left out. */
  readonly line?: number;
  /** The module to freeze without asking: its model's variable and its path, `model.layer1.0`. */
  readonly path?: string;
  /** The variable of the model whose layers are on offer; all that are known at the cursor where left out. */
  readonly model?: string;
}

/** *Freeze Layers…* and its sisters: the commands, and the refactorings of the lightbulb menu. */
export function offerFreezing(live: LiveLint): vscode.Disposable {
  const command = (name: string, run: (gesture: Gesture) => Promise<Edit | string | null>) =>
    vscode.commands.registerCommand(`freezelint.${name}`, async (given?: FreezeArguments) => {
      await perform(live, given ?? {}, run);
    });
  return vscode.Disposable.from(
    offerRefactorings(live),
    command('freezeLayers', (gesture) => chooseLayers(gesture, false)),
    command('unfreezeLayers', (gesture) => chooseLayers(gesture, true)),
    command('freezeAllButHead', async ({ context }) => {
      const withHead = context.models.map((model) => ({ model, heads: headOf(model) }));
      const found = withHead.find(({ heads }) => heads.length > 0);
      if (found) return freezeAllBut(context, found.model.name, found.heads);
      const [first] = context.models;
      return first
        ? vscode.l10n.t('no known head in {0}; Freeze Layers… lets you choose', first.name)
        : vscode.l10n.t('no model is known at the cursor');
    }),
    command('freezeStatistics', async ({ context }) => {
      for (const model of context.models) {
        const edit = freezeStatistics(context, model);
        if (edit) return edit;
      }
      return vscode.l10n.t('nothing frozen here has BatchNorm statistics');
    }),
    command('filterOptimizer', async ({ context }) => {
      const edit = await pickOne(filterableOptimizers(context), vscode.l10n.t('Optimizer to filter'));
      return edit ?? vscode.l10n.t('no optimizer that could be filtered');
    }),
    command('rebuildOptimizer', async ({ context }) => {
      const edit = await pickOne(rebuildableOptimizers(context), vscode.l10n.t('Optimizer to build again'));
      return edit ?? vscode.l10n.t('no optimizer here that could be built again');
    }),
    command('unfreezeGradually', chooseStages),
  );
}

/** One use of a command. */
interface Gesture {
  readonly offset: number;
  readonly given: FreezeArguments;
  readonly linted: LintedProgram;
  readonly context: FreezeContext;
}

/** Runs a command at the cursor: makes its edit, or says in the status bar why there is none; null means called off. */
async function perform(
  live: LiveLint,
  given: FreezeArguments,
  run: (gesture: Gesture) => Promise<Edit | string | null>,
): Promise<void> {
  const cursor = await placeMeant(given);
  if (!cursor) return sayInStatusBar(vscode.l10n.t('open a Python file first'));
  const linted = await live.currentProgram(cursor.document);
  const document = lintedDocumentOf(cursor.document);
  if (!linted || !document) return sayInStatusBar(vscode.l10n.t('no PyTorch here'));
  const { result, program, documents } = linted;
  const version = versionOf(document);
  const offset = documents.offsetOf(cursor.document, cursor.position);
  const context = freezeContext(result.module, offset, program);
  if (!context) return sayInStatusBar(vscode.l10n.t('nothing can be inserted at the cursor'));
  const answer = await run({ offset, given, linted, context });
  if (answer === null) return;
  if (typeof answer === 'string') return sayInStatusBar(answer);
  if (!documents.canEdit([answer]))
    return sayInStatusBar(vscode.l10n.t('nothing can be inserted at the cursor'));
  // The edit is one of the text as it was when the question was asked.
  if (versionOf(document) !== version)
    return sayInStatusBar(vscode.l10n.t('the file has changed meanwhile; try again'));
  await vscode.workspace.applyEdit(documents.workspaceEdit([answer]));
  reveal(documents, answer);
}

/** Where the statements go. */
async function placeMeant({ uri, line }: FreezeArguments): Promise<Cursor | null> {
  if (uri === undefined) return cursorInFront();
  const cursor = await cursorIn(typeof uri === 'string' ? vscode.Uri.parse(uri) : vscode.Uri.from(uri));
  if (line === undefined) return cursor;
  const { document } = cursor;
  return { document, position: document.lineAt(Math.min(line, document.lineCount - 1)).range.end };
}

/** Scrolls to an edit that was made, as far as that is necessary. */
function reveal(documents: ProgramDocuments, { span }: Edit): void {
  const place = documents.placeOf(span);
  const { visibleTextEditors, activeNotebookEditor } = vscode.window;
  const editor = visibleTextEditors.find(({ document }) => document === place?.document);
  if (place && editor) {
    editor.revealRange(place.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  const cells = activeNotebookEditor?.notebook.getCells() ?? [];
  const index = cells.findIndex(({ document }) => document === place?.document);
  if (index === -1) return;
  const range = new vscode.NotebookRange(index, index + 1);
  activeNotebookEditor?.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
}

async function chooseLayers(
  { given, context, linted }: Gesture,
  trainable: boolean,
): Promise<Edit | string | null> {
  const all = layerChoices(context);
  const { path, model } = given;
  if (path !== undefined) {
    const choice = choiceNamed(all, path);
    if (!choice) return vscode.l10n.t('{0} is not known at the cursor', path);
    return setLayers(context, [choice], trainable);
  }
  const choices = model === undefined ? all : all.filter((choice) => choice.model === model);
  if (choices.length === 0) return vscode.l10n.t('no model is known at the cursor');
  const line = insertedLine(linted, setLayers(context, choices, trainable));
  const chosen = await pickLayers(choices, {
    title: trainable
      ? vscode.l10n.t('Unfreeze Layers ({0})', line)
      : vscode.l10n.t('Freeze Layers ({0})', line),
    picked: [],
    preview: (layers) => layerLines(context, layers, trainable),
  });
  return chosen && setLayers(context, chosen, trainable);
}

const reasons: Record<NoGradualUnfreeze, () => string> = {
  'no loop over epochs': () => vscode.l10n.t('no loop over epochs at or below the cursor'),
  'nothing frozen': () => vscode.l10n.t('nothing is frozen when the loop over epochs begins'),
  'scheduler out of reach': () =>
    vscode.l10n.t('a learning rate scheduler cannot be built again in the loop'),
  'optimizer unknown': () => vscode.l10n.t('it is not certain which optimizer the layers would be added to'),
};

async function chooseStages({ offset, linted }: Gesture): Promise<Edit | string | null> {
  const plan = gradualUnfreeze(linted.result.module, offset, linted.program);
  if (typeof plan === 'string') return reasons[plan]();
  const line = insertedLine(linted, insertSchedule(plan, plan.stages));
  const chosen = await pickLayers(plan.stages, {
    title: vscode.l10n.t('Unfreeze Gradually ({0}): one part an epoch, from the top', line),
    picked: plan.stages,
    preview: null,
  });
  return chosen && insertSchedule(plan, chosen);
}

/** The name of the first line that an edit inserts. */
function insertedLine({ documents }: LintedProgram, edit: Edit | null): string {
  const place = edit && documents.placeOf(edit.span);
  if (!place) return '';
  const { line } = place.range.start;
  return nameOfLine(documents, place.document.uri, /^\r?\n/.test(edit.content) ? line + 1 : line);
}

/** The edit of the only candidate, or of the one that is picked; null for none. */
async function pickOne(
  candidates: readonly { readonly name: string; readonly edit: Edit }[],
  title: string,
): Promise<Edit | null> {
  const [only, ...more] = candidates;
  if (more.length === 0) return only?.edit ?? null;
  const items = candidates.map(({ name, edit }) => ({ label: name, detail: edit.content.trim(), edit }));
  return (await vscode.window.showQuickPick(items, { title }))?.edit ?? null;
}

function offerRefactorings(live: LiveLint): vscode.Disposable {
  const kind = vscode.CodeActionKind.Empty.append(refactorKind);
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, { only, triggerKind }, token) {
      if (only && !only.contains(kind)) return [];
      // Whoever only moves the cursor asks for nothing, and nothing is run on paper for it.
      if (triggerKind === vscode.CodeActionTriggerKind.Automatic && range.isEmpty) return [];
      const linted = await live.currentProgram(document);
      if (linted === null || token.isCancellationRequested) return [];
      const { result, program, documents } = linted;
      const offset = documents.offsetOf(document, range.start);
      const context = freezeContext(result.module, offset, program);
      if (!context) return [];
      const possible = freezeActions(context, offset, words).filter(
        ({ edit }) => !edit || documents.canEdit([edit]),
      );
      return possible.map(({ title, edit, command }) => {
        const action = new vscode.CodeAction(title, kind);
        if (edit) action.edit = documents.workspaceEdit([edit]);
        if (command) {
          const given: FreezeArguments = { uri: document.uri, model: command.model };
          action.command = { title, command: `freezelint.${command.name}`, arguments: [given] };
        }
        return action;
      });
    },
  };
  return vscode.languages.registerCodeActionsProvider(pythonDocumentsAndCells, provider, {
    providedCodeActionKinds: [kind],
  });
}
