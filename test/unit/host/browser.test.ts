import assert from 'node:assert/strict';
import * as os from 'node:os';
import * as path from 'node:path';
import { findBrowser, NoBrowserError } from '../../host/browser.ts';

describe('The browser finder of the test host', () => {
  const saved = process.env.CHROMIUM;
  afterEach(() => {
    if (saved === undefined) delete process.env.CHROMIUM;
    else process.env.CHROMIUM = saved;
  });

  it('takes the program that $CHROMIUM names', () => {
    process.env.CHROMIUM = process.execPath;
    assert.equal(findBrowser(), process.execPath);
  });

  it('does not quietly take another browser where $CHROMIUM names a missing one', () => {
    const missing = path.join(os.tmpdir(), 'no such browser');
    process.env.CHROMIUM = missing;
    assert.throws(
      () => findBrowser(),
      (error) => error instanceof NoBrowserError && error.message.includes(missing),
    );
  });
});
