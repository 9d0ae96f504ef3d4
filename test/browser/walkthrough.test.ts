import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { actUntil } from './eventually.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('The walkthrough, used with pointer and keyboard where no folder is open', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.openOnTheWeb(null, {
      viewport: { width: 1600, height: 900 },
      // VS Code focuses a step only once its animation is over, and takes the focus from whatever has it by then.
      settings: { 'workbench.reduceMotion': 'on' },
    });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const step = (name: string): Locator => workbench.page.locator('.getting-started-step', { hasText: name });
  const done = (name: string): Promise<void> =>
    step(name).locator('.codicon-getting-started-step-checked.complete').waitFor();

  it('does not open by itself', async () => {
    assert.equal(await workbench.page.locator('.gettingStartedContainer').count(), 0);
  });

  it('opens by its command', async () => {
    await workbench.runCommand('Freezelint: Get Started');
    await workbench.page.getByText('Get Started with Freezelint').first().waitFor();
    await step('Open a training script').waitFor();
    await workbench.screenshot('walkthrough');
  });

  it('opens the sample beside itself', async () => {
    await workbench.page.getByRole('button', { name: 'Open the Sample' }).click();
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await done('Open a training script');
  });

  it('shows the finding and what it means', async () => {
    await step('See what is wrong').click();
    const show = workbench.page.getByRole('button', { name: 'Show the Finding' });
    // A race of VS Code's own: a hover goes with the focus, which the page of the walkthrough may take once more.
    await actUntil(workbench.hover('FRZ101'), () => show.click());
    await done('See what is wrong');
    await workbench.screenshot('walkthrough-finding');
  });

  it('is done with the fix once the fix is applied', async () => {
    await step('Fix it').click();
    const show = workbench.page.getByRole('button', { name: 'Show the Fixes' });
    await workbench.quickFixMenu(() => show.click());
    await workbench.screenshot('walkthrough-fixes');
    assert.equal(await step('Fix it').locator('.complete').count(), 0);
    await workbench.chooseQuickFix('requires_grad_()');
    await workbench.line('model.requires_grad_(False)').waitFor();
    await done('Fix it');
  });

  it('ends in the study view', async () => {
    await step('Take your first quiz').click();
    await workbench.screenshot('walkthrough-quiz');
    await workbench.page.getByRole('button', { name: 'Open the Study View' }).click();
    await workbench
      .studyView()
      .getByRole('button', { name: /^Recall/ })
      .waitFor();
    await done('Take your first quiz');
  });
});
