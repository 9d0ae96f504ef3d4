import type { LintResult, Problem } from '../lint.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module } from '../python/syntax.ts';
import { statementAt, walk } from '../python/walk.ts';
import type { Edit } from '../rules/rule.ts';
import { findSuppressions, type Suppression } from '../suppressions.ts';

/**
 * The edit that silences a problem on its line: extends the freezelint comment of that line, else adds
 * one at its end, else (where a comment cannot stand: inside a string or after a backslash) puts
 * one on a line of its own above the statement.
 */
export function ignoreOnLine({ module }: Pick<LintResult, 'module'>, problem: Problem): Edit {
  const { text } = module;
  const lines = new LineIndex(text);
  const line = lines.lineSpan(lines.positionAt(problem.span.start).row);

  const existing = findSuppressions(module, lines, []).find((suppression) => {
    const { form, rows, codes, span } = suppression;
    if (form !== 'freezelint' || rows === null || codes === null) return false;
    return line.start <= span.start && span.end <= line.end;
  });
  if (existing) return addCode(existing, problem.code);

  const comment = `# freezelint: ignore[${problem.code}]`;
  const code = text.slice(line.start, line.end).trimEnd();
  if (!code.endsWith('\\') && !insideString(module, line.end)) {
    return { span: { start: line.start + code.length, end: line.end }, content: `  ${comment}` };
  }
  const statement = statementAt(module, problem.span.start) ?? problem.span;
  const { start } = lines.lineSpan(lines.positionAt(statement.start).row);
  return {
    span: { start, end: start },
    content: `${lines.indentationAt(start)}${comment}${lines.lineEnding}`,
  };
}

// Python reads an encoding from the first two lines only, the second one if the first is blank or a comment,
// and a shebang from the first: the new comment must not push them down.
const fileHeader =
  /^(?:(?:[ \t\f]*(?:#.*)?(?:\r\n|\n|\r))?[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+.*(?:\r\n|\n|\r|$)|#!.*(?:\r\n|\n|\r|$))?/;

/**
 * The edit that silences a problem's rule in the whole file: extends a freezelint comment for the file,
 * else adds one below the shebang and coding lines.
 */
export function ignoreInFile({ module }: Pick<LintResult, 'module'>, problem: Problem): Edit {
  const { text } = module;
  const lines = new LineIndex(text);
  const existing = findSuppressions(module, lines, []).find((suppression) => {
    return suppression.form === 'freezelint' && suppression.rows === null && suppression.codes !== null;
  });
  if (existing) return addCode(existing, problem.code);

  const header = fileHeader.exec(text)?.[0] ?? '';
  const comment = `# freezelint: ignore-file[${problem.code}]`;
  const { lineEnding } = lines;
  const content = header === '' || /[\r\n]$/.test(header) ? comment + lineEnding : lineEnding + comment;
  return { span: { start: header.length, end: header.length }, content };
}

/** `list` is null only for bare comments, and those silence every rule already. */
function addCode({ codes, list, span }: Suppression, code: string): Edit {
  const at = list?.end ?? span.end;
  return { span: { start: at, end: at }, content: codes === null || codes.length === 0 ? code : `, ${code}` };
}

/** Whether the line end at `offset` belongs to a string literal, so that a comment there would be text. */
function insideString(module: Module, offset: number): boolean {
  for (const statement of module.body) {
    if (offset <= statement.start || statement.end <= offset) continue;
    for (const node of walk(statement)) {
      const isString = node.kind === 'string' || node.kind === 'formatString';
      if (isString && node.start < offset && offset < node.end) return true;
    }
  }
  return false;
}
