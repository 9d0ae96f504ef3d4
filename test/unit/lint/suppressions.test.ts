import assert from 'node:assert/strict';
import { type LintConfiguration, lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { unusedSuppression } from '../../../src/rules/unused-suppression.ts';
import { testParser } from '../python-parser.ts';
import { fakeEngine, fakeRules, wordRule } from './fake-engine.ts';

describe('comments that silence findings', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** The rows, from 1, on which something is still found. */
  const rows = (...lines: string[]): number[] => {
    const text = ['import torch', ...lines, ''].join('\n');
    const result = lint(parser, text, { rules: {} }, fakeEngine());
    assert.deepEqual(result?.internalErrors, []);
    assert.deepEqual(result?.module.errors, []);
    return (result?.problems ?? []).map(({ span }) => text.slice(0, span.start).split('\n').length);
  };

  it('silence the listed rules on their line', () => {
    assert.deepEqual(rows('wrong  # freezelint: ignore[FRZ101]', 'wrong'), [3]);
    assert.deepEqual(rows('wrong  # freezelint: ignore[FRZ102]'), [2]);
    assert.deepEqual(rows('wrong, doubtful  # freezelint: ignore[FRZ101, FRZ102]'), []);
    assert.deepEqual(rows('wrong, doubtful  # freezelint: ignore[FRZ102]'), [2]);
  });

  it('may name a rule instead of its code, in any case', () => {
    assert.deepEqual(rows('wrong  # freezelint: ignore[no-wrong]'), []);
    assert.deepEqual(rows('wrong  # FREEZELINT:ignore[frz101]'), []);
  });

  it('silence everything on their line when bare', () => {
    assert.deepEqual(rows('wrong, doubtful  # freezelint: ignore', 'wrong'), [3]);
  });

  it('may give a reason after two hyphens', () => {
    assert.deepEqual(rows('wrong  # freezelint: ignore[FRZ101] -- the head is loaded later'), []);
    assert.deepEqual(rows('wrong  # freezelint: ignore -- the head is loaded later'), []);
  });

  it('may follow other comments', () => {
    assert.deepEqual(rows('wrong  # type: ignore  # freezelint: ignore[FRZ101]'), []);
  });

  it('silence nothing when malformed', () => {
    assert.deepEqual(rows('wrong  # freezelint: ignore[FRZ101'), [2]);
    assert.deepEqual(rows('wrong  # freezelint: ignore FRZ102'), [2]);
    assert.deepEqual(rows('wrong  # freezelint: ignore[]'), [2]);
    assert.deepEqual(rows('wrong  # freezelint: ignored'), [2]);
    assert.deepEqual(rows('wrong  # see freezelint: ignore'), [2]);
  });

  it('do not count inside strings', () => {
    assert.deepEqual(rows('wrong = "# freezelint: ignore"'), [2]);
  });

  it('cover a statement over several lines from its first or its last line', () => {
    assert.deepEqual(rows('f(  # freezelint: ignore[FRZ101]', '    wrong,', ')', 'wrong'), [5]);
    assert.deepEqual(rows('f(', '    wrong,', ')  # freezelint: ignore[FRZ101]', 'wrong'), [5]);
    assert.deepEqual(rows('f(', '    wrong,  # freezelint: ignore[FRZ101]', ')', 'wrong'), [5]);
  });

  it('cover only the header of a compound statement when at its end', () => {
    assert.deepEqual(rows('for wrong in x:  # freezelint: ignore[FRZ101]', '    wrong'), [3]);
    assert.deepEqual(rows('if x:', '    wrong  # freezelint: ignore[FRZ101]', 'else:', '    wrong'), [5]);
  });

  it('cover the whole next statement when on a line of their own', () => {
    assert.deepEqual(rows('# freezelint: ignore[FRZ101]', 'wrong', 'wrong'), [4]);
    assert.deepEqual(rows('# freezelint: ignore[FRZ101]', 'for x in y:', '    wrong', 'wrong'), [5]);
    assert.deepEqual(rows('f(', '    # freezelint: ignore[FRZ101]', '    wrong,', ')', 'wrong'), [6]);
    assert.deepEqual(rows('if x:', '    # freezelint: ignore[FRZ101]', '    wrong', '    wrong'), [5]);
  });

  it('reach the next statement over blank lines and other comments', () => {
    assert.deepEqual(rows('# freezelint: ignore[FRZ101]', '', '# the head', 'wrong'), []);
  });

  it('cover the whole file in their file form, wherever they stand', () => {
    assert.deepEqual(rows('wrong', '# freezelint: ignore-file[FRZ101]', 'wrong, doubtful'), [4]);
    assert.deepEqual(rows('wrong', 'doubtful', '# freezelint: ignore-file -- generated'), []);
  });

  it('work in the noqa form of other linters, on their own line only', () => {
    assert.deepEqual(rows('wrong  # noqa: FRZ101'), []);
    assert.deepEqual(rows('wrong  # noqa:E501,FRZ101'), []);
    assert.deepEqual(rows('wrong  # NOQA'), []);
    assert.deepEqual(rows('wrong  # noqa: E501'), [2]);
    assert.deepEqual(rows('wrong  # noqa: because'), [2]);
    assert.deepEqual(rows('# noqa: FRZ101', 'wrong'), [3]);
    assert.deepEqual(rows('wrong  # ruff: noqa'), [2]);
  });
});

describe('comments that silence nothing', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const found = (
    text: string,
    rules: LintConfiguration['rules'] = {},
    engine = [...fakeRules, unusedSuppression],
  ) => lint(parser, text, { rules }, fakeEngine(engine))?.problems.map(({ code }) => code);

  it('are reported', () => {
    assert.deepEqual(found('import torch  # freezelint: ignore[FRZ101]\n'), ['FRZ901']);
  });

  it('are those that would silence nothing if every rule were switched on', () => {
    const text = 'import torch\nwrong  # freezelint: ignore[FRZ101]\ndoubtful  # freezelint: ignore\n';
    assert.deepEqual(found(text, { FRZ101: 'off', FRZ102: 'off' }), []);
    assert.deepEqual(found('import torch  # freezelint: ignore[FRZ101]\n', { FRZ101: 'off' }), ['FRZ901']);
  });

  it('are not reported where that rule is switched off', () => {
    assert.deepEqual(found('import torch  # freezelint: ignore[FRZ101]\n', { FRZ901: 'off' }), []);
  });

  it('cannot silence that they are reported, unless they name that rule', () => {
    assert.deepEqual(found('# freezelint: ignore-file\nimport torch  # freezelint: ignore\n'), [
      'FRZ901',
      'FRZ901',
    ]);
    const text = '# freezelint: ignore-file[FRZ901]\nimport torch  # freezelint: ignore[FRZ101]\n';
    assert.deepEqual(found(text), []);
  });

  it('are not known in a text with a syntax error, nor where a rule threw', () => {
    assert.deepEqual(found('import torch  # freezelint: ignore[FRZ101]\nx = = 1\n'), []);
    const broken: Rule = {
      ...wordRule('FRZ103', 'x'),
      check: () => {
        throw new Error('no such luck');
      },
    };
    assert.deepEqual(
      found('import torch  # freezelint: ignore[FRZ101]\n', {}, [broken, unusedSuppression]),
      [],
    );
  });
});
