import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

const STEPS = path.resolve(import.meta.dirname, '../../quizzes/project/steps');

describe('Project, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  let folder: string;
  before(async () => {
    workbench = await Workbench.open('train.py');
    study = await workbench.openStudyView();
    folder = path.join(path.dirname(workbench.folder), 'my-project');
    fs.mkdirSync(folder);
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const count = (done: number): Promise<void> => study.getByText(`${done} of 6 done`).waitFor();

  /** Takes a folder in the dialog, which on a server is a box for a path. */
  async function chooseFolder(chosen: string): Promise<void> {
    await button('Choose an empty folder').click();
    const box = workbench.page.locator('.quick-input-widget');
    const input = box.locator('.quick-input-box input');
    const use = box.getByRole('button', { name: 'Use This Folder' });
    // A race inside VS Code: the dialog puts a path of its own into the box when it has read that folder, and what was
    // typed until then is mixed up with it or lost; and it takes no click as long as it reads a folder.
    await box.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await eventually(async () => (await input.inputValue()) !== '', true);
    const end = Date.now() + PATIENCE_MS;
    const timeout = 5000;
    while (await box.isVisible()) {
      try {
        await input.fill(`${chosen}/`, { timeout });
        if ((await input.inputValue({ timeout })) !== `${chosen}/`) continue;
        await use.click({ timeout });
        await box.waitFor({ state: 'hidden', timeout });
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /** Puts the code as it may be after a step into the file, as another editor would. */
  function write(step: string): void {
    fs.copyFileSync(path.join(STEPS, `${step}.py`), path.join(folder, 'train.py'));
  }

  it('shows the steps before it begins', async () => {
    await button(/^Project/).click();
    await count(0);
    await study.getByText('Unfreeze gradually').waitFor();
    await workbench.screenshot('project');
    await assertAccessible(study, 'project');
  });

  it('refuses a folder that is not empty, and writes nothing there', async () => {
    const before = fs.readdirSync(workbench.folder);
    await chooseFolder(workbench.folder);
    await study.getByText('is not empty. Choose an empty one').first().waitFor();
    assert.deepEqual(fs.readdirSync(workbench.folder), before);
    await workbench.screenshot('project-refused');
    await assertAccessible(study, 'project-refused');
  });

  it('begins in an empty folder, with the script in an editor', async () => {
    await chooseFolder(folder);
    await workbench.line('EPOCHS = 6').waitFor();
    assert.deepEqual(fs.readdirSync(folder).sort(), ['README.md', 'train.py']);
    await study.getByRole('region', { name: 'Goal' }).getByText('conv1 should be frozen').waitFor();
    await study.getByText(folder).waitFor();
  });

  it('ticks a step when the file is saved, with the line that decided it', async () => {
    await workbench.clickLine('model = models.resnet18');
    // The loop is one line: what VS Code knows of indenting Python loads by itself, perhaps only after these keys.
    await workbench.page.keyboard.type(
      '\nfor name, param in model.named_parameters(): param.requires_grad = name.startswith("fc.")',
    );
    await workbench.page.keyboard.press('Control+S');
    await count(1);
    await study.getByRole('heading', { name: 'Train a new head' }).waitFor();
    await button('Go to line 22').first().waitFor();
    await workbench.screenshot('project-step');
    await assertAccessible(study, 'project-step');
  });

  it('keeps the diagnostics on', async () => {
    await workbench.clickLine('param.requires_grad = name');
    await workbench.page.keyboard.type('\nmodel.requires_grad = False');
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await study.getByText('The code has changed since this check.').waitFor();
    await workbench.page.keyboard.press('Shift+Home');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.press('Control+S');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
  });

  it('gives a hint, then a solution of the step to compare with', async () => {
    await button('Hint').click();
    await study.getByRole('region', { name: 'Hint' }).getByText('nn.Linear(512, CLASSES)').waitFor();
    await button('Compare with a solution').click();
    await workbench.page.locator('.tab.active', { hasText: 'yours and a solution' }).waitFor();
    await workbench.line('model.fc = nn.Linear(512, CLASSES)').waitFor();
    await workbench.page.locator('.tab.active .codicon-close').click();
  });

  it('still has the folder, the ticks and the hint after the window is reloaded', async () => {
    await workbench.untilStored('"hints":["train-the-head"]');
    await workbench.reload();
    study = workbench.studyView();
    await count(1);
    await study.getByRole('region', { name: 'Hint' }).waitFor();
    await button('Show the code').click();
    await workbench.line('EPOCHS = 6').waitFor();
  });

  it('is done step by step, by keyboard alone', async () => {
    for (const [index, step] of [
      'train-the-head',
      'unfreeze-gradually',
      'keep-the-statistics',
      'wrap',
      'save',
    ].entries()) {
      write(step);
      await button('Check').press('Enter');
      await count(index + 2);
    }
    await study.getByText('All steps are done.').waitFor();
    await workbench.screenshot('project-done');
    await assertAccessible(study, 'project-done');
    await button('Overview').click();
    await button(/^Project/)
      .getByText(/100% done/)
      .waitFor({ state: 'attached' });
  });
});
