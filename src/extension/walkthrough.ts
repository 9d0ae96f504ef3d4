import * as vscode from 'vscode';
import type { LiveLint } from './live-lint.ts';

/** True once the walkthrough may be listed; a name that its `when` in package.json uses. */
const offered = 'freezelint.walkthroughOffered';
/** True once the planted bug is gone; completes a step of the walkthrough. */
const sampleFixed = 'freezelint.sampleFixed';
const usedBefore = 'freezelint.usedBefore';

const walkthrough = 'freezelint.freezelint#getStarted';

const list = () => vscode.commands.executeCommand('setContext', offered, true);

/**
 * VS Code opens a walkthrough by itself in the window in which its extension was just installed, if it may list it; so
 * ours is listed from the second window on, or once somebody asked for it.
 */
export function listWalkthrough({ globalState }: vscode.ExtensionContext): void {
  if (globalState.get(usedBefore, false)) void list();
  else void globalState.update(usedBefore, true);
}

/** *Get Started* and what its steps run. */
export function offerWalkthrough(extension: vscode.Uri, live: LiveLint): vscode.Disposable {
  const sample = new Sample(vscode.Uri.joinPath(extension, 'media/sample-workspace/train.py'));
  return vscode.Disposable.from(
    vscode.commands.registerCommand('freezelint.getStarted', async () => {
      await list();
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough);
    }),
    vscode.commands.registerCommand('freezelint.openSample', () => sample.show()),
    vscode.commands.registerCommand('freezelint.showSampleFinding', async () => {
      if (await sample.showFinding(live)) {
        await vscode.commands.executeCommand('editor.action.showHover', { focus: 'noAutoFocus' });
      }
    }),
    vscode.commands.registerCommand('freezelint.showSampleFix', async () => {
      if (!(await sample.showFinding(live))) return;
      // The hover that the step before has opened would close the menu as it goes.
      await vscode.commands.executeCommand('editor.action.hideHover');
      await vscode.commands.executeCommand('editor.action.quickFix');
    }),
    live.onDidLint(({ document, state }) => {
      if (document !== sample.document || state?.kind !== 'linted') return;
      const isFixed = state.result.problems.every(({ severity }) => severity !== 'error');
      void vscode.commands.executeCommand('setContext', sampleFixed, isFixed);
    }),
  );
}

/** The sample in a new, unsaved document: there need be no folder to put a file in, and nothing is overwritten. */
class Sample {
  readonly #source: vscode.Uri;
  #document: vscode.TextDocument | undefined;

  constructor(source: vscode.Uri) {
    this.#source = source;
  }

  get document(): vscode.TextDocument | undefined {
    return this.#document;
  }

  async show(): Promise<vscode.TextEditor> {
    if (this.#document === undefined || this.#document.isClosed) {
      const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#source));
      this.#document = await vscode.workspace.openTextDocument({ language: 'python', content });
    }
    const document = this.#document;
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const viewColumn = visible?.viewColumn ?? vscode.ViewColumn.Active;
    return vscode.window.showTextDocument(document, { viewColumn, preview: false });
  }

  /** Puts the cursor on the first finding; false where there is none any more. */
  async showFinding(live: LiveLint): Promise<boolean> {
    const editor = await this.show();
    const [problem] = (await live.currentProgram(editor.document))?.result.problems ?? [];
    if (problem === undefined) return false;
    const start = editor.document.positionAt(problem.span.start);
    editor.selection = new vscode.Selection(start, start);
    editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return true;
  }
}
