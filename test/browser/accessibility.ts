import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Holds what a page of the Study view shows now against the rules of axe-core. */
export async function assertAccessible(view: FrameLocator): Promise<void> {
  const html = view.locator('html');
  // As text: the policy of the page keeps it from loading scripts, and axe is none of its own.
  await html.evaluate(`(() => { ${axe.source} })()`);
  const violations = (await html.evaluate(
    `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`,
  )) as Violation[];
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    [],
  );
}
