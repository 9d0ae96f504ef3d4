import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Predict, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py', { viewport: { width: 1280, height: 1000 } });
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const heading = (text: RegExp): Promise<void> =>
    study.getByRole('heading', { level: 1 }).filter({ hasText: text }).waitFor();

  it('asks what trains after a line of the built-in program', async () => {
    await button(/^Predict/).click();
    await heading(/^After line 7, which parts of model are trainable\?/);
    await study.getByRole('checkbox', { name: 'model.fc' }).check();
    await workbench.screenshot('predict-question');
    await assertAccessible(study, 'predict-question');
    await button(/^Check/).click();
    await study.getByText('6 of 7 right').first().waitFor();
    await study.getByText('frozen since line 7').first().waitFor();
    await button(/^Next/).click();
    await heading(/^After line 9, .* would a step of optimizer change/);
  });

  it('takes keys: Space ticks, Enter checks and goes on', async () => {
    await study.getByRole('checkbox', { name: 'model.fc' }).focus();
    await workbench.page.keyboard.press('Space');
    await study.getByRole('heading', { level: 1 }).click();
    await workbench.page.keyboard.press('Enter');
    await study.getByText('Right', { exact: true }).first().waitFor();
    await workbench.page.keyboard.press('Enter');
    await heading(/^After line 13/);
  });

  it('is where it was after the window is reloaded', async () => {
    await study.getByRole('checkbox', { name: 'model.conv1' }).check();
    await workbench.untilStored('model.conv1"]');
    await workbench.reload();
    study = workbench.studyView();
    await heading(/^After line 13/);
    await study.getByRole('checkbox', { name: 'model.conv1', checked: true }).waitFor();
  });

  it('asks about the file in the editor', async () => {
    await button('Ask about my file').click();
    await study.getByText('train.py', { exact: true }).waitFor();
    await heading(/^After line \d+, which parts of model/);
    await button(/^Check/).click();
    await workbench.screenshot('predict-own-file');
    await assertAccessible(study, 'predict-own-file');
  });
});
