import assert from 'node:assert/strict';
import { newerDraft } from '../../../src/webview/draft.ts';

const shown = { key: '1/0/sample/explain', text: 'half', revision: 4 };

describe('a half-written answer', () => {
  it('comes from the page where the page kept more than the extension knows', () => {
    const kept = { ...shown, text: 'half a thought', revision: 14 };
    assert.deepEqual(newerDraft(kept, shown), kept);
  });

  it('comes from the extension in every other case', () => {
    const others = [
      { ...shown, text: 'ha', revision: 2 },
      { ...shown, revision: 4 },
      { ...shown, key: '1/0/sample/other', revision: 14 },
      { key: shown.key, text: 7, revision: 14 },
      { key: shown.key, revision: 14 },
      'half a thought',
      null,
      undefined,
    ];
    for (const kept of others) assert.deepEqual(newerDraft(kept, shown), shown);
  });
});
