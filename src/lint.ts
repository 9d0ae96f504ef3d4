import { analyse } from './analysis/analyse.ts';
import { ALONE, isImported, type Program } from './analysis/program.ts';
import type { Trace } from './analysis/trace.ts';
import type { NotebookText } from './python/notebook-text.ts';
import type { PythonParser } from './python/parser.ts';
import { LineIndex } from './python/positions.ts';
import type { Module, Span } from './python/syntax.ts';
import { rules } from './rules/registry.ts';
import type { CellSpan, Finding, Fix, RelatedPlace, Rule, Severity } from './rules/rule.ts';
import { findSuppressions, Silencing } from './suppressions.ts';
import { frameworksOf } from './torch/frameworks.ts';
import { concernsTorch } from './torch/mentions.ts';

/** A finding with its rule and its effective severity. */
export interface Problem {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** Whether what `span` holds is of no use to anybody: editors fade it. */
  readonly isUnnecessary: boolean;
  /** All fixes, the preferred one first. */
  readonly fixes: readonly Fix[];
  readonly related: readonly Related[];
}

/** A second place that explains a problem. */
export interface Related extends RelatedPlace {
  /** The imported file that holds the place, whose offsets `span` then has; null for the linted file. */
  readonly file: { readonly path: string; readonly text: string } | null;
}

export type RuleSetting = Severity | 'off' | 'on';

/** What the user set. */
export interface LintConfiguration {
  /**
   * Severity by code, `off` to silence a rule, `on` to run one at its own severity although it is off by default.
   * Codes left out keep their default.
   */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** The major version of PyTorch to assume; `defaultTorchVersion` where left out. */
  readonly torchVersion?: number;
}

/** What a program without any setting is taken to run under. */
const defaultTorchVersion = 2;

/** A fault of Freezelint itself: what threw, and the text for the log. */
export interface InternalError {
  /** `parser`, `analysis`, `suppressions`, or the code of the rule that threw. */
  readonly where: string;
  readonly message: string;
  /** The stack where there is one, else the message again. */
  readonly details: string;
}

export interface LintResult {
  readonly module: Module;
  /** The trace of an empty module where parser or analysis threw. */
  readonly trace: Trace;
  /** In source order; findings that overlap a syntax error are withheld. */
  readonly problems: readonly Problem[];
  /** What threw on the way; the rest of the result stands. Empty unless Freezelint has a bug. */
  readonly internalErrors: readonly InternalError[];
}

/** The parts that `lint` puts to work. Tests hand in their own. */
export interface LintEngine {
  analyse(module: Module, program: Program): Trace;
  readonly rules: readonly Rule[];
}

const defaultEngine: LintEngine = { analyse, rules };

/**
 * Lints one Python document, or the code of a notebook as one program: parse, analyse, run the rules, apply
 * suppressions and severities. `program` has the files that it imports; problems are only ever in the document itself, related places may be in others.
 * Returns null where the text has nothing to do with PyTorch (nothing is parsed then). Never throws on any text:
 * a part that throws is listed in `internalErrors` and takes nothing else down.
 */
export function lint(
  parser: PythonParser,
  source: string | NotebookText,
  configuration: LintConfiguration,
  engine: LintEngine = defaultEngine,
  program: Program = ALONE,
): LintResult | null {
  const text = typeof source === 'string' ? source : source.text;
  if (!concernsTorch(text, program)) return null;
  const internalErrors: InternalError[] = [];
  const attempt: Attempt = (where, work, otherwise) => {
    try {
      return work();
    } catch (error) {
      internalErrors.push(internalError(where, error));
      return otherwise();
    }
  };

  const emptyModule: Module = { text, start: 0, body: [], comments: [], errors: [] };
  const module = attempt(
    'parser',
    () => parser.parse(text),
    () => emptyModule,
  );
  const nothing = () => engine.analyse(emptyModule, ALONE);
  const { torch, other } = frameworksOf(module);
  // Another framework's modules and tensors look the same, and PyTorch is only mentioned.
  if (other && !torch) return { module, trace: nothing(), problems: [], internalErrors };
  const trace = attempt('analysis', () => engine.analyse(module, program), nothing);
  const lines = new LineIndex(text);
  const notebook = typeof source === 'string' ? null : source;
  const problems = runRules({ module, trace, program, lines, notebook, configuration, engine, attempt });
  return { module, trace, problems, internalErrors };
}

/** Where the cells of a notebook are in its program; none for a plain file. */
export const cellsOf = (source: string | NotebookText): readonly CellSpan[] =>
  typeof source === 'string'
    ? []
    : source.spans.map((span, index) => ({ ...span, number: source.cells[index]?.number ?? 0 }));

/** Does `work`; where that throws, notes it and does the other thing. */
type Attempt = <T>(where: string, work: () => T, otherwise: () => T) => T;

interface RuleRun {
  readonly module: Module;
  readonly trace: Trace;
  readonly program: Program;
  readonly lines: LineIndex;
  readonly notebook: NotebookText | null;
  readonly configuration: LintConfiguration;
  readonly engine: LintEngine;
  readonly attempt: Attempt;
}

function runRules(run: RuleRun): Problem[] {
  const { module, trace, lines, notebook, configuration, engine, attempt } = run;
  const suppressions = attempt(
    'suppressions',
    () => findSuppressions(module, lines, engine.rules),
    () => [],
  );
  const silencing = new Silencing(suppressions, lines);
  const brokenLines = linesOf(module.errors, lines);
  const torchVersion = configuration.torchVersion ?? defaultTorchVersion;
  const problems: Problem[] = [];
  const report = (rule: Rule, finding: Finding): void => {
    const setting = settingOf(rule, configuration);
    if (setting !== 'off') problems.push(problemOf(rule, finding, setting, run));
  };
  const cells = cellsOf(notebook ?? '');

  let isWhole = module.errors.length === 0;
  for (const rule of engine.rules) {
    if (!('check' in rule)) continue;
    // A comment is of use, or is not, whether or not its rule is switched on today.
    if (settingOf(rule, configuration) === 'off' && suppressions.length === 0) continue;
    const findings = attempt<readonly Finding[]>(
      rule.code,
      () => [...rule.check({ module, trace, torchVersion, cells })],
      () => {
        isWhole = false;
        return [];
      },
    );
    for (const finding of findings) {
      // What is wrong inside an imported file is reported there.
      if (isImported(finding.span)) continue;
      if (touchesLines(finding.span, brokenLines, lines)) continue;
      if (!silencing.silences(rule.code, finding.span)) report(rule, finding);
    }
  }

  const knownCodes = new Set(engine.rules.map(({ code }) => code));
  for (const rule of engine.rules) {
    // What silences nothing in a half-typed text, or where a rule threw, may silence something in a sound one.
    if ('check' in rule || !isWhole) continue;
    const findings = attempt<readonly Finding[]>(
      rule.code,
      () => [...rule.checkSuppressions({ module, uses: silencing.uses, knownCodes })],
      () => [],
    );
    for (const finding of findings) {
      // By name only: a bare comment would silence what is said about itself.
      if (!silencing.isNamed(rule.code, finding.span)) report(rule, finding);
    }
  }
  return problems.sort(bySource);
}

/** What the settings say about a rule: off, a severity, or null for its own. */
function settingOf(rule: Rule, { rules }: LintConfiguration): Severity | 'off' | null {
  const setting = rules[rule.code] ?? (rule.isOffByDefault ? 'off' : 'on');
  return setting === 'on' ? null : setting;
}

function problemOf(
  rule: Rule,
  finding: Finding,
  setting: Severity | null,
  { lines, program, notebook }: RuleRun,
): Problem {
  return {
    code: rule.code,
    name: rule.name,
    severity: setting ?? finding.severity ?? rule.severity,
    message: finding.message,
    span: finding.span,
    isUnnecessary: rule.findsUnnecessary ?? false,
    fixes: (finding.fixes ?? [])
      .filter(({ edits }) => !edits.some((edit) => isImported(edit.span)))
      // In a notebook, an edit over the border of cells has no place.
      .filter(({ edits }) => notebook?.canEdit(edits) ?? true)
      .map((fix) => withLineEnding(fix, lines.lineEnding)),
    related: (finding.related ?? []).map(({ message, span }) => {
      const place = program.locate(span);
      return { message, span: place?.span ?? span, file: place?.file ?? null };
    }),
  };
}

function internalError(where: string, error: unknown): InternalError {
  if (!(error instanceof Error)) return { where, message: String(error), details: String(error) };
  return { where, message: error.message, details: error.stack ?? error.message };
}

function bySource(left: Problem, right: Problem): number {
  return (
    left.span.start - right.span.start ||
    left.span.end - right.span.end ||
    (left.code < right.code ? -1 : left.code > right.code ? 1 : 0)
  );
}

/** Every line that a span of `spans` touches. */
function linesOf(spans: readonly Span[], lines: LineIndex): ReadonlySet<number> {
  const touched = new Set<number>();
  for (const { start, end } of spans) {
    // The grammar's error may end with the line break; the line after it is sound.
    const last = lines.positionAt(Math.max(start, end - 1)).row;
    for (let row = lines.positionAt(start).row; row <= last; row++) touched.add(row);
  }
  return touched;
}

/**
 * Whole lines count as overlap, not only characters: what the grammar salvages from the rest of a
 * half-typed line is a guess, and a finding on it would flicker while somebody types.
 */
function touchesLines(span: Span, touched: ReadonlySet<number>, lines: LineIndex): boolean {
  if (touched.size === 0) return false;
  const last = lines.positionAt(span.end).row;
  for (let row = lines.positionAt(span.start).row; row <= last; row++) {
    if (touched.has(row)) return true;
  }
  return false;
}

/** Rules write `\n`; inserted text must not mix line endings in a file that has others. */
function withLineEnding(fix: Fix, lineEnding: '\n' | '\r\n'): Fix {
  if (lineEnding === '\n') return fix;
  return {
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, content: edit.content.replace(/\r?\n/g, lineEnding) })),
  };
}
