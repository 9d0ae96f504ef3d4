import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MemoryFiles } from '../host/memory-files/memory-files.ts';
import { closeEditors, described, openSample, untilFindings } from './findings.ts';
import { assertUntouched, set } from './providers.ts';
import { untilOpen } from './until.ts';

const flawed = 'from torchvision import models\nmodel = models.resnet18()\nmodel.requires_grad = False\n';

describe('Where documents are', () => {
  afterEach(closeEditors);

  for (const scheme of ['memfs', 'vscode-test-web']) {
    it(`does not matter to findings: they are made in ${scheme}, too, with what is imported from there`, async () => {
      const registered = vscode.workspace.registerFileSystemProvider(scheme, new MemoryFiles());
      const at = (path: string) => vscode.Uri.from({ scheme, path });
      const write = (path: string, text: string) =>
        vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));
      try {
        await write(
          '/models.py',
          'from torchvision import models\n\n\ndef build():\n    return models.resnet18()\n',
        );
        await write(
          '/train.py',
          'import torch\nfrom models import build\n\nmodel = build()\nmodel.requires_grad = False\n',
        );
        const { document } = await vscode.window.showTextDocument(at('/train.py'));
        await untilFindings(document, (all) => all.length === 1);
        assert.deepEqual(described(document), ['FRZ101 model.requires_grad']);
        await closeEditors();
      } finally {
        registered.dispose();
      }
    });
  }

  it('keeps all that is shown off the old side of a diff, since the new side shows it', async () => {
    await set('inlayHints', true);
    const { document } = await openSample('finetune_schedule.py');
    const text = document.getText();
    const before = vscode.workspace.registerTextDocumentContentProvider('git', {
      provideTextDocumentContent: () => text,
    });
    try {
      const old = vscode.Uri.from({ scheme: 'git', path: document.uri.path, query: 'HEAD' });
      await vscode.commands.executeCommand('vscode.diff', old, document.uri);
      const left = await untilOpen(old);
      assert.equal(left.languageId, 'python');
      // Opened after both: once it has its finding, they have had their turn.
      const later = await vscode.workspace.openTextDocument({ language: 'python', content: flawed });
      await untilFindings(later, (all) => all.length === 1);
      await untilFindings(document, (all) => all.length > 0);
      await assertUntouched(left, document);
    } finally {
      before.dispose();
      await set('inlayHints', undefined);
    }
  });
});
