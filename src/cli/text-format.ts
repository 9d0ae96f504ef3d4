import { styleText } from 'node:util';
import type { Problem } from '../lint.ts';
import type { Span } from '../python/syntax.ts';
import type { Severity } from '../rules/rule.ts';
import { Places, placeName } from './places.ts';
import type { FileReport } from './records.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Findings for people: `concise` has a line for each, `full` also source and fixes. */
export function textFormat(
  reports: readonly FileReport[],
  format: 'concise' | 'full',
  colour: boolean,
): string {
  // The caller knows about the terminal; styleText by itself looks at this process's stdout.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const write = format === 'full' ? fullProblem : conciseProblem;
  return reports
    .flatMap((report) => {
      const places = new Places(report.source);
      return report.problems.map((problem) => write(report.filename, problem, places, paint));
    })
    .join('');
}

function conciseProblem(filename: string, problem: Problem, places: Places, paint: Paint): string {
  const place = placeName(paint('bold', filename), places.locations(problem.span).location);
  return `${place}: ${heading(problem, paint)}\n`;
}

/** The finding with its source lines, the place underlined, what else takes part in it, and the fixes. */
function fullProblem(filename: string, problem: Problem, places: Places, paint: Paint): string {
  const related = problem.related.map(({ message, span, file }) => {
    const code = file
      ? excerpt(file.path, span, new Places(file.text), paint, '-')
      : excerpt(filename, span, places, paint, '-');
    return `${paint('cyan', 'note:')} ${message}\n${code}`;
  });
  const help = problem.fixes.map(({ applicability, message }, index) => {
    const manner = applicability === 'safe' ? '' : ` (${applicability})`;
    return `${paint('green', index === 0 ? 'fix:' : 'or:')} ${message}${manner}\n`;
  });
  return [
    `${heading(problem, paint)}\n`,
    excerpt(filename, problem.span, places, paint, '^'),
    ...related,
    ...help,
    '\n',
  ].join('');
}

function heading(problem: Problem, paint: Paint): string {
  const colours: Record<Severity, Style> = {
    error: 'red',
    warning: 'yellow',
    information: 'blue',
    hint: 'gray',
  };
  const fixable = problem.fixes[0]?.applicability === 'safe' ? ` [${paint('cyan', '*')}]` : '';
  return `${paint(colours[problem.severity], problem.severity)} ${paint('bold', problem.code)}${fixable} ${problem.message}`;
}

// An excerpt of a whole function says less than its first lines.
const maximumExcerptLines = 4;

function excerpt(filename: string, span: Span, places: Places, paint: Paint, mark: string): string {
  const { lines } = places.seen(span);
  const { location: first, end_location: last } = places.locations(span);
  const shown = Math.min(last.row, first.row + maximumExcerptLines - 1);
  const margin = ' '.repeat(String(shown).length);
  const bar = paint('blue', '|');
  const rows = [`${margin}${paint('blue', '-->')} ${placeName(filename, first)}`, `${margin} ${bar}`];
  for (let row = first.row; row <= shown; row++) {
    const line = lines.lineSpan(row - 1);
    const source = lines.text.slice(line.start, line.end);
    const from = row === first.row ? first.column - 1 : source.length - source.trimStart().length;
    const to = row === last.row ? last.column - 1 : source.length;
    rows.push(`${paint('blue', String(row).padStart(margin.length))} ${bar} ${visible(source)}`.trimEnd());
    const underline = mark.repeat(Math.max(1, visible(source.slice(from, to)).length));
    rows.push(
      `${margin} ${bar} ${' '.repeat(visible(source.slice(0, from)).length)}${paint('red', underline)}`,
    );
  }
  if (shown < last.row) rows.push(`${margin} ${bar} ...`);
  return `${rows.join('\n')}\n`;
}

/** Tabs as spaces, so that marks stand below what they mark. */
function visible(text: string): string {
  return text.replaceAll('\t', '    ');
}
