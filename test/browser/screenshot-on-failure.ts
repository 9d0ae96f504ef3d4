import type { Workbench } from './workbench.ts';

/** After each failed test of the suite that calls this, saves what its window showed. */
export function screenshotOnFailure(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    await workbench()?.screenshot(`failed ${test.fullTitle()}`.replaceAll(/[^a-z0-9]+/gi, '-'));
  });
}
