import assert from 'node:assert/strict';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

/** In VS Code for the web every file of the extension is a request, so that nothing is loaded unseen. */
describe('Loading the extension', () => {
  let workbench: Workbench;
  const loaded: string[] = [];

  before(async () => {
    workbench = await Workbench.openOnTheWeb('README.md', {
      onRequest: (address) => {
        const [, file] = /\/extension\/dist\/([^?]+)/.exec(address) ?? [];
        if (file) loaded.push(file);
      },
    });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const status = (text: string): Promise<void> =>
    workbench.page.locator('.hover-language-status:visible', { hasText: text }).first().waitFor();

  it('waits for the first Python file', async () => {
    await workbench.runCommand('Developer: Show Running Extensions');
    const running = workbench.page.locator('.runtime-extensions-editor .extension');
    // The one that holds the files of the workspace had to run.
    await running.filter({ hasText: 'memory-files' }).waitFor();
    assert.equal(await running.filter({ hasText: 'Freezelint' }).count(), 0);
    assert.deepEqual(loaded, []);
  });

  it('loads no WebAssembly for Python that has nothing to do with PyTorch', async () => {
    // Its key: by name, the palette prefers the command that compares such files.
    await workbench.page.keyboard.press('Control+Alt+N');
    await workbench.page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor();
    await workbench.runCommand('Change Language Mode', 'Python');
    await workbench.page.keyboard.type('print("hello")\n');
    await workbench.page.locator('#status\\.languageStatus').hover();
    await status('Freezelint: no PyTorch here');
    assert.deepEqual(loaded, ['extension.cjs']);
  });

  it('loads the parser once PyTorch is imported', async () => {
    await workbench.clickLine('hello');
    await workbench.page.keyboard.type(
      '\nimport torch\nlayer = torch.nn.Linear(2, 1)\nlayer.requires_grad = False\n',
    );
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    assert.deepEqual(loaded.toSorted(), ['extension.cjs', 'tree-sitter-python.wasm', 'web-tree-sitter.wasm']);
  });
});
