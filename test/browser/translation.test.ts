import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { eventually } from './eventually.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

type Texts = Readonly<Record<string, string>>;
const read = (file: string): Texts => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));

/** Stands for a translation: what is shown without these signs cannot be translated. */
const marked = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, `«${text}»`]));

/** A copy of the extension with a language more, made of what a translator would hand in: two files. */
function translatedExtension(language: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'freezelint-translated-'));
  for (const part of ['package.json', 'package.nls.json', 'l10n', 'dist', 'media']) {
    const isNeeded = (file: string): boolean => !/\.map$|dist.test$/.test(file);
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true, filter: isNeeded });
  }
  const write = (file: string, texts: Texts): void =>
    fs.writeFileSync(path.join(folder, file), JSON.stringify(texts));
  write(`package.nls.${language}.json`, marked(read('package.nls.json')));
  write(`l10n/bundle.l10n.${language}.json`, marked(read('l10n/bundle.l10n.json')));
  return folder;
}

describe('A translation', () => {
  let workbench: Workbench;
  let extension: string;
  before(async () => {
    extension = translatedExtension('de');
    workbench = await Workbench.open('train.py', { extension, language: 'de' });
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
  });
  after(async () => {
    await workbench?.close();
    fs.rmSync(extension, { recursive: true, force: true });
  });
  screenshotOnFailure(() => workbench);

  it('shows in the titles of commands, whose names for themselves stay', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-widget .quick-input-box input').fill('>Freezelint Freeze');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Freezelint: «Freeze Layers…»' }).waitFor();
    // The rows of what was listed before may still be there.
    const untranslated = async () => (await rows.allTextContents()).filter((text) => !/«.+»/.test(text));
    await eventually(untranslated, []);
    await workbench.screenshot('translated-commands');
    assert.ok((await rows.count()) > 3);
    await workbench.page.keyboard.press('Escape');
  });

  it('shows in what the extension says while it runs, and leaves what rules say as it is', async () => {
    await workbench.hoverStatus('«Freezelint: 1 problem»');
    await workbench.leaveStatus();
    await workbench.clickLine('model.requires_grad = False');
    const entries = await workbench.quickFixMenu();
    await entries.filter({ hasText: '«Explain FRZ101»' }).waitFor();
    await workbench.screenshot('translated-quick-fixes');
    await workbench.page.keyboard.press('Escape');
    const problems = await workbench.problems();
    await problems.first().waitFor();
    assert.doesNotMatch((await problems.first().textContent()) ?? '', /«/);
  });

  it('shows in views and settings', async () => {
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.page.locator('.activitybar .action-item a[aria-label="«Freezelint»"]').click();
    await workbench.page.locator('.composite.title', { hasText: '«' }).first().waitFor();
    await workbench
      .studyView()
      .getByRole('button', { name: /^Recall/ })
      .waitFor();
    await workbench.runCommand('Freezelint: «Open Settings»');
    await workbench.page
      .locator('.settings-editor .setting-item-description', { hasText: '«' })
      .first()
      .waitFor();
    await workbench.screenshot('translated-settings');
  });
});
