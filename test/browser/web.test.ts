import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

describe('Freezelint in VS Code for the web, used with pointer and keyboard', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.openOnTheWeb('train.py');
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('underlines the bug of the sample workspace and repairs it through the light bulb', async () => {
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.clickLine('model.requires_grad = False');
    await workbench.quickFixMenu();
    await workbench.chooseQuickFix('requires_grad_()');
    await workbench.line('model.requires_grad_(False)').waitFor();
    await workbench.squiggles('error').first().waitFor({ state: 'detached' });
  });

  it('shows the Freeze Map in the Explorer', async () => {
    await workbench.runCommand('Freezelint: Show Freeze Map');
    await workbench.page.locator('.monaco-list-row', { hasText: 'layer1' }).first().waitFor();
  });

  it('teaches in its panel, and remembers through a reload', async () => {
    let study = await workbench.openStudyView();
    await study.getByRole('button', { name: /^Recall/ }).click();
    await study.getByRole('button', { name: /^Freezing layers/ }).click();
    await study.getByRole('button', { name: 'Show answer' }).click();
    await study.getByRole('button', { name: /^Good/ }).click();
    const second = () => study.locator('.bar-count', { hasText: /^2 of \d+$/ }).waitFor();
    await second();
    await workbench.untilStored('"rating":"good"');
    await workbench.reload();
    study = workbench.studyView();
    await second();
  });
});

describe('A workspace that the user does not trust', () => {
  let workbench: Workbench;

  before(async () => {
    const settings = {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
    };
    workbench = await Workbench.openOnTheWeb('train.py', { untrusted: true, settings });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('is linted all the same: nothing in it is run', async () => {
    await workbench.page.locator('.statusbar', { hasText: 'Restricted Mode' }).waitFor();
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
  });
});
