import { diffLines } from 'diff';
import * as v from 'valibot';
import { parse } from 'yaml';
import { identifier, nonEmpty, optionsSchema, ruleCodesSchema, sourcesSchema } from '../content-schemas.ts';
import { type ContentError, type Fault, type Path, readYaml, repeatedIds } from '../yaml-content.ts';
import { flagWordSchema, LESSON_MODES, type Lesson, type LessonPage } from './lesson.ts';

/** The `format` line that every lesson.yaml starts with. */
const LESSON_FORMAT = 'freezelint-lesson/1';

/** As many lines as a narrow panel shows without scrolling. */
const MAX_SHOWN_LINES = 8;

const programName = v.pipe(
  v.string('a program is named by its file, as in "how-to-freeze.py"'),
  v.regex(/^[a-z0-9-]+\.py$/, 'a program is a .py file beside the lesson.yaml, as in "how-to-freeze.py"'),
);

const pageSchema = v.strictObject({
  id: identifier,
  title: nonEmpty('the title'),
  text: nonEmpty('the text'),
  program: programName,
  key: v.optional(nonEmpty('the key line')),
  insert: v.optional(v.boolean('insert must be true or false')),
  prompt: nonEmpty('the prompt'),
  options: optionsSchema,
  cure: v.optional(programName),
  state: v.optional(v.record(v.string(), flagWordSchema)),
  rules: v.optional(ruleCodesSchema),
  reports: v.optional(ruleCodesSchema),
  sources: v.pipe(sourcesSchema, v.minLength(1, 'every page names at least one source')),
});

const lessonFileSchema = v.strictObject({
  format: v.literal(LESSON_FORMAT, `the format must be ${LESSON_FORMAT}`),
  id: v.picklist(LESSON_MODES, `the id must be one of ${LESSON_MODES.join(', ')}`),
  title: nonEmpty('the title'),
  pages: v.pipe(
    v.array(pageSchema, 'pages must be a list'),
    v.minLength(1, 'a lesson needs at least one page'),
  ),
});

/** What a lesson.yaml says. */
export type LessonFile = v.InferOutput<typeof lessonFileSchema>;
type PageFile = LessonFile['pages'][number];

/** What real PyTorch said to the programs of a folder: recorded.json, which `npm run test:torch -- --record` writes. */
const recordingSchema = v.object({
  torch: v.string(),
  programs: v.record(
    v.string(),
    v.object({
      /** Of the program's text, so that nobody forgets to record it anew. */
      sha256: v.string(),
      /** What it prints; the last line is the exception where it raises one. */
      output: v.string(),
      /** Whether the parts that the page names are frozen in the end. */
      state: v.record(v.string(), flagWordSchema),
    }),
  ),
});
export type Recording = v.InferOutput<typeof recordingSchema>;

/** The files of a folder in quizzes/lessons/: their texts by name. */
export interface LessonFolder {
  /** Where it is, to be quoted in errors. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

export type LessonResult =
  | { readonly lesson: Lesson; readonly source: LessonFile; readonly errors?: never }
  | { readonly errors: readonly ContentError[]; readonly lesson?: never; readonly source?: never };

/** Makes a lesson of its folder. Never throws for content: what is wrong comes back with file, line and key. */
export function compileLesson({ name, files }: LessonFolder): LessonResult {
  const recording = readRecording(files.get('recorded.json'));
  const { content, errors } = readYaml(files.get('lesson.yaml') ?? '', `${name}/lesson.yaml`, {
    name: 'a lesson',
    firstLine: `format: ${LESSON_FORMAT}`,
    schema: lessonFileSchema,
    check: (lesson) => faultsOf(lesson, files, recording),
  });
  if (content === undefined) return { errors };
  const pages = content.pages.map((page) => compilePage(page, files, recording));
  const { id, title } = content;
  return { lesson: { id, title, torch: recording.torch, pages }, source: content };
}

/** The parts of models that the pages of a folder tell the state of, by program. */
export function targetsOf({ files }: LessonFolder): ReadonlyMap<string, readonly string[]> {
  const parsed = v.safeParse(lessonFileSchema, parse(files.get('lesson.yaml') ?? ''));
  const pages = parsed.success ? parsed.output.pages : [];
  return new Map(pages.map(({ program, state = {} }) => [program, Object.keys(state)]));
}

/** The lines between `# region shown` and `# endregion`; null where the program does not mark any. */
export function shownLines(program: string): string | null {
  return /^# region shown\n(.*?)^# endregion$/ms.exec(program)?.[1]?.trimEnd() ?? null;
}

function compilePage(page: PageFile, files: LessonFolder['files'], recording: Recording): LessonPage {
  const textOf = (file: string): string => files.get(file) ?? '';
  const outputOf = (file: string): string => recording.programs[file]?.output ?? '';
  const program = textOf(page.program);
  const shown = shownLines(program) ?? '';
  return {
    id: page.id,
    title: page.title,
    text: page.text,
    shown,
    insert: page.insert === true,
    key: page.key === undefined ? null : (keyLines(shown, page.key)[0] ?? null),
    program,
    prompt: page.prompt,
    options: page.options.map(({ text, correct, why }) => ({ text, correct: correct === true, why })),
    output: page.cure === undefined ? outputOf(page.program) : '',
    cure:
      page.cure === undefined
        ? null
        : cureOf(shown, shownLines(textOf(page.cure)) ?? '', {
            before: measured(outputOf(page.program)),
            after: measured(outputOf(page.cure)),
          }),
    state: Object.entries(page.state ?? {}).map(([target, flag]) => ({ target, flag })),
    rules: page.rules ?? [],
  };
}

function cureOf(
  before: string,
  after: string,
  output: { readonly before: Map<string, string>; readonly after: Map<string, string> },
): LessonPage['cure'] {
  const diff = diffLines(`${before}\n`, `${after}\n`).flatMap(({ added, removed, value }) => {
    const kind = added ? ('added' as const) : removed ? ('removed' as const) : ('same' as const);
    return value
      .trimEnd()
      .split('\n')
      .map((text) => ({ kind, text }));
  });
  const table = [...output.before].map(([quantity, value]) => ({
    quantity,
    before: value,
    after: output.after.get(quantity) ?? '',
  }));
  return { shown: after, diff, table };
}

/** Printed lines `Quantity: value`. */
function measured(output: string): Map<string, string> {
  return new Map(
    output.split('\n').flatMap((line): [string, string][] => {
      const [, quantity, value] = /^(.*?): (.*)$/.exec(line) ?? [];
      return quantity === undefined || value === undefined ? [] : [[quantity, value]];
    }),
  );
}

/** The indexes of the lines that hold a text. */
function keyLines(shown: string, key: string): number[] {
  return shown.split('\n').flatMap((line, index) => (line.includes(key) ? [index] : []));
}

function readRecording(text: string | undefined): Recording {
  try {
    return v.parse(recordingSchema, JSON.parse(text ?? ''));
  } catch {
    // Every program then counts as not recorded, which is reported where the page names it.
    return { torch: '', programs: {} };
  }
}

function faultsOf(lesson: LessonFile, files: LessonFolder['files'], recording: Recording): Fault[] {
  const named = new Set(lesson.pages.flatMap(({ program, cure }) => [program, cure]));
  const unused = [...files.keys()].filter((file) => file.endsWith('.py') && !named.has(file));
  return [
    ...repeatedIds(
      lesson.pages.map(({ id }) => id),
      (page) => ['pages', page, 'id'],
      'each page of a lesson',
    ),
    ...unused.map((file) => ({ path: ['pages'], message: `no page uses ${file}; name it or delete it` })),
    ...lesson.pages.flatMap((page, index) => faultsOfPage(page, ['pages', index], files, recording)),
  ];
}

function faultsOfPage(page: PageFile, at: Path, files: LessonFolder['files'], recording: Recording): Fault[] {
  const faults: Fault[] = [];
  for (const key of ['program', 'cure'] as const) {
    const file = page[key];
    if (file === undefined) continue;
    const report = (message: string) => faults.push({ path: [...at, key], message });
    const text = files.get(file);
    if (text === undefined) {
      report(`there is no ${file} in this folder`);
      continue;
    }
    const shown = shownLines(text);
    if (shown === null) report(`${file} marks no lines to show, with "# region shown" and "# endregion"`);
    else if (shown.split('\n').length > MAX_SHOWN_LINES) {
      report(`${file} shows more than ${MAX_SHOWN_LINES} lines; move some out of the region`);
    }
    if (recording.programs[file] === undefined) {
      report(`recorded.json has nothing about ${file}; run "npm run test:torch -- 0 120 --record"`);
    }
  }
  const shown = shownLines(files.get(page.program) ?? '');
  if (page.key !== undefined && shown !== null && keyLines(shown, page.key).length !== 1) {
    faults.push({ path: [...at, 'key'], message: 'exactly one of the shown lines must hold this text' });
  }
  return faults;
}
