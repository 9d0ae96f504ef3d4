import * as vscode from 'vscode';
import { type FreezeMap, type FreezeMapItem, freezeMapAt, knowsModel } from '../editor/freeze-map.ts';
import type { Span } from '../python/syntax.ts';
import { documentInFront, lintedDocumentOf, versionOf } from './documents.ts';
import type { LiveLint } from './live-lint.ts';
import type { Observed, ObservedPrograms } from './observed-programs.ts';
import { sayInStatusBar } from './status-bar-message.ts';
import { nameOfLine, type RevealArguments, revealArguments, revealCommand, wordingFor } from './wording.ts';

const viewId = 'freezelint.freezeMap';
/** Hides the view where there is nothing to show; package.json asks for it. */
const contextKey = 'freezelint.modelKnown';
// A cursor that is held down moves through many lines; the map is for the one where it rests.
const restMilliseconds = 120;

/** A node of the tree; commands of its context menu get it and take `uri`, `line` and `path` from it. */
export interface FreezeMapElement {
  readonly uri: vscode.Uri;
  /** The line that the map is about, from 0: after a click in the tree the cursor is elsewhere. */
  readonly line: number;
  /** The model's variable and the module's path in it: `model.layer1.0`. */
  readonly path: string;
  readonly item: FreezeMapItem;
  readonly parent: FreezeMapElement | null;
}

/** What the tree shows. */
interface Shown extends Observed {
  /** The document of the cursor, maybe a cell of a notebook. */
  readonly uri: vscode.Uri;
  readonly line: number;
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
      vscode.window.onDidChangeActiveColorTheme(() => this.#changed.fire()),
      live.onDidLint(({ document }) => {
        if (document === documentInFront()) this.#editorChanged();
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
    const document = documentInFront();
    if (document) await this.#live.currentProgram(document);
    if (this.#updateContext()) await vscode.commands.executeCommand(`${viewId}.focus`);
    else sayInStatusBar(vscode.l10n.t('no model is known in this file'));
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
    // A narrow side bar cuts the end of a row off.
    shown.tooltip = `${label}: ${description}`;
    if (decidedBy && this.#shown) this.#addLink(shown, decidedBy, this.#shown);
    return shown;
  }

  getChildren(element?: FreezeMapElement): FreezeMapElement[] {
    if (!this.#shown) return [];
    const { uri, line, map } = this.#shown;
    const items = element ? element.item.children : map.models;
    return items.map((item) => ({ uri, line, path: item.id, item, parent: element ?? null }));
  }

  getParent({ parent }: FreezeMapElement): FreezeMapElement | null {
    return parent;
  }

  #addLink(shown: vscode.TreeItem, decidedBy: Span, { documents, program }: Shown): void {
    const { nameOfLine } = wordingFor(documents, program);
    shown.tooltip += `\n${vscode.l10n.t('Decided by {0}', nameOfLine(decidedBy))}`;
    shown.command = {
      title: vscode.l10n.t('Show the Deciding Line'),
      command: 'freezelint.revealDecidingLine',
      arguments: [...revealArguments(documents, program, decidedBy)],
    };
  }

  #iconOf(verdict: FreezeMapItem['verdict']): vscode.IconPath {
    if (verdict === 'frozen' || verdict === 'trainable') {
      const icon = (theme: string) => vscode.Uri.joinPath(this.#icons, `${verdict}-${theme}.svg`);
      // A tree of VS Code takes the dark icon in every theme of high contrast, also in the light one.
      const isLight = vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.HighContrastLight;
      return { light: icon('light'), dark: icon(isLight ? 'light' : 'dark') };
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
    const document = documentInFront();
    const state = document ? this.#live.lastState(document) : undefined;
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
    const { document, selection } = editor;
    const linted = lintedDocumentOf(document);
    const version = linted && versionOf(linted);
    const known = linted && (await this.#programs.of(linted));
    if (linted && versionOf(linted) !== version) return;
    const shown = known && this.#shownAt(known, document, selection.active);
    // An open menu loses its element when the same is drawn again.
    const isSame =
      this.#shown?.observed === shown?.observed && this.#shown?.map.lineStart === shown?.map.lineStart;
    if (shown && isSame) return;
    this.#shown = shown;
    this.#view.description = '';
    this.#view.message = '';
    if (shown) this.#describe(shown);
    this.#changed.fire();
  }

  #shownAt(known: Observed, document: vscode.TextDocument, cursor: vscode.Position): Shown {
    const { observed, documents, program } = known;
    const map = freezeMapAt(observed, documents.offsetOf(document, cursor), wordingFor(documents, program));
    return { ...known, uri: document.uri, line: cursor.line, map };
  }

  #describe({ documents, uri, line, map: { scope, models } }: Shown): void {
    const name = nameOfLine(documents, uri, line);
    this.#view.description =
      scope === null ? vscode.l10n.t('before {0}', name) : vscode.l10n.t('before {0} in {1}()', name, scope);
    if (models.length === 0) this.#view.message = vscode.l10n.t('No model is known at {0}.', name);
  }
}

const placeOfCursor = ({ document, selection }: vscode.TextEditor): string =>
  `${document.uri.toString()}:${selection.active.line}:${selection.active.character}`;
