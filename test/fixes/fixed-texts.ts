import { applyEdits, conflict } from '../../src/editor/edits.ts';
import { lint } from '../../src/lint.ts';
import type { PythonParser } from '../../src/python/parser.ts';
import type { Edit } from '../../src/rules/rule.ts';
import type { Answer, Proof } from './proofs.ts';

/** A proof with what PyTorch did: one JSON line of `recorded.jsonl`. */
export interface Recorded {
  readonly code: string;
  readonly program: string;
  readonly probe: string;
  readonly answer: Answer;
  /** The program under each alternative of the fix, the preferred one first. */
  readonly fixed: readonly { readonly fix: string; readonly text: string; readonly answer: Answer }[];
}

/** The program with the fix of all findings of the rule, once for each alternative that the rule offers. */
export function fixedTexts(parser: PythonParser, { code, program }: Proof): { fix: string; text: string }[] {
  const result = lint(parser, program, { rules: { [code]: 'on' } });
  const found = result?.problems.filter((problem) => problem.code === code) ?? [];
  const alternatives = Math.max(0, ...found.map(({ fixes }) => fixes.length));
  return Array.from({ length: alternatives }, (_, index) => {
    const fixes = found.flatMap((problem) => problem.fixes[index] ?? problem.fixes[0] ?? []);
    const edits: Edit[] = [];
    for (const fix of fixes) {
      if (fix.edits.some(({ span }) => edits.some((edit) => conflict(edit.span, span)))) continue;
      edits.push(...fix.edits);
    }
    return { fix: fixes[0]?.message ?? '', text: applyEdits(program, edits) };
  });
}

/** Whether PyTorch did what was expected: an exception is known by how it begins. */
export function agrees(expected: Answer, answer: Answer): boolean {
  if ('raises' in expected) return 'raises' in answer && answer.raises.startsWith(expected.raises);
  return 'measured' in answer && JSON.stringify(answer.measured) === JSON.stringify(expected.measured);
}
