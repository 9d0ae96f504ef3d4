// npm run screenshots: takes the pictures of the README anew, into media/screenshots/.
import * as fs from 'node:fs';
import * as path from 'node:path';
import sharp from 'sharp';
import { Workbench } from '../test/browser/workbench.ts';

const FOLDER = path.join(path.resolve(import.meta.dirname, '..'), 'media/screenshots');
const WIDTH = 1000;
/** The title bar names the test's VS Code, and the status bar says nothing of us. */
const TITLE_BAR = 30;
const STATUS_BAR = 22;
/** Wide enough for the rows of the Freeze Map. */
const SIDE_BAR = 440;

fs.mkdirSync(FOLDER, { recursive: true });
const workbench = await Workbench.open('train.py', {
  viewport: { width: WIDTH, height: 800 },
  scale: 2,
  settings: {
    'workbench.colorTheme': 'Default Light Modern',
    'editor.minimap.enabled': false,
    'editor.fontSize': 14,
    'editor.occurrencesHighlight': 'off',
    'editor.scrollbar.horizontal': 'hidden',
    'editor.scrollbar.vertical': 'hidden',
    'editor.overviewRulerBorder': false,
    'editor.hideCursorInOverviewRuler': true,
    'breadcrumbs.enabled': false,
    'window.commandCenter': false,
  },
});
try {
  const { page } = workbench;
  /** Gives the window between its two bars a height. */
  const resize = (height: number) =>
    page.setViewportSize({ width: WIDTH, height: TITLE_BAR + height + STATUS_BAR });
  const save = async (name: string): Promise<void> => {
    const height = (page.viewportSize()?.height ?? 0) - TITLE_BAR - STATUS_BAR;
    const clip = { x: 0, y: TITLE_BAR, width: WIDTH, height };
    // A palette is enough for windows of one theme, and makes the file a third as large.
    await sharp(await page.screenshot({ clip }))
      .png({ palette: true, effort: 10, dither: 0 })
      .toFile(path.join(FOLDER, `${name}.png`));
  };
  await workbench.squiggles('error').first().waitFor({ state: 'attached' });
  await page.keyboard.press('Control+B');
  await workbench.clickLine('model.requires_grad = False');
  await page.keyboard.press('Home');
  // The menu opens below its line where there is room for it.
  for (let line = 0; line < 17; line++) await page.keyboard.press('Control+ArrowDown');
  await resize(430);
  await page
    .locator('[class*="codicon-gutter-lightbulb"]:visible, .lightBulbWidget:visible')
    .first()
    .waitFor();
  await workbench.quickFixMenu();
  await save('quick-fix');
  await page.keyboard.press('Escape');

  await resize(660);
  await page.keyboard.press('Control+B');
  const sash = await page.locator('.part.sidebar').boundingBox();
  if (!sash) throw new Error('the side bar is hidden');
  await page.mouse.move(sash.x + sash.width, 300);
  await page.mouse.down();
  await page.mouse.move(SIDE_BAR, 300, { steps: 5 });
  await page.mouse.up();
  await workbench.openFile('finetune_schedule.py');
  await page.locator('.codelens-decoration').first().waitFor();
  await workbench.clickLine('return model');
  await workbench.runCommand('Freezelint: Show Freeze Map');
  // Room for the map: the folder's own tree takes most of the Explorer.
  await page.locator('.pane-header', { hasText: 'sample-workspace' }).click();
  const map = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'before line 30' }) });
  await map.getByText('fc', { exact: true }).waitFor();
  // The keyboard goes back to the editor, which then shows the file from its first line.
  await workbench.clickLine('return model');
  for (let line = 0; line < 30; line++) await page.keyboard.press('Control+ArrowUp');
  await save('freeze-map');

  await resize(700);
  const study = await workbench.openStudyView();
  await study.getByRole('button').first().waitFor();
  await save('study');
} finally {
  await workbench.close();
}
