import assert from 'node:assert/strict';
import { ALONE } from '../../../src/analysis/program.ts';
import { type LintEngine, lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { testParser } from '../python-parser.ts';
import { fakeEngine, fakeRules, wordRule } from './fake-engine.ts';

describe('lint', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const found = (text: string, engine: LintEngine = fakeEngine(), rules = {}) =>
    lint(parser, text, { rules }, engine)?.problems.map(({ code, span }) => `${code}@${span.start}`);

  it('does not even parse a text that never mentions torch', () => {
    const noParser: PythonParser = {
      parse: () => assert.fail('it parsed'),
    };
    assert.equal(lint(noParser, 'wrong = 1\n', { rules: {} }, fakeEngine()), null);
  });

  it('lists problems in source order, whatever the order of rules and findings', () => {
    const text = 'import torch\nmild\ndoubtful\nwrong\nmild\n';
    assert.deepEqual(found(text), ['FRZ408@13', 'FRZ102@18', 'FRZ101@27', 'FRZ408@33']);
  });

  it('carries name, severity, fixes and related places over from rule and finding', () => {
    const result = lint(parser, 'import torch\nwrong\n', { rules: {} }, fakeEngine());
    const span = { start: 13, end: 18 };
    assert.deepEqual(result?.problems, [
      {
        code: 'FRZ101',
        name: 'no-wrong',
        severity: 'error',
        isUnnecessary: false,
        message: 'wrong found',
        span,
        fixes: [{ message: 'Replace wrong', applicability: 'safe', edits: [{ span, content: 'right' }] }],
        related: [{ message: 'the file starts here', span: { start: 0, end: 1 }, file: null }],
      },
    ]);
  });

  it('turns rules off and changes their severity as configured', () => {
    const text = 'import torch\nwrong\nmild\n';
    assert.deepEqual(found(text, fakeEngine(), { FRZ101: 'off' }), ['FRZ408@19']);
    const [problem] = lint(parser, text, { rules: { FRZ101: 'information' } }, fakeEngine())?.problems ?? [];
    assert.equal(problem?.severity, 'information');
  });

  it('leaves out a rule that is off by default, and runs it at its own severity where it is on', () => {
    const engine = fakeEngine([{ ...wordRule('FRZ101', 'wrong'), isOffByDefault: true }]);
    assert.deepEqual(found('import torch\nwrong\n', engine), []);
    const result = lint(parser, 'import torch\nwrong\n', { rules: { FRZ101: 'on' } }, engine);
    assert.deepEqual(
      result?.problems.map(({ severity }) => severity),
      ['error'],
    );
  });

  it("lets a finding differ from its rule's severity, but the user's word is last", () => {
    const rule: Rule = {
      ...wordRule('FRZ101', 'wrong'),
      check: () => [{ message: 'mild here', span: { start: 0, end: 1 }, severity: 'hint' }],
    };
    const severity = (rules: Record<string, 'error'>) =>
      lint(parser, 'import torch\n', { rules }, fakeEngine([rule]))?.problems[0]?.severity;
    assert.equal(severity({}), 'hint');
    assert.equal(severity({ FRZ101: 'error' }), 'error');
  });

  it('withholds findings on lines with a syntax error, and only those', () => {
    const text = 'import torch\nwrong = 1\nx = wrong wrong )\nwrong = 2\n';
    assert.deepEqual(found(text), ['FRZ101@13', 'FRZ101@41']);
  });

  it('keeps the findings of the other rules when one throws', () => {
    const broken: Rule = {
      ...wordRule('FRZ103', 'x'),
      check: () => {
        throw new Error('no such luck');
      },
    };
    const result = lint(parser, 'import torch\nwrong\n', { rules: {} }, fakeEngine([broken, ...fakeRules]));
    assert.deepEqual(
      result?.problems.map(({ code }) => code),
      ['FRZ101'],
    );
    assert.deepEqual(
      result?.internalErrors.map(({ where, message }) => [where, message]),
      [['FRZ103', 'no such luck']],
    );
    assert.match(result?.internalErrors[0]?.details ?? '', /lint\.test\.ts/);
  });

  it('keeps what a rule that throws half-way had not yet reported out of the result', () => {
    const broken: Rule = {
      ...wordRule('FRZ103', 'x'),
      *check() {
        yield { message: 'first', span: { start: 0, end: 1 } };
        throw new Error('then this');
      },
    };
    const result = lint(parser, 'import torch\n', { rules: {} }, fakeEngine([broken]));
    assert.deepEqual(result?.problems, []);
    assert.equal(result?.internalErrors.length, 1);
  });

  it('reports an analysis that throws and goes on with an empty trace', () => {
    const engine: LintEngine = {
      ...fakeEngine(),
      analyse: (module) => {
        if (module.body.length > 0) throw new Error('too hard');
        return fakeEngine().analyse(module, ALONE);
      },
    };
    const result = lint(parser, 'import torch\nwrong\n', { rules: {} }, engine);
    assert.deepEqual(
      result?.internalErrors.map(({ where }) => where),
      ['analysis'],
    );
    assert.equal(result?.problems.length, 1);
  });

  it('reports a parser that throws', () => {
    const broken: PythonParser = {
      parse: () => {
        throw new Error('out of memory');
      },
    };
    const result = lint(broken, 'import torch\n', { rules: {} }, fakeEngine());
    assert.deepEqual(
      result?.internalErrors.map(({ where }) => where),
      ['parser'],
    );
  });

  it("writes fixes with the file's line endings", () => {
    const engine = fakeEngine([wordRule('FRZ101', 'wrong', { fix: 'a\nb' })]);
    const content = (text: string) =>
      lint(parser, text, { rules: {} }, engine)?.problems[0]?.fixes[0]?.edits[0]?.content;
    assert.equal(content('import torch\r\nwrong\r\n'), 'a\r\nb');
    assert.equal(content('import torch\nwrong\n'), 'a\nb');
  });
});
