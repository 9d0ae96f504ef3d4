import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkDeck, parseDeck } from '../learn/deck.ts';
import { gradeAnswer } from '../learn/grading.ts';
import { oneOf, parseArguments, UsageError } from './arguments.ts';
import { systemProblem } from './find-files.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** `freezelint deck check` and `freezelint deck grade`. */
export async function deck(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [command, ...rest] = args;
  if (command === 'check') return checkDecks(rest, terminal);
  if (command === 'grade') return gradeOne(rest, terminal);
  throw new UsageError(`deck check or deck grade${command === undefined ? '' : `, not "${command}"`}`);
}

async function checkDecks(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parseArguments(args, {});
  if (positionals.length === 0) throw new UsageError('deck check: name the files to check');
  let mistakes = 0;
  let unreadable = false;
  for (const file of positionals) {
    const text = await readDeck(file, terminal);
    if (text === null) {
      unreadable = true;
      continue;
    }
    for (const { line, column, key, message } of checkDeck(text, file)) {
      mistakes++;
      terminal.stdout(`${file}:${line}:${column}: ${key === '' ? '' : `${key}: `}${message}\n`);
    }
  }
  if (unreadable) return exitCodes.error;
  if (mistakes > 0) return exitCodes.findings;
  terminal.stdout(positionals.length === 1 ? 'The deck is sound.\n' : 'The decks are sound.\n');
  return exitCodes.clean;
}

const gradeOptions = {
  answer: { type: 'string' },
  'output-format': { type: 'string', default: 'text' },
} as const;

async function gradeOne(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, gradeOptions);
  const format = oneOf('output-format', values['output-format'], ['text', 'json']);
  const [file, id, ...others] = positionals;
  if (file === undefined || id === undefined || others.length > 0) {
    throw new UsageError('deck grade: name the deck file and the id of one explain prompt');
  }
  if (values.answer === undefined) throw new UsageError('deck grade: give the answer with --answer');
  const text = await readDeck(file, terminal);
  if (text === null) return exitCodes.error;
  const result = parseDeck(text, file);
  if (result.deck === undefined) {
    for (const { line, column, key, message } of result.errors) {
      terminal.stderr(`${file}:${line}:${column}: ${key === '' ? '' : `${key}: `}${message}\n`);
    }
    return exitCodes.findings;
  }
  const answer = values.answer === '-' ? new TextDecoder().decode(await terminal.readStdin()) : values.answer;
  const graded = gradeAnswer(result.deck, id, answer);
  if (graded.grade === undefined) throw new UsageError(`deck grade: ${graded.error}`);
  const concepts = graded.grade.concepts.map((concept) => ({
    id: concept.id,
    found: concept.found,
    matched: concept.matched.map((words) => words.text),
  }));
  const { score } = graded.grade;
  if (format === 'json') {
    terminal.stdout(`${JSON.stringify({ concepts, score }, null, 2)}\n`);
    return exitCodes.clean;
  }
  for (const { id: concept, found, matched } of concepts) {
    const words = matched.length === 0 ? '' : ` (${matched.join(', ')})`;
    terminal.stdout(`${found ? '✓' : '✗'} ${concept}${words}\n`);
  }
  terminal.stdout(`${score} of ${concepts.length} concepts\n`);
  return exitCodes.clean;
}

async function readDeck(file: string, terminal: Terminal): Promise<string | null> {
  try {
    return await readFile(path.resolve(terminal.workingFolder, file), 'utf-8');
  } catch (error) {
    terminal.stderr(`${file}: ${systemProblem(error)}\n`);
    return null;
  }
}
