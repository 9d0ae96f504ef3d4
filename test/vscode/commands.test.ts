import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openPython, openSample, untilFindings } from './findings.ts';

describe('The extension', () => {
  afterEach(closeEditors);

  function extension(): vscode.Extension<unknown> {
    const found = vscode.extensions.getExtension('freezelint.freezelint');
    assert.ok(found);
    return found;
  }

  it('starts with the first Python file', async () => {
    const editor = await openPython('import torch\n');
    assert.equal(editor.document.languageId, 'python');
    await extension().activate();
    assert.ok(extension().isActive);
  });

  it('has a command behind every title that its manifest lists', async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands());
    const listed = extension().packageJSON.contributes.commands.map(
      ({ command }: { command: string }) => command,
    ) as string[];
    assert.ok(listed.length > 0);
    assert.deepEqual(
      listed.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('has every text of its manifest', () => {
    assert.doesNotMatch(JSON.stringify(extension().packageJSON.contributes), /"%[^"]*%"/);
  });

  it('shows the page of a rule as a preview', async () => {
    await vscode.commands.executeCommand('freezelint.explainRule', 'FRZ101');
    const label = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '';
    if (!label().includes('FRZ101')) {
      await new Promise<void>((resolve) => {
        const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
          if (!label().includes('FRZ101')) return;
          listener.dispose();
          resolve();
        });
      });
    }
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('finds the same again after it was restarted', async () => {
    const { document } = await openSample('train.py');
    const before = await untilFindings(document, (all) => all.length === 1);
    await vscode.commands.executeCommand('freezelint.restart');
    const after = await untilFindings(document, (all) => all.length === 1);
    assert.deepEqual(after, before);
  });

  it('repairs the safe findings of the file in front by its own command', async () => {
    const { document } = await openSample('linear_probe.py');
    await untilFindings(document, (all) => all.length === 3);
    await vscode.commands.executeCommand('freezelint.fixAll');
    await untilFindings(document, (all) => all.length === 2);
  });
});
