import { styleText } from 'node:util';
import type { Problem } from '../lint.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import type { Severity } from '../rules/rule.ts';
import { type FileReport, locationOf, problemRecords } from './records.ts';

export const outputFormats = ['concise', 'full', 'json'] as const;
export type OutputFormat = (typeof outputFormats)[number];

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Writes findings in one of the formats; ends with a line break unless there is nothing to say. */
export function formatReports(reports: readonly FileReport[], format: OutputFormat, colour: boolean): string {
  if (format === 'json') return `${JSON.stringify(reports.flatMap(problemRecords), null, 2)}\n`;
  // The caller knows about the terminal; styleText by itself looks at this process's stdout.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const write = format === 'full' ? fullProblem : conciseProblem;
  return reports
    .flatMap((report) => {
      const lines = new LineIndex(report.text);
      return report.problems.map((problem) => write(report, problem, lines, paint));
    })
    .join('');
}

function conciseProblem(report: FileReport, problem: Problem, lines: LineIndex, paint: Paint): string {
  const { row, column } = locationOf(problem.span.start, lines);
  const place = `${paint('bold', report.filename)}:${row}:${column}:`;
  return `${place} ${heading(problem, paint)}\n`;
}

/** The finding with its source lines, the place underlined, what else takes part in it, and the fixes. */
function fullProblem(report: FileReport, problem: Problem, lines: LineIndex, paint: Paint): string {
  const related = problem.related.map(({ message, span, file }) => {
    const code = file
      ? excerpt({ filename: file.path, text: file.text }, span, new LineIndex(file.text), paint, '-')
      : excerpt(report, span, lines, paint, '-');
    return `${paint('cyan', 'note:')} ${message}\n${code}`;
  });
  const help = problem.fixes.map(({ applicability, message }, index) => {
    const manner = applicability === 'safe' ? '' : ` (${applicability})`;
    return `${paint('green', index === 0 ? 'fix:' : 'or:')} ${message}${manner}\n`;
  });
  return [
    `${heading(problem, paint)}\n`,
    excerpt(report, problem.span, lines, paint, '^'),
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

function excerpt(
  report: Omit<FileReport, 'problems'>,
  span: Span,
  lines: LineIndex,
  paint: Paint,
  mark: string,
): string {
  const first = locationOf(span.start, lines);
  const last = locationOf(span.end, lines);
  const shown = Math.min(last.row, first.row + maximumExcerptLines - 1);
  const margin = ' '.repeat(String(shown).length);
  const bar = paint('blue', '|');
  const rows = [
    `${margin}${paint('blue', '-->')} ${report.filename}:${first.row}:${first.column}`,
    `${margin} ${bar}`,
  ];
  for (let row = first.row; row <= shown; row++) {
    const line = lines.lineSpan(row - 1);
    const source = report.text.slice(line.start, line.end);
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
