/** Where new statements go when somebody asks for them at the cursor. */
import { placeBefore } from '../analysis/places/places.ts';
import type { Place } from '../analysis/places/watch.ts';
import { blocksOf } from '../python/functions.ts';
import { LineIndex } from '../python/positions.ts';
import type { Module, Statement } from '../python/syntax.ts';
import { dottedName, walk } from '../python/walk.ts';
import { insertAfter, insertBefore, statementsAround } from '../rules/fix-text.ts';
import type { Edit } from '../rules/rule.ts';

export interface InsertionPoint {
  /** What the analysis is asked about: the state there is the one that the new statements will see. */
  readonly place: Place;
  /** The statement that the cursor is on; null on a blank line or a comment. */
  readonly statement: Statement | null;
  /** An offset in the block that takes the statements. */
  readonly offset: number;
  /** The edit that inserts lines, given without the block's indentation; null where the block cannot take them. */
  insert(lines: readonly string[]): Edit | null;
}

/**
 * The place for new statements at an offset: on its line if that is blank, below a comment, in place of `pass`, after
 * another simple statement, before `return` and the like, before a loop or an `if` whose header it is in (also that of
 * its `else`), and at the start of the function whose header it is in. Null where nothing fits: outside of every method
 * of a class, or in a file without statements.
 */
export function insertionPoint(module: Module, offset: number): InsertionPoint | null {
  const lines = new LineIndex(module.text);
  const line = lines.lineSpan(lines.positionAt(offset).row);
  const text = module.text.slice(line.start, line.end);
  const code = startOfCode(lines, offset);
  const around = statementsAround(module, code);
  const innermost = around.at(-1) ?? null;
  const isInside = innermost !== null && innermost.start < code && !isBetweenStatements(innermost, code);
  if (isBlankCode(text) && !isInside) return onOwnLine(module, lines, line.start, code);
  return innermost && atStatement(module, innermost, around.slice(0, -1));
}

/** Whether some lines hold nothing but blanks and comments. */
const isBlankCode = (text: string): boolean => text.replace(/#.*/g, '').trim() === '';

/** Where the code of the line that holds an offset begins; its end if it is blank. */
export function startOfCode(lines: LineIndex, offset: number): number {
  const { start, end } = lines.lineSpan(lines.positionAt(offset).row);
  const text = lines.text.slice(start, end);
  return start + text.length - text.trimStart().length;
}

/** The place before a statement, for what its block needs first. */
export function pointBefore(module: Module, statement: Statement): InsertionPoint {
  return {
    place: { at: 'before', node: statement },
    statement,
    offset: justBefore(statement),
    insert: (added) => withLineEnding(module, insertBefore(module, statement, added)),
  };
}

/** In the block of a statement, and in none of its own. */
const justBefore = ({ start }: Statement): number => Math.max(0, start - 1);

function pointAfter(module: Module, statement: Statement): InsertionPoint {
  return {
    place: { at: 'after', node: statement },
    statement,
    offset: justBefore(statement),
    insert: (added) => withLineEnding(module, insertAfter(module, statement, added)),
  };
}

/** `pass` or `...`, which stands where code is still to be written. */
const isPlaceholder = (statement: Statement): boolean =>
  statement.kind === 'pass' ||
  (statement.kind === 'expressionStatement' && statement.expression.kind === 'ellipsis');

/** Before a statement, or in place of it where it is but a placeholder. */
function pointBeforeCode(module: Module, statement: Statement): InsertionPoint {
  const point = pointBefore(module, statement);
  if (!isPlaceholder(statement)) return point;
  const indentation = new LineIndex(module.text).indentationAt(statement.start);
  return {
    ...point,
    insert: (added) => {
      if (point.insert(added) === null) return null;
      const { start, end } = statement;
      return withLineEnding(module, { span: { start, end }, content: added.join(`\n${indentation}`) });
    },
  };
}

/** Inserted text must not mix line endings in a file that has others. */
export function withLineEnding({ text }: Module, edit: Edit | null): Edit | null {
  const { lineEnding } = new LineIndex(text);
  return edit && { ...edit, content: edit.content.replace(/\r?\n/g, lineEnding) };
}

/** Blank lines and comments between the statements of a block are no part of any of them. */
const isBetweenStatements = (statement: Statement, offset: number): boolean => {
  const inner = blocksOf(statement).flat();
  return inner.some(({ end }) => end <= offset) || inner.some(({ start }) => offset <= start);
};

/** On a blank line, or below a comment. */
function onOwnLine(module: Module, lines: LineIndex, start: number, code: number): InsertionPoint | null {
  const { end } = lines.lineSpan(lines.positionAt(start).row);
  const place = placeOnOwnLine(module, code, end);
  if (!place) return null;
  const first = lines.lineSpan(lines.positionAt(place.node.start).row).start;
  if (module.text.slice(first, place.node.start).trim() !== '') return null;
  const indentation = lines.indentationAt(place.node.start);
  const isBlank = code >= end;
  return {
    place,
    statement: null,
    offset: justBefore(place.node),
    insert: (added) => {
      const content = added.map((each) => `${indentation}${each}`).join('\n');
      const edit = isBlank
        ? { span: { start, end }, content }
        : { span: { start: end, end }, content: `\n${content}` };
      return withLineEnding(module, edit);
    },
  };
}

/** Above an `else:` or the like, a line is at the end of the block before it, and not in the one below. */
function placeOnOwnLine(module: Module, code: number, lineEnd: number): Place | null {
  const place = placeBefore(module, code)?.place ?? null;
  if (place?.at !== 'before') return place;
  const { start } = place.node;
  if (!isElif(module, place.node) && isBlankCode(module.text.slice(lineEnd, start))) return place;
  const around = statementsAround(module, code).at(-1);
  const last =
    around &&
    blocksOf(around)
      .flat()
      .findLast(({ end }) => end <= code);
  return last ? { at: 'after', node: last } : null;
}

/** An `elif` is an `if` in the `else` of another one, but nothing can stand before it. */
const isElif = (module: Module, { kind, start }: Statement): boolean =>
  kind === 'if' && module.text.startsWith('elif', start);

function atStatement(
  module: Module,
  statement: Statement,
  outer: readonly Statement[],
): InsertionPoint | null {
  const parent = outer.at(-1);
  if (parent?.kind === 'classDefinition' && statement.kind !== 'functionDefinition') return null;
  switch (statement.kind) {
    case 'functionDefinition': {
      const [first, second] = statement.body;
      if (!first) return null;
      const code = isDocstring(first) ? second : first;
      return { ...(code ? pointBeforeCode(module, code) : pointAfter(module, first)), statement };
    }
    case 'if':
      if (parent && isElif(module, statement)) return atStatement(module, parent, outer.slice(0, -1));
      return pointBefore(module, statement);
    case 'classDefinition':
    case 'for':
    case 'while':
    case 'with':
    case 'try':
    case 'match':
    case 'return':
    case 'raise':
    case 'break':
    case 'continue':
      return pointBefore(module, statement);
    default:
      return isPlaceholder(statement) ? pointBeforeCode(module, statement) : pointAfter(module, statement);
  }
}

const isDocstring = (statement: Statement): boolean =>
  statement.kind === 'expressionStatement' && statement.expression.kind === 'string';

/** Whether a statement mentions a variable, or an attribute such as `self.model`; of a loop or an `if`, its header counts. */
export function mentions(statement: Statement, name: string): boolean {
  if (statement.kind === 'functionDefinition' && statement.parameters.some((each) => each.name === name))
    return true;
  const blocks = blocksOf(statement).flat();
  for (const node of walk(statement)) {
    if (node.kind !== 'name' && node.kind !== 'attribute') continue;
    if (blocks.some(({ start, end }) => start <= node.start && node.end <= end)) continue;
    if (dottedName(node) === name) return true;
  }
  return false;
}
