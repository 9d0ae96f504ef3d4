import { pathToFileURL } from 'node:url';
import type { Location, Log, PhysicalLocation, Region, ReportingDescriptor, Result } from 'sarif';
import { rulePage } from '../rule-page.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import { ruleUrl } from '../rules-url.ts';
import { type Locations, placeName } from './places.ts';
import { type FileReport, type FixRecord, type ProblemRecord, problemRecords } from './records.ts';

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** Findings as a SARIF 2.1.0 log, for GitHub code scanning and other viewers. */
export function sarifFormat(reports: readonly FileReport[], rules: readonly Rule[], version: string): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Freezelint', version, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: reports.flatMap(problemRecords).map((record) => result(record, rules)),
      },
    ],
  };
}

function descriptor(rule: Rule): ReportingDescriptor {
  return {
    id: rule.code,
    name: rule.name,
    shortDescription: { text: plain(rule.summary) },
    fullDescription: { text: plain(rule.documentation.whatItDoes) },
    help: { text: plain(rule.documentation.whyItMatters), markdown: rulePage(rule) },
    helpUri: ruleUrl(rule.code),
    defaultConfiguration: { enabled: !rule.isOffByDefault, level: levels[rule.severity] },
  };
}

/** Markdown as a viewer of plain text should show it. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '').trim();
}

function result(record: ProblemRecord, rules: readonly Rule[]): Result {
  return {
    ruleId: record.code,
    ruleIndex: rules.findIndex(({ code }) => code === record.code),
    level: levels[record.severity],
    message: { text: record.message },
    locations: [location(record.filename, record)],
    ...(record.related.length === 0
      ? {}
      : {
          relatedLocations: record.related.map((related, index) => ({
            id: index + 1,
            message: { text: related.message },
            ...location(related.filename, related),
          })),
        }),
    // Regions are those of the file, and a cell's lines are not; see `location`.
    ...(record.fixes.length === 0 || record.cell !== undefined
      ? {}
      : { fixes: record.fixes.map((fix) => sarifFix(record.filename, fix)) }),
  };
}

function sarifFix(filename: string, { message, edits }: FixRecord): NonNullable<Result['fixes']>[number] {
  return {
    description: { text: message },
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(filename) },
        replacements: edits.map(({ content, ...locations }) => ({
          deletedRegion: region(locations),
          insertedContent: { text: content },
        })),
      },
    ],
  };
}

/**
 * A region counts the lines of the file, which in a notebook is JSON: there the whole file is the location, and a
 * logical location names cell, row and column.
 */
function location(filename: string, locations: Locations): Location {
  const physicalLocation: PhysicalLocation = { artifactLocation: { uri: uriOf(filename) } };
  const { cell, row, column } = locations.location;
  if (cell === undefined) return { physicalLocation: { ...physicalLocation, region: region(locations) } };
  const fullyQualifiedName = placeName(filename, { cell, row, column });
  return { physicalLocation, logicalLocations: [{ name: `cell ${cell}`, fullyQualifiedName }] };
}

function region({ location: start, end_location: end }: Locations): Region {
  return { startLine: start.row, startColumn: start.column, endLine: end.row, endColumn: end.column };
}

function uriOf(filename: string): string {
  if (filename === '-') return 'stdin';
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(filename)) return pathToFileURL(filename).href;
  return filename.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
