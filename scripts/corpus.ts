// npm run corpus -- FOLDER LABELS [--record]: the findings in real code, held against lines that people have labelled.
// FOLDER holds checked-out repositories as `owner+name`; LABELS is a JSON array of {repo, path, line, kind, verdict}, with
// the verdicts bug, suspicious and ok. No code of theirs is kept: --record writes the counts to test/corpus/summary.json.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

interface Label {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  readonly line: number;
  readonly kind: string;
  readonly verdict: 'bug' | 'suspicious' | 'ok';
}

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly filename: string;
  readonly location: { readonly row: number };
  readonly end_location: { readonly row: number };
}

/** A finding that starts or ends this near to a labelled line is about it: labels name the loop or the statement in it. */
const NEAR_LINES = 2;

const CLI = path.resolve(import.meta.dirname, '../dist/cli.js');
const SUMMARY = path.resolve(import.meta.dirname, '../test/corpus/summary.json');

const [folder = '', labelFile = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (!folder || !labelFile) throw new Error('usage: npm run corpus -- FOLDER LABELS [--record]');

const labels = JSON.parse(fs.readFileSync(labelFile, 'utf8')) as readonly Label[];
const folderOf = ({ repo }: Label): string => path.join(folder, repo.replace('/', '+'));
const present = labels.filter((label) => fs.existsSync(path.join(folderOf(label), label.path)));

/** Findings by file, each repository checked from its own root as its owner would. */
const findings = new Map<string, Finding[]>();
for (const root of new Set(present.map(folderOf))) {
  const paths = [...new Set(present.filter((label) => folderOf(label) === root).map((label) => label.path))];
  for (const finding of check(root, paths)) {
    const file = path.resolve(root, finding.filename);
    findings.set(file, [...(findings.get(file) ?? []), finding]);
  }
}

function check(root: string, paths: readonly string[]): readonly Finding[] {
  const args = [CLI, 'check', '--exit-zero', '--output-format', 'json', ...paths];
  // Where some file cannot be read or parsed, what was found in the others is printed all the same.
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

const isGrave = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

function findingsAt(label: Label): readonly Finding[] {
  const all = findings.get(path.resolve(folderOf(label), label.path)) ?? [];
  return all.filter(
    ({ location, end_location }) =>
      location.row - NEAR_LINES <= label.line && label.line <= end_location.row + NEAR_LINES,
  );
}

const kinds: Record<string, { labels: number; found: number; grave: number }> = {};
for (const label of present) {
  const at = findingsAt(label);
  const kind = `${label.verdict}: ${label.kind}`;
  const counts = kinds[kind] ?? { labels: 0, found: 0, grave: 0 };
  kinds[kind] = counts;
  counts.labels++;
  if (at.length > 0) counts.found++;
  if (at.some(isGrave)) counts.grave++;
  const told = at.map(({ code, severity }) => `${code} (${severity})`).join(', ');
  if (label.verdict === 'bug' && at.length === 0)
    console.log(`missed: ${label.kind}, ${label.path}:${label.line}`);
  if (label.verdict === 'ok' && at.some(isGrave))
    console.log(`near a line that is right: ${told}, ${label.path}:${label.line}`);
}
const byRule: Record<string, number> = {};
for (const { code, severity } of [...findings.values()].flat()) {
  const key = `${code} ${severity}`;
  byRule[key] = (byRule[key] ?? 0) + 1;
}
const bugs = Object.entries(kinds).filter(([kind]) => kind.startsWith('bug'));
const sum = (count: 'labels' | 'found'): number => bugs.reduce((total, [, one]) => total + one[count], 0);
console.log(
  `${sum('found')} of ${sum('labels')} labelled bugs found; ${present.length} of ${labels.length} labels are here`,
);

if (process.argv.includes('--record')) {
  const repositories = Object.fromEntries(present.map(({ repo, commit }) => [repo, commit]));
  const sorted = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const summary = { repositories: sorted(repositories), labels: sorted(kinds), findings: sorted(byRule) };
  fs.mkdirSync(path.dirname(SUMMARY), { recursive: true });
  fs.writeFileSync(SUMMARY, `${JSON.stringify(summary, null, 2)}\n`);
}
