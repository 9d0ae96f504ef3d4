import { analyse } from '../../analysis/analyse.ts';
import type {
  ModuleSnapshot,
  OptimizerSnapshot,
  ParameterSnapshot,
  Snapshot,
} from '../../analysis/places/snapshot.ts';
import { ALONE } from '../../analysis/program.ts';
import type { Trace } from '../../analysis/trace.ts';
import type { LintResult } from '../../lint.ts';
import { LineIndex } from '../../python/positions.ts';
import type { Module, Span } from '../../python/syntax.ts';
import { statementAt } from '../../python/walk.ts';
import type { Goal, GoalState, ModelState, OptimizerState, SavedState, Time } from './goal.ts';
import { matches, parameterOf, selectParameters } from './patterns.ts';
import {
  IS_CLEAN,
  type OptimizerWant,
  RUNS,
  type Sentences,
  sentencesOf,
  sentencesOfModel,
  sentencesOfOptimizer,
  sentencesOfSaved,
  type Want,
  wantsOfModel,
  wantsOfOptimizer,
} from './wants.ts';

/** One line of the checklist, held against a program. Texts have `code` in back-ticks. */
export interface GoalRow {
  readonly met: boolean;
  /** "`fc` trains", or what should be. */
  readonly text: string;
  /** Why it is not met; null where there is no more to say. */
  readonly detail: string | null;
  /** The line that decided it, from 1; null where no single line did. */
  readonly line: number | null;
}

/**
 * Holds a program against a goal, by what its trace says and never by its spelling. `result` is null for a text that
 * has nothing to do with PyTorch.
 */
export function checkGoal(result: LintResult | null, goal: Goal): readonly GoalRow[] {
  const program = readProgram(result);
  if ('met' in program) return [program];
  return [...goal.states.flatMap((state) => program.check(state)), ...program.checkWhole(goal.without)];
}

/** A program held against the states of several steps, and what concerns all of it. */
export interface StepsChecked {
  /** The rows of each step, in order. */
  readonly steps: readonly (readonly GoalRow[])[];
  /** Whether it runs to its end, and what the linter says. */
  readonly whole: readonly GoalRow[];
}

/** Holds a program against each step of a project. */
export function checkSteps(
  result: LintResult | null,
  steps: readonly { readonly states: readonly GoalState[] }[],
): StepsChecked {
  const program = readProgram(result);
  if ('met' in program) {
    const unread = (state: GoalState): readonly GoalRow[] =>
      sentencesOf(state).map(({ should }) => missed(should, 'the code cannot be read', program.line));
    return { steps: steps.map(({ states }) => states.flatMap(unread)), whole: [program] };
  }
  return {
    steps: steps.map(({ states }) => states.flatMap((state) => program.check(state))),
    whole: program.checkWhole([]),
  };
}

/** A program that can be held against goals. */
interface ReadProgram {
  check(state: GoalState): readonly GoalRow[];
  /** Whether it runs to its end, without errors, warnings and findings of the given rules. */
  checkWhole(without: readonly string[]): readonly GoalRow[];
}

/** What the trace of a program says; a missed row where the text is no program to ask about. */
function readProgram(result: LintResult | null): ReadProgram | GoalRow {
  if (result === null) return missed('The code should use PyTorch', 'there is no `import torch` in it', null);
  const { module, trace, problems } = result;
  const lines = new LineIndex(module.text);
  const lineOf: LineOf = (span) => (span === null ? null : lines.positionAt(span.start).row + 1);
  const [broken] = module.errors;
  if (broken) return missed('The code should be valid Python', 'this line is not', lineOf(broken));
  const snapshots = new Map<Time, Snapshot | null>();
  const snapshotAt = (time: Time): Snapshot | null => {
    const known = snapshots.get(time);
    if (known !== undefined) return known;
    const taken = time === 'end' ? trace.topLevel : whenStepping(module, time);
    snapshots.set(time, taken);
    return taken;
  };
  return {
    check: (state) =>
      'saves' in state
        ? [checkSaved(state, trace, lineOf)]
        : checkState(state, snapshotAt(state.at), lineOf, trace),
    checkWhole: (without) => {
      const { raises } = trace;
      const found = problems.filter(
        ({ code, severity }) => severity === 'error' || severity === 'warning' || without.includes(code),
      );
      return [
        raises === null
          ? met(RUNS.is, null)
          : missed(RUNS.should, `it raises ${raises.error}`, lineOf(raises.at)),
        ...(found.length === 0
          ? [met(IS_CLEAN.is, null)]
          : found.map(({ code, name, span }) =>
              missed(IS_CLEAN.should, `it reports ${code}, ${name}`, lineOf(span)),
            )),
      ];
    },
  };
}

function checkSaved(state: SavedState, trace: Trace, lineOf: LineOf): GoalRow {
  const { is, should } = sentencesOfSaved(state);
  const saves = trace.eventsOf('stateSaved');
  const saved = saves.find(({ modules }) => modules.includes(state.saves));
  if (saved) return met(is, lineOf(saved.span));
  const [other] = saves;
  return missed(
    should,
    other ? 'what is saved is not all of it' : 'nothing is saved',
    other ? lineOf(other.span) : null,
  );
}

export type LineOf = (span: Span | null) => number | null;

/**
 * What of one state is reached in what is known at its time; `snapshot` is null where the program never gets there.
 * Without a trace nothing is known of steps, and they are taken to be there.
 */
export function checkState(
  state: ModelState | OptimizerState,
  snapshot: Snapshot | null,
  lineOf: LineOf,
  trace: Trace | null,
): readonly GoalRow[] {
  const none = (detail: string) => sentencesOf(state).map(({ should }) => missed(should, detail, null));
  if (snapshot === null) {
    return none(state.at === 'end' ? 'the program never gets there' : 'no optimizer ever steps');
  }
  const model = named(snapshot.modules, 'model' in state ? state.model : state.of);
  if (model === null) return none(`there is no model in \`${'model' in state ? state.model : state.of}\``);
  if ('model' in state) {
    return wantsOfModel(state).map((want) => checkModel(state, want, model[1], lineOf));
  }
  const optimizer = named(snapshot.optimizers, state.optimizer);
  if (optimizer === null) return none(`there is no optimizer in \`${state.optimizer}\``);
  // Two variables may hold one optimizer; a parameter names only the first.
  const names = [...snapshot.optimizers].flatMap(([name, one]) => (isSame(one, optimizer[1]) ? [name] : []));
  const held: Held = { built: optimizer[1].built, names, model: model[1] };
  return wantsOfOptimizer(state).map((want) => checkOptimizer(state, want, held, lineOf, trace));
}

/** What is known just before the first or the last step of an optimizer, or training by a trainer. */
function whenStepping(module: Module, time: 'first step' | 'last step'): Snapshot | null {
  const trace = analyse(module, ALONE, { everyStatement: true });
  const isStep = ({ kind }: { kind: string }): boolean => kind === 'step' || kind === 'fit';
  const event = time === 'first step' ? trace.events.find(isStep) : trace.events.findLast(isStep);
  if (event === undefined || !('span' in event)) return null;
  const node = statementAt(module, event.span.start);
  return node && trace.atTime({ at: 'before', node }, time === 'first step' ? 'first' : 'last');
}

function checkModel(state: ModelState, want: Want, module: ModuleSnapshot, lineOf: LineOf): GoalRow {
  const sentences = sentencesOfModel(state, want);
  switch (want.kind) {
    case 'flag': {
      const used = [...state.frozen, ...state.trainable];
      return checkFlags(sentences, want.wanted, selectParameters(module, want.pattern, used), lineOf);
    }
    case 'mode':
      return checkModes(sentences, want, module);
    case 'shape': {
      const parameter = parameterOf(module, want.parameter);
      const shape = parameter?.shape ?? null;
      if (shape?.join() === want.wanted.join()) return met(sentences.is, null);
      const isThere =
        parameter === undefined ? 'there is no such parameter' : 'which one it has cannot be told';
      return missed(sentences.should, shape === null ? isThere : `it has [${shape.join(', ')}]`, null);
    }
    case 'class': {
      const { className } = module;
      if (className === want.wanted) return met(sentences.is, null);
      const is = className === '' ? 'what it is cannot be told' : `it is a \`${className}\``;
      return missed(sentences.should, is, null);
    }
  }
}

type Selected = readonly (readonly [name: string, parameter: ParameterSnapshot])[];

function checkFlags(
  { is, should }: Sentences,
  wanted: 'frozen' | 'trainable',
  selected: Selected,
  lineOf: LineOf,
): GoalRow {
  if (selected.length === 0) return missed(should, NO_PARAMETERS, null);
  const wrong = selected.find(([, { flag }]) => flag !== wanted);
  if (wrong === undefined) return met(is, lastLine(selected, lineOf));
  const [name, { flag, writer }] = wrong;
  const line = writer === null || writer === 'several' ? null : lineOf(writer);
  if (flag === 'unknown') return missed(should, `whether \`${name}\` trains cannot be told`, line);
  return missed(should, `\`${name}\` is ${flag}${writer === null ? ', as it was made' : ''}`, line);
}

function checkModes(
  { is, should }: Sentences,
  { pattern, wanted }: Extract<Want, { kind: 'mode' }>,
  module: ModuleSnapshot,
): GoalRow {
  const all = [['.', module] as const, ...module.submodules];
  const selected = all.filter(([path, one]) => matches(pattern, path, one.className));
  if (selected.length === 0) return missed(should, 'there is no such layer', null);
  const wrong = selected.find(([, { mode }]) => mode !== wanted);
  if (wrong === undefined) return met(is, null);
  const [path, { mode }] = wrong;
  const what = path === '.' ? 'the model' : `\`${path}\``;
  return missed(
    should,
    mode === 'unknown' ? `the mode of ${what} cannot be told` : `${what} is in ${mode} mode`,
    null,
  );
}

/** An optimizer with the model that it is asked about. */
interface Held {
  readonly built: Span;
  /** The variables that hold it. */
  readonly names: readonly string[];
  readonly model: ModuleSnapshot;
}

function checkOptimizer(
  state: OptimizerState,
  want: OptimizerWant,
  { built, names, model }: Held,
  lineOf: LineOf,
  trace: Trace | null,
): GoalRow {
  const { is, should } = sentencesOfOptimizer(state, want);
  const line = lineOf(built);
  if (want.kind === 'steps') {
    const isStepped = trace?.steps.some(({ built: { call } }) => call.start === built.start) ?? true;
    return isStepped ? met(is, null) : missed(should, 'its `step()` is never called', line);
  }
  const isHeld = ({ optimizers }: ParameterSnapshot): boolean =>
    names.some((name) => optimizers.includes(name));
  const mayBeHeld = (one: ParameterSnapshot): boolean =>
    isHeld(one) || names.some((name) => one.perhapsIn.includes(name));
  const selected = selectParameters(model, want.pattern, [...state.holds, ...state.lacks]);
  if (selected.length === 0) return missed(should, NO_PARAMETERS, null);
  const wrong = selected.find(([, one]) => (want.wanted ? !isHeld(one) : mayBeHeld(one)));
  if (wrong === undefined) return met(is, line);
  const [name, one] = wrong;
  const isUnknown = want.wanted ? mayBeHeld(one) : !isHeld(one);
  const detail = `it ${want.wanted ? 'does not hold' : 'holds'} \`${name}\``;
  return missed(should, isUnknown ? `whether it holds \`${name}\` cannot be told` : detail, line);
}

const NO_PARAMETERS = 'the model has no such parameters';

const isSame = (a: OptimizerSnapshot, b: OptimizerSnapshot): boolean =>
  a === b || (a.built.start === b.built.start && a.parameters.join() === b.parameters.join());

/** The variable of a name; where there is none, the only one that there is. */
function named<T>(all: ReadonlyMap<string, T>, name: string): readonly [string, T] | null {
  const one = all.get(name);
  if (one !== undefined) return [name, one];
  const [only, ...others] = all;
  return only !== undefined && others.length === 0 ? only : null;
}

/** The last of the lines that wrote the flags. */
function lastLine(selected: Selected, lineOf: LineOf): number | null {
  const lines = selected.flatMap(([, { writer }]) =>
    writer === null || writer === 'several' ? [] : (lineOf(writer) ?? []),
  );
  return lines.length === 0 ? null : Math.max(...lines);
}

const met = (text: string, line: number | null): GoalRow => ({ met: true, text, detail: null, line });

const missed = (text: string, detail: string, line: number | null): GoalRow => ({
  met: false,
  text,
  detail,
  line,
});
