import assert from 'node:assert/strict';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Freezing layers, with pointer and keyboard', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open('train.py');
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('lists the layers of the model as a tree, and inserts the loop for those that are ticked', async () => {
    await workbench.clickLine('model.fc = nn.Linear');
    await workbench.runCommand('Freezelint: Freeze Layers…');
    const { page } = workbench;
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const row = (name: string) => rows.filter({ hasText: name }).first();
    await row('layer1').waitFor();
    assert.match((await row('conv1').textContent()) ?? '', /conv1Conv2d · 9,408 · trainable/);
    await row('conv1').getByRole('checkbox').click();
    await row('bn1').getByRole('checkbox').click();
    const title = page.locator('.quick-input-title', { hasText: 'for layer in (model.conv1, model.bn1)' });
    await title.waitFor();
    await workbench.screenshot('freeze-layers');
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await workbench.line('for layer in (model.conv1, model.bn1):').waitFor();
    await workbench.line('for parameter in layer.parameters():').waitFor();
    assert.match(
      await workbench.save('train.py'),
      /^ {4}for layer in \(model\.conv1, model\.bn1\):\n {8}for parameter in layer\.parameters\(\):\n {12}parameter\.requires_grad = False$/m,
    );
  });

  it('is taken back as a whole by Ctrl+Z', async () => {
    await workbench.clickLine('return model');
    await workbench.runCommand('Freezelint: Freeze All but the Head');
    await workbench.line('model.fc.parameters():').waitFor();
    await workbench.page.keyboard.press('Control+Z');
    await workbench.line('model.fc.parameters():').waitFor({ state: 'detached' });
    // What is in the editor is what was saved before.
    await workbench.page.locator('.tab.active:not(.dirty)', { hasText: 'train.py' }).waitFor();
  });

  it('unfreezes a layer by its name and Enter', async () => {
    await workbench.clickLine('return model');
    await workbench.runCommand('Freezelint: Unfreeze Layers…');
    const { page } = workbench;
    const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: '❄ bn1' });
    await page.locator('.quick-input-widget .quick-input-box input').fill('❄ bn1');
    await row.waitFor();
    await page.keyboard.press('Enter');
    await workbench.line('model.bn1.parameters():').waitFor();
    assert.match(
      await workbench.save('train.py'),
      /^ {4}for parameter in model\.bn1\.parameters\(\):\n {8}parameter\.requires_grad = True\n {4}return model$/m,
    );
  });

  it('types a freeze loop by its snippet', async () => {
    await workbench.clickLine('return model');
    const { page } = workbench;
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.type('frz-freeze');
    await page.keyboard.press('Control+Space');
    const exact = page.getByText('frz-freeze', { exact: true });
    await page.locator('.suggest-widget .monaco-list-row.focused', { has: exact }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    assert.match(
      await workbench.save('train.py'),
      /for param in model\.parameters\(\):\n +param\.requires_grad = False/,
    );
  });
});
