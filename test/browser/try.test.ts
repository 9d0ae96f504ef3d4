import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Try, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py');
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const goal = (): Locator => study.getByRole('region', { name: 'Goal' });
  const tab = (name: string): Locator => workbench.page.locator('.tab', { hasText: name });

  it('lists the tries, none of them solved yet', async () => {
    await button(/^Try/).click();
    await study.getByText('0 of 20 solved').waitFor();
    assert.equal(await study.locator('.decks .row').count(), 20);
    await workbench.screenshot('try-list');
    await assertAccessible(study, 'try-list');
  });

  it('opens the code of a try in an editor, and shows what is to be reached', async () => {
    await button(/^Begin: Freeze a whole model/).click();
    await tab('freeze_everything.py').waitFor();
    await workbench.line('model = models.resnet18').waitFor();
    await goal().getByText('All of model should be frozen').waitFor();
    assert.equal(await study.locator('.check-row.is-open').count(), 3);
  });

  it('says what is missing, and why', async () => {
    await button('Check').click();
    await study.locator('.check-row.is-missed', { hasText: 'All of model should be frozen' }).waitFor();
    await goal().getByText('conv1.weight is trainable, as it was made').waitFor();
    await study.getByText('2 of 3 reached.').first().waitFor();
    await workbench.screenshot('try-missed');
    await assertAccessible(study, 'try-missed');
  });

  it('gives a hint, and takes what is typed in the editor', async () => {
    await button('Hint').click();
    await study.getByRole('region', { name: 'Hint' }).getByText('requires_grad').waitFor();
    await button('Show the code').click();
    await workbench.clickLine('model = models.resnet18');
    await workbench.page.keyboard.type('\nmodel.requires_grad = False');
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await study.getByText('The code has changed since this check.').waitFor();
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
  });

  it('checks from the editor by its key, and shows the outcome beside it', async () => {
    await workbench.clickLine('model.requires_grad = False');
    await workbench.page.keyboard.press('Control+Alt+Enter');
    await goal().getByText('it reports FRZ101, requires-grad-on-module').waitFor();
    await workbench.page.keyboard.press('Shift+Home');
    await workbench.page.keyboard.type('model.requires_grad_(False)');
    await workbench.page.keyboard.press('Control+Alt+Enter');
    await study.getByText('All of it is reached.').first().waitFor();
    await study.locator('.check-row.is-met', { hasText: 'All of model is frozen' }).waitFor();
    await study.getByRole('region', { name: 'What to take away' }).waitFor();
    await workbench.screenshot('try-reached');
    await assertAccessible(study, 'try-reached');
  });

  it('leads to the line that decided it', async () => {
    await workbench.page.keyboard.press('Control+Home');
    await goal().getByRole('button', { name: 'Go to line' }).first().click();
    await workbench.page.locator('.statusbar-item', { hasText: /^Ln 4, Col 1/ }).waitFor();
  });

  it('still has the code and the outcome after the window is reloaded', async () => {
    await workbench.untilStored('"isSolved":true');
    await workbench.reload();
    study = workbench.studyView();
    await study.getByText('All of it is reached.').first().waitFor();
    await button('Show the code').click();
    await tab('freeze_everything.py').waitFor();
    await workbench.line('model.requires_grad_(False)').waitFor();
  });

  it('saves itself, so that the tab closes without a question, and the code is there again', async () => {
    await workbench.clickLine('model.requires_grad_(False)');
    await workbench.page.keyboard.type('  # all of it');
    await workbench.untilStored('# all of it');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await tab('freeze_everything.py').hover();
    await tab('freeze_everything.py').locator('.codicon-close').click();
    await tab('freeze_everything.py').waitFor({ state: 'detached' });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
    await button('Show the code').click();
    await workbench.line('# all of it').waitFor();
  });

  it('closes without a question, too, by the key right after the last one that was typed', async () => {
    await workbench.clickLine('model.requires_grad_(False)');
    await workbench.page.keyboard.type(' indeed');
    await workbench.page.keyboard.press('Control+W');
    await tab('freeze_everything.py').waitFor({ state: 'detached' });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
    await button('Show the code').click();
    await workbench.line('# all of it indeed').waitFor();
  });

  it('goes on to the next try by keyboard alone', async () => {
    await button('Check').click();
    await study.getByText('All of it is reached.').first().waitFor();
    await button('Next').press('Enter');
    await study.getByRole('heading', { name: 'Train the head only' }).waitFor();
    await tab('all_but_the_head.py').waitFor();
  });

  it('shows a solution beside the own code once the hint is known', async () => {
    assert.equal(await button('Compare with a solution').count(), 0);
    await button('Hint').click();
    await button('Compare with a solution').click();
    await workbench.page.locator('.tab.active', { hasText: 'yours and a solution' }).waitFor();
    await workbench.line('model.fc.requires_grad_(True)').waitFor();
    await workbench.screenshot('try-solution');
    await assertAccessible(study, 'try-solution');
  });

  it('starts over when asked to', async () => {
    await button('All tries').click();
    await study.getByText('1 of 20 solved').waitFor();
    await button(/^Freeze a whole model/).click();
    await workbench.line('# all of it').waitFor();
    await button('Start over').click();
    await workbench.line('model = models.resnet18').waitFor();
    await workbench.line('# all of it').waitFor({ state: 'detached' });
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await button('Overview').click();
    await button(/^Try/)
      .getByText(/5% done/)
      .waitFor({ state: 'attached' });
  });
});
