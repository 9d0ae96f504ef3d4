import { allowedFix } from '../editor/fix-all.ts';
import type { FileReport } from './records.ts';

/** How often each rule spoke, the most frequent first: a table, or JSON with the same words. */
export function statistics(reports: readonly FileReport[], asJson: boolean): string {
  const counts = new Map<string, { code: string; name: string; count: number; fixable: number }>();
  for (const problem of reports.flatMap(({ problems }) => problems)) {
    const { code, name } = problem;
    const entry = counts.get(code) ?? { code, name, count: 0, fixable: 0 };
    entry.count++;
    if (allowedFix(problem) !== undefined) entry.fixable++;
    counts.set(code, entry);
  }
  const rows = [...counts.values()].sort(
    (left, right) => right.count - left.count || (left.code < right.code ? -1 : 1),
  );
  if (asJson) return `${JSON.stringify(rows, null, 2)}\n`;
  const width = String(rows[0]?.count ?? 0).length;
  return rows
    .map(({ code, name, count, fixable }) => {
      const number = String(count).padStart(width);
      return `${number}  ${code}  ${fixable === count ? '[*]' : fixable > 0 ? '[-]' : '[ ]'} ${name}\n`;
    })
    .join('');
}
