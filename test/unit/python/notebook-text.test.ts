import assert from 'node:assert/strict';
import { NotebookText } from '../../../src/python/notebook-text.ts';

describe('the text of a notebook', () => {
  const notebook = new NotebookText([
    { text: 'a = 1', number: 2 },
    { text: '!ls\nb = 2\n', number: 4 },
    { text: '', number: 5 },
    { text: 'c = 3', number: 7 },
  ]);
  const edit = (of: string, content: string) => {
    const start = notebook.text.indexOf(of);
    return { span: { start, end: start + of.length }, content };
  };
  const texts = (changed: NotebookText) => changed.cells.map(({ text }) => text);

  it('has the cells one below the other', () => {
    assert.equal(notebook.text, 'a = 1\n0  \nb = 2\n\n\nc = 3\n');
    assert.equal(new NotebookText([]).text, '');
  });

  it('knows the cell of a place, and a place of a cell', () => {
    const b = edit('b = 2', '').span;
    assert.deepEqual(notebook.placeOf(b), { cell: notebook.cells[1], span: { start: 4, end: 9 } });
    assert.deepEqual(notebook.spanOf(1, { start: 4, end: 9 }), b);
    const end = { start: notebook.text.length, end: notebook.text.length };
    assert.equal(notebook.placeOf(end)?.cell.number, 7);
    assert.equal(new NotebookText([]).placeOf({ start: 0, end: 0 }), null);
  });

  it('has the blank last line of a cell in that cell', () => {
    const { end } = notebook.spanOf(1, { start: 0, end: '!ls\nb = 2\n'.length });
    assert.equal(notebook.placeOf({ start: end, end })?.cell.number, 4);
    const changed = notebook.edited([{ span: { start: end, end }, content: 'x = 1' }]);
    assert.deepEqual(texts(changed), ['a = 1', '!ls\nb = 2\nx = 1', '', 'c = 3']);
  });

  it('takes edits to their cells, and leaves the line break after a cell out', () => {
    const changed = notebook.edited([edit('1', '10'), edit('b = 2\n', ''), edit('c', 'x = 1\nc')]);
    assert.deepEqual(texts(changed), ['a = 10', '!ls\n', '', 'x = 1\nc = 3']);
    assert.equal(changed.text, 'a = 10\n0  \n\n\nx = 1\nc = 3\n');
  });

  it('puts what goes to its very end into the last cell', () => {
    const end = { start: notebook.text.length, end: notebook.text.length };
    assert.deepEqual(texts(notebook.edited([{ span: end, content: 'd = 4\n' }])).at(-1), 'c = 3\nd = 4');
  });

  it('tells edits in the terms of each cell, which make of it what the edited notebook has', () => {
    assert.deepEqual(
      [...notebook.editsByCell([edit('b', 'x'), edit('1', '10')])],
      [
        [1, [{ span: { start: 4, end: 5 }, content: 'x' }]],
        [0, [{ span: { start: 4, end: 5 }, content: '10' }]],
      ],
    );
    const end = { start: notebook.text.length, end: notebook.text.length };
    const atTheEnd = [...notebook.editsByCell([{ span: end, content: 'd = 4\n' }])];
    assert.deepEqual(atTheEnd, [[3, [{ span: { start: 5, end: 5 }, content: '\nd = 4' }]]]);
    const line = [...notebook.editsByCell([edit('c = 3\n', 'c = 30\nd = 4\n')])];
    assert.deepEqual(line, [[3, [{ span: { start: 5, end: 5 }, content: '0\nd = 4' }]]]);
  });

  it('lets nothing come before the magic of a whole cell', () => {
    const timed = new NotebookText([{ text: '%%time\na = 1', number: 1 }]);
    assert.ok(!timed.canEdit([{ span: { start: 0, end: 0 }, content: '# x\n' }]));
    assert.ok(timed.canEdit([{ span: { start: 7, end: 7 }, content: '# x\n' }]));
  });

  it('refuses edits over the border of a cell or on what only IPython understands', () => {
    for (const wrong of [edit('1\n0', 'x'), edit('0  ', 'x'), edit('2\n\n\n', '')]) {
      assert.ok(!notebook.canEdit([wrong]));
      assert.throws(() => notebook.edited([wrong]), RangeError);
    }
  });
});
