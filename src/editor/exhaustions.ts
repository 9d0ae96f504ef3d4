/** Lines for a debug log: where the analysis of a document ran out of a budget. */
import { exhaustionInWords } from '../analysis/running/budgets.ts';
import { cellsOf, type LintResult } from '../lint.ts';
import type { NotebookText } from '../python/notebook-text.ts';
import { lineInWords } from '../rules/syntax-context.ts';

/** Such as `line 12: calls nest too deeply; what this one does is unknown`, in the order in which budgets ran out. */
export function exhaustionLines(
  { module, trace }: Pick<LintResult, 'module' | 'trace'>,
  source: string | NotebookText,
): readonly string[] {
  const cells = cellsOf(source);
  return trace.exhaustions.map(
    (exhaustion) =>
      `${lineInWords({ module, trace, cells }, exhaustion.at)}: ${exhaustionInWords(exhaustion)}`,
  );
}
