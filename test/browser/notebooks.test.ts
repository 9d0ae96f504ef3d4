import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('A notebook, used with pointer and keyboard', () => {
  const code = [
    'import torch\nfrom torchvision import models\n\nmodel = models.resnet18(weights="DEFAULT")',
    '# Train the head only.\nmodel.requires_grad = False\nmodel.fc = torch.nn.Linear(512, 5)',
    'for parameter in model.layer1.parameters():\n    parameter.requires_grad(False)',
  ];
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open('train.py', {
      settings: { 'notebook.codeActionsOnSave': { 'notebook.source.fixAll.freezelint': 'explicit' } },
    });
    const cells = [
      { cell_type: 'markdown', metadata: {}, source: '# Fine-tuning' },
      ...code.map((source) => {
        return { cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null };
      }),
    ];
    const notebook = { nbformat: 4, nbformat_minor: 2, metadata: {}, cells };
    fs.writeFileSync(path.join(workbench.folder, 'finetune.ipynb'), JSON.stringify(notebook));
    await workbench.openFile('finetune.ipynb');
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('underlines the bug in the cell after the one that makes the model', async () => {
    await workbench.line('model.requires_grad = False').waitFor();
    await workbench.squiggles('error').nth(1).waitFor({ state: 'attached' });
    await workbench.screenshot('notebook');
  });

  it('repairs the code of the cell by Ctrl+. and Enter', async () => {
    await workbench.clickLine('model.requires_grad = False');
    await workbench.quickFixMenu();
    await workbench.screenshot('notebook-quick-fix');
    await workbench.chooseQuickFix('requires_grad_');
    await workbench.line('model.requires_grad_(False)').waitFor();
  });

  it('tells in the cell what is frozen, by a hover', async () => {
    const model = workbench.line('model.fc = torch').getByText('model').first();
    const told = await workbench.hoverUntil(model, workbench.hover('all 62 tensors'));
    assert.match(told, /frozen by line 2 of cell 3/);
    await workbench.page.keyboard.press('Escape');
  });

  it('freezes a layer of the list at the cursor of the cell', async () => {
    await workbench.clickLine('model = models.resnet18');
    await workbench.runCommand('Freezelint: Freeze Layers…');
    const { page } = workbench;
    await page.locator('.quick-input-title', { hasText: 'line 5 of cell 2' }).waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'bn1' }).first().getByRole('checkbox').click();
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await workbench.line('model.bn1.requires_grad_(False)').waitFor();
    await workbench.screenshot('notebook-frozen');
  });

  it('shows its modules in the Freeze Map, at the cursor of the cell', async () => {
    await workbench.clickLine('model.fc = torch');
    await workbench.runCommand('Freezelint: Show Freeze Map');
    const header = workbench.page.locator('.pane-header', { hasText: 'Freeze Map' });
    await header.filter({ hasText: 'before line 3 of cell 3' }).waitFor();
  });

  it('fixes what is safe in all cells when it is saved', async () => {
    const saved = JSON.parse(await workbench.save('finetune.ipynb')) as {
      cells: readonly { readonly source: readonly string[] }[];
    };
    const [, build, freeze, loop] = saved.cells.map(({ source }) => source.join(''));
    assert.match(build ?? '', /\nmodel\.bn1\.requires_grad_\(False\)$/);
    assert.match(freeze ?? '', /^model\.requires_grad_\(False\)$/m);
    assert.equal(loop, code[2]?.replace('requires_grad(', 'requires_grad_('));
    await workbench.line('parameter.requires_grad_(False)').waitFor();
  });
});
