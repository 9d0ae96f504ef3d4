// npm run screenshots: takes the pictures of the README anew, into media/screenshots/.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Workbench } from '../test/browser/workbench.ts';

const FOLDER = path.join(path.resolve(import.meta.dirname, '..'), 'media/screenshots');

fs.mkdirSync(FOLDER, { recursive: true });
const workbench = await Workbench.open('train.py', {
  viewport: { width: 1180, height: 700 },
  settings: {
    'workbench.colorTheme': 'Default Light Modern',
    'editor.minimap.enabled': false,
    'editor.fontSize': 14,
    'window.commandCenter': false,
  },
});
try {
  const { page } = workbench;
  const save = (name: string) => page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
  await workbench.squiggles('error').first().waitFor({ state: 'attached' });
  // The light bulb needs the cursor on the underlined code.
  await workbench.clickLine('model.requires_grad = False');
  await page.keyboard.press('Home');
  await page
    .locator('[class*="codicon-gutter-lightbulb"]:visible, .lightBulbWidget:visible')
    .first()
    .waitFor();
  await workbench.quickFixMenu();
  await save('quick-fix');
  await page.keyboard.press('Escape');

  await workbench.openFile('finetune_schedule.py');
  await workbench.clickLine('model.train()');
  await workbench.runCommand('Freezelint: Show Freeze Map');
  // Room for the map: the folder's own tree takes most of the Explorer.
  await page.locator('.pane-header', { hasText: 'sample-workspace' }).click();
  const map = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'before line 24' }) });
  await map.getByText('fc', { exact: true }).waitFor();
  await save('freeze-map');

  const study = await workbench.openStudyView();
  await study.getByRole('button').first().waitFor();
  await save('study');
} finally {
  await workbench.close();
}
