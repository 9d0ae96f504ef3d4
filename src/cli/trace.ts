import path from 'node:path';
import { styleText } from 'node:util';
import { analyse } from '../analysis/analyse.ts';
import { type FoundPlace, placeBefore } from '../analysis/places/places.ts';
import type { Trace } from '../analysis/trace.ts';
import { type Paint, traceText } from '../editor/trace-text.ts';
import { nodeFiles, slashes, workspaceRoot } from '../node/node-files.ts';
import { UnreadableSource } from '../node/source-file.ts';
import { Programs } from '../project/programs.ts';
import { controlFlowText } from '../python/control-flow.ts';
import type { PythonParser } from '../python/parser.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import { syntaxTreeText } from '../python/syntax-tree-text.ts';
import { concernsTorch, usesTorch } from '../torch/mentions.ts';
import { oneOf, parseArguments, UsageError } from './arguments.ts';
import { readDocument, readDocumentFile } from './document.ts';
import { type FoundFile, findFiles, systemProblem } from './find-files.ts';
import { Places, placeName, type Source, textOf } from './places.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { eventLines } from './trace-events.ts';
import { traceRecord } from './trace-record.ts';
import { type Line, placeOf, type TracedFile } from './traced-file.ts';

const options = {
  line: { type: 'string' },
  'output-format': { type: 'string', default: 'text' },
  events: { type: 'boolean', default: false },
  'syntax-tree': { type: 'boolean', default: false },
  'control-flow': { type: 'boolean', default: false },
  'stdin-filename': { type: 'string' },
} as const;

type View = 'text' | 'json' | 'events' | 'syntax tree' | 'control flow';

/** `freezelint trace`: shows what the analysis knows about each parameter of a file. */
export async function trace(
  args: readonly string[],
  terminal: Terminal,
  loadParser: () => Promise<PythonParser>,
): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, options);
  const format = oneOf('output-format', values['output-format'], ['text', 'json']);
  const views: View[] = [];
  if (values.events) views.push('events');
  if (values['syntax-tree']) views.push('syntax tree');
  if (values['control-flow']) views.push('control flow');
  if (views.length > 1) {
    throw new UsageError('--events, --syntax-tree and --control-flow are asked for one at a time');
  }
  const view = views[0] ?? format;
  if (views.length > 0 && (format === 'json' || values.line !== undefined)) {
    throw new UsageError(`the ${view} cannot be combined with --line or --output-format json`);
  }
  if (positionals.length === 0) throw new UsageError('name the files to trace');
  const fromStdin = positionals.includes('-');
  if (fromStdin && positionals.length > 1) throw new UsageError('"-" cannot be combined with other paths');
  const line = values.line === undefined ? null : lineOf(values.line);

  const parser = await loadParser();
  const programs = new Programs(nodeFiles, parser);
  const run: Run = { terminal, view, line, parser, programs, failed: false };
  if (fromStdin) await traceStdin(run, values['stdin-filename'] ?? '-');
  else await tracePaths(run, positionals);
  return run.failed ? exitCodes.error : exitCodes.clean;
}

/** Reads `12`, or `3:2` for the second line of the third cell. */
function lineOf(text: string): Line {
  const [, cell, row] = /^(?:(\d{1,9}):)?(\d{1,9})$/.exec(text) ?? [];
  if (Number(cell ?? 1) < 1 || !(Number(row) >= 1))
    throw new UsageError(`--line: "${text}" is no line number`);
  return { cell: cell === undefined ? null : Number(cell), row: Number(row) };
}

const otherLanguage = 'a notebook of another language than Python';

interface Run {
  readonly terminal: Terminal;
  readonly view: View;
  readonly line: Line | null;
  readonly parser: PythonParser;
  readonly programs: Programs;
  /** Whether anything could not be read or understood. */
  failed: boolean;
}

function fail(run: Run, where: string, problem: string): void {
  run.failed = true;
  run.terminal.stderr(`${where}: ${problem}\n`);
}

async function traceStdin(run: Run, name: string): Promise<void> {
  try {
    const document = readDocument(name, await run.terminal.readStdin());
    const absolute = path.resolve(run.terminal.workingFolder, name);
    if (document === null) fail(run, name, otherLanguage);
    else await traceFile(run, { name, absolute }, document.source);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    fail(run, name, error.message);
  }
}

async function tracePaths(run: Run, paths: readonly string[]): Promise<void> {
  const { files, missing } = await findFiles(paths, run.terminal.workingFolder);
  for (const { name, problem } of missing) fail(run, name, problem);
  if (files.length === 0 && !run.failed) run.terminal.stderr('No Python files found.\n');
  // In the order in which they were named: who reads JSON may count on it.
  const inOrder = files.toSorted((a, b) => positionOf(a.name, paths) - positionOf(b.name, paths));
  for (const { name, absolute, explicit } of inOrder) {
    try {
      if (name.endsWith('.pyi')) throw new UnreadableSource('stub files hold no code to check');
      const document = await readDocumentFile(name, absolute);
      if (document === null) {
        if (explicit) fail(run, name, otherLanguage);
      } else if ('tooLarge' in document) {
        run.terminal.stderr(`${name}: skipped, larger than ${document.tooLarge}\n`);
      }
      // Of a whole folder, only what has to do with PyTorch is of interest.
      else if (explicit || usesTorch(textOf(document.source)))
        await traceFile(run, { name, absolute }, document.source);
    } catch (error) {
      fail(run, name, error instanceof UnreadableSource ? error.message : systemProblem(error));
    }
  }
}

/** Where a file, or else the folder it was found in, stands among the arguments. */
function positionOf(name: string, paths: readonly string[]): number {
  const exact = paths.indexOf(name);
  return exact === -1 ? paths.findIndex((folder) => folder === '.' || name.startsWith(folder)) : exact;
}

async function traceFile(
  run: Run,
  { name: filename, absolute }: Pick<FoundFile, 'name' | 'absolute'>,
  source: Source,
): Promise<void> {
  const text = textOf(source);
  const module = run.parser.parse(text);
  const places = new Places(source);
  const [firstError, ...otherErrors] = module.errors;
  if (firstError) {
    const more = otherErrors.length > 0 ? ` (and ${otherErrors.length} more)` : '';
    const where = placeName(filename, places.locations(firstError).location);
    fail(run, where, `syntax error${more}; these lines are left out of the trace`);
  }
  const print = (shown: string): void => run.terminal.stdout(shown);
  if (run.view === 'syntax tree') print(syntaxTreeText(module));
  else if (run.view === 'control flow') print(controlFlowText(module));
  else {
    const start = run.line === null ? null : startOfLine(source, run.line);
    if (typeof start === 'string') {
      fail(run, filename, start);
      return;
    }
    const { workingFolder } = run.terminal;
    const root = await workspaceRoot(absolute, workingFolder);
    const program = await run.programs.of(slashes(absolute), text, root);
    if (!concernsTorch(text, program)) {
      run.terminal.stderr(`${filename}: it never mentions torch, so there may be nothing to trace\n`);
    }
    const found = start === null ? null : placeBefore(module, start);
    const result = analyse(module, program, { places: found ? [found.place] : [], functionEnds: true });
    const traced: TracedFile = {
      filename,
      workingFolder,
      module,
      places,
      trace: result,
      line: run.line,
      scope: nameOfScope(found, result),
      snapshot: start === null ? result.topLevel : found && result.at(found.place),
    };
    if (run.view === 'events') print(eventLines(traced));
    else if (run.view === 'json') print(`${JSON.stringify(traceRecord(traced))}\n`);
    else {
      const shown = { ...traced, placeOf: (span: Span) => placeOf(traced, span) };
      print(traceText(shown, run.terminal.colour ? inColour : undefined));
    }
  }
}

const colours = {
  frozen: 'cyan',
  trainable: 'green',
  mixed: 'yellow',
  unknown: 'gray',
  none: 'gray',
} as const;

const inColour: Paint = (line, verdict) => styleText(colours[verdict], line, { validateStream: false });

/** Where the code of a line begins in the program; where there is no such line, a sentence that says so. */
function startOfLine(source: Source, { cell, row }: Line): number | string {
  if (typeof source === 'string') {
    if (cell !== null) return `it has no cells; say --line ${row}`;
    return startOfRow(source, row) ?? `there is no line ${row}; the last one is ${lastRow(source)}`;
  }
  if (cell === null) return `lines of a notebook count within a cell; say --line CELL:${row}`;
  const index = source.cells.findIndex(({ number }) => number === cell);
  const text = source.cells[index]?.text;
  if (text === undefined) return `there is no code cell ${cell}`;
  const start = startOfRow(text, row);
  if (start === null) return `there is no line ${row} in cell ${cell}; the last one is ${lastRow(text)}`;
  return source.spanOf(index, { start, end: start }).start;
}

function startOfRow(text: string, row: number): number | null {
  const lines = new LineIndex(text);
  if (row > lines.lineCount) return null;
  const { start, end } = lines.lineSpan(row - 1);
  const line = text.slice(start, end);
  return start + line.length - line.trimStart().length;
}

const lastRow = (text: string): number => new LineIndex(text).lineCount;

function nameOfScope(found: FoundPlace | null, { functions }: Trace): string | null {
  const scope = found?.scope;
  if (!scope) return null;
  for (const [name, definitions] of functions) if (definitions.includes(scope)) return name;
  return scope.name;
}
