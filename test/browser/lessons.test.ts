import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Learn, Why and Deep, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py');
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  const press = (key: string): Promise<void> => workbench.page.keyboard.press(key);
  /** Waits until the lesson shows page `position`, counted from 1. */
  const at = (position: number): Promise<void> =>
    study.locator('.bar-count', { hasText: new RegExp(`^${position} of \\d+$`) }).waitFor();
  const isAnswered = (): Promise<void> => study.locator('.outcome').waitFor();
  const heading = (text: string | RegExp): Promise<void> =>
    study.getByRole('heading', { level: 1, name: text }).waitFor();
  const evidence = (): Locator => study.getByRole('region', { name: 'What PyTorch does' });

  it('learns a page: code with its key line, a question, and what PyTorch prints', async () => {
    await button(/^Learn/).click();
    await heading('Freezing holds weights still');
    await study.locator('.code-line.is-key', { hasText: 'model.backbone.requires_grad_(False)' }).waitFor();
    assert.equal(await evidence().count(), 0, 'nothing is given away');
    await button(/It is skipped/).click();
    await study.locator('.outcome', { hasText: 'Not quite: B is right.' }).waitFor();
    assert.equal(await study.locator('.option .reason').count(), 3);
    await evidence().getByText('backbone.weight stayed').waitFor();
    await evidence().locator('.flag.is-frozen', { hasText: 'model.backbone frozen' }).waitFor();
    await workbench.screenshot('lesson-learn');
    await assertAccessible(study);
    await button('Next').click();
    await at(2);
  });

  it('turns pages by N and P and by the arrows, chooses by a letter, and goes on by Enter', async () => {
    await press('n');
    await at(3);
    await press('ArrowLeft');
    await at(2);
    await press('p');
    await at(1);
    await study.getByText('your answer').waitFor();
    await press('ArrowRight');
    await at(2);
    await press('b');
    await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
    await evidence().getByText('5,130 of 11,181,642 values are trained').waitFor();
    await press('Enter');
    await at(3);
  });

  it('comes back to its page with its answers after a reload', async () => {
    await press('a');
    await isAnswered();
    await workbench.untilStored('"how-to-freeze":0');
    await workbench.reload();
    study = workbench.studyView();
    await at(3);
    await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
    await button('Back').click();
    await at(2);
    await isAnswered();
  });

  it('inserts its lines at the cursor, and opens the whole program in an editor of its own', async () => {
    await button('Next').click();
    await at(3);
    await workbench.clickLine('import argparse');
    await button('Insert').click();
    await workbench.line('for parameter in model.layer1.parameters():').first().waitFor();
    await button('Open in editor').click();
    await workbench.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await workbench.line('# region shown').first().waitFor();
  });

  it('opens the page of a rule', async () => {
    await button('Rule FRZ101').click();
    await workbench.page.locator('.tab.active', { hasText: 'FRZ101' }).waitFor();
  });

  it('ends with the score, in the overview with its ring, and starts over from there', async () => {
    // The view is a frame of its own, and a key goes to the frame that has the focus.
    await study.locator('h1').click();
    for (const [page, letter] of [
      [4, 'a'],
      [5, 'c'],
      [6, 'b'],
    ] as const) {
      await press('n');
      await at(page);
      await press(letter);
      await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
    }
    await study.getByText('5 of 6 right').waitFor();
    await press('Enter');
    await button(/^Learn/)
      .filter({ hasText: '100% done' })
      .waitFor();
    await button(/^Learn/).click();
    await button('Start over').click();
    await at(1);
    assert.equal(await study.locator('.outcome').count(), 0);
    await press('Escape');
    await button(/^Why/).waitFor();
  });

  it('takes a bet on an incident, and shows what was measured before and after its cure', async () => {
    await button(/^Why/).click();
    await heading('Twenty examples and nothing frozen');
    assert.equal(await button(/^Insert/).count(), 0, 'the incident is not for insertion');
    await button(/The same with a frozen backbone/).click();
    await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
    const row = evidence().getByRole('row', { name: /Right on the new task/ });
    assert.match((await row.textContent()) ?? '', /\d\d\.\d%\d\d\.\d%/);
    await evidence()
      .locator('.code-line.is-added', { hasText: 'model.backbone.requires_grad_(False)' })
      .waitFor();
    await button('Insert the cure').waitFor();
    await workbench.screenshot('lesson-why');
    await assertAccessible(study);
    await press('Enter');
    await at(2);
    await press('a');
    await isAnswered();
    await workbench.untilStored('"module-attribute":0');
  });

  it('keeps the bets through a reload, to the last incident', async () => {
    await workbench.reload();
    study = workbench.studyView();
    await at(2);
    await isAnswered();
    await study.locator('h1').click();
    for (const page of [3, 4, 5]) {
      await press('ArrowRight');
      await at(page);
      await press('b');
      await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
      await evidence().getByRole('table').waitFor();
    }
    await study.getByText('5 of 5 right').waitFor();
    await press('Enter');
    await button(/^Deep/).waitFor();
  });

  it('asks for a belief, and answers with the program and what it really prints', async () => {
    await button(/^Deep/).click();
    await heading(/^An optimizer leaves parameters alone/);
    await button('A Agree').click();
    await study.locator('.outcome', { hasText: 'Not quite: B is right.' }).waitFor();
    await evidence().getByText('the frozen layer moved: True').waitFor();
    await workbench.screenshot('lesson-deep');
    await assertAccessible(study);
    const right = ['a', 'b', 'b', 'a', 'b', 'b', 'a'];
    for (const [index, letter] of right.entries()) {
      await press('Enter');
      await at(index + 2);
      await press(letter);
      await study.locator('.outcome', { hasText: 'Right.' }).waitFor();
      if (index !== 2) continue;
      await workbench.untilStored('"frozen-batchnorm":1');
      await workbench.reload();
      study = workbench.studyView();
      await at(4);
      await isAnswered();
      await study.locator('h1').click();
    }
    await study.getByText('7 of 8 right').waitFor();
  });
});
