import assert from 'node:assert/strict';
import { type LintResult, lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { rulePage } from '../../../src/rule-page.ts';
import { rules } from '../../../src/rules/registry.ts';
import { testParser } from '../python-parser.ts';

describe('the page of a rule', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('cites nothing that its reader cannot look up', () => {
    for (const rule of rules) assert.doesNotMatch(rulePage(rule), /\bcases? [a-z]\d\d|\([a-z]\d\d\)/);
  });

  for (const { code, name, documentation } of rules) {
    const lintWith = (text: string): LintResult => {
      const result = lint(parser, text, { rules: { [code]: 'on' } });
      assert.ok(result, 'the program has nothing to do with torch');
      assert.deepEqual([result.module.errors, result.internalErrors], [[], []]);
      return result;
    };
    const codesIn = (text: string): readonly string[] =>
      lintWith(text).problems.map((problem) => problem.code);

    it(`shows an example that ${code} ${name} reports`, () => {
      assert.ok(codesIn(documentation.example).includes(code));
    });

    it(`shows a repaired program of which ${code} ${name} has nothing to say, nor a graver rule`, () => {
      const { problems } = lintWith(documentation.useInstead);
      assert.deepEqual(
        problems.filter((one) => one.code === code || one.severity === 'error' || one.severity === 'warning'),
        [],
      );
    });
  }
});
