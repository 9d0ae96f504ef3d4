import assert from 'node:assert/strict';
import { codeActions, notebookFixAll, offersKind } from '../../../src/editor/code-actions.ts';
import { applyEdits } from '../../../src/editor/edits.ts';
import { lint } from '../../../src/lint.ts';
import { NotebookText } from '../../../src/python/notebook-text.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Edit } from '../../../src/rules/rule.ts';
import { fakeEngine } from '../lint/fake-engine.ts';
import { testParser } from '../python-parser.ts';

describe('code actions', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const actionsAt = (text: string, word: string, kinds: readonly string[] | null = null) => {
    const result = lint(parser, text, { rules: {} }, fakeEngine());
    assert.ok(result);
    const start = text.indexOf(word);
    return codeActions(result, { start, end: start }, kinds);
  };

  /** The text after the action whose title starts so, which must then be free of findings on that word. */
  const after = (text: string, word: string, title: string): string => {
    const action = actionsAt(text, word).find((each) => each.title.startsWith(title));
    assert.ok(action, title);
    const changed = applyEdits(text, action.edits);
    const problems = lint(parser, changed, { rules: {} }, fakeEngine())?.problems ?? [];
    assert.deepEqual(
      problems.filter(({ span }) => changed.slice(span.start, span.end) === word),
      [],
    );
    return changed;
  };

  it('offer the fixes first, then to ignore, to explain and to learn', () => {
    const actions = actionsAt('import torch\nwrong = 1\n', 'wrong');
    assert.deepEqual(
      actions.map(({ title, preferred, command }) => [title, preferred, command?.name ?? null]),
      [
        ['Replace wrong', true, null],
        ['Ignore FRZ101 on this line', false, null],
        ['Ignore FRZ101 in this file', false, null],
        ['Explain FRZ101', false, 'explainRule'],
        ['Learn why (FRZ101)', false, 'learnWhy'],
        ['Report false alarm (FRZ101)…', false, 'reportFalseAlarm'],
      ],
    );
    assert.ok(actions.every(({ problem, kind }) => problem === 0 && kind === 'quickfix'));
  });

  it('fix all problems of one rule, after the fixes of this one', () => {
    const text = 'import torch\nwrong = 1\nwrong = 2\ndoubtful = 3\n';
    const actions = actionsAt(text, 'wrong');
    assert.equal(actions[1]?.title, 'Fix all 2 of FRZ101 in this file');
    assert.equal(applyEdits(text, actions[1]?.edits ?? []), text.replaceAll('wrong', 'right'));
    assert.ok(!actionsAt(text, 'doubtful').some(({ title }) => title.startsWith('Fix all')));
  });

  it('offer nothing away from problems', () => {
    assert.deepEqual(actionsAt('import torch\nwrong = 1\n', 'torch'), []);
  });

  it('offer nothing for kinds that are not theirs', () => {
    assert.deepEqual(actionsAt('import torch\nwrong = 1\n', 'wrong', ['refactor.extract']), []);
    assert.ok(!offersKind(['source.organizeImports', 'refactor']));
    assert.ok(offersKind(['source']));
    assert.ok(offersKind(null));
  });

  it('fix all only on request, wherever the cursor is', () => {
    const text = 'import torch\nwrong = 1\nwrong = 2\ndoubtful = 3\n';
    for (const kind of ['source', 'source.fixAll', 'source.fixAll.freezelint']) {
      const actions = actionsAt(text, 'torch', [kind]);
      assert.equal(actions.length, 1);
      assert.equal(applyEdits(text, actions[0]?.edits ?? []), text.replaceAll('wrong', 'right'));
    }
    assert.deepEqual(actionsAt(text, 'torch', ['source.fixAll.other']), []);
  });

  describe('in a notebook', () => {
    const cells = ['import torch', 'wrong = 1\ndoubtful = 2', '%%time\nwrong = 3'];
    const notebook = new NotebookText(cells.map((text, index) => ({ text, number: index + 1 })));
    const resultOf = (source: NotebookText) => {
      const result = lint(parser, source, { rules: {} }, fakeEngine());
      assert.ok(result);
      return result;
    };
    /** What is on offer at the first `wrong` of a cell. */
    const actionsIn = (index: number, kinds: readonly string[] | null = null, source = notebook) => {
      const start = source.cells[index]?.text.indexOf('wrong') ?? -1;
      const span = source.spanOf(index, { start, end: start });
      return codeActions(resultOf(source), span, kinds, { notebook: source, index });
    };
    const textsAfter = (edits: readonly Edit[] | undefined) => {
      return notebook.edited(edits ?? []).cells.map(({ text }) => text);
    };

    it('change the cell that they are asked for', () => {
      const [fix, ofRule, onLine, everywhere] = actionsIn(2);
      assert.equal(ofRule?.title, 'Fix all 2 of FRZ101 in this notebook');
      assert.deepEqual(textsAfter(ofRule?.edits)[1], 'right = 1\ndoubtful = 2');
      assert.deepEqual(textsAfter(fix?.edits), [cells[0], cells[1], '%%time\nright = 3']);
      assert.equal(textsAfter(onLine?.edits)[2], '%%time\nwrong = 3  # freezelint: ignore[FRZ101]');
      assert.equal(everywhere?.title, 'Ignore FRZ101 in this notebook');
      assert.equal(textsAfter(everywhere?.edits)[0], '# freezelint: ignore-file[FRZ101]\nimport torch');
    });

    it('fix all of the cell, and all of the notebook by a kind of its own', () => {
      const [cell, ...others] = actionsIn(1, ['source.fixAll']);
      assert.deepEqual(others, []);
      assert.deepEqual(textsAfter(cell?.edits), [cells[0], 'right = 1\ndoubtful = 2', cells[2]]);
      const whole = notebookFixAll(resultOf(notebook));
      assert.equal(whole?.kind, 'notebook.source.fixAll.freezelint');
      assert.deepEqual(textsAfter(whole?.edits), [cells[0], 'right = 1\ndoubtful = 2', '%%time\nright = 3']);
      assert.equal(notebookFixAll(resultOf(new NotebookText(notebook.cells.slice(0, 1)))), null);
    });

    it('put no comment above the magic of a cell', () => {
      const source = new NotebookText([{ text: '%%time\nimport torch\nwrong = 1', number: 1 }]);
      const titles = actionsIn(0, null, source).map(({ title }) => title);
      assert.ok(titles.includes('Ignore FRZ101 on this line'));
      assert.ok(!titles.includes('Ignore FRZ101 in this notebook'));
    });
  });

  it('do not offer to fix all where nothing can be fixed safely', () => {
    assert.deepEqual(actionsAt('import torch\ndoubtful = 1\n', 'torch', ['source.fixAll']), []);
  });

  describe('that ignore on the line', () => {
    const ignore = (text: string) => after(text, 'wrong', 'Ignore FRZ101 on');

    it('add a comment at its end', () => {
      assert.equal(
        ignore('import torch\nwrong = 1  \n'),
        'import torch\nwrong = 1  # freezelint: ignore[FRZ101]\n',
      );
      assert.equal(
        ignore('import torch\nwrong = 1  # why\n'),
        'import torch\nwrong = 1  # why  # freezelint: ignore[FRZ101]\n',
      );
    });

    it('extend the comment that is there', () => {
      assert.equal(
        ignore('import torch\nwrong = 1  # freezelint: ignore[FRZ300] -- reason\n'),
        'import torch\nwrong = 1  # freezelint: ignore[FRZ300, FRZ101] -- reason\n',
      );
      assert.equal(
        ignore('import torch\nwrong = 1  # freezelint: ignore[]\n'),
        'import torch\nwrong = 1  # freezelint: ignore[FRZ101]\n',
      );
    });

    it('go above the statement where its line cannot end in a comment', () => {
      assert.equal(
        ignore('import torch\r\nif x:\r\n    y = wrong + \\\r\n        1\r\n'),
        'import torch\r\nif x:\r\n    # freezelint: ignore[FRZ101]\r\n    y = wrong + \\\r\n        1\r\n',
      );
      assert.equal(
        ignore('import torch\nx = f(wrong, """\ntext""")\n'),
        'import torch\n# freezelint: ignore[FRZ101]\nx = f(wrong, """\ntext""")\n',
      );
    });

    it('reach a problem in the middle of a statement', () => {
      assert.equal(
        ignore('import torch\nx = f(\n    wrong,\n)\n'),
        'import torch\nx = f(\n    wrong,  # freezelint: ignore[FRZ101]\n)\n',
      );
    });
  });

  describe('that ignore in the file', () => {
    const ignore = (text: string) => after(text, 'wrong', 'Ignore FRZ101 in');

    it('put a comment at the top', () => {
      assert.equal(
        ignore('"""Doc."""\nimport torch\nwrong = 1\n'),
        '# freezelint: ignore-file[FRZ101]\n"""Doc."""\nimport torch\nwrong = 1\n',
      );
    });

    it('stay below shebang and coding lines', () => {
      for (const header of [
        '#!/usr/bin/env python\n',
        '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n',
        '# vim: set fileencoding=utf-8 :\n',
        '\n# coding=utf-8\n',
      ]) {
        assert.equal(
          ignore(`${header}import torch\nwrong = 1\n`),
          `${header}# freezelint: ignore-file[FRZ101]\nimport torch\nwrong = 1\n`,
        );
      }
    });

    it('extend the comment that is there', () => {
      assert.equal(
        ignore('import torch\n# freezelint: ignore-file[FRZ300]\nwrong = 1\n'),
        'import torch\n# freezelint: ignore-file[FRZ300, FRZ101]\nwrong = 1\n',
      );
    });

    it('keep the line endings of the file', () => {
      assert.equal(
        ignore('import torch\r\nwrong = 1\r\n'),
        '# freezelint: ignore-file[FRZ101]\r\nimport torch\r\nwrong = 1\r\n',
      );
    });
  });
});
