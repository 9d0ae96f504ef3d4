import type { Severity } from '../rules/rule.ts';
import { placeName } from './places.ts';
import { type FileReport, type ProblemRecord, problemRecords } from './records.ts';

const commands: Record<Severity, string> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Findings as workflow commands of GitHub Actions, which shows them at their lines in a pull request. */
export function githubFormat(reports: readonly FileReport[]): string {
  return reports
    .flatMap(problemRecords)
    .map((record) => {
      const properties = Object.entries(propertiesOf(record))
        .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
        .join(',');
      const place = placeName(record.filename, record.location);
      const message = escapeData(`${place}: ${record.code} ${record.message}`);
      return `::${commands[record.severity]} ${properties}::${message}\n`;
    })
    .join('');
}

function propertiesOf({ code, filename, cell, location, end_location }: ProblemRecord) {
  const title = `Freezelint (${code})`;
  // The lines of a cell are not those of the notebook's file; the message says where it is.
  if (cell !== undefined) return { title, file: filename };
  const lines = { title, file: filename, line: location.row, endLine: end_location.row };
  // GitHub takes columns only where the finding has one line.
  if (location.row !== end_location.row) return lines;
  return { ...lines, col: location.column, endColumn: end_location.column };
}

/** As GitHub's own toolkit escapes a command's text. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
