import type { Trace } from '../../../src/analysis/trace.ts';
import type { LintEngine } from '../../../src/lint.ts';
import type { Fix, Rule, RuleDocumentation, Severity } from '../../../src/rules/rule.ts';

const documentation: RuleDocumentation = {
  whatItDoes: 'Finds a word.',
  whyItMatters: 'The word is wrong.',
  example: 'import torch\n\nwrong = 1',
  useInstead: 'import torch\n\nright = 1',
  whenNotToUse: 'Never.',
  knownProblems: 'None.',
  fixSafety: 'The fix is safe.',
  references: [],
};

/** A rule that finds every occurrence of a word, and offers to replace it. */
export function wordRule(
  code: string,
  word: string,
  options: { severity?: Severity; fix?: string; applicability?: Fix['applicability'] } = {},
): Rule {
  const { severity = 'error', fix, applicability = 'safe' } = options;
  return {
    code,
    name: `no-${word.toLowerCase()}`,
    severity,
    summary: `The word ${word} | is wrong.`,
    documentation,
    *check({ module }) {
      for (const { index } of module.text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))) {
        const span = { start: index, end: index + word.length };
        yield {
          message: `${word} found`,
          span,
          fixes:
            fix === undefined
              ? []
              : [{ message: `Replace ${word}`, applicability, edits: [{ span, content: fix }] }],
          related: [{ message: 'the file starts here', span: { start: 0, end: 1 } }],
        };
      }
    },
  };
}

/**
 * Rules that need no analysis, so that what surrounds the rules can be tested by itself: `wrong` is an
 * error with a safe fix, `doubtful` a warning with a behavioural one, `mild` a hint.
 */
export const fakeRules: readonly Rule[] = [
  wordRule('FRZ101', 'wrong', { fix: 'right' }),
  wordRule('FRZ102', 'doubtful', { severity: 'warning', fix: 'certain', applicability: 'behavioural' }),
  wordRule('FRZ408', 'mild', { severity: 'hint' }),
];

export function fakeEngine(rules: readonly Rule[] = fakeRules): LintEngine {
  return { analyse: () => ({}) as Trace, rules };
}
