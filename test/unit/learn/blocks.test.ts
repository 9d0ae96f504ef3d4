import assert from 'node:assert/strict';
import { splitBlocks } from '../../../src/webview/blocks.ts';

describe('the Markdown of cards', () => {
  it('is cut into paragraphs, lists and code', () => {
    assert.deepEqual(splitBlocks('One\nline.\n\n- a\n- b\n  more\n\n```python\nx = 1\n\ny = 2\n```\nEnd.'), [
      { kind: 'paragraph', text: 'One line.' },
      { kind: 'list', entries: ['a', 'b more'] },
      { kind: 'code', text: 'x = 1\n\ny = 2' },
      { kind: 'paragraph', text: 'End.' },
    ]);
  });

  it('keeps HTML as text and takes code that is never closed to the end', () => {
    assert.deepEqual(splitBlocks('<b>x</b>\r\n```\ny'), [
      { kind: 'paragraph', text: '<b>x</b>' },
      { kind: 'code', text: 'y' },
    ]);
    assert.deepEqual(splitBlocks(''), []);
  });
});
