import { rulesMeant } from '../project/rule-selection.ts';
import { rulePage } from '../rule-page.ts';
import type { Rule } from '../rules/rule.ts';
import { ruleUrl } from '../rules-url.ts';
import { oneOf, parseArguments, UsageError } from './arguments.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

const options = {
  all: { type: 'boolean', default: false },
  'output-format': { type: 'string', default: 'text' },
} as const;

/** `freezelint rule`: prints the pages of rules. */
export function rule(args: readonly string[], terminal: Terminal, rules: readonly Rule[]): ExitCode {
  const { values, positionals } = parseArguments(args, options);
  const format = oneOf('output-format', values['output-format'], ['text', 'json']);
  if (values.all === positionals.length > 0)
    throw new UsageError('name a rule by its code or name, or give --all');
  const named = positionals.map((selector) => {
    const meant = rulesMeant(selector, rules);
    const exact = meant.length === 1 ? meant[0] : undefined;
    if (exact === undefined) throw new UsageError(`no rule "${selector}"`);
    return exact;
  });
  const shown = values.all ? rules : named;
  if (format === 'text') {
    terminal.stdout(shown.map(rulePage).join('\n'));
    return exitCodes.clean;
  }
  const records = shown.map((each) => ({
    code: each.code,
    name: each.name,
    severity: each.severity,
    isOffByDefault: each.isOffByDefault === true,
    summary: each.summary,
    url: ruleUrl(each.code),
    documentation: each.documentation,
    markdown: rulePage(each),
  }));
  const one = values.all || records.length > 1 ? records : records[0];
  terminal.stdout(`${JSON.stringify(one, null, 2)}\n`);
  return exitCodes.clean;
}
