import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/editor/edits.ts';
import { fixAll, fixUntilStable } from '../../../src/editor/fix-all.ts';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Applicability, Rule } from '../../../src/rules/rule.ts';
import { fakeEngine, fakeRules, wordRule } from '../lint/fake-engine.ts';
import { testParser } from '../python-parser.ts';

describe('fixing all', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const once = (text: string, rules: readonly Rule[] = fakeRules, allowed?: readonly Applicability[]) => {
    const result = lint(parser, text, { rules: {} }, fakeEngine(rules));
    assert.ok(result);
    return applyEdits(text, fixAll(result, allowed).edits);
  };

  const untilStable = (text: string, rules: readonly Rule[] = fakeRules) =>
    fixUntilStable(text, (each) => lint(parser, each, { rules: {} }, fakeEngine(rules)));

  it('applies safe fixes and leaves the others', () => {
    assert.equal(once('import torch\nwrong\ndoubtful\nwrong\n'), 'import torch\nright\ndoubtful\nright\n');
  });

  it('applies behavioural fixes where they are allowed', () => {
    const text = 'import torch\nwrong\ndoubtful\n';
    assert.equal(once(text, fakeRules, ['safe', 'behavioural']), 'import torch\nright\ncertain\n');
  });

  it('takes one of two fixes that overlap, whole, and the other in the next round', () => {
    const overlapping: Rule = {
      ...wordRule('FRZ101', 'wrong'),
      check({ module }) {
        const start = module.text.indexOf('wrong');
        if (start === -1) return [];
        const end = start + 5;
        const fix = (edits: { span: { start: number; end: number }; content: string }[]) =>
          [{ message: 'm', applicability: 'safe', edits }] as const;
        return [
          { message: 'a', span: { start, end }, fixes: fix([{ span: { start, end }, content: 'right' }]) },
          {
            message: 'b',
            span: { start, end },
            fixes: fix([
              { span: { start: 0, end: 0 }, content: '# half a fix\n' },
              { span: { start, end }, content: 'left' },
            ]),
          },
        ];
      },
    };
    assert.equal(once('import torch\nwrong\n', [overlapping]), 'import torch\nright\n');
  });

  it('lints again until nothing is left to fix', () => {
    const chain = [wordRule('FRZ101', 'one', { fix: 'two' }), wordRule('FRZ102', 'two', { fix: 'three' })];
    const { source: text, fixed, result } = untilStable('import torch\none\n', chain);
    assert.equal(text, 'import torch\nthree\n');
    assert.equal(fixed.length, 2);
    assert.deepEqual(result?.problems, []);
  });

  it('ends even where two fixes undo each other', () => {
    const swing = [wordRule('FRZ101', 'on', { fix: 'off' }), wordRule('FRZ102', 'off', { fix: 'on' })];
    assert.match(untilStable('import torch\non\n', swing).source, /^import torch\n(on|off)\n$/);
  });

  it('changes nothing when run on its own result', () => {
    const { source: text } = untilStable('import torch\nwrong, wrong\n');
    assert.deepEqual(untilStable(text).fixed, []);
  });

  it('does not apply a fix that breaks the syntax', () => {
    const breaking = [wordRule('FRZ101', 'wrong', { fix: '(' })];
    const { source: text, fixed, result } = untilStable('import torch\nwrong\n', breaking);
    assert.equal(text, 'import torch\nwrong\n');
    assert.deepEqual(fixed, []);
    assert.equal(result?.problems.length, 1);
  });
});
