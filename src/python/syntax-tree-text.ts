import { LineIndex } from './positions.ts';
import type { Module } from './syntax.ts';

type Fields = Readonly<Record<string, unknown>> & { readonly start: number; readonly end: number };

const isNode = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && 'start' in value && 'end' in value;

/** The syntax tree of a module, one node on a line with its place and fields, for debugging. */
export function syntaxTreeText(module: Module): string {
  const lines = new LineIndex(module.text);
  const place = (offset: number): string => {
    const { row, column } = lines.positionAt(offset);
    return `${row + 1}:${column + 1}`;
  };
  const rows: string[] = [];
  const write = (value: unknown, label: string, depth: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) write(item, label, depth);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([key]) => !['kind', 'start', 'end'].includes(key));
      const plain = entries
        .filter(([, field]) => typeof field !== 'object' && field !== null)
        .map(([key, field]) => ` ${key}=${JSON.stringify(field)}`);
      const span = isNode(value) ? ` ${place(value.start)}-${place(value.end)}` : '';
      const kind = 'kind' in value ? ` ${String(value.kind)}` : '';
      rows.push(`${'  '.repeat(depth)}${label}:${kind}${span}${plain.join('')}\n`);
      for (const [key, field] of entries) {
        if (typeof field === 'object' && !key.endsWith('Span')) write(field, key, depth + 1);
      }
    } else if (value !== null) rows.push(`${'  '.repeat(depth)}${label}: ${JSON.stringify(value)}\n`);
  };
  write(module.body, 'statement', 0);
  for (const { start, end } of module.errors) rows.push(`syntax error ${place(start)}-${place(end)}\n`);
  return rows.join('');
}
