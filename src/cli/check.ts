import { allowedFix } from '../editor/fix-all.ts';
import { rulesMeant, torchMajorVersion } from '../project/rule-selection.ts';
import type { Applicability, Rule } from '../rules/rule.ts';
import { oneOf, parseArguments, selectors, UsageError } from './arguments.ts';
import { type CheckParts, CheckRun, isGrave } from './check-run.ts';
import { formatReports, isDocument, type OutputFormat, outputFormats } from './formats.ts';
import { statistics } from './statistics.ts';
import { type ExitCode, exitCodes } from './terminal.ts';

const options = {
  'output-format': { type: 'string', default: 'concise' },
  fix: { type: 'boolean', default: false },
  'unsafe-fixes': { type: 'boolean', default: false },
  diff: { type: 'boolean', default: false },
  select: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'torch-version': { type: 'string' },
  statistics: { type: 'boolean', default: false },
  'exit-zero': { type: 'boolean', default: false },
  'stdin-filename': { type: 'string' },
  'no-cache': { type: 'boolean', default: false },
} as const;

/** `freezelint check`. Rejects with a UsageError or ConfigurationError before anything is printed. */
export async function check(args: readonly string[], parts: CheckParts): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, options);
  const { terminal, engine } = parts;
  const format = oneOf('output-format', values['output-format'], outputFormats);
  if (values.statistics && (format === 'github' || format === 'sarif')) {
    throw new UsageError(`--statistics cannot be written in the format ${format}`);
  }
  const fromStdin = positionals.includes('-');
  if (fromStdin && positionals.length > 1) throw new UsageError('"-" cannot be combined with other paths');
  const applied: Applicability[] = values['unsafe-fixes'] ? ['safe', 'behavioural'] : ['safe'];
  const fixes = values.fix || values['unsafe-fixes'] || values.diff;

  const run = new CheckRun(parts, {
    settings: {
      select: knownRules(selectors(values.select), engine.rules),
      ignore: knownRules(selectors(values.ignore), engine.rules) ?? [],
      severity: {},
      torchVersion: readTorchVersion(values['torch-version']),
    },
    fix: fixes ? applied : null,
    diff: values.diff,
    cache: !values['no-cache'],
    // A program that reads a document can tell severities apart by itself.
    showsMild: isDocument(format),
  });
  if (fromStdin) await run.checkStdin(values['stdin-filename'] ?? '-');
  else await run.checkPaths(positionals.length === 0 ? ['.'] : positionals);

  if (values.diff) {
    terminal.stdout(run.diff);
    terminal.stderr(`${changesSentence('Would fix', run)}`);
    if (run.failed) return exitCodes.error;
    return run.diff !== '' && !values['exit-zero'] ? exitCodes.findings : exitCodes.clean;
  }

  const report = values.statistics
    ? statistics(run.reports, format === 'json')
    : formatReports(run.reports, format, { ...parts, rules: engine.rules, colour: terminal.colour });
  // The repaired text of `check --fix -` owns stdout.
  const print = fromStdin && fixes ? terminal.stderr : terminal.stdout;
  print.call(terminal, report);
  if (fixes) {
    const printFixed = isDocument(format) ? terminal.stderr : print;
    printFixed.call(terminal, changesSentence('Fixed', run));
  }
  if (!isDocument(format)) print.call(terminal, summary(run, format, fixes));

  if (run.failed) return exitCodes.error;
  const grave = run.reports.some(({ problems }) => problems.some(isGrave));
  return grave && !values['exit-zero'] ? exitCodes.findings : exitCodes.clean;
}

/** Throws UsageError where a selector means no rule. */
function knownRules(found: readonly string[] | null, rules: readonly Rule[]): readonly string[] | null {
  for (const selector of found ?? []) {
    if (rulesMeant(selector, rules).length === 0) throw new UsageError(`no rule "${selector}"`);
  }
  return found;
}

function readTorchVersion(version: string | undefined): number | null {
  if (version === undefined) return null;
  const major = torchMajorVersion(version);
  if (major === null) throw new UsageError(`--torch-version: "${version}" is no version such as 2.1`);
  return major;
}

function changesSentence(verb: string, { fixedProblems, fixedFiles }: CheckRun): string {
  return `${verb} ${count(fixedProblems, 'problem')} in ${count(fixedFiles, 'file')}.\n`;
}

function summary({ reports, checkedFiles }: CheckRun, format: OutputFormat, fixes: boolean): string {
  const problems = reports.flatMap((report) => report.problems);
  if (problems.length === 0) return `No problems found in ${count(checkedFiles, 'file')}.\n`;
  const total = `${count(problems.length, 'problem')} in ${count(reports.length, 'file')}`;
  const fixable = problems.filter((problem) => allowedFix(problem) !== undefined).length;
  const advice = fixable > 0 && !fixes ? ` ${fixable} can be fixed with --fix.` : '';
  const details = format === 'full' ? ' `freezelint rule CODE` explains a rule.' : '';
  return `Found ${total}.${advice}${details}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
