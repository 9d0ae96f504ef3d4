/** From offsets in the text to places that the analysis can be asked about. */
import { blocksOf } from '../../python/functions.ts';
import { LineIndex } from '../../python/positions.ts';
import type { FunctionDefinition, Module, Statement } from '../../python/syntax.ts';
import type { Place } from './watch.ts';

export interface FoundPlace {
  readonly place: Place;
  /** The innermost function that holds the offset; null for the top level. */
  readonly scope: FunctionDefinition | null;
}

/**
 * The place just before an offset, in the innermost function that holds it: before the statement that starts or goes on
 * there. Null for a program without statements. A class body outside its methods counts as the class statement.
 */
export function placeBefore(module: Module, offset: number): FoundPlace | null {
  const lines = new LineIndex(module.text);
  const columnOf = (at: number): number => lines.indentationAt(at).length;
  // Comments and blank lines at the end of a block belong to it as far as they are indented.
  const belongsTo = (statement: Statement): boolean =>
    columnOf(offset) > columnOf(statement.start) && offset > statement.start;

  const inBlock = (
    block: readonly Statement[],
    scope: FunctionDefinition | null,
    isClassBody: boolean,
  ): FoundPlace | null => {
    let last: Statement | null = null;
    for (const statement of block) {
      if (statement.start >= offset) {
        const isInLast = last !== null && belongsTo(last);
        if (!isInLast) return isClassBody ? null : { place: { at: 'before', node: statement }, scope };
        break;
      }
      last = statement;
      if (offset < statement.end) break;
    }
    if (!last) return null;
    if (offset < last.end || belongsTo(last)) {
      const found = inStatement(last, scope);
      if (found) return found;
      if (offset < last.end) return isClassBody ? null : { place: { at: 'before', node: last }, scope };
    }
    return isClassBody ? null : { place: { at: 'after', node: last }, scope };
  };

  /** Inside the blocks of a compound statement; null in its header, and in a simple statement. */
  const inStatement = (statement: Statement, scope: FunctionDefinition | null): FoundPlace | null => {
    const inner = statement.kind === 'functionDefinition' ? statement : scope;
    const blocks = blocksOf(statement).filter((block) => block.length > 0);
    const [first] = blocks;
    if (!first?.[0]) return null;
    // Between the header and its block there are only comments.
    const between = module.text.slice(offset, Math.max(offset, first[0].start));
    if (/\S/.test(between.replace(/#.*/g, ''))) return null;
    for (const block of blocks) {
      const end = block.at(-1)?.end ?? 0;
      if (offset > end && block !== blocks.at(-1)) continue;
      return inBlock(block, inner, statement.kind === 'classDefinition');
    }
    return null;
  };

  return inBlock(module.body, null, false);
}
