import assert from 'node:assert/strict';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

/** In VS Code for the web every file of the extension is a request, so that nothing is loaded unseen. */
describe('Loading the extension', () => {
  let workbench: Workbench;
  const loaded: string[] = [];

  before(async () => {
    workbench = await Workbench.openOnTheWeb('README.md', {
      files: {
        'temperatures.py': 'ROOM = 293\n',
        'cryostat.py':
          'import temperatures\n\n\ndef freeze(optimizer):\n    optimizer.start = temperatures.ROOM\n',
        'trial.py':
          'from model import FlowerClassifier\n\nmodel = FlowerClassifier(5)\nmodel.requires_grad = False\n',
      },
      onRequest: (address) => {
        const [, file] = /\/extension\/dist\/([^?]+)/.exec(address) ?? [];
        if (file) loaded.push(file);
      },
    });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  /** Its row in the Explorer: this virtual workspace has no search that would find it by its name. */
  const open = (name: string): Promise<void> =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();

  it('waits for the first Python file', async () => {
    await workbench.runCommand('Developer: Show Running Extensions');
    const running = workbench.page.locator('.runtime-extensions-editor .extension');
    // The one that holds the files of the workspace had to run.
    await running.filter({ hasText: 'memory-files' }).waitFor();
    assert.equal(await running.filter({ hasText: 'Freezelint' }).count(), 0);
    assert.deepEqual(loaded, []);
  });

  it('loads no WebAssembly for Python from which PyTorch is out of reach, whatever its words', async () => {
    await open('cryostat.py');
    await workbench.hoverStatus('Freezelint: no PyTorch here');
    assert.deepEqual(loaded, ['extension-web.cjs']);
  });

  it('loads the parser once PyTorch is in reach, be it through an imported file', async () => {
    await open('trial.py');
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    assert.deepEqual(loaded.toSorted(), [
      'extension-web.cjs',
      'tree-sitter-python.wasm',
      'web-tree-sitter.wasm',
    ]);
  });
});
