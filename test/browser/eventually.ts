import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Locator } from 'playwright-core';

/** How long VS Code may take for one thing that a person waits for, on a machine that has other things to do. */
export const PATIENCE_MS = 120_000;

/** Reads again and again until this is read; fails with the difference to what was read last. */
export async function eventually<Read>(read: () => Promise<Read>, expected: Read): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await read();
    if (isDeepStrictEqual(found, expected)) return;
    if (Date.now() > end) assert.deepEqual(found, expected);
    await setTimeout(50);
  }
}

/** How long to wait for what a race may have taken away, before it is asked for again. */
const ANSWER_MS = 5000;

/** Whether a locator finds something (or nothing any more) before it is time to ask again. */
export function comes(locator: Locator, state: 'visible' | 'detached' = 'visible'): Promise<boolean> {
  return locator
    .first()
    .waitFor({ state, timeout: ANSWER_MS })
    .then(
      () => true,
      () => false,
    );
}

/** The text of what a locator finds; null where that does not come before it is time to ask again. */
export function textSoon(locator: Locator): Promise<string | null> {
  return locator
    .first()
    .textContent({ timeout: ANSWER_MS })
    .catch(() => null);
}

/** Acts until `shown` is there: only for what a race of VS Code's own, which the caller names, may swallow. */
export async function actUntil(shown: Locator, act: () => Promise<void>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  do {
    if (Date.now() > end) throw new Error(`Nothing brought ${shown}`);
    await act();
  } while (!(await comes(shown)));
}
