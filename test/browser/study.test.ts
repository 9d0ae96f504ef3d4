import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { eventually } from './eventually.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

/** The right option of each question of the deck. */
const RIGHT: readonly (readonly [question: RegExp, option: RegExp])[] = [
  [/^Which layers of a CNN/, /The early layers/],
  [/^The new layers are trained/, /^.Unfreeze some layers/],
  [/^What happens if all layers are frozen/, /nothing is learned/],
];

describe('The Study view, used with pointer and keyboard', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py', { settings: { 'freezelint.study.newPerDay': 14 } });
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp): Locator => study.getByRole('button', { name });
  /** Waits until the session shows item `position` of its deck, counted from 1. */
  const at = (position: number): Promise<void> =>
    study.locator('.bar-count', { hasText: new RegExp(`^${position} of \\d+$`) }).waitFor();

  it("offers the day's share and the decks, with nothing remembered yet", async () => {
    await study
      .getByRole('region', { name: 'Today' })
      .getByText(/^14 new · \d+ min$/)
      .waitFor();
    await button(/^Start/).waitFor();
    await button(/^Recall/)
      .filter({ hasText: '5 min, 0% likely remembered' })
      .waitFor();
    await workbench.screenshot('study-home');
    await assertAccessible(study, 'the overview');
    await button(/^Recall/).click();
    await button(/^Freezing layers/)
      .filter({ hasText: '5 min, 0% likely remembered' })
      .waitFor();
    await workbench.screenshot('study-decks');
    await assertAccessible(study, 'the list of decks');
  });

  it('flips a card with the pointer and remembers that it was known', async () => {
    await button(/^Freezing layers/).click();
    await study.getByText('What does it mean to freeze layers').waitFor();
    assert.equal(await study.getByRole('region', { name: 'Answer' }).count(), 0, 'the answer is hidden');
    await button('Show answer').click();
    await study.getByRole('region', { name: 'Answer' }).getByText('stop changing during training').waitFor();
    assert.match((await button(/^Again/).textContent()) ?? '', /in 10 min/);
    assert.match((await button(/^Good/).textContent()) ?? '', /in \d+ d/);
    await workbench.screenshot('study-card');
    await assertAccessible(study, 'a card');
    await button(/^Good/).click();
    await at(2);
  });

  it('flips a card with the keyboard alone', async () => {
    await workbench.page.keyboard.press('Space');
    await study.getByRole('region', { name: 'Answer' }).waitFor();
    await workbench.page.keyboard.press('3');
    await at(3);
    for (const next of [4, 5, 6]) {
      await workbench.page.keyboard.press('Space');
      await study.getByRole('region', { name: 'Answer' }).waitFor();
      await workbench.page.keyboard.press('3');
      await at(next);
    }
  });

  it('takes a review back with Ctrl+Z, and takes another rating for it', async () => {
    await workbench.page.keyboard.press('Control+Z');
    await at(5);
    await study.getByRole('region', { name: 'Answer' }).waitFor();
    await workbench.page.keyboard.press('Control+Z');
    await at(4);
    await workbench.page.keyboard.press('1');
    await at(5);
    await workbench.page.keyboard.press('Space');
    await study.getByRole('region', { name: 'Answer' }).waitFor();
    await workbench.page.keyboard.press('4');
    await at(6);
    await workbench.untilStored('"rating":"easy"');
  });

  it('tells a right answer from a wrong one, and gives a reason under each option', async () => {
    await study.getByText('What does param.requires_grad = False do?').waitFor();
    await button(/takes the layer out of the forward pass/).click();
    await study.getByText('your answer').waitFor();
    assert.equal(await study.locator('.option.is-wrong').count(), 1);
    assert.match((await study.locator('.option.is-right').textContent()) ?? '', /Autograd stops computing/);
    assert.equal(await study.locator('.option .reason').count(), 4);
    await study.getByText('Comes back in 10 min').waitFor();
    await workbench.screenshot('study-choice');
    await assertAccessible(study, 'a question');
    await button('Next').click();
    await at(7);
  });

  it('takes the letter of an option from the keyboard', async () => {
    const right = study.locator('.option', { hasText: 'keep the general features' });
    const letter = (await right.locator('.letter').textContent()) ?? '';
    assert.match(letter, /^[A-D]$/);
    await workbench.page.keyboard.press(letter.toLowerCase());
    await study.locator('.option.is-right', { hasText: 'your answer' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await at(8);
  });

  it('comes back to the same question after the window is reloaded', async () => {
    await workbench.untilStored('"position":7');
    await workbench.reload();
    study = workbench.studyView();
    await at(8);
    await study.getByText('Which layers of a CNN').waitFor();
  });

  it('takes the last review back after the reload, too', async () => {
    await button('Undo last review').click();
    await at(7);
    await study.locator('button.option', { hasText: 'keep the general features' }).click();
    await button('Next').click();
    await at(8);
  });

  it('grades an explanation, concept by concept, and lets the learner overrule it', async () => {
    for (const position of [8, 9, 10]) {
      await at(position);
      const question = (await study.locator('[data-focus="question"]').first().textContent()) ?? '';
      const [, wanted] = RIGHT.find(([pattern]) => pattern.test(question)) ?? [];
      assert.ok(wanted, `the question is known: ${question}`);
      await study.locator('button.option', { hasText: wanted }).first().click();
      await button('Next').click();
    }
    await at(11);
    await button('Hint').click();
    await study.getByText('some parts stay fixed while others change').waitFor();
    await study.getByRole('textbox').click();
    await workbench.page.keyboard.type(
      'The weights of frozen layers stay fixed, so the features learned in pre-training are kept.',
    );
    await workbench.screenshot('study-explain-draft');
    await assertAccessible(study, 'a half-written explanation');
    await button('Check').click();
    await study.getByText('2 of 4 concepts').first().waitFor();
    await workbench.screenshot('study-explain');
    await assertAccessible(study, 'a checked explanation');
    await study.getByRole('checkbox', { name: /new task/ }).check();
    await study.getByText('3 of 4 concepts').first().waitFor();
    await button('Next').click();
    await at(12);
  });

  it('keeps a half-written answer through a reload', async () => {
    await workbench.untilStored('"position":11');
    const before = await workbench.stored();
    await study.getByRole('textbox').click();
    await workbench.page.keyboard.type('First set requires_grad to False');
    await workbench.untilStored('requires_grad to False');
    await workbench.reload();
    study = workbench.studyView();
    await eventually(() => study.getByRole('textbox').inputValue(), 'First set requires_grad to False');

    // The page keeps the answer as well: it is not lost where the extension's state was.
    await workbench.store(before);
    await workbench.reload();
    study = workbench.studyView();
    await eventually(() => study.getByRole('textbox').inputValue(), 'First set requires_grad to False');
    await workbench.untilStored('requires_grad to False');
  });

  it('sums the session up, and still knows the progress after a reload', async () => {
    await study.getByRole('textbox').click();
    await workbench.page.keyboard.press('Control+Enter');
    await button('Next').click();
    await study.getByRole('heading', { name: /of 12 known/ }).waitFor();
    await workbench.screenshot('study-summary');
    await assertAccessible(study, 'the summary');
    await button('Overview').click();
    await button(/^Recall/).click();
    const deck = button(/^Freezing layers/);
    await deck.waitFor();
    const before = (await deck.textContent()) ?? '';
    assert.match(before, /, [1-9]\d% likely remembered/);
    await workbench.untilStored('"front":"decks"');
    await workbench.reload();
    study = workbench.studyView();
    await eventually(() => deck.textContent(), before);
  });

  it('shows what comes up and how strong memories are, with tables that say the same', async () => {
    await button('Overview').click();
    await button('Statistics').click();
    await study.getByRole('heading', { name: '12 reviews so far' }).waitFor();
    await study.getByText('As a table').last().click();
    const rows = study.getByRole('row', { name: /Not seen yet/ });
    assert.match((await rows.textContent()) ?? '', /Not seen yet\d+/);
    await workbench.screenshot('study-statistics');
    await assertAccessible(study, 'the statistics');
    await button('Overview').click();
  });

  it("has only the rest of the day's new items left, and goes on with them where it was", async () => {
    await study
      .getByRole('region', { name: 'Today' })
      .getByText(/^2 new · \d+ min$/)
      .waitFor();
    await workbench.screenshot('study-today');
    await button(/^Start/).click();
    await study.getByText('1 of 2').first().waitFor();
    await button('Overview').click();
    await button('Continue').click();
    await study.getByText('1 of 2').first().waitFor();
  });
});

describe('From a finding to its card', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open('train.py');
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('goes by "Learn why" in the menu of quick fixes', async () => {
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.clickLine('model.requires_grad = False');
    await workbench.quickFixMenu();
    await workbench.chooseQuickFix('Learn why');
    const study = workbench.studyView();
    await study.getByText('FRZ101').first().waitFor();
    await study.getByRole('region', { name: 'Answer' }).waitFor();
    await workbench.screenshot('learn-why');
  });

  it('shows the page of a rule by its command', async () => {
    await workbench.runCommand('Freezelint: Explain Rule');
    const input = workbench.page.locator('.quick-input-widget .quick-input-box input');
    await input.fill('FRZ101');
    await workbench.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'FRZ101' })
      .waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.tab.active', { hasText: 'FRZ101' }).waitFor();
  });
});
