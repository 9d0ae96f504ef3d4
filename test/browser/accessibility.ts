import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Fails with what axe-core finds wrong with the page as it is now. */
export async function assertAccessible(page: FrameLocator, screen = 'this page'): Promise<void> {
  const body = page.locator('body');
  // A fade would be measured half way. One whose element goes meanwhile ends with an error.
  await body.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished))');
  await body.evaluate(`${axe.source}; undefined`);
  const violations = (await body.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )) as Violation[];
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
  assert.deepEqual(found, [], `${screen} is not accessible`);
}
