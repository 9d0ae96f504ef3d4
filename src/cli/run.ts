import type { LintEngine } from '../lint.ts';
import { ConfigurationError } from '../project/configuration.ts';
import type { PythonParser } from '../python/parser.ts';
import { UsageError } from './arguments.ts';
import { check } from './check.ts';
import { deck } from './deck.ts';
import { helpTexts } from './help.ts';
import { rule } from './rule.ts';
import { server } from './server.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { trace } from './trace.ts';

/** What the program is made of; the executable hands in the real parts, tests their own. */
export interface ProgramParts {
  readonly terminal: Terminal;
  readonly engine: LintEngine;
  readonly version: string;
  /** Tells this build of the program from others; null where nothing may be remembered between runs. */
  readonly build: string | null;
  loadParser(): Promise<PythonParser>;
  /** Becomes the language server. */
  serve(): Promise<never>;
}

/** Runs the program with the arguments after its name, and resolves to the exit code. Never rejects. */
export async function run(args: readonly string[], parts: ProgramParts): Promise<ExitCode> {
  const { terminal } = parts;
  const [command = '', ...rest] = args;
  const optionsEnd = rest.indexOf('--');
  const asksForHelp = (optionsEnd === -1 ? rest : rest.slice(0, optionsEnd)).some(isHelp);
  try {
    if (command === '-V' || command === '--version') {
      terminal.stdout(`freezelint ${parts.version}\n`);
      return exitCodes.clean;
    }
    if (isHelp(command) || command === 'help') {
      terminal.stdout(helpOf(rest[0] ?? ''));
      return exitCodes.clean;
    }
    if (command === '') throw new UsageError('name a command');
    const help = helpOf(command);
    if (asksForHelp) {
      terminal.stdout(help);
      return exitCodes.clean;
    }
    if (command === 'check') return await check(rest, parts);
    if (command === 'trace') return await trace(rest, terminal, parts.loadParser);
    if (command === 'rule') return rule(rest, terminal, parts.engine.rules);
    if (command === 'server') return await server(rest, parts.serve);
    return await deck(rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      const name =
        command !== '' && Object.hasOwn(helpTexts, command) ? `freezelint ${command}` : 'freezelint';
      terminal.stderr(`${name}: ${error.message}\nTry \`${name} --help\`.\n`);
    } else if (error instanceof ConfigurationError) {
      terminal.stderr(`${error.message}\n`);
    } else {
      const details = error instanceof Error ? error.stack : String(error);
      terminal.stderr(`freezelint: internal error\n${details}\n`);
    }
    return exitCodes.error;
  }
}

function isHelp(argument: string): boolean {
  return argument === '-h' || argument === '--help';
}

function helpOf(command: string): string {
  const help = Object.hasOwn(helpTexts, command) ? helpTexts[command] : undefined;
  if (help === undefined)
    throw new UsageError(`no command "${command}"; there are check, trace, rule, deck and server`);
  return help;
}
