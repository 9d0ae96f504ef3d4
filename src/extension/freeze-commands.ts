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
import { isLinted, pythonDocuments, rangeOf } from './documents.ts';
import { pickLayers } from './layer-pick.ts';
import type { LintState, LiveLint } from './live-lint.ts';

/** What a caller, such as a tree of the model or a code action, may say to the commands that freeze and unfreeze. */
export interface FreezeArguments {
  /** The document; the active editor's where left out. */
  readonly uri?: vscode.Uri | string;
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
      return found
        ? freezeAllBut(context, found.model.name, found.heads)
        : vscode.l10n.t('no model with a known head at the cursor');
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
  readonly document: vscode.TextDocument;
  readonly offset: number;
  readonly given: FreezeArguments;
  readonly state: Extract<LintState, { kind: 'linted' }>;
  readonly context: FreezeContext;
}

/** Runs a command at the cursor: makes its edit, or says in the status bar why there is none; null means called off. */
async function perform(
  live: LiveLint,
  given: FreezeArguments,
  run: (gesture: Gesture) => Promise<Edit | string | null>,
): Promise<void> {
  const editor = await editorOf(given.uri);
  if (!editor) return say(vscode.l10n.t('open a Python file first'));
  const { document } = editor;
  const state = await live.currentState(document);
  if (state?.kind !== 'linted') return say(vscode.l10n.t('no PyTorch here'));
  const { version } = document;
  const offset = document.offsetAt(editor.selection.active);
  const context = freezeContext(state.result.module, offset, state.program);
  if (!context) return say(vscode.l10n.t('nothing can be inserted at the cursor'));
  const answer = await run({ document, offset, given, state, context });
  if (answer === null) return;
  if (typeof answer === 'string') return say(answer);
  // The edit is one of the text as it was when the question was asked.
  if (document.version !== version) return say(vscode.l10n.t('the file has changed meanwhile; try again'));
  await vscode.workspace.applyEdit(state.documents.workspaceEdit([answer]));
  editor.revealRange(rangeOf(document, answer.span), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function editorOf(uri: FreezeArguments['uri']): Promise<vscode.TextEditor | undefined> {
  const active = vscode.window.activeTextEditor;
  if (uri === undefined) return active && isLinted(active.document) ? active : undefined;
  const wanted = typeof uri === 'string' ? vscode.Uri.parse(uri) : vscode.Uri.from(uri);
  const shows = (editor: vscode.TextEditor): boolean => editor.document.uri.toString() === wanted.toString();
  if (active && shows(active)) return active;
  return vscode.window.visibleTextEditors.find(shows) ?? (await vscode.window.showTextDocument(wanted));
}

/** An answer to somebody who asked, gone by itself. */
function say(why: string): void {
  vscode.window.setStatusBarMessage(`Freezelint: ${why}`, 5000);
}

async function chooseLayers(
  { document, given, context }: Gesture,
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
  const line = insertedLine(document, setLayers(context, choices, trainable));
  const chosen = await pickLayers(choices, {
    title: trainable
      ? vscode.l10n.t('Unfreeze Layers (line {0})', line)
      : vscode.l10n.t('Freeze Layers (line {0})', line),
    picked: [],
    preview: (layers) => layerLines(context, layers, trainable),
  });
  return chosen && setLayers(context, chosen, trainable);
}

const reasons: Record<NoGradualUnfreeze, () => string> = {
  'no loop over epochs': () => vscode.l10n.t('no loop over epochs at or below the cursor'),
  'nothing frozen': () => vscode.l10n.t('nothing is frozen when the loop over epochs begins'),
  'optimizer unknown': () => vscode.l10n.t('it is not certain which optimizer the layers would be added to'),
};

async function chooseStages({ document, offset, state }: Gesture): Promise<Edit | string | null> {
  const plan = gradualUnfreeze(state.result.module, offset, state.program);
  if (typeof plan === 'string') return reasons[plan]();
  const line = insertedLine(document, insertSchedule(plan, plan.stages));
  const chosen = await pickLayers(plan.stages, {
    title: vscode.l10n.t('Unfreeze Gradually (line {0}): one part an epoch, from the top', line),
    picked: plan.stages,
    preview: null,
  });
  return chosen && insertSchedule(plan, chosen);
}

/** The number of the first line that an edit inserts. */
function insertedLine(document: vscode.TextDocument, edit: Edit | null): number {
  const { line } = document.positionAt(edit?.span.start ?? 0);
  return line + (edit && /^\r?\n/.test(edit.content) ? 2 : 1);
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
      const state = await live.currentState(document);
      if (state?.kind !== 'linted' || token.isCancellationRequested) return [];
      const offset = document.offsetAt(range.start);
      const context = freezeContext(state.result.module, offset, state.program);
      if (!context) return [];
      return freezeActions(context, offset).map(({ title, edit, command }) => {
        const action = new vscode.CodeAction(title, kind);
        if (edit) action.edit = state.documents.workspaceEdit([edit]);
        if (command) {
          const given: FreezeArguments = { uri: document.uri, model: command.model };
          action.command = { title, command: `freezelint.${command.name}`, arguments: [given] };
        }
        return action;
      });
    },
  };
  return vscode.languages.registerCodeActionsProvider(pythonDocuments, provider, {
    providedCodeActionKinds: [kind],
  });
}
