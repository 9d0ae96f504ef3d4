import type { Rule } from './rules/rule.ts';

/**
 * A rule's page as Markdown: `freezelint rule`, the editor's *Explain rule* and docs/rules/ show the same.
 * Ends with a line break.
 */
export function rulePage(rule: Rule): string {
  const { documentation } = rule;
  const chapters = [
    `# ${rule.name} (${rule.code})`,
    rule.summary,
    rule.isOffByDefault
      ? `Off by default; **${rule.severity}** where it is selected.`
      : `Default severity: **${rule.severity}**.`,
    '## What it does',
    documentation.whatItDoes,
    '## Why it matters',
    documentation.whyItMatters,
    '## Example',
    pythonBlock(documentation.example),
    '## Use instead',
    pythonBlock(documentation.useInstead),
    '## When not to use it',
    documentation.whenNotToUse,
    '## Known problems',
    documentation.knownProblems,
    '## Fix safety',
    documentation.fixSafety,
    '## How to silence it',
    `On one line: \`# freezelint: ignore[${rule.code}]\`. In a whole file: \`# freezelint: ignore-file[${rule.code}]\`. ` +
      `In a project: \`ignore = ["${rule.code}"]\` under \`[tool.freezelint]\` in pyproject.toml.`,
  ];
  if (documentation.references.length > 0) {
    chapters.push('## References', documentation.references.map((reference) => `- ${reference}`).join('\n'));
  }
  return `${chapters.map((chapter) => chapter.trim()).join('\n\n')}\n`;
}

/** The rules as a Markdown table; `link` gives the address of a rule's page. */
export function rulesTable(rules: readonly Rule[], link: (rule: Rule) => string): string {
  const rows = rules.map((rule) => {
    const summary = rule.summary.replaceAll('|', '\\|');
    return `| [${rule.code}](${link(rule)}) | ${rule.name} | ${defaultOf(rule)} | ${summary} |`;
  });
  return ['| code | name | default | what it finds |', '|---|---|---|---|', ...rows].join('\n');
}

/** What a rule is without any setting, in a word. */
export const defaultOf = ({ isOffByDefault, severity }: Rule): string => (isOffByDefault ? 'off' : severity);

/** Accepts the chapter as bare Python or already fenced. */
function pythonBlock(text: string): string {
  const trimmed = text.replace(/^\n+/, '').trimEnd();
  return trimmed.startsWith('```') ? trimmed : `\`\`\`python\n${trimmed}\n\`\`\``;
}
