import assert from 'node:assert/strict';
import { exportAnki, exportProgress, readExport } from '../../../src/learn/export.ts';
import { emptyProgress } from '../../../src/learn/progress.ts';
import { sampleDeck, sessionOfSample } from './sample-deck.ts';
import { review } from './sample-reviews.ts';

describe('exported progress', () => {
  it('is read back as it was', () => {
    const progress = {
      ...emptyProgress,
      reviews: [review('card', 'good', 5)],
      sessions: [sessionOfSample(1)],
    };
    assert.deepEqual(readExport(exportProgress(progress)), { progress, state: 'whole' });
  });

  it('says what is wrong with another file', () => {
    for (const text of ['', 'null', '[]', '{"version": 2}', 'x'.repeat(1000)]) {
      assert.equal(readExport(text).problem, 'the stored progress is not readable', text);
    }
  });
});

describe('cards for Anki', () => {
  it('are one line each, with id, sides and tags', () => {
    const lines = exportAnki([sampleDeck]).trimEnd().split('\n');
    const notes = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t'));
    assert.equal(notes.length, sampleDeck.items.length);
    assert.deepEqual(notes[0], [
      'freezelint/sample/card',
      'Front?',
      'Back.',
      'freezelint sample beginner FRZ101',
    ]);
    assert.ok(notes.every((note) => note.length === 4));
  });

  it('keep code and never pass HTML of a deck on', () => {
    const front = 'Why\n\n```python\nfor p in x:\n\tp < 1\n```\nand `a<b>`?';
    const deck = {
      ...sampleDeck,
      items: [{ id: 'c', kind: 'card' as const, level: 'beginner' as const, front, back: '<script>' }],
    };
    const note = exportAnki([deck]).trimEnd().split('\n').at(-1)?.split('\t') ?? [];
    assert.equal(
      note[1],
      'Why<br><br><pre>for p in x:<br>    p &lt; 1</pre><br>and <code>a&lt;b&gt;</code>?',
    );
    assert.equal(note[2], '&lt;script&gt;');
  });
});
