/**
 * Literate fixtures: test/unit/rules/fixtures/RULE-NAME.md, one file for each rule, prose around Python programs.
 *
 * Every ```python fence is one whole program, linted with all rules at their defaults (the file's own runs also where it is off); it must mention torch, as
 * files that do not are never parsed. The paragraph above a program names its test. EVERY finding must be
 * expected and every expectation met. Expectations are comments, taken out before the program is linted:
 *
 *     backbone.requires_grad = False
 *     #^^^^^^^^^^^^^^^^^^^^^ FRZ101                   carets give the exact range on the line above
 *     x = p.requires_grad(False)
 *     #     ^^^^^^^^^^^^^ FRZ206                      (carets right after `#` take in the column of the `#` itself)
 *     it = model.parameters()
 *     #    ^^^^^^^^^^^^^^^^^^ see FRZ403              a related place of an FRZ403 finding
 *     optimizer = SGD(it)  # expect: FRZ403           a finding that starts on this line, with any range
 *
 * A ```python helpers/freezing.py fence is a file beside the next program, which is then called main.py and may import
 * it; several may precede one program. In them only `see` expectations make sense: problems are reported in the program.
 *
 * Several expectation lines may follow one line. After the code there may come a severity in brackets, where it is
 * not the rule's default, and after a colon text that the message must contain:
 *
 *     #^^^^ FRZ101 (hint): already trainable
 *
 * In `expect:`, commas separate several codes.
 *
 * A ```python fixed fence is the text of the program above it after the preferred fix of each of its findings that
 * has one; ```python fixed: 2 the same with the second alternative. Expectations in it are taken out too.
 *
 * Programs below a heading "Stays silent" expect nothing, and only they: every file has both kinds.
 *
 * Whatever is written here, the runner holds every fix of every finding to three laws: the result has no new
 * syntax errors; linting it reports one finding of that code fewer and no other one more; and fixing until
 * nothing is left to fix comes to an end.
 */
import type { Span } from '../../../src/python/syntax.ts';
import type { Severity } from '../../../src/rules/rule.ts';

export interface Expectation {
  /** The file beside the program where it stands; null for the program. */
  readonly file: string | null;
  readonly code: string;
  /** `finding` is a problem, `related` a related place of one. */
  readonly what: 'finding' | 'related';
  /** The exact range; null for `expect:`, which only fixes the line. */
  readonly span: Span | null;
  /** From 1, in the program. */
  readonly line: number;
  /** Null for the rule's default. */
  readonly severity: Severity | null;
  /** Text that the message contains. */
  readonly message: string;
}

export interface FixtureProgram {
  /** What the test is called. */
  readonly title: string;
  /** Line of the fence in the Markdown file, from 1. */
  readonly line: number;
  /** Without the expectations. */
  readonly text: string;
  /** The files beside it, by their paths. */
  readonly files: ReadonlyMap<string, string>;
  readonly expectations: readonly Expectation[];
  readonly isSilent: boolean;
  /** Text after the fixes, by the number of the alternative (from 1). */
  readonly fixed: ReadonlyMap<number, string>;
}

const caretLine = /^\s*#(\s*)(\^+)\s*(see )?(FRZ\d{3})(?: \((\w+)\))?(?::\s*(.*?))?\s*$/;
const trailing = /\s*#\s*expect:\s*(.*?)\s*$/;

/** Reads a fixture file. Throws an Error with the line of whatever it does not understand. */
export function readFixture(markdown: string): readonly FixtureProgram[] {
  const programs: FixtureProgram[] = [];
  const lines = markdown.split('\n');
  let isSilent = false;
  let paragraph: string[] = [];
  let files = new Map<string, string>();
  let expectedInFiles: Expectation[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const heading = /^#+\s+(.*)$/.exec(line);
    if (heading) {
      isSilent = /stays silent/i.test(heading[1] ?? '');
      paragraph = [];
      continue;
    }
    const fence = /^```(.*)$/.exec(line);
    if (!fence) {
      if (line.trim() === '') {
        if (!/^(?:```|\s*$)/.test(lines[index + 1] ?? '')) paragraph = [];
      } else paragraph.push(line.trim());
      continue;
    }
    const opening = index + 1;
    const body: string[] = [];
    for (index++; lines[index] !== '```'; index++) {
      if (index >= lines.length) throw new Error(`line ${opening}: this fence never ends`);
      body.push(lines[index] ?? '');
    }
    const fixed = /^python fixed(?:: (\d))?$/.exec(fence[1] ?? '');
    if (fixed) {
      const last = programs.pop();
      if (!last) throw new Error(`line ${opening}: no program above this fixed text`);
      const { text } = readProgram(body, opening);
      programs.push({ ...last, fixed: new Map(last.fixed).set(Number(fixed[1] ?? 1), text) });
      continue;
    }
    const beside = /^python (\S+\.py)$/.exec(fence[1] ?? '')?.[1];
    if (beside !== undefined) {
      const { text, expectations } = readProgram(body, opening, beside);
      files.set(beside, text);
      expectedInFiles.push(...expectations);
      continue;
    }
    if (fence[1] !== 'python') throw new Error(`line ${opening}: unknown kind of fence "${fence[1]}"`);
    if (paragraph.length === 0) throw new Error(`line ${opening}: say above the program what it shows`);
    const title = paragraph.join(' ').replace(/[.:]$/, '');
    const { text, expectations: inProgram } = readProgram(body, opening);
    const expectations = [...expectedInFiles, ...inProgram];
    if (isSilent !== (expectations.length === 0)) {
      throw new Error(
        `line ${opening}: programs without expectations belong below "Stays silent", and only they`,
      );
    }
    programs.push({ title, line: opening, text, files, expectations, isSilent, fixed: new Map() });
    paragraph = [];
    files = new Map();
    expectedInFiles = [];
  }
  return programs;
}

function readProgram(
  body: readonly string[],
  opening: number,
  file: string | null = null,
): { text: string; expectations: readonly Expectation[] } {
  const expectations: Expectation[] = [];
  let text = '';
  let start = 0;
  let row = 0;
  for (const [index, line] of body.entries()) {
    const caret = caretLine.exec(line);
    if (caret) {
      const [, blanks = '', carets = '', see, code = '', severity, message = ''] = caret;
      const hash = line.indexOf('#');
      const from = start + (blanks === '' ? hash : hash + 1 + blanks.length);
      const to = start + hash + 1 + blanks.length + carets.length;
      expectations.push({
        file,
        code,
        what: see === undefined ? 'finding' : 'related',
        span: { start: from, end: to },
        line: row,
        severity: readSeverity(severity, opening + index + 1),
        message,
      });
      continue;
    }
    if (/^\s*#\s*\^/.test(line)) throw new Error(`line ${opening + index + 1}: cannot read this expectation`);
    const expected = trailing.exec(line);
    const code = expected ? line.slice(0, expected.index) : line;
    start = text.length;
    row++;
    text += `${code}\n`;
    for (const one of expected?.[1]?.split(/,\s*/) ?? []) {
      const parts = /^(FRZ\d{3})(?: \((\w+)\))?$/.exec(one);
      if (!parts) throw new Error(`line ${opening + index + 1}: cannot read "${one}"`);
      const severity = readSeverity(parts[2], opening + index + 1);
      expectations.push({
        file,
        code: parts[1] ?? '',
        what: 'finding',
        span: null,
        line: row,
        severity,
        message: '',
      });
    }
  }
  return { text, expectations };
}

function readSeverity(word: string | undefined, line: number): Severity | null {
  if (word === undefined) return null;
  if (word === 'error' || word === 'warning' || word === 'information' || word === 'hint') return word;
  throw new Error(`line ${line}: no severity "${word}"`);
}
