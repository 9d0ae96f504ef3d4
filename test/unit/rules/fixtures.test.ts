import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Program } from '../../../src/analysis/program.ts';
import { applyEdits, conflict } from '../../../src/editor/edits.ts';
import { type LintResult, lint, type Problem, type RuleSetting } from '../../../src/lint.ts';
import { Programs } from '../../../src/project/programs.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { LineIndex } from '../../../src/python/positions.ts';
import { rules } from '../../../src/rules/registry.ts';
import type { Edit } from '../../../src/rules/rule.ts';
import { memoryFiles } from '../memory-files.ts';
import { testParser } from '../python-parser.ts';
import { type FixtureProgram, readFixture } from './fixture.ts';

const folder = path.join(import.meta.dirname, 'fixtures');
const names = readdirSync(folder).map((file) => path.basename(file, '.md'));

describe('the rules', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('have a fixture file each, and no other', () => {
    assert.deepEqual(names.toSorted(), rules.map(({ name }) => name).toSorted());
  });

  for (const name of names) {
    const programs = readFixture(readFileSync(path.join(folder, `${name}.md`), 'utf8'));
    describe(name, () => {
      it('has programs with findings of its own, and programs that stay silent', () => {
        const code = rules.find((rule) => rule.name === name)?.code;
        assert.ok(programs.some(({ expectations }) => expectations.some((one) => one.code === code)));
        assert.ok(programs.some(({ isSilent }) => isSilent));
      });

      for (const program of programs) {
        it(`${program.title} (line ${program.line})`, async () => {
          const around = await programAround(parser, program);
          const lintWhole = (text: string): LintResult => lintProgram(parser, text, around, name);
          const result = lintWhole(program.text);
          assert.deepEqual(describeProblems(result, program), describeExpectations(result, program));
          for (const [alternative, fixed] of program.fixed) {
            assert.equal(applyAll(program.text, result, alternative - 1), fixed);
          }
          for (const problem of result.problems) {
            for (const fix of problem.fixes)
              obeysTheLaws(lintWhole, program.text, result, problem, fix.edits);
          }
          const most = Math.max(0, ...result.problems.map(({ fixes }) => fixes.length));
          for (let index = 0; index < most; index++) endsFixed(lintWhole, program.text, result, index);
        });
      }
    });
  }
});

type Lint = (text: string) => LintResult;

/** The files beside a program, in a workspace of their own. */
function programAround(parser: PythonParser, { text, files }: FixtureProgram): Promise<Program> {
  const texts = new Map([...files].map(([name, content]) => [`/workspace/${name}`, content]));
  return new Programs(memoryFiles(texts), parser).of('/workspace/main.py', text, '/workspace');
}

/** Lints with all rules at their defaults; the fixture's own rule runs also where it is off by default. */
function lintProgram(parser: PythonParser, text: string, program: Program, name: string): LintResult {
  const own = rules.find((rule) => rule.name === name);
  const settings: Record<string, RuleSetting> = own?.isOffByDefault ? { [own.code]: 'on' } : {};
  const result = lint(parser, text, { rules: settings }, undefined, program);
  assert.ok(result, 'the program has nothing to do with torch');
  assert.deepEqual(result.internalErrors, []);
  return result;
}

interface Described {
  readonly file: string | null;
  readonly code: string;
  readonly what: string;
  readonly line: number;
  readonly text: string | null;
  readonly severity: string;
  readonly message: string;
}

const inOrder = (all: readonly Described[]): readonly Described[] =>
  all.toSorted(
    (a, b) =>
      (a.file ?? '').localeCompare(b.file ?? '') ||
      a.line - b.line ||
      a.what.localeCompare(b.what) ||
      a.code.localeCompare(b.code) ||
      0,
  );

const textOf = (file: string | null, { module }: LintResult, { files }: FixtureProgram): string =>
  file === null ? module.text : (files.get(file) ?? '');

/** What was found, as far as an expectation at the same place asks: findings with no expectation in full. */
function describeProblems(result: LintResult, program: FixtureProgram): readonly Described[] {
  const expected = program.expectations.map((one) => ({ ...one }));
  const described: Described[] = [];
  const add = (
    problem: Problem,
    what: 'finding' | 'related',
    place: { start: number; end: number },
    message: string,
    file: string | null,
  ) => {
    const text = textOf(file, result, program);
    const line = new LineIndex(text).positionAt(place.start).row + 1;
    const matches = (one: (typeof expected)[number]): boolean =>
      one.code === problem.code && one.what === what && one.line === line && one.file === file;
    const found =
      expected.find((one) => matches(one) && one.span?.start === place.start && one.span.end === place.end) ??
      expected.find((one) => matches(one) && one.span === null);
    // Related places need an expectation only where the fixture cares.
    if (!found && what === 'related') return;
    if (found) expected.splice(expected.indexOf(found), 1);
    described.push({
      file,
      code: problem.code,
      what,
      line,
      text: found?.span === null ? null : text.slice(place.start, place.end),
      severity: problem.severity,
      message: found && message.includes(found.message) ? found.message : message,
    });
  };
  for (const problem of result.problems) {
    add(problem, 'finding', problem.span, problem.message, null);
    for (const { message, span, file } of problem.related) {
      add(problem, 'related', span, message, file ? file.path.slice('/workspace/'.length) : null);
    }
  }
  return inOrder(described);
}

function describeExpectations(result: LintResult, program: FixtureProgram): readonly Described[] {
  return inOrder(
    program.expectations.map(({ file, code, what, line, span, severity, message }) => ({
      file,
      code,
      what,
      line,
      text: span && textOf(file, result, program).slice(span.start, span.end),
      severity: severity ?? defaultSeverity(code),
      message,
    })),
  );
}

function defaultSeverity(code: string): string {
  const rule = rules.find((candidate) => candidate.code === code);
  assert.ok(rule, `there is no rule ${code}`);
  return rule.severity;
}

/** Applies one alternative of every problem that has it; a fix that conflicts with an earlier one waits. */
function applyAll(text: string, { problems }: LintResult, alternative: number): string {
  const edits: Edit[] = [];
  for (const problem of problems) {
    const wanted = problem.fixes[alternative]?.edits ?? [];
    if (wanted.some(({ span }) => edits.some((edit) => conflict(edit.span, span)))) continue;
    edits.push(...wanted);
  }
  return applyEdits(text, edits);
}

/** How often each code was reported. */
function countByCode({ problems }: LintResult): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/**
 * What a fix that makes a freeze work may bring to light, as it is true from then on: frozen parameters in the optimizer
 * and frozen BatchNorm layers in train mode. Both are advice, not faults.
 */
const TRUE_OF_A_FREEZE: ReadonlySet<string> = new Set(['FRZ408', 'FRZ601']);

/** The result parses, the problem is gone, and nothing new is reported but advice about a freeze that works now. */
function obeysTheLaws(
  lintWhole: Lint,
  text: string,
  before: LintResult,
  problem: Problem,
  edits: readonly Edit[],
): void {
  const fixed = applyEdits(text, edits);
  const after = lintWhole(fixed);
  assert.ok(
    after.module.errors.length <= before.module.errors.length,
    `the fix of ${problem.code} breaks the syntax:\n${fixed}`,
  );
  const counts = countByCode(before);
  counts.set(problem.code, (counts.get(problem.code) ?? 0) - 1);
  for (const [code, count] of countByCode(after)) {
    if (code !== problem.code && TRUE_OF_A_FREEZE.has(code)) continue;
    const messages = after.problems.filter((one) => one.code === code).map(({ message }) => message);
    assert.ok(
      count <= (counts.get(code) ?? 0),
      `after the fix of ${problem.code} there is still or newly: ${messages.join(' / ')}\n${fixed}`,
    );
  }
}

function endsFixed(lintWhole: Lint, text: string, result: LintResult, alternative: number): void {
  let current = text;
  for (let round = 0; round <= result.problems.length + TRUE_OF_A_FREEZE.size; round++) {
    const next = applyAll(current, lintWhole(current), alternative);
    if (next === current) return;
    current = next;
  }
  assert.fail(`fixing alternative ${alternative + 1} never comes to an end:\n${current}`);
}
