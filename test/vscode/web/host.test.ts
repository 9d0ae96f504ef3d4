import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openSample, untilFindings } from '../findings.ts';
import { assertUntouched, set } from '../providers.ts';
import { untilOpen } from '../until.ts';

describe('The web host', () => {
  it('is a web worker with no Node behind it', () => {
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal(vscode.env.remoteName, undefined);
    assert.equal(typeof process, 'undefined');
  });

  it('runs the extension on a workspace that is nowhere on disk', async () => {
    const { document } = await openSample('train.py');
    assert.equal(document.uri.scheme, 'vscode-vfs');
    await untilFindings(document, (all) => all.length === 1);
    const extension = vscode.extensions.getExtension('freezelint.freezelint');
    assert.ok(extension?.isActive);
    assert.equal(extension.extensionKind, vscode.ExtensionKind.UI);
    assert.match(extension.extensionUri.scheme, /^https?$/);
  });

  it('keeps all that is shown off the same file at another commit, which is the old side of a diff', async () => {
    await set('inlayHints', true);
    const { document } = await openSample('finetune_schedule.py');
    await untilFindings(document, (all) => all.length > 0);
    // As GitHub Repositories writes it: {"v":1,"ref":{"type":4,"id":"main"}} in hexadecimal digits.
    const commit = '7b2276223a312c22726566223a7b2274797065223a342c226964223a226d61696e227d7d';
    const old = document.uri.with({ authority: `${document.uri.authority}+${commit}` });
    await vscode.commands.executeCommand('vscode.diff', old, document.uri);
    const left = await untilOpen(old);
    assert.equal(left.languageId, 'python');
    await assertUntouched(left, document);
    await set('inlayHints', undefined);
    await closeEditors();
  });
});
