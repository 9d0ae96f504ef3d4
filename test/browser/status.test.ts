import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import { screenshotOnFailure } from './screenshot-on-failure.ts';
import { Workbench } from './workbench.ts';

// Every parameter with every other one: more steps than the analysis takes.
const ENDLESS = `import torch
from torchvision import models

model = models.resnet152()
for param in model.parameters():
    for other in model.parameters():
        pair = param, other
`;

describe('The language status', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open('train.py', { files: { 'endless.py': ENDLESS } });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  it('says that a program is too large to be followed to its end', async () => {
    await workbench.openFile('endless.py');
    const detail = 'too large: followed only in part';
    await workbench.hoverStatus(detail);
    // Shown anew, as wide as it is now: all of it fits, with the way to the log.
    await workbench.leaveStatus();
    const shown = await workbench.hoverStatus(detail);
    const link = workbench.page.locator('.hover-language-status:visible a', { hasText: 'Show Log' });
    await eventually(async () => {
      const place = await link.boundingBox();
      return place !== null && place.x + place.width <= 1280;
    }, true);
    assert.match(shown, /^Freezelint: no problems/);
    await workbench.screenshot('status-too-large');
    await workbench.leaveStatus();
  });

  it('turns while the file is being linted, from the first key on, and then rests', async () => {
    const spinner = '.statusbar-item[id="status.languageStatus"] .codicon-modifier-spin';
    const turning = workbench.page.locator(spinner);
    await workbench.clickLine('import torch');
    await turning.waitFor({ state: 'detached' });
    // Seen from within the page: it may turn and rest again before anybody outside has looked.
    await workbench.page.evaluate(`
      globalThis.hasTurned = false;
      new MutationObserver(() => {
        hasTurned ||= document.querySelector(${JSON.stringify(spinner)}) !== null;
      }).observe(document.querySelector('.statusbar'), { subtree: true, childList: true, attributes: true });`);
    await workbench.page.keyboard.type('\nmodel');
    await workbench.page.waitForFunction('hasTurned');
    await turning.waitFor({ state: 'detached' });
  });
});

describe('An internal error', () => {
  let workbench: Workbench;
  let isOffline = true;
  before(async () => {
    workbench = await Workbench.openOnTheWeb('README.md', {
      // The log shows its last lines; there must be room for the first one of an error.
      viewport: { width: 1280, height: 1000 },
      // The parser does not load then: a fault of ours, as far as anybody can tell.
      isRefused: (address) => isOffline && address.endsWith('/tree-sitter-python.wasm'),
    });
  });
  after(() => workbench?.close());
  screenshotOnFailure(() => workbench);

  const open = (name: string): Promise<void> =>
    workbench.page.getByRole('treeitem', { name, exact: true }).dblclick();
  const toasts = (): Locator =>
    workbench.page.locator('.notification-toast', { hasText: 'Freezelint met an internal error' });

  it('is told once in a session, and each time in the log, to which the message leads', async () => {
    await open('train.py');
    await toasts().waitFor();
    await workbench.hoverStatus('Freezelint failed');
    await workbench.leaveStatus();
    await workbench.screenshot('internal-error');
    await toasts().getByRole('button', { name: 'Show Log' }).click();
    await toasts().waitFor({ state: 'detached' });
    const errors = workbench.page.locator('.panel .view-line', { hasText: /internal.error.in.linting/ });
    await errors.first().waitFor();
    await open('model.py');
    await errors.filter({ hasText: 'model.py' }).first().waitFor();
    assert.equal(await toasts().count(), 0);
  });

  it('is over once its cause is', async () => {
    isOffline = false;
    await open('train.py');
    await workbench.clickLine('import torch');
    await workbench.page.keyboard.type('\n');
    await workbench.squiggles('error').first().waitFor({ state: 'attached' });
    await workbench.hoverStatus('Freezelint: 1 problem');
  });
});
