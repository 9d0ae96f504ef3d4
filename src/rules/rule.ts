import type { Trace } from '../analysis/trace.ts';
import type { Module, Span } from '../python/syntax.ts';
import type { SuppressionUse } from '../suppressions.ts';

/** How bad a finding is: errors and warnings are certain misbehaviour, the other two never fail a run. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/**
 * Who may apply a fix. `safe`: it only turns a certain crash into the obvious intent, or changes
 * nothing that works today, so fix-all applies it. `behavioural`: the edit is certain, but training
 * results change. `suggestion`: it needs a human choice.
 */
export type Applicability = 'safe' | 'behavioural' | 'suggestion';

/** Replaces the text of `span` (UTF-16 offsets) by `content`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly content: string;
}

/** A quick fix: what a person would call it, and edits that do not overlap. */
export interface Fix {
  readonly message: string;
  readonly applicability: Applicability;
  readonly edits: readonly Edit[];
}

/** A second place that explains a finding, for example "frozen here". */
export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** What a rule found, before configuration is applied. */
export interface Finding {
  readonly message: string;
  readonly span: Span;
  /** Preferred fix first; empty where none is offered. */
  readonly fixes?: readonly Fix[];
  readonly related?: readonly RelatedPlace[];
  /** Where a finding is graver or milder than its rule's default. */
  readonly severity?: Severity;
}

/** Where a code cell of a notebook is in the program, and its number among all cells, as people count. */
export interface CellSpan extends Span {
  readonly number: number;
}

/** Everything a rule may look at. */
export interface RuleContext {
  readonly module: Module;
  readonly trace: Trace;
  /**
   * The major version of PyTorch that the program is taken to run under: defaults differ, as `zero_grad()` sets
   * gradients to None from 2 on and to zero before.
   */
  readonly torchVersion: number;
  /** Where the code cells of a notebook are; empty for a plain file. A notebook shows a cell's last expression. */
  readonly cells: readonly CellSpan[];
}

/** The chapters of a rule's page, as Markdown without headings. */
export interface RuleDocumentation {
  readonly whatItDoes: string;
  /** With what was measured, and in which catalogue case. */
  readonly whyItMatters: string;
  /** A program that shows the bug. */
  readonly example: string;
  /** The same program repaired. */
  readonly useInstead: string;
  readonly whenNotToUse: string;
  readonly knownProblems: string;
  readonly fixSafety: string;
  readonly references: readonly string[];
}

/** What every rule says about itself. */
interface RuleDescription {
  /** `FRZ` and three digits. */
  readonly code: string;
  /** Kebab-case name, as in `requires-grad-on-module`. */
  readonly name: string;
  /** Of its findings, where neither they nor the settings say otherwise. */
  readonly severity: Severity;
  /** True for a rule that runs only where the settings select it or give it a severity. */
  readonly isOffByDefault?: true;
  /** True where what it finds is of no use to anybody: editors fade it. */
  readonly findsUnnecessary?: true;
  /** One sentence for tables. */
  readonly summary: string;
  readonly documentation: RuleDocumentation;
}

/** A rule about what the program does. */
export interface ProgramRule extends RuleDescription {
  /** Findings in any order; a rule that is not certain returns none. */
  check(context: RuleContext): Iterable<Finding>;
}

/** What a rule about the silencing comments may look at. */
export interface SuppressionContext {
  readonly module: Module;
  /** Every comment that silences findings, with what it silenced: also of rules that are switched off today. */
  readonly uses: readonly SuppressionUse[];
  /** The codes of all rules there are. */
  readonly knownCodes: ReadonlySet<string>;
}

/** A rule about the comments that silence the other rules: it runs after these, on what became of their findings. */
export interface SuppressionRule extends RuleDescription {
  checkSuppressions(context: SuppressionContext): Iterable<Finding>;
}

/** A rule: one file in this folder. */
export type Rule = ProgramRule | SuppressionRule;
