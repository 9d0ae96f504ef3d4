import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

const DECK = `format: freezelint-deck/1
id: our-models
title: Our models
minutes: 2
items:
  - id: backbone
    kind: card
    level: beginner
    front: Which part of <b>our</b> model is frozen?
    back: "The *backbone*, <img src=x>."
`;

describe('The Study view beside code', () => {
  let workbench: Workbench;
  let study: FrameLocator;
  before(async () => {
    workbench = await Workbench.open('train.py', {
      // VS Code hears nothing of what happens in a folder that was made together with its parent.
      files: { '.freezelint/decks/our-models.yaml': DECK.replace('<b>our</b>', '<b>the</b>') },
      settings: {
        'freezelint.study.learnFromMistakes': true,
        'freezelint.study.newPerDay': 2,
        // A window that is told which file to open brings no other editors back without this.
        'window.restoreWindows': 'preserve',
      },
    });
    study = await workbench.openStudyView();
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const button = (name: string | RegExp) => study.getByRole('button', { name });
  const write = (name: string, text: string): void => {
    fs.writeFileSync(path.join(workbench.folder, '.freezelint/decks', name), text);
  };

  it('names what was found in the open file, and shows its card without asking for it later', async () => {
    const row = button(/FRZ101 · train.py, line 22/);
    await row.waitFor();
    await workbench.screenshot('study-from-your-code');
    await row.click();
    await study.getByRole('region', { name: 'Answer' }).waitFor();
    await assertAccessible(study, 'a card that was opened by itself');
    await button('Done').click();
    await study
      .getByRole('region', { name: 'Today' })
      .getByText(/^2 new/)
      .waitFor();
  });

  it("puts the card of a mistake into today's reviews once the file with it is saved", async () => {
    await workbench.clickLine('model.fc = nn.Linear');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.keyboard.type('model.fc.weight.require_grad = False');
    await workbench.save('train.py');
    await study
      .getByRole('region', { name: 'Today' })
      .getByText(/^1 due/)
      .waitFor();
  });

  it('has the decks of the workspace beside its own, as they are written, as text', async () => {
    await button(/^Recall/).click();
    await button(/^Our models/).click();
    await study.getByRole('heading', { name: 'Which part of <b>the</b> model is frozen?' }).waitFor();
    write('our-models.yaml', DECK);
    await study.getByRole('heading', { name: 'Which part of <b>our</b> model is frozen?' }).waitFor();
    await workbench.page.keyboard.press('Space');
    await study.getByRole('region', { name: 'Answer' }).getByText('The backbone, <img src=x>.').waitFor();
    await button('Overview').click();
  });

  it('says which deck of the workspace is left out, and where its error is', async () => {
    write(
      'broken.yaml',
      DECK.replace('our-models', 'freezing-basics').replace('level: beginner', 'level: expert'),
    );
    await study.getByText(/broken\.yaml is left out/).waitFor();
    await workbench.screenshot('study-broken-deck');
    await assertAccessible(study, 'the overview with a notice');
    const problems = await workbench.problems();
    await problems.filter({ hasText: 'items[0].level' }).waitFor();
    await button(/^Recall/).click();
    await button(/^Our models/).waitFor();
    await button('Overview').click();
    write('broken.yaml', DECK.replace('our-models', 'freezing-basics'));
    await problems.filter({ hasText: 'the deck id "freezing-basics" is taken by a built-in deck' }).waitFor();
    fs.rmSync(path.join(workbench.folder, '.freezelint/decks/broken.yaml'));
    await study.getByText(/broken\.yaml is left out/).waitFor({ state: 'detached' });
  });

  it('opens in an editor tab as well, which shows the same and outlives a reload', async () => {
    await workbench.runCommand('Freezelint: Open Study in Editor');
    const tab = workbench.studyEditor();
    await tab.getByRole('button', { name: /^Recall/ }).click();
    await button(/^Freezing layers/).waitFor();
    await workbench.screenshot('study-editor');
    await button(/^Freezing layers/).click();
    await tab.getByText('What does it mean to freeze layers').waitFor();
    await workbench.untilStored('"front":"session"');
    await workbench.reload();
    study = workbench.studyView();
    // One after the other: of two web views that load at once, VS Code leaves one empty now and then.
    await study.getByText('What does it mean to freeze layers').waitFor();
    await workbench.page.locator('.tab', { hasText: 'Study' }).click();
    await workbench.studyEditor().getByText('What does it mean to freeze layers').waitFor();
    assert.equal(await workbench.page.locator('.tab', { hasText: 'Study' }).count(), 1);
  });
});

describe('Decks that are made where the file watcher hears nothing', () => {
  let workbench: Workbench;
  before(async () => {
    // As it is for a folder that was made together with its parent, mostly.
    workbench = await Workbench.open('train.py', {
      settings: { 'files.watcherExclude': { '**/.freezelint/**': true } },
    });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const write = (text: string): void => {
    const folder = path.join(workbench.folder, '.freezelint/decks');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'our-models.yaml'), text);
  };

  it('are there as soon as the decks are looked at, or the window is in front again', async () => {
    const study = await workbench.openStudyView();
    await study.getByRole('region', { name: 'Today' }).waitFor();
    write(DECK);
    await study.getByRole('button', { name: /^Recall/ }).click();
    await study.getByRole('button', { name: /^Our models/ }).waitFor();
    await workbench.changeFocus(false);
    write(DECK.replace('title: Our models', 'title: Models of ours'));
    await workbench.changeFocus(true);
    await study.getByRole('button', { name: /^Models of ours/ }).waitFor();
  });
});
