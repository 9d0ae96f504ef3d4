/** *Report False Alarm…*: a text that a person can read, complete and file wherever they like; nothing is sent. */
import { analyse } from '../analysis/analyse.ts';
import { type LintResult, lint, type Problem } from '../lint.ts';
import type { PythonParser } from '../python/parser.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module, Statement } from '../python/syntax.ts';
import { boundNames, walk } from '../python/walk.ts';
import { traceText } from './trace-text.ts';

export interface FalseAlarm {
  readonly parser: PythonParser;
  readonly result: LintResult;
  readonly problem: Problem;
  readonly torchVersion: number | undefined;
  /** One line: versions of Freezelint and of the editor. */
  readonly versions: string;
}

/** What a report leaves to the person who writes it. */
export const WHY = '**Why that is wrong:** ';

/** The report as Markdown: the message, what is needed of the code, and what Freezelint knows about it. */
export function falseAlarmReport({ parser, result, problem, torchVersion, versions }: FalseAlarm): string {
  const { code, name, message } = problem;
  const snippet = snippetOf(parser, result.module, problem, torchVersion);
  const module = parser.parse(snippet);
  const lines = new LineIndex(snippet);
  const found = problemsOf(parser, snippet, torchVersion).find((each) => each.code === code);
  const trace = analyse(module, undefined, { functionEnds: true });
  const known = traceText({
    filename: 'snippet',
    trace,
    line: null,
    scope: null,
    snapshot: trace.topLevel,
    placeOf: ({ start }) => ({ filename: 'snippet', row: lines.positionAt(start).row + 1 }),
  });
  const where = found
    ? `Line ${lines.positionAt(found.span.start).row + 1} of the code below:`
    : 'In a program of several files; this one by itself does not show it:';
  return `# False alarm: ${code} ${name}

<!-- Nothing has been sent. Take out what you may not share, say why it is wrong, and file it where Freezelint is kept. -->

${where}

> ${message}

${WHY}

## Code

${fenced(snippet, 'python')}

## What Freezelint knows about it

${fenced(known, 'text')}

${versions}
`;
}

function problemsOf(
  parser: PythonParser,
  text: string,
  torchVersion: number | undefined,
): readonly Problem[] {
  const configuration = torchVersion === undefined ? { rules: {} } : { rules: {}, torchVersion };
  return lint(parser, text, configuration)?.problems ?? [];
}

/**
 * The statements of the top level that the problem is about, with what they need; the whole file where the problem would
 * not be found in them alone.
 */
export function snippetOf(
  parser: PythonParser,
  module: Module,
  problem: Problem,
  torchVersion: number | undefined,
): string {
  const places = [
    problem.span,
    ...problem.related.flatMap(({ span, file }) => (file === null ? [span] : [])),
  ];
  const kept = new Set(
    module.body.filter((statement) =>
      places.some(({ start }) => statement.start <= start && start < statement.end),
    ),
  );
  const known = new Set<string>();
  // What the kept ones mention is kept, and so is what mentions them as it runs: a call makes a finding certain.
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const statement of kept) for (const name of mentioned(statement)) known.add(name);
    for (const statement of module.body)
      if (binds(statement).some((name) => known.has(name))) kept.add(statement);
  }
  const trimmed = textOf(module, kept);
  const isFound = problemsOf(parser, trimmed, torchVersion).some(
    ({ code, message }) => code === problem.code && withoutLines(message) === withoutLines(problem.message),
  );
  return isFound ? trimmed : module.text;
}

/** Messages name lines, which are others in a snippet. */
const withoutLines = (message: string): string => message.replace(/line \d+/g, 'line');

function mentioned(statement: Statement): readonly string[] {
  return [...walk(statement)].flatMap((node) => (node.kind === 'name' ? [node.id] : []));
}

/** The names that a statement of the top level binds or changes. */
function binds(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'functionDefinition':
    case 'classDefinition':
      return [statement.name];
    case 'import':
      return statement.names.map(({ path, alias }) => alias ?? path.split('.')[0] ?? '');
    case 'importFrom':
      return statement.names?.map(({ name, alias }) => alias ?? name) ?? [];
    case 'assignment':
      return statement.targets.flatMap((target) => [...boundNames(target), ...rootNames(target)]);
    case 'for':
      // Freezes what it goes through.
      return mentioned(statement);
    default:
      return mentioned(statement).slice(0, 1);
  }
}

/** `model` of `model.fc = ...`. */
function rootNames(target: Parameters<typeof boundNames>[0]): readonly string[] {
  let inner = target;
  while (inner.kind === 'attribute' || inner.kind === 'subscript') inner = inner.object;
  return inner.kind === 'name' ? [inner.id] : [];
}

/** Whole lines of some statements of the top level, with the blank lines between them as far as one. */
function textOf(module: Module, kept: ReadonlySet<Statement>): string {
  const lines = new LineIndex(module.text);
  let text = '';
  let last = -1;
  for (const statement of module.body) {
    if (!kept.has(statement)) continue;
    const first = lines.positionAt(statement.start).row;
    const end = lines.positionAt(statement.end).row;
    if (first <= last) continue;
    const decorated = 'decorators' in statement ? statement.decorators.map(({ start }) => start) : [];
    const from = Math.min(first, ...decorated.map((start) => lines.positionAt(start).row));
    if (last >= 0 && hasBlankLine(lines, last + 1, from)) text += lines.lineEnding;
    text += `${module.text.slice(lines.lineSpan(from).start, lines.lineSpan(end).end)}${lines.lineEnding}`;
    last = end;
  }
  return text;
}

/** Whether one of the lines from `row` up to `end`, which does not count, is blank. */
function hasBlankLine(lines: LineIndex, row: number, end: number): boolean {
  if (row >= end) return false;
  const span = lines.lineSpan(row);
  return lines.text.slice(span.start, span.end).trim() === '' || hasBlankLine(lines, row + 1, end);
}

/** A code block that ends where it should, whatever is in it. */
function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`;
}
