import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, closeEditors, codeActions, described, untilFindings } from './findings.ts';
import { untilActiveTab } from './until.ts';

describe('The walkthrough', () => {
  afterEach(closeEditors);

  const openSample = async (): Promise<vscode.TextDocument> => {
    await vscode.commands.executeCommand('freezelint.openSample');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    return document;
  };

  it('opens its sample as a new document, and the same one as long as that is open', async () => {
    const sample = await openSample();
    assert.ok(sample.isUntitled);
    assert.equal(sample.languageId, 'python');
    await untilFindings(sample, (all) => all.length === 1);
    assert.deepEqual(described(sample), ['FRZ101 model.requires_grad']);
    await vscode.workspace.openTextDocument({ content: 'another' }).then(vscode.window.showTextDocument);
    assert.equal(await openSample(), sample);
  });

  it('opens a fresh sample once the first is closed', async () => {
    const first = await openSample();
    const [finding] = await untilFindings(first, (all) => all.length === 1);
    const [fix] = await codeActions(first, finding!.range, vscode.CodeActionKind.QuickFix);
    await apply(fix!);
    await closeEditors();
    const second = await openSample();
    await untilFindings(second, (all) => all.length === 1);
    assert.deepEqual(described(second), ['FRZ101 model.requires_grad']);
  });

  it('opens by its command', async () => {
    await vscode.commands.executeCommand('freezelint.getStarted');
    await untilActiveTab(/Welcome|Walkthrough/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  for (const command of ['showSampleFinding', 'showSampleFix']) {
    it(`goes to the finding, wherever the cursor was (${command})`, async () => {
      await openSample();
      await vscode.commands.executeCommand(`freezelint.${command}`);
      const editor = vscode.window.activeTextEditor;
      const line = editor?.document.lineAt(editor.selection.active).text;
      assert.equal(line?.trim(), 'model.requires_grad = False');
    });
  }

  it('has a picture, with words for those who do not see it, for each of its steps', async () => {
    const extension = vscode.extensions.getExtension('freezelint.freezelint');
    const [walkthrough] = extension?.packageJSON.contributes.walkthroughs ?? [];
    assert.equal(walkthrough.steps.length, 4);
    for (const { media } of walkthrough.steps) {
      const picture = vscode.Uri.joinPath(extension!.extensionUri, media.svg);
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(picture));
      assert.match(text, /^<svg .*viewBox/);
      assert.doesNotMatch(text, /(fill|stroke)="(#|rgb|black|white)/);
      assert.ok(media.altText.length > 20);
    }
  });
});
