import type { LintResult, Problem } from '../lint.ts';
import type { NotebookText } from '../python/notebook-text.ts';
import type { Span } from '../python/syntax.ts';
import type { Edit } from '../rules/rule.ts';
import { allowedFix, fixAll } from './fix-all.ts';
import { ignoreInFile, ignoreOnLine } from './ignore-comment.ts';
import { english, type Words } from './wording.ts';

export const quickFixKind = 'quickfix';
export const fixAllKind = 'source.fixAll.freezelint';
/** The twin for a whole notebook: editors ask for the other one cell by cell. */
export const notebookFixAllKind = 'notebook.source.fixAll.freezelint';

/** An entry of the light-bulb menu, or a source action; it carries edits or names a command, not both. */
export interface CodeAction {
  readonly title: string;
  readonly kind: typeof quickFixKind | typeof fixAllKind | typeof notebookFixAllKind;
  /** The one that the "auto fix" key binding takes. */
  readonly preferred: boolean;
  readonly edits: readonly Edit[];
  /** What the face runs instead of edits: show the rule's page, its card in the study view, or a report about it. */
  readonly command: {
    readonly name: 'explainRule' | 'learnWhy' | 'reportFalseAlarm';
    readonly code: string;
  } | null;
  /** Index into the result's problems; null for an action on the whole file. */
  readonly problem: number | null;
}

/** The cell that an editor asks about, by its index among the cells of a notebook's program. */
export interface AskedCell {
  readonly notebook: NotebookText;
  readonly index: number;
}

/**
 * The actions on offer for `span` (UTF-16 offsets, both ends included, so that a cursor right behind a
 * squiggle counts).
 *
 * `kinds` are the kinds that the editor asks for, by its rule that `source` includes `source.fixAll`; null
 * asks for everything that belongs into the light-bulb menu. A source action comes only when asked for; in a notebook it
 * keeps to the cell.
 */
export function codeActions(
  result: LintResult,
  span: Span,
  kinds: readonly string[] | null,
  cell: AskedCell | null = null,
  words: Words = english,
): readonly CodeAction[] {
  const actions: CodeAction[] = [];
  if (wants(kinds, quickFixKind)) {
    const touched = [...result.problems.entries()].filter(([, problem]) => {
      return problem.span.start <= span.end && span.start <= problem.span.end;
    });
    // All fixes first: with several problems under the cursor nobody should search for them between the
    // comments.
    for (const [index, problem] of touched) actions.push(...fixes(problem, index));
    const rules = new Map(touched.toReversed().map(([index, problem]) => [problem.code, { index, problem }]));
    for (const { index, problem } of rules.values())
      actions.push(...fixesOfRule(result, problem, index, cell, words));
    for (const [index, problem] of touched)
      actions.push(...aroundTheRule(result, problem, index, cell, words));
  }
  if (kinds !== null && wants(kinds, fixAllKind)) {
    const problems =
      cell === null ? result.problems : result.problems.filter((each) => isFixedIn(cell, each));
    const { edits } = fixAll({ problems });
    const title = words.translate('Fix all safe Freezelint problems');
    if (edits.length > 0) actions.push(fixAllAction(fixAllKind, title, edits));
  }
  return actions;
}

/** The action that fixes a whole notebook; null where nothing can be fixed safely. */
export function notebookFixAll(result: LintResult, words: Words = english): CodeAction | null {
  const { edits } = fixAll(result);
  if (edits.length === 0) return null;
  const title = words.translate('Fix all safe Freezelint problems in the notebook');
  return fixAllAction(notebookFixAllKind, title, edits);
}

function fixAllAction(
  kind: typeof fixAllKind | typeof notebookFixAllKind,
  title: string,
  edits: readonly Edit[],
): CodeAction {
  return { title, kind, preferred: false, edits, command: null, problem: null };
}

/** Whether the safe fix of a problem changes this cell only. */
function isFixedIn({ notebook, index }: AskedCell, problem: Problem): boolean {
  const edits = allowedFix(problem)?.edits ?? [];
  return edits.every(({ span }) => notebook.placeOf(span)?.cell === notebook.cells[index]);
}

/** Whether any action of Freezelint is of a kind that was asked for. */
export function offersKind(kinds: readonly string[] | null): boolean {
  return wants(kinds, quickFixKind) || wants(kinds, fixAllKind);
}

/** Whether a kind is among those that an editor asks for. */
export function wants(kinds: readonly string[] | null, kind: string): boolean {
  return kinds === null || kinds.some((each) => each === '' || kind === each || kind.startsWith(`${each}.`));
}

function fixes(problem: Problem, index: number): CodeAction[] {
  return problem.fixes.map((fix, position) => ({
    title: fix.message,
    kind: quickFixKind,
    // A suggestion wants a human choice, so no key binding should take it unseen.
    preferred: position === 0 && fix.applicability !== 'suggestion',
    edits: fix.edits,
    command: null,
    problem: index,
  }));
}

/** Fixes all problems of a rule in the file, where there are several and no fix wants a human choice. */
function fixesOfRule(
  result: LintResult,
  { code }: Problem,
  index: number,
  cell: AskedCell | null,
  { translate }: Words,
): CodeAction[] {
  const ofRule = [...result.problems.entries()].filter(([, problem]) => problem.code === code);
  const { edits, fixed } = fixAll({ problems: ofRule.map(([, problem]) => problem) }, [
    'safe',
    'behavioural',
  ]);
  if (fixed.length < 2) return [];
  const title =
    cell === null
      ? translate('Fix all {0} of {1} in this file', fixed.length, code)
      : translate('Fix all {0} of {1} in this notebook', fixed.length, code);
  return [{ title, kind: quickFixKind, preferred: false, edits, command: null, problem: index }];
}

function aroundTheRule(
  result: LintResult,
  problem: Problem,
  index: number,
  cell: AskedCell | null,
  { translate }: Words,
): CodeAction[] {
  const { code } = problem;
  const entry = { kind: quickFixKind, preferred: false, problem: index } as const;
  const inFile =
    cell === null
      ? translate('Ignore {0} in this file', code)
      : translate('Ignore {0} in this notebook', code);
  const ignores = [
    { title: translate('Ignore {0} on this line', code), edit: ignoreOnLine(result, problem) },
    { title: inFile, edit: ignoreInFile(result, problem) },
  ].filter(({ edit }) => cell?.notebook.canEdit([edit]) ?? true);
  return [
    ...ignores.map(({ title, edit }) => ({ ...entry, title, edits: [edit], command: null })),
    { ...entry, title: translate('Explain {0}', code), edits: [], command: { name: 'explainRule', code } },
    { ...entry, title: translate('Learn why ({0})', code), edits: [], command: { name: 'learnWhy', code } },
    {
      ...entry,
      title: translate('Report false alarm ({0})…', code),
      edits: [],
      command: { name: 'reportFalseAlarm', code },
    },
  ];
}
