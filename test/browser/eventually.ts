import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

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
