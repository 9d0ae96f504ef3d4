import assert from 'node:assert/strict';
import {
  compileLesson,
  type LessonResult,
  shownLines,
} from '../../../../src/learn/lessons/compile-lesson.ts';

const program = ['import torch', '', '# region shown', 'first = 1', 'second = 2', '# endregion', ''].join(
  '\n',
);
const recorded = {
  torch: '1.13',
  programs: { 'a.py': { sha256: '', output: 'Moved by: 0.50', state: {} } },
};
const page = [
  '  - id: one',
  '    title: One',
  '    text: A sentence.',
  '    program: a.py',
  '    key: second',
  '    prompt: Which?',
  '    options:',
  '      - {text: This, correct: true, why: It is.}',
  '      - {text: That, why: It is not.}',
  '    sources: ["case:a01"]',
];
const yaml = (...lines: string[]): string =>
  ['format: freezelint-lesson/1', 'id: learn', 'title: Learn', 'pages:', ...lines, ''].join('\n');
const compile = (text: string, files: Record<string, string> = { 'a.py': program }): LessonResult =>
  compileLesson({
    name: 'quizzes/lessons/learn',
    files: new Map([
      ['lesson.yaml', text],
      ['recorded.json', JSON.stringify(recorded)],
      ...Object.entries(files),
    ]),
  });
const faults = (result: LessonResult): string[] =>
  (result.errors ?? []).map(({ line, key, message }) => `${line} ${key}: ${message}`);

describe('a lesson', () => {
  it('takes code and key line from its program, and what it prints from the recording', () => {
    const { lesson } = compile(yaml(...page));
    assert.equal(lesson?.torch, '1.13');
    const [first] = lesson?.pages ?? [];
    assert.equal(first?.shown, 'first = 1\nsecond = 2');
    assert.equal(first?.key, 1);
    assert.equal(first?.program, program);
    assert.equal(first?.output, 'Moved by: 0.50');
    assert.equal(first?.cure, null);
  });

  it('makes a diff and a table of a cure', () => {
    const cured = program.replace('second = 2', 'second = 3');
    const files = {
      'a.py': program,
      'b.py': cured,
      'recorded.json': JSON.stringify({
        torch: '1.13',
        programs: { ...recorded.programs, 'b.py': { sha256: '', output: 'Moved by: 0.00', state: {} } },
      }),
    };
    const [first] = compile(yaml(...page, '    cure: b.py'), files).lesson?.pages ?? [];
    assert.equal(first?.output, '', 'the table shows it');
    assert.deepEqual(first?.cure?.table, [{ quantity: 'Moved by', before: '0.50', after: '0.00' }]);
    assert.deepEqual(first?.cure?.diff, [
      { kind: 'same', text: 'first = 1' },
      { kind: 'removed', text: 'second = 2' },
      { kind: 'added', text: 'second = 3' },
    ]);
  });

  it('reports programs that are missing, not recorded, or named by no page, with line and key', () => {
    assert.deepEqual(faults(compile(yaml(...page), {})), [
      '8 pages[0].program: there is no a.py in this folder',
    ]);
    assert.deepEqual(
      faults(compile(yaml(...page, '    cure: b.py'), { 'a.py': program, 'b.py': program, 'c.py': '' })),
      [
        '4 pages: no page uses c.py; name it or delete it',
        '15 pages[0].cure: recorded.json has nothing about b.py; run "npm run test:torch -- 0 120 --record"',
      ],
    );
  });

  it('reports a program that shows nothing, or more than eight lines, and a key that is not one line', () => {
    assert.match(
      faults(compile(yaml(...page), { 'a.py': 'first = 1\n' }))[0] ?? '',
      /marks no lines to show/,
    );
    const long = program.replace('first = 1', Array.from({ length: 8 }, () => 'first = 1').join('\n'));
    assert.match(faults(compile(yaml(...page), { 'a.py': long }))[0] ?? '', /more than 8 lines/);
    const twice = program.replace('first', 'second');
    assert.match(
      faults(compile(yaml(...page), { 'a.py': twice }))[0] ?? '',
      /^9 pages\[0\]\.key: exactly one/,
    );
  });

  it('reports unknown keys, wrong formats and repeated ids', () => {
    assert.match(
      faults(compile(yaml(...page, '    code: x')))[0] ?? '',
      /^15 pages\[0\]\.code: "code" is not a key/,
    );
    assert.match(
      faults(compile(yaml(...page).replace('freezelint-lesson', 'freezelint-deck')))[0] ?? '',
      /^1 format: the format must be freezelint-lesson\/1/,
    );
    assert.match(
      faults(compile(yaml(...page, ...page)))[0] ?? '',
      /^15 pages\[1\]\.id: the id "one" is used twice/,
    );
    assert.match(faults(compile(yaml(...page.slice(0, -1))))[0] ?? '', /"sources" is missing/);
  });

  it('shows what stands between the two marks', () => {
    assert.equal(shownLines('# region shown\na\n\n# endregion\nb\n'), 'a');
    assert.equal(shownLines('a\n'), null);
  });
});
