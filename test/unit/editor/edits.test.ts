import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, conflict } from '../../../src/editor/edits.ts';

const edit = (start: number, end: number, content: string) => ({ span: { start, end }, content });

describe('applyEdits', () => {
  it('replaces, inserts and deletes, in whatever order the edits come', () => {
    const edits = [edit(6, 11, 'there'), edit(0, 0, 'so '), edit(5, 6, ''), edit(11, 11, '!')];
    assert.equal(applyEdits('hello world', edits), 'so hellothere!');
  });

  it('refuses edits that overlap', () => {
    assert.throws(() => applyEdits('hello', [edit(0, 3, 'x'), edit(2, 4, 'y')]), RangeError);
  });

  it('keeps all text outside the edits', () => {
    const edits = fc.tuple(fc.nat(20), fc.nat(20), fc.string());
    fc.assert(
      fc.property(fc.string({ minLength: 20, maxLength: 20 }), edits, (text, [a, b, content]) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const result = applyEdits(text, [edit(start, end, content)]);
        assert.equal(result, text.slice(0, start) + content + text.slice(end));
      }),
    );
  });
});

describe('two edits conflict', () => {
  const span = (start: number, end: number) => ({ start, end });

  it('when they share characters', () => {
    assert.ok(conflict(span(0, 3), span(2, 5)));
    assert.ok(conflict(span(0, 9), span(2, 5)));
  });

  it('when one inserts inside what the other replaces', () => {
    assert.ok(conflict(span(0, 3), span(2, 2)));
  });

  it('when both insert at the same place', () => {
    assert.ok(conflict(span(2, 2), span(2, 2)));
  });

  it('but not when they only touch', () => {
    assert.ok(!conflict(span(0, 3), span(3, 5)));
    assert.ok(!conflict(span(0, 3), span(3, 3)));
    assert.ok(!conflict(span(3, 3), span(3, 5)));
  });
});
