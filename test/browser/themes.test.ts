import * as fs from 'node:fs';
import * as path from 'node:path';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

/** VS Code's own themes of each kind, with the class that its window then has. */
const themes = [
  { kind: 'dark', theme: 'Default Dark Modern', windowClass: 'vs-dark', icons: 'dark' },
  { kind: 'light', theme: 'Default Light Modern', windowClass: 'vs', icons: 'light' },
  { kind: 'high-contrast', theme: 'Default High Contrast', windowClass: 'hc-black', icons: 'dark' },
  {
    kind: 'high-contrast-light',
    theme: 'Default High Contrast Light',
    windowClass: 'hc-light',
    icons: 'light',
  },
] as const;

// Whoever changes one of these looks at test-results/*.png afterwards.
describe('Each surface, in a theme of each kind', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open('finetune_schedule.py', {
      viewport: { width: 1280, height: 1000 },
      // VS Code hears nothing of what happens in a folder that is made together with its first file.
      files: { '.vscode/settings.json': '{}', 'finetune.ipynb': notebook },
      settings: {
        'freezelint.gutterMarks': true,
        'freezelint.inlayHints': true,
        'freezelint.codeLens': 'always',
      },
    });
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.runCommand('Freezelint: Show Freeze Map');
    await workbench.page.locator('.pane-header', { hasText: 'sample-workspace' }).click();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  for (const { kind, theme, windowClass, icons } of themes) {
    describe(kind, () => {
      before(async () => {
        const settings = JSON.stringify({ 'workbench.colorTheme': theme });
        fs.writeFileSync(path.join(workbench.folder, '.vscode/settings.json'), settings);
        await workbench.page.locator(`.monaco-workbench.${windowClass}`).waitFor();
      });

      it('marks, hints and lenses in the editor, and the Freeze Map beside it', async () => {
        await workbench.openFile('finetune_schedule.py');
        await workbench.clickLine('model.train()');
        await workbench.page
          .locator('.codelens-decoration', { hasText: '2 of 62 tensors: fc' })
          .first()
          .waitFor();
        await workbench.line('model.requires_grad_(False)').getByText('62 tensors').waitFor();
        await workbench.untilGutterMarks('file', [
          `frozen-${icons}`,
          `trainable-${icons}`,
          `frozen-${icons}`,
        ]);
        const map = workbench.page.locator('.pane', {
          has: workbench.page.locator('.pane-header', { hasText: 'before line 24' }),
        });
        // The title comes first; only here is this part unknown.
        await map.locator('.monaco-list-row', { hasText: 'unknown · in no optimizer' }).waitFor();
        await workbench.untilTreeIcons('Freeze Map', [
          ...Array(5).fill(`frozen-${icons}`),
          `trainable-${icons}`,
        ]);
        await workbench.screenshot(`editor-${kind}`);
      });

      it('the hover on a model', async () => {
        const model = workbench.line('model.train()').getByText('model').first();
        await workbench.hoverUntil(model, workbench.hover('ResNet'));
        await workbench.screenshot(`hover-${kind}`);
        await workbench.page.keyboard.press('Escape');
      });

      it('the menu of quick fixes', async () => {
        await workbench.clickLine('parameter.requires_grad = True');
        await workbench.quickFixMenu();
        await workbench.screenshot(`quick-fixes-${kind}`);
        await workbench.page.keyboard.press('Escape');
      });

      it('the list of layers', async () => {
        await workbench.clickLine('model.train()');
        await workbench.runCommand('Freezelint: Unfreeze Layers…');
        const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
        await rows.filter({ hasText: 'layer1' }).first().getByRole('checkbox').click();
        await workbench.page.locator('.quick-input-title', { hasText: 'layer1.parameters()' }).waitFor();
        await workbench.screenshot(`layers-${kind}`);
        await workbench.page.keyboard.press('Escape');
      });

      it('the language status', async () => {
        await workbench.hoverStatus('Freezelint: 3 problems');
        await workbench.screenshot(`language-status-${kind}`);
        await workbench.leaveStatus();
      });

      it('a notebook', async () => {
        await workbench.openFile('finetune.ipynb');
        await workbench.clickLine('model.requires_grad = False');
        await workbench.squiggles('error').first().waitFor({ state: 'attached' });
        const rows = workbench.page.locator('.pane .monaco-list-row', { hasText: '2,565 parameters' });
        await rows.first().waitFor();
        await workbench.untilGutterMarks('notebook', [`frozen-${icons}`]);
        await workbench.screenshot(`notebook-${kind}`);
      });
    });
  }
});

const cells = [
  'import torch\nfrom torchvision import models\n\nmodel = models.resnet18(weights="DEFAULT")',
  'for parameter in model.parameters():\n    parameter.requires_grad = False',
  'model.fc = torch.nn.Linear(512, 5)\nmodel.requires_grad = False\noptimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)',
].map((source) => ({ cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null }));

const notebook = JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata: {}, cells });
