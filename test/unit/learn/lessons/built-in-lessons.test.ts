import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readLessonFolders } from '../../../../scripts/lesson-folders.ts';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { compileLesson, type Recording } from '../../../../src/learn/lessons/compile-lesson.ts';
import { lint } from '../../../../src/lint.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { rules } from '../../../../src/rules/registry.ts';
import { answers } from '../../analysis/revealed.ts';
import { testParser } from '../../python-parser.ts';
import { isKnownSource } from '../known-sources.ts';

const folders = readLessonFolders();
const compiled = folders.map((folder) => ({
  ...compileLesson(folder),
  folder,
  recording: JSON.parse(folder.files.get('recorded.json') ?? '') as Recording,
}));
const pages = compiled.flatMap(({ lesson, source, folder, recording }) =>
  (lesson?.pages ?? []).map((page, index) => {
    const names = source?.pages[index] as NonNullable<typeof source>['pages'][number];
    return { page, names, files: folder.files, recording, lesson: lesson?.id };
  }),
);

describe('the lessons', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  it('are six pages to learn, five incidents and eight beliefs, without an error', () => {
    assert.deepEqual(
      compiled.flatMap(({ errors }) => errors ?? []),
      [],
    );
    assert.deepEqual(
      compiled.map(({ lesson }) => [lesson?.id, lesson?.pages.length]),
      [
        ['learn', 6],
        ['why', 5],
        ['deep', 8],
      ],
    );
  });

  it('mark the key line of every program', () => {
    for (const { page } of pages) assert.notEqual(page.key, null, page.id);
  });

  it('offer two options for a bet or a belief, three for a question, each with a reason of its own', () => {
    for (const { page, lesson } of pages) {
      assert.equal(page.options.length, lesson === 'learn' ? 3 : 2, page.id);
      assert.equal(new Set(page.options.map(({ why }) => why)).size, page.options.length, page.id);
    }
  });

  it('do not give the right option away by its length or its place', () => {
    for (const { lesson } of compiled) {
      const asked = lesson?.pages ?? [];
      const placesOfRight = new Set(asked.map(({ options }) => options.findIndex(({ correct }) => correct)));
      assert.ok(placesOfRight.size > 1, `${lesson?.id}: always at the same place`);
      for (const extreme of [Math.max, Math.min]) {
        const givenAway = asked.filter(({ options }) => {
          const length = extreme(...options.map(({ text }) => text.length));
          return options.find(({ correct }) => correct)?.text.length === length;
        });
        assert.ok(givenAway.length <= 0.7 * asked.length, `${lesson?.id}: ${givenAway.map(({ id }) => id)}`);
      }
    }
  });

  it('name only rules that there are, those that report a program among them', () => {
    const known = new Set<string>(rules.map(({ code }) => code));
    for (const { page, names } of pages) {
      for (const code of page.rules) assert.ok(known.has(code), `${page.id}: ${code}`);
      for (const code of names.reports ?? []) assert.ok(page.rules.includes(code), `${page.id}: ${code}`);
    }
  });

  it('name for every page a case that was measured, or a document', () => {
    for (const { page, names } of pages) {
      for (const source of names.sources) assert.ok(isKnownSource(source), `${page.id}: ${source}`);
    }
  });

  it('were recorded with the very programs that they show', () => {
    for (const { folder, recording } of compiled) {
      for (const [file, text] of folder.files) {
        if (!file.endsWith('.py')) continue;
        const sha256 = createHash('sha256').update(text).digest('hex');
        assert.equal(
          recording.programs[file]?.sha256,
          sha256,
          `${file} changed: npm run test:torch -- 0 120 --record`,
        );
      }
    }
  });

  for (const { page, names, files, recording } of pages) {
    describe(page.id, () => {
      it('is reported by the rules that it names, and its cure by none', () => {
        assert.deepEqual(reported(parser, page.program), names.reports ?? []);
        if (page.insert) assert.deepEqual(names.reports ?? [], [], 'what is reported is not for insertion');
        const cured = names.cure === undefined ? undefined : files.get(names.cure);
        if (cured !== undefined) assert.deepEqual(reported(parser, cured), []);
      });

      it('leaves frozen and trainable what it says, by the analysis and by PyTorch', () => {
        const line = page.program.split('\n').length;
        const claims = page.state.map(({ target, flag }) => ({
          line,
          text: `${target} = ${flag}`,
          alone: true,
        }));
        const marked = `${page.program}# revealed: all of it`;
        const texts = claims.map(({ text }) => text);
        assert.deepEqual(answers(parser, { title: page.id, line: 1, text: marked, claims }), texts);
        assert.deepEqual(
          Object.entries(recording.programs[names.program]?.state ?? {}).map(
            ([target, flag]) => `${target} = ${flag}`,
          ),
          texts,
        );
      });

      it('raises under PyTorch what the analysis says that it raises', () => {
        const raised = analyse(parser.parse(page.program)).raises;
        const last = recording.programs[names.program]?.output.split('\n').at(-1) ?? '';
        assert.equal(/^(\w*Error): /.exec(last)?.[1], raised?.error);
        // What a program raises ends it, so it is in the last statement.
        if (raised)
          assert.match(
            page.program.slice(raised.at.start).trimEnd(),
            /^[^\n]*\n(?:print\(.*\)\n)?# endregion$/,
          );
      });

      if (names.cure !== undefined) {
        it('measures the same quantities before and after, of which some change', () => {
          const { diff, table } = page.cure as NonNullable<typeof page.cure>;
          assert.ok(table.length > 0 && table.every(({ before, after }) => before !== '' && after !== ''));
          assert.ok(table.some(({ before, after }) => before !== after));
          assert.ok(diff.some(({ kind }) => kind === 'added'));
        });
      }
    });
  }
});

/** The codes of the rules that report a program; the hint about clarity counts for nothing here. */
function reported(parser: PythonParser, text: string): string[] {
  const result = lint(parser, text, { rules: { FRZ408: 'off' } });
  return [...new Set(result?.problems.map(({ code }) => code))].sort();
}
