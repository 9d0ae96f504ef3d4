import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Challenge, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py');
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const marks = (): Locator => study.getByRole('list', { name: 'Lines marked' });
  const squiggles = (): Promise<number> => workbench.squiggles('error').count();

  it('lists the challenges and opens one, about which the linter says nothing', async () => {
    await button(/^Challenge/).click();
    await study.getByText('0 of 37 solved').waitFor();
    await button(/^The flowers that moved everything/).click();
    await workbench.page.locator('.tab.active', { hasText: 'flowers.py' }).waitFor();
    await workbench.line('model.requires_grad = False').waitFor();
    await workbench.screenshot('challenge');
    await assertAccessible(study, 'challenge');
  });

  it('tells a line that is not it', async () => {
    await workbench.clickLine('model.fc = nn.Linear');
    await button('Mark the line of the cursor').click();
    await marks().getByText('line 14: not this one').waitFor();
    await study.getByText('Put the cursor on the line with the bug').waitFor();
    assert.equal(await squiggles(), 0);
  });

  it('gives hints one after the other: the symptom, then where', async () => {
    await button('Hint: The symptom').click();
    await study.getByRole('region', { name: 'The symptom' }).getByText('has moved').waitFor();
    await button('Hint: Where to look').click();
    await study.getByRole('region', { name: 'Where to look' }).getByText('build_model').waitFor();
    assert.equal(await squiggles(), 0);
  });

  it('takes the right line by the key of the editor, and asks for the cure', async () => {
    await workbench.clickLine('model.requires_grad = False');
    await workbench.page.keyboard.press('Control+Alt+M');
    await marks().getByText('line 13: this is it').waitFor();
    await study.getByText('The bug is found.').waitFor();
    await workbench.screenshot('challenge-found');
    await assertAccessible(study, 'challenge-found');
  });

  it('does not give the finding away in a check', async () => {
    await button('Check').click();
    await study.getByText('conv1.weight is trainable, as it was made').waitFor();
    await study.getByText('it does; a hint shows what').waitFor();
    assert.equal(await squiggles(), 0);
  });

  it('has the attempts and the hints after the window is reloaded, and still no squiggle', async () => {
    await workbench.untilStored('"checks":1');
    await workbench.reload();
    study = workbench.studyView();
    await marks().getByText('line 14: not this one').waitFor();
    await marks().getByText('line 13: this is it').waitFor();
    await study.getByRole('region', { name: 'Where to look' }).waitFor();
    await button('Show the code').click();
    await workbench.line('model.requires_grad = False').waitFor();
  });

  it('shows the finding as the third hint', async () => {
    await button('Hint: The finding in the editor').click();
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.screenshot('challenge-finding');
    await assertAccessible(study, 'challenge-finding');
  });

  it('is solved by any cure, and goes on to the next one', async () => {
    await workbench.clickLine('model.requires_grad = False');
    await workbench.page.keyboard.press('Shift+Home');
    await workbench.page.keyboard.type('for p in model.parameters(): p.requires_grad = False');
    await workbench.page.keyboard.press('Control+Alt+Enter');
    await study.getByText('All of it is reached.').first().waitFor();
    await study.getByRole('region', { name: 'What to take away' }).waitFor();
    await study.getByText('FRZ101').first().waitFor();
    await workbench.screenshot('challenge-solved');
    await assertAccessible(study, 'challenge-solved');
    await button('Next').press('Enter');
    await study.getByRole('heading', { name: 'A freeze that was written over' }).waitFor();
    await button('All challenges').click();
    await study.getByText('1 of 37 solved').waitFor();
  });
});
