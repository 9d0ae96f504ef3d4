// What is written from the rules, their pages, the tables and the settings, and the texts for translators. Written by
// generate-docs.ts, checked by a test.
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { defaultOf, rulePage, rulesTable } from '../src/rule-page.ts';
import type { Rule } from '../src/rules/rule.ts';
import { translationTemplate } from './translatable-texts.ts';

export const rootFolder = path.resolve(import.meta.dirname, '..');

const tableStart = '<!-- rules:start -->';
const tableEnd = '<!-- rules:end -->';

/** The content that generated files should have, by path from the root of the repository. */
export async function generatedFiles(rules: readonly Rule[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const rule of rules) files.set(`docs/rules/${rule.code}.md`, rulePage(rule));
  files.set('docs/rules/index.md', indexPage(rules));
  files.set('README.md', withTable(await current('README.md'), rules));
  files.set('package.json', withSettings(await current('package.json'), rules));
  files.set('package.nls.json', withRuleTexts(await current('package.nls.json'), rules));
  files.set('l10n/bundle.l10n.json', await translationTemplate(rootFolder));
  return files;
}

/** A file's present content; undefined where there is none. */
export async function present(file: string): Promise<string | undefined> {
  return readFile(path.join(rootFolder, file), 'utf-8').catch(() => undefined);
}

async function current(file: string): Promise<string> {
  return readFile(path.join(rootFolder, file), 'utf-8');
}

function indexPage(rules: readonly Rule[]): string {
  return `# Rules

Each page is also in the program: \`freezelint rule CODE\`, and *Freezelint: Explain Rule…* in VS Code.

${rulesTable(rules, ({ code }) => `${code}.md`)}
`;
}

function withTable(readme: string, rules: readonly Rule[]): string {
  const start = readme.indexOf(tableStart);
  const end = readme.indexOf(tableEnd);
  if (start === -1 || end < start) throw new Error(`README.md needs the lines ${tableStart} and ${tableEnd}`);
  const table = rulesTable(rules, ({ code }) => `docs/rules/${code}.md`);
  return `${readme.slice(0, start + tableStart.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const severityChoices = ['default', 'off', 'hint', 'information', 'warning', 'error'];

function withSettings(packageJson: string, rules: readonly Rule[]): string {
  const manifest = JSON.parse(packageJson);
  const { properties } = manifest.contributes.configuration;
  properties['freezelint.rules'].properties = Object.fromEntries(
    rules.map((rule) => [
      rule.code,
      {
        type: 'string',
        enum: severityChoices,
        enumDescriptions: severityChoices.map((choice) => `%setting.rules.${choice}%`),
        default: 'default',
        markdownDescription: `%${ruleKey(rule)}%`,
      },
    ]),
  );
  properties['freezelint.ignore'].items = { type: 'string', enum: rules.map(({ code }) => code) };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const ruleKey = ({ code }: Rule): string => `setting.rules.${code}`;

/** The texts of the manifest with one for each rule's setting, in alphabetical order. */
function withRuleTexts(texts: string, rules: readonly Rule[]): string {
  const others = Object.entries(JSON.parse(texts)).filter(([key]) => !/^setting\.rules\.FRZ\d+$/.test(key));
  const own = rules.map((rule): [string, string] => {
    return [ruleKey(rule), `${rule.name}: ${rule.summary} (default: ${defaultOf(rule)})`];
  });
  const sorted = [...others, ...own].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
