import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openSample, untilFindings } from '../findings.ts';

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
});
