import * as vscode from 'vscode';
import type { Program } from '../analysis/program.ts';
import { type FreezeMap, type FreezeMapItem, freezeMapAt, knowsModel } from '../editor/freeze-map.ts';
import type { ObservedProgram } from '../editor/observed-program.ts';
import type { Span } from '../python/syntax.ts';
import { isLinted } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import type { ObservedPrograms } from './observed-programs.ts';
import { type RevealArguments, revealArguments, revealCommand, wordingFor } from './wording.ts';

const viewId = 'freezelint.freezeMap';
/** Hides the view where there is nothing to show; package.json asks for it. */
const contextKey = 'freezelint.modelKnown';
// A cursor that is held down moves through many lines; the map is for the one where it rests.
const restMilliseconds = 120;

/** A node of the tree; commands of its context menu get it and take `uri` and `path` from it. */
export interface FreezeMapElement {
  readonly uri: vscode.Uri;
  /** The model's variable and the module's path in it: `model.layer1.0`. */
  readonly path: string;
  readonly item: FreezeMapItem;
  readonly parent: FreezeMapElement | null;
}

/** What the tree shows. */
interface Shown {
  readonly document: vscode.TextDocument;
  readonly program: Program;
  readonly observed: ObservedProgram;
  readonly map: FreezeMap;
}

/** The Freeze Map in the Explorer: what is frozen just before the line of the cursor. */
export function showFreezeMap(
  live: LiveLint,
  programs: ObservedPrograms,
  icons: vscode.Uri,
): vscode.Disposable {
  const tree = new FreezeMapTree(live, programs, icons);
  return vscode.Disposable.from(
    tree,
    vscode.commands.registerCommand('freezelint.showFreezeMap', () => tree.show()),
  );
}

class FreezeMapTree implements vscode.TreeDataProvider<FreezeMapElement>, vscode.Disposable {
  readonly #live: LiveLint;
  readonly #programs: ObservedPrograms;
  readonly #icons: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<FreezeMapElement>;
  readonly #subscriptions: vscode.Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: Shown | null = null;
  /** Where a click in the tree leads: the map does not follow the cursor there, or it would show another line. */
  #jump: string | null = null;

  constructor(live: LiveLint, programs: ObservedPrograms, icons: vscode.Uri) {
    this.#live = live;
    this.#programs = programs;
    this.#icons = icons;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      this.#view.onDidChangeVisibility(() => this.#schedule(0)),
      vscode.window.onDidChangeActiveTextEditor(() => this.#editorChanged()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor !== vscode.window.activeTextEditor) return;
        const isJump = this.#jump === placeOfCursor(textEditor);
        this.#jump = null;
        if (!isJump) this.#schedule(restMilliseconds);
      }),
      live.onDidLint(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.#editorChanged();
      }),
      vscode.commands.registerCommand('freezelint.revealDecidingLine', (...place: RevealArguments) => {
        const [uri, line, character] = place;
        this.#jump = `${uri}:${line}:${character}`;
        return vscode.commands.executeCommand(revealCommand, ...place);
      }),
    ];
    this.#editorChanged();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async show(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document) await this.#live.currentState(document);
    if (this.#updateContext()) await vscode.commands.executeCommand(`${viewId}.focus`);
    // An answer to somebody who asked, gone by itself.
    else vscode.window.setStatusBarMessage(vscode.l10n.t('Freezelint: no model is known in this file'), 4000);
  }

  getTreeItem({ item }: FreezeMapElement): vscode.TreeItem {
    const { label, description, children, decidedBy, isModule } = item;
    const isRoot = item.id === label;
    const collapsed = isRoot
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
    const shown = new vscode.TreeItem(
      label,
      children.length > 0 ? collapsed : vscode.TreeItemCollapsibleState.None,
    );
    shown.id = item.id;
    shown.description = description;
    shown.iconPath = this.#iconOf(item.verdict);
    if (isModule) shown.contextValue = 'module';
    shown.accessibilityInformation = { label: `${label}, ${description}` };
    if (decidedBy && this.#shown) this.#addLink(shown, decidedBy, this.#shown);
    return shown;
  }

  getChildren(element?: FreezeMapElement): FreezeMapElement[] {
    if (!this.#shown) return [];
    const { uri } = this.#shown.document;
    const items = element ? element.item.children : this.#shown.map.models;
    return items.map((item) => ({ uri, path: item.id, item, parent: element ?? null }));
  }

  getParent({ parent }: FreezeMapElement): FreezeMapElement | null {
    return parent;
  }

  #addLink(shown: vscode.TreeItem, decidedBy: Span, { document, program }: Shown): void {
    const { nameOfLine } = wordingFor(document, program);
    shown.tooltip = vscode.l10n.t('Decided by {0}', nameOfLine(decidedBy));
    shown.command = {
      title: vscode.l10n.t('Show the Deciding Line'),
      command: 'freezelint.revealDecidingLine',
      arguments: [...revealArguments(document, program, decidedBy)],
    };
  }

  #iconOf(verdict: FreezeMapItem['verdict']): vscode.IconPath {
    if (verdict === 'frozen' || verdict === 'trainable') {
      const icon = (theme: string) => vscode.Uri.joinPath(this.#icons, `${verdict}-${theme}.svg`);
      return { light: icon('light'), dark: icon('dark') };
    }
    return new vscode.ThemeIcon(verdict === 'mixed' ? 'color-mode' : 'question');
  }

  #editorChanged(): void {
    // The window's other parts, such as the tree itself, are no editors: what was shown stays.
    if (!vscode.window.activeTextEditor && vscode.window.visibleTextEditors.length > 0) return;
    this.#updateContext();
    this.#schedule(0);
  }

  /** Whether the document in front has a model. */
  #updateContext(): boolean {
    const document = vscode.window.activeTextEditor?.document;
    const state = document && isLinted(document) ? this.#live.lastState(document) : undefined;
    const isKnown = state?.kind === 'linted' && knowsModel(state.result.trace);
    void vscode.commands.executeCommand('setContext', contextKey, isKnown);
    return isKnown;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    // Nobody looks, so nothing is asked.
    if (!this.#view.visible) return;
    this.#timer = setTimeout(() => void this.#update(), delay);
  }

  async #update(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const { document } = editor;
    const { version } = document;
    const known = await this.#programs.of(document);
    if (document.version !== version) return;
    const offset = document.offsetAt(editor.selection.active);
    const map = known && freezeMapAt(known.observed, offset, wordingFor(document, known.program));
    // An open menu loses its element when the same is drawn again.
    const isSame = this.#shown?.observed === known?.observed && this.#shown?.map.row === map?.row;
    if (known && isSame) return;
    this.#shown = known && map && { ...known, document, map };
    this.#view.description = map ? whereOf(map) : '';
    this.#view.message =
      map?.models.length === 0 ? vscode.l10n.t('No model is known at line {0}.', map.row + 1) : '';
    this.#changed.fire();
  }
}

const placeOfCursor = ({ document, selection }: vscode.TextEditor): string =>
  `${document.uri.toString()}:${selection.active.line}:${selection.active.character}`;

const whereOf = ({ row, scope }: FreezeMap): string =>
  scope === null
    ? vscode.l10n.t('before line {0}', row + 1)
    : vscode.l10n.t('before line {0} in {1}()', row + 1, scope);
