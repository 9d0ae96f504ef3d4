/** The run of a program on paper, which everything that runs is handed. */
import type {
  Call,
  Comprehension,
  Expression,
  FunctionDefinition,
  Lambda,
  Module,
  Span,
  Statement,
} from '../python/syntax.ts';
import { frameworksOf } from '../torch/frameworks.ts';
import { GivenAway } from './calls/given-away.ts';
import { forgetWhatIsReachable } from './calls/havoc.ts';
import type { TraceEvent } from './events.ts';
import { Passes } from './modules/passes.ts';
import { ObligationTable } from './obligations/table.ts';
import { noteReadBy } from './observations/unread-writes.ts';
import type { Watch } from './places/watch.ts';
import type { Program } from './program.ts';
import { type Budget, Exhaustions } from './running/budgets.ts';
import { Certainty } from './running/certainty.ts';
import { Collectors } from './running/collectors.ts';
import { Exceptions, type Raised } from './running/exceptions.ts';
import type { Frame, LoopContext } from './running/frames.ts';
import { IdlenessRecord } from './running/idleness.ts';
import { IteratedClasses } from './running/iterated-classes.ts';
import type { Part } from './running/part.ts';
import { ScopedVariables } from './running/scoped-variables.ts';
import { BudgetExhausted, StepBudget } from './running/step-budget.ts';
import { UndecidedTests } from './running/undecided-tests.ts';
import { type AtomId, AtomTable } from './state/atoms.ts';
import { bounded, type HeapObject } from './state/heap.ts';
import { State } from './state/state.ts';
import {
  type CallArguments,
  type ClassInfo,
  type FunctionValue,
  isNumber,
  joinValues,
  MAX_OPTIONS,
  type ObjectId,
  reference,
  type ScopeId,
  UNKNOWN,
  type Value,
} from './state/values.ts';
import { ImportRecord } from './statements/imports.ts';
import type { Sequence } from './statements/iteration.ts';

/** Expressions that, where nothing is known of them, may raise anything. */
const MAY_RAISE = new Set<Expression['kind']>([
  'name',
  'attribute',
  'call',
  'subscript',
  'binary',
  'comparison',
]);

/**
 * What running a program means. Every construct may hold any other: the files that run one ask for the others through
 * the interpreter, and so need not import each other.
 */
export interface Language {
  evaluate(run: Interpreter, expression: Expression): Value;
  runBlock(run: Interpreter, statements: readonly Statement[]): void;
  call(run: Interpreter, callee: Value, args: CallArguments, at: Call | Span): Value;
  runComprehension(run: Interpreter, node: Comprehension, outermost: Value | null): Sequence;
}

/**
 * Runs a program on paper. The state is that of the paths that lead to the statement being run; `dead` says
 * that there is none (after a return, a raise, or a loop that never ends).
 */
export class Interpreter {
  readonly atoms = new AtomTable();
  readonly events: TraceEvent[] = [];
  readonly obligations = new ObligationTable();
  readonly idleness = new IdlenessRecord();
  readonly exhaustions = new Exhaustions();
  readonly steps = new StepBudget();
  /** Signs, found anywhere in the program, that an unknown object is a module. */
  readonly moduleEvidence = new Set<string>();
  /** Whether the file imports a framework beside PyTorch. */
  readonly hasOtherFramework: boolean;
  /** Attribute names that the program reads, and those that its classes define. */
  readonly attributesRead = new Set<string>();
  /** Attribute names that it sets on anything. */
  readonly attributesSet = new Set<string>();
  /** Statements that were run. */
  readonly reached = new Set<Statement>();
  /** Functions that were running when the steps ran out. */
  readonly cutShort = new Set<FunctionDefinition | Lambda>();
  /** For the sake of what code is run: `nothing` where it is only to make an instance. */
  reading: 'everything' | 'unreached' | 'nothing' = 'everything';
  /** True where nothing is noted: the code was read with the arguments of real calls before, which say more. */
  isMuted = false;
  /** Functions and classes that were run by a call, so that they need no run of their own. */
  readonly called = new Set<object>();
  /** Parameters that code out of sight got hold of: it may have put them into an optimizer of its own. */
  readonly escaped = new Set<AtomId>();
  readonly givenAway = new GivenAway();
  /** True once functions are run from any state the program may be in. */
  flagsAreForgotten = false;
  /** Writes of flags that something has looked at. */
  readonly readWrites = new Set<Span>();
  /** Modules that were called with gradients on. */
  readonly forwarded = new Set<ObjectId>();
  readonly imports = new ImportRecord();
  readonly passes = new Passes();
  /** The states before and after threads of the program were started. */
  readonly threads = new Map<ObjectId, { readonly before: State; readonly after: State }>();
  readonly classes: ClassInfo[] = [];
  /** LightningModules that were trained, so that their hooks were called in order. */
  readonly fitted = new Set<ClassInfo>();
  /** Functions outside classes, in the order of their definitions. */
  readonly functions: FunctionValue[] = [];
  state = State.empty(this.atoms);
  dead = false;
  /** Lexical scopes, innermost last. */
  scopes: ScopeId[] = ['global'];
  /** The calls and loop rounds that lead here: with a place in the source, the identity of what is allocated. */
  path = '';
  frames: Frame[] = [];
  loops: LoopContext[] = [];
  /** Iterators whose items are being taken. */
  readonly consumed = new Set<ObjectId>();
  /** Definitions on the call stack, to bound recursion. */
  callStack: object[] = [];
  /** What began to run last. */
  at: Span = { start: 0, end: 0 };
  exhausted = false;
  /** True once what nothing is known of may be any object of the program: `eval(text)` may have given one of them. */
  hasUnseenAliases = false;
  /** What was known at the end of the top level, or at the exception that certainly ends it. */
  topLevel: {
    readonly state: State;
    readonly raised: Raised | null;
    /** The program after it ran in each case of the tests that nobody can decide; null where that is not known. */
    readonly cases: () => readonly Interpreter[] | null;
    /** How many of the sightings come from it. */
    readonly sightings: number;
  } | null = null;
  readonly variables = new ScopedVariables(this);
  readonly certainty = new Certainty(this);
  readonly exceptions = new Exceptions(this);
  readonly collectors = new Collectors(this);
  readonly iterated = new IteratedClasses(this.atoms);
  readonly #parts: readonly Part[] = [this.certainty, this.exceptions, this.collectors, this.iterated];

  constructor(
    readonly language: Language,
    readonly module: Module,
    readonly program: Program,
    /** Where to keep what is known; null where nobody asks. */
    readonly watch: Watch | null = null,
    readonly undecidedTests = new UndecidedTests(),
  ) {
    this.hasOtherFramework = frameworksOf(module).other;
    this.atoms.whenFull = () => this.spend('nameTests');
  }

  // ------------------------------------------------------------------ running

  /** Starts over outside every call, for a function that the program does not call. */
  startAlone(state: State, followsImports = true): void {
    this.state = state.fork();
    this.dead = false;
    if (this.watch) this.watch.ended = false;
    this.scopes = ['global'];
    this.path = '';
    this.frames = [];
    this.loops = [];
    this.callStack = [];
    for (const part of this.#parts) part.startAlone();
    this.isMuted = this.reading === 'unreached';
    this.steps.startAlone(followsImports);
  }

  /** From here on functions are run for the sake of their code that was not reached yet. */
  turnToUnreached(): void {
    this.reading = 'unreached';
    this.steps.turnToUnreached();
  }

  /** Counts a step; `at` is what is about to run. */
  step(at: Span): void {
    this.at = at;
    if (!this.steps.take()) {
      this.exhausted = true;
      for (const { definition } of this.frames) if (definition) this.cutShort.add(definition);
      throw new BudgetExhausted();
    }
  }

  evaluate(expression: Expression): Value {
    const value = this.language.evaluate(this, expression);
    if (value.kind === 'unknown' && MAY_RAISE.has(expression.kind)) this.exceptions.mayHaveRaised = true;
    return value;
  }

  runBlock(statements: readonly Statement[]): void {
    this.language.runBlock(this, statements);
  }

  /** Calls a value; `at` is the call expression, or where a callee without one is called from (`filter`). */
  call(callee: Value, args: CallArguments, at: Call | Span): Value {
    return this.language.call(this, callee, args, at);
  }

  /** Runs a comprehension's loops in a scope of its own; `outermost` is what the first goes over, where it is known. */
  runComprehension(node: Comprehension, outermost: Value | null = null): Sequence {
    return this.language.runComprehension(this, node, outermost);
  }

  emit(event: TraceEvent): void {
    if (this.dead || this.isMuted) return;
    this.events.push(event);
    noteReadBy(this, event);
  }

  /** Runs each arm from the present state and joins what survives; an arm's value is lost if it dies. */
  branch(arms: readonly (() => Value)[]): Value {
    if (this.dead) return UNKNOWN;
    const before = this.state;
    const { multiplicity } = this.collectors;
    const survivors: { state: State; value: Value }[] = [];
    const runArms = (): void => {
      for (const arm of arms) {
        this.state = before.fork();
        this.dead = false;
        const value = arm();
        if (!this.dead) survivors.push({ state: this.state, value });
      }
    };
    if (arms.length > 1) {
      this.collectors.multiplicity = 'maybe';
      this.certainty.undecided(runArms);
      if (survivors.length < arms.length) this.certainty.losePaths();
    } else runArms();
    this.collectors.multiplicity = multiplicity;
    const [first, ...rest] = survivors;
    if (!first) {
      this.dead = true;
      return UNKNOWN;
    }
    this.dead = false;
    this.state = first.state;
    let { value } = first;
    for (const survivor of rest) {
      this.joinInto(survivor.state);
      value = this.joinValues(value, survivor.value);
    }
    return value;
  }

  /** Applies `action` to every option of a union, each on its own path; what they make are different objects. */
  each(value: Value, action: (option: Value) => Value): Value {
    if (value.kind !== 'union') return action(value);
    const results: Value[] = [];
    const arms = value.options.map((option, index) => () => {
      const result = this.within(`option${index}`, () => action(option));
      if (!this.dead) results.push(result);
      return UNKNOWN;
    });
    this.certainty.alternative(() => this.branch(arms));
    const [first = UNKNOWN, ...rest] = results;
    // `layer.train()` gives the layer, of which there may be more than are told apart elsewhere.
    return rest.reduce((one, other) => this.joinValues(one, other, value.options.length), first);
  }

  /** Adds the paths of another state to the present ones. */
  joinInto(other: State): void {
    if (this.dead) {
      this.state = other;
      this.dead = false;
      return;
    }
    this.steps.takeJoin();
    const dropped: Value[] = [];
    this.state = State.join(this.state, other, (value) => dropped.push(value), this.spend);
    for (const value of dropped) this.#drop(value);
  }

  joinValues(a: Value, b: Value, maximum = MAX_OPTIONS): Value {
    return joinValues(a, b, (value) => this.#drop(value), Math.max(maximum, MAX_OPTIONS));
  }

  /** A value is lost among too many options: whatever is done to the one of them may be done to it. */
  #drop(value: Value): void {
    // Differing numbers are counters, which tell nothing that anybody would ask.
    if (value.kind !== 'unknown' && !isNumber(value)) this.spend('options');
    forgetWhatIsReachable(this, value, null);
  }

  /** A budget runs out where the program is being run. */
  readonly spend = (budget: Budget): void => this.exhaustions.note(budget, this.at);

  /** The source of a span in whichever file it lies. */
  sourceOf(span: Span): string {
    const place = this.program.locate(span);
    return place
      ? place.file.text.slice(place.span.start, place.span.end)
      : this.module.text.slice(span.start, span.end);
  }

  // ------------------------------------------------------------------ identity

  /** An identity for what is allocated at a place of the source on the present path. */
  identity(node: Span, tag = ''): ObjectId {
    return `${this.path}@${node.start}-${node.end}${tag}`;
  }

  allocate(node: Span, object: HeapObject, tag = ''): Value & { kind: 'reference' } {
    const id = this.identity(node, tag);
    this.state.heap.set(id, object.kind === 'list' ? bounded(object, this.spend) : object);
    return reference(id);
  }

  object(value: Value): HeapObject | null {
    return value.kind === 'reference' ? (this.state.heap.get(value.id) ?? null) : null;
  }

  /** Runs `action` under a longer path, so that what it allocates is told from other rounds and calls. */
  within<T>(tag: string, action: () => T): T {
    const saved = this.path;
    this.path = `${saved}/${tag}`;
    try {
      return action();
    } finally {
      this.path = saved;
    }
  }

  // ---------------------------------------------------------------- checkpoints

  /** What must be restored to run something again as if it had not been run. */
  checkpoint(): () => void {
    const state = this.state.fork();
    // A call has loops of its own, and what restores may come out of the middle of one.
    const { dead, isMuted, path, scopes, loops } = this;
    const frames = this.frames.length;
    const calls = this.callStack.length;
    const returns = this.frames.at(-1)?.returns.length ?? 0;
    const inLoops = loops.length;
    const breaks = loops.at(-1)?.breaks.length ?? 0;
    const continues = loops.at(-1)?.continues.length ?? 0;
    const restoreParts = [...this.#parts, this.watch].map((part) => part?.checkpoint());
    const forgetEvents = this.markEvents();
    return () => {
      Object.assign(this, { state: state.fork(), dead, isMuted, path, scopes, loops });
      forgetEvents();
      this.frames.length = frames;
      this.callStack.length = calls;
      const frame = this.frames.at(-1);
      if (frame) frame.returns.length = returns;
      this.loops.length = inLoops;
      const loop = this.loops.at(-1);
      if (loop) {
        loop.breaks.length = breaks;
        loop.continues.length = continues;
      }
      for (const restore of restoreParts) restore?.();
    };
  }

  /**
   * Runs something that is no part of the present paths, such as the top level of another file, from a state in which
   * nothing is known; returns the state it ends in. Null where it takes more than `maximumSteps`.
   */
  apart(scope: ScopeId, maximumSteps: number, action: () => void): State | null {
    const { state, dead, scopes, path, frames, loops, callStack } = this;
    const forgetEvents = this.markEvents();
    const goBack = this.#parts.map((part) => part.setAside());
    this.state = State.empty(this.atoms);
    this.dead = false;
    Object.assign(this, { scopes: [scope], path: scope, frames: [], loops: [], callStack: [] });
    try {
      const end = this.steps.within(maximumSteps, () => {
        action();
        return this.state;
      });
      if (!end) this.exhausted = false;
      return end;
    } finally {
      for (const back of goBack) back();
      Object.assign(this, { state, dead, scopes, path, frames, loops, callStack });
      forgetEvents();
    }
  }

  /** What must be called to forget the events from here on. */
  markEvents(): () => void {
    const { length } = this.events;
    const restoreObligations = this.obligations.checkpoint();
    return () => {
      this.events.length = length;
      restoreObligations();
    };
  }
}
