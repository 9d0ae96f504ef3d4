import type { Rule } from '../rules/rule.ts';
import { githubFormat } from './github-format.ts';
import { type FileReport, problemRecords } from './records.ts';
import { sarifFormat } from './sarif-format.ts';
import { textFormat } from './text-format.ts';

export const outputFormats = ['concise', 'full', 'json', 'github', 'sarif'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Whether a format is one document that other programs read, which no other line may break. */
export function isDocument(format: OutputFormat): boolean {
  return format === 'json' || format === 'sarif';
}

/** What formats need besides the findings. */
export interface FormatContext {
  readonly rules: readonly Rule[];
  readonly version: string;
  readonly colour: boolean;
}

/** Writes findings in one of the formats; ends with a line break unless there is nothing to say. */
export function formatReports(
  reports: readonly FileReport[],
  format: OutputFormat,
  { rules, version, colour }: FormatContext,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(reports.flatMap(problemRecords), null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifFormat(reports, rules, version), null, 2)}\n`;
    case 'github':
      return githubFormat(reports);
    default:
      return textFormat(reports, format, colour);
  }
}
