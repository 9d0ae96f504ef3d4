import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Visualize, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py', { viewport: { width: 1280, height: 1100 } });
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const says = (text: string | RegExp): Promise<void> => study.locator('.said').getByText(text).waitFor();
  /** Waits until the words on a block match. */
  const block = (name: string, words: RegExp): Promise<void> =>
    study
      .locator('.block-button', { has: study.getByText(name, { exact: true }) })
      .filter({ hasText: words })
      .waitFor();

  it('opens from the overview, with the head as the only trainable block', async () => {
    await button(/^Visualize/).click();
    await study.getByRole('heading', { name: 'What a training step does to each block' }).waitFor();
    await block('stem', /frozen/);
    await block('head', /trainable/);
    await study.getByText('autograd stops here').waitFor();
    await study.getByRole('region', { name: 'Optimizer' }).getByText('head', { exact: true }).waitFor();
  });

  it('goes round once by pointer: only the head moves', async () => {
    await button(/^Forward/).click();
    await says('The activations have run down to the loss.');
    await button(/^Backward/).click();
    await says(/Autograd stops at head/);
    await block('head', /grad/);
    await button(/^step\(\)/).click();
    await says(/^The weights of head changed/);
    await block('head', /×1/);
    await workbench.screenshot('visualize');
    await assertAccessible(study, 'visualize');
  });

  it('takes keys, and freezes a block by its number', async () => {
    await workbench.page.keyboard.press('6');
    await says(/^head is frozen/);
    await block('head', /frozen/);
    await workbench.page.keyboard.press('f');
    await says(/Autograd recorded nothing/);
    await workbench.page.keyboard.press('b');
    await says(/RuntimeError: element 0 of tensors does not require grad/);
    await workbench.page.keyboard.press('z');
    await says(/head is None now/);
  });

  it('is where it was after the window is reloaded', async () => {
    await workbench.untilStored('"zeroGrad"');
    await workbench.reload();
    study = workbench.studyView();
    await says(/head is None now/);
    await block('head', /frozen.*×1/);
    assert.equal(await study.locator('.packet').count(), 0, 'nothing runs again');
  });

  it('unfreezes a block by a click, which the optimizer then does not hold', async () => {
    await button(/^layer4/).click();
    await says(/^layer4 is trainable/);
    await study.getByText('trainable, but not held: layer4').waitFor();
    await button(/^New optimizer/).click();
    await says(/holds what is trainable: layer4/);
    await study.getByText('trainable, but not held').waitFor({ state: 'detached' });
  });

  it('shows running statistics that move in frozen blocks until eval()', async () => {
    await study.getByLabel('Situation').selectOption('BatchNorm drift');
    await says(/Go forward a few times/);
    for (const pass of [1, 2]) {
      await button(/^Forward/).click();
      await block('layer2', new RegExp(`frozen.*×${pass}.*train`));
    }
    await button('eval() frozen blocks').click();
    await says(/in evaluation mode/);
    await button(/^Forward/).click();
    await says(/^The activations have run down to the loss.$/);
    await block('layer2', /frozen.*×2.*eval/);
  });

  it('moves nothing for who wants no motion', async () => {
    await workbench.page.emulateMedia({ reducedMotion: 'reduce' });
    await button(/^Forward/).click();
    await study.locator('.packet').waitFor({ state: 'attached' });
    assert.equal(await study.locator('.packet').isVisible(), false);
    await workbench.page.emulateMedia({ reducedMotion: null });
  });

  it('says the same in a table', async () => {
    await study.getByText('The picture as a table').click();
    const row = study.getByRole('row', { name: /^layer2/ });
    assert.deepEqual(await row.getByRole('cell').allTextContents(), [
      'frozen',
      'no',
      'None',
      '0',
      'eval',
      '2',
    ]);
  });

  it("shows your file's model, as it is at the end of the function that trains it", async () => {
    await button("Show your file's model").click();
    await study.getByText('model of train.py, at the end of train_one_epoch()').waitFor();
    await block('conv1, bn1', /trainable/);
    await block('fc', /trainable/);
    await workbench.screenshot('visualize-file');
    await assertAccessible(study, 'visualize-file');
  });

  it('inserts the Python of what is shown into the editor', async () => {
    await button(/^layer1/).click();
    await says(/^layer1 is frozen/);
    await workbench.clickLine('CLASSES = 5');
    await button('Insert').click();
    await workbench.line('model.layer1.requires_grad_(False)').first().waitFor();
  });
});
