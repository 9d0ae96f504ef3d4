import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Cost, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py', { viewport: { width: 1280, height: 1100 } });
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const memory = (): Locator => study.getByRole('region', { name: 'Memory', exact: true });
  const row = async (name: RegExp): Promise<string[]> =>
    memory().getByRole('row', { name }).getByRole('cell').allTextContents();

  it('opens from the overview with the head of a ResNet against all of it', async () => {
    await study.getByRole('button', { name: /^Cost/ }).click();
    await study.getByRole('heading', { name: 'What freezing saves' }).waitFor();
    await memory().getByText('28% of training everything').waitFor();
    assert.deepEqual(await row(/Optimizer state/), ['4.1\u00a0MB', '93.5\u00a0MB']);
    await workbench.screenshot('cost');
    await assertAccessible(study, 'cost');
  });

  it('follows the lists by keyboard', async () => {
    await study.getByLabel('Frozen up to and with').focus();
    await workbench.page.keyboard.press('Home');
    await memory().getByText('Everything trains').waitFor();
    await study.getByLabel('Optimizer').focus();
    await workbench.page.keyboard.press('Home');
    await memory().getByText('plain SGD keeps nothing').waitFor();
    assert.deepEqual(await row(/Optimizer state/), ['0\u00a0MB', '0\u00a0MB']);
  });

  it('is where it was after the window is reloaded', async () => {
    await study.getByLabel('Model').selectOption('VGG-16');
    await study.getByText('vgg16(weights="DEFAULT")').waitFor();
    await workbench.untilStored('"vgg16"');
    await workbench.reload();
    study = workbench.studyView();
    await study.getByText('vgg16(weights="DEFAULT")').waitFor();
    await memory().getByText('Everything trains').waitFor();
  });

  it('inserts its Python, and goes back to the overview by Escape', async () => {
    await study.getByRole('button', { name: 'Insert' }).click();
    await workbench.line('model = torchvision.models.vgg16').first().waitFor();
    await study.getByRole('heading', { name: 'What freezing saves' }).click();
    await workbench.page.keyboard.press('Escape');
    await study.getByRole('heading', { name: 'Study layer freezing' }).waitFor();
    await study.getByText('100% done').first().waitFor({ state: 'attached' });
  });
});
