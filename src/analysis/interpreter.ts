import type { Expression, FunctionDefinition, Lambda, Module, Span, Statement } from '../python/syntax.ts';
import { frameworksOf } from '../torch/frameworks.ts';
import { type AtomId, AtomTable, type NameTest } from './atoms.ts';
import { type Budget, Exhaustions } from './budgets.ts';
import type { TraceEvent } from './events.ts';
import { evaluate } from './expressions.ts';
import { exitsOf, type Frame, type LoopContext } from './frames.ts';
import type { Handler } from './handlers.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { bounded, type HeapObject, type Item, type Multiplicity } from './heap.ts';
import { IdlenessRecord } from './idleness.ts';
import { isSettled, settleVariable, starImported } from './imports.ts';
import { ObligationTable } from './obligations/table.ts';
import { Passes } from './passes.ts';
import type { Program } from './program.ts';
import { State } from './state.ts';
import { BudgetExhausted, StepBudget } from './step-budget.ts';
import { UndecidedTests } from './undecided-tests.ts';
import { noteReadBy } from './unread-writes.ts';
import {
  type ClassInfo,
  type ExternalValue,
  type FunctionValue,
  isNumber,
  joinValues,
  MAX_OPTIONS,
  type NamespaceValue,
  type ObjectId,
  reference,
  type ScopeId,
  UNKNOWN,
  type Value,
} from './values.ts';
import type { Watch } from './watch.ts';

/** Nested calls that are followed; deeper ones give unknown. Real helpers nest three or four deep. */
export const MAX_CALL_DEPTH = 24;

/** Expressions that, where nothing is known of them, may raise anything. */
const MAY_RAISE = new Set<Expression['kind']>(['name', 'attribute', 'call', 'subscript']);

/** An exception that the program certainly raises and does not catch. */
export interface Raised {
  readonly at: Span;
  readonly error: string;
  readonly state: State;
}

/**
 * Thrown where a test on the classes of an opaque module cannot be decided: whoever iterates over them
 * splits them by the test and runs the iteration again on each half.
 */
export class Undecided extends Error {
  constructor(
    readonly atom: AtomId,
    readonly test: NameTest,
  ) {
    super('undecided');
  }
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
  /** Modules named in `from module import *`, by the global scope of the file that says so. */
  readonly starImports = new Map<ScopeId, Set<ExternalValue | NamespaceValue>>();
  /** Names that are being looked for in star imports. */
  readonly starNames = new Set<string>();
  /** True once functions are run from any state the program may be in. */
  flagsAreForgotten = false;
  /** How the top level of each imported file that was asked for left things; null where that is not known (yet). */
  readonly importedStates = new Map<string, State | null>();
  /** Writes of flags that something has looked at. */
  readonly readWrites = new Set<Span>();
  /** Modules that were called with gradients on. */
  readonly forwarded = new Set<ObjectId>();
  readonly passes = new Passes();
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
  /** What the enclosing tries may catch, innermost last. */
  handlers: Handler[] = [];
  /** Classes bound by an iteration that is running, so that a test on them may split them. */
  iterated: AtomId[] = [];
  /** Sequences being built: by a comprehension, a filter, a generator. */
  collectors: Item[][] = [];
  /** Iterators whose items are being taken. */
  readonly consumed = new Set<ObjectId>();
  /** How often what runs now runs for each item of the innermost collector. */
  certainty: Multiplicity = 'one';
  /** Definitions on the call stack, to bound recursion. */
  callStack: object[] = [];
  /** True once something ran that may raise for all the analysis knows; a try body without such runs to its end. */
  mayHaveRaised = false;
  /** What began to run last. */
  at: Span = { start: 0, end: 0 };
  exhausted = false;
  /** The first exception that certainly ends the program, with what was known then. */
  raised: Raised | null = null;
  /** What was known at the end of the top level, or at the exception that certainly ends it. */
  topLevel: { readonly state: State; readonly raised: Raised | null } | null = null;
  /**
   * How many enclosing rounds may never be reached although the loop is: all but the first, where nobody knows how
   * often the loop runs.
   */
  unprovenRounds = 0;
  /** How many bodies are being run once for several rounds: later ones of a loop, all members of a class. */
  repetitions = 0;
  /** How many unions are being gone through, each option by itself. */
  alternatives = 0;
  /** How many arms of undecided branches (and rounds of loops that may not run) enclose what runs. */
  #undecided = 0;
  /** True while some paths have left a block of the top level early. */
  #lostPaths = false;
  readonly #names = new Map<ScopeId, Set<string>>();

  constructor(
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
    this.raised = null;
    if (this.watch) this.watch.ended = false;
    this.scopes = ['global'];
    this.path = '';
    this.frames = [];
    this.loops = [];
    this.handlers = [];
    this.iterated = [];
    this.collectors = [];
    this.callStack = [];
    this.certainty = 'one';
    this.repetitions = 0;
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
    const value = evaluate(this, expression);
    if (value.kind === 'unknown' && MAY_RAISE.has(expression.kind)) this.mayHaveRaised = true;
    return value;
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
    const { certainty } = this;
    if (arms.length > 1) {
      this.certainty = 'maybe';
      this.#undecided++;
    }
    const survivors: { state: State; value: Value }[] = [];
    for (const arm of arms) {
      this.state = before.fork();
      this.dead = false;
      const value = arm();
      if (!this.dead) survivors.push({ state: this.state, value });
    }
    this.certainty = certainty;
    if (arms.length > 1) {
      this.#undecided--;
      if (survivors.length < arms.length) this.losePaths();
    }
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
    this.alternatives++;
    const results: Value[] = [];
    this.branch(
      value.options.map((option, index) => () => {
        const result = this.within(`option${index}`, () => action(option));
        if (!this.dead) results.push(result);
        return UNKNOWN;
      }),
    );
    this.alternatives--;
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

  /** Some paths left a block early: what follows may not be reached, until they meet the others again. */
  losePaths(lost = true): void {
    const frame = this.frames.at(-1);
    if (frame) frame.lostPaths = lost;
    else this.#lostPaths = lost;
  }

  /**
   * Runs a block, with what brings the paths together that leave it early. They are lost no more then, unless some left
   * what is around it, too: by a return, or as `further` counts, by default by leaving a round of the loop around it.
   */
  rejoining(action: () => void, further = exitsOf(this.loops.at(-1))): void {
    const frame = this.frames.at(-1);
    const wasLost = frame?.lostPaths ?? this.#lostPaths;
    const exits = (): number => (frame?.returns.length ?? 0) + further();
    const before = exits();
    action();
    if (!wasLost && exits() === before) this.losePaths(false);
  }

  /**
   * Something may raise `error` here: unless that is caught, no later exception is certain to be the first. With `at`,
   * the cases of the undecided tests before may tell.
   */
  doubt(error: string, at: Span | null = null): void {
    this.mayHaveRaised = true;
    const handler = this.handlers.at(-1);
    if (handler) handler.doubts.push(error);
    else {
      this.#undecided++;
      if (at && !this.dead) this.undecidedTests.noteException(at, error, this.state);
    }
  }

  /** Notes an exception that PyTorch raises here; the linter reads on as if it had been mended. */
  noteRaise(at: Span, error: string): void {
    const isSure = this.#undecided === 0 && !this.#lostPaths && this.handlers.length === 0;
    const certain = isSure && this.frames.every(({ lostPaths }) => !lostPaths);
    if (this.dead || this.raised) return;
    if (certain) {
      this.raised = { at, error, state: this.state.fork() };
      this.#endFunctions();
      // What follows matters to the linter, not to one of several cases.
      if (this.undecidedTests.assumed.size > 0) this.steps.allow(0);
    }
    // On some paths the program ends here, so no later exception ends it on all of them.
    else {
      const { mayHaveRaised } = this;
      this.doubt(error, at);
      // A handler gets the very state below.
      if (this.handlers.length > 0) this.mayHaveRaised = mayHaveRaised;
    }
    // An enclosing try may catch it, with what was known until then.
    this.handlers.at(-1)?.caught.push(this.state.fork());
  }

  /** An exception leaves every function that runs. */
  #endFunctions(): void {
    if (!this.watch) return;
    for (const { definition, scopes } of this.frames) {
      if (definition?.kind === 'functionDefinition') this.watch.end(this, definition, scopes);
    }
    this.watch.ended = true;
  }

  /** Grows with every doubt, and is greater inside whatever may not run. */
  get uncertainty(): number {
    return this.#undecided;
  }

  /** Runs a round of a loop that may end before it. */
  unproven(action: () => void): void {
    this.unprovenRounds++;
    action();
    this.unprovenRounds--;
  }

  /** Runs once what stands for several rounds. */
  repeated(action: () => void): void {
    this.repetitions++;
    action();
    this.repetitions--;
  }

  /** Runs what may not run at all. */
  undecided(action: () => void): void {
    this.#undecided++;
    action();
    this.#undecided--;
  }

  /** Ends the present paths in an exception that an enclosing try may catch. */
  raise(at: Span, error: string): void {
    if (this.dead) return;
    this.noteRaise(at, error);
    if (this.handlers.length === 0) for (const frame of this.frames) frame.lostPaths = true;
    else if (this.raised) this.handlers.at(-1)?.caught.push(this.state.fork());
    this.dead = true;
  }

  /**
   * Runs something that is no part of the present paths, such as the top level of another file, from a state in which
   * nothing is known; returns the state it ends in. Null where it takes more than `maximumSteps`.
   */
  apart(scope: ScopeId, maximumSteps: number, action: () => void): State | null {
    const saved = {
      state: this.state,
      dead: this.dead,
      scopes: this.scopes,
      path: this.path,
      frames: this.frames,
      loops: this.loops,
      handlers: this.handlers,
      iterated: this.iterated,
      collectors: this.collectors,
      certainty: this.certainty,
      callStack: this.callStack,
      mayHaveRaised: this.mayHaveRaised,
      unprovenRounds: this.unprovenRounds,
      alternatives: this.alternatives,
    };
    const forgetEvents = this.markEvents();
    Object.assign(this, {
      state: State.empty(this.atoms),
      dead: false,
      scopes: [scope],
      path: scope,
      frames: [],
      loops: [],
      handlers: [],
      iterated: [],
      collectors: [],
      certainty: 'one',
      callStack: [],
      unprovenRounds: 0,
      alternatives: 0,
    });
    this.#undecided++;
    try {
      const end = this.steps.within(maximumSteps, () => {
        action();
        return this.state;
      });
      if (!end) this.exhausted = false;
      return end;
    } finally {
      this.#undecided--;
      Object.assign(this, saved);
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

  // ----------------------------------------------------------------- variables

  lookup(name: string): Value | null {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const value = this.state.variables.get(`${this.scopes[depth]}:${name}`);
      if (value)
        return isSettled(value) ? value : settleVariable(this, `${this.scopes[depth]}:${name}`, value);
    }
    return starImported(this, this.globals, name);
  }

  /** The scope of the global variables of the file that is being run. */
  get globals(): ScopeId {
    return this.scopes[0] ?? 'global';
  }

  /** The key under which an assignment here binds a name. */
  variableKey(name: string): string {
    return `${this.#scopeOf(name)}:${name}`;
  }

  #scopeOf(name: string): ScopeId {
    return this.frames.at(-1)?.redirected.get(name) ?? this.scopes.at(-1) ?? 'global';
  }

  assign(name: string, value: Value): void {
    this.bind(this.#scopeOf(name), name, value);
  }

  bind(scope: ScopeId, name: string, value: Value): void {
    const names = this.#names.get(scope);
    if (names) names.add(name);
    else this.#names.set(scope, new Set([name]));
    this.state.variables.set(`${scope}:${name}`, value);
    this.state.unbound.delete(`${scope}:${name}`);
  }

  /** Every name that some path has bound in a scope. */
  namesIn(scope: ScopeId): Iterable<string> {
    return this.#names.get(scope) ?? [];
  }

  unbind(name: string): void {
    this.state.variables.delete(this.variableKey(name));
  }

  // ---------------------------------------------------------------- collections

  /** Runs `action` and returns what it collected. */
  collecting(action: () => void): readonly Item[] {
    const { certainty } = this;
    this.certainty = 'one';
    const collector: Item[] = [];
    this.collectors.push(collector);
    action();
    this.collectors.pop();
    this.certainty = certainty;
    return collector;
  }

  /** Adds a value to a collector, by default the innermost. */
  collect(value: Value, sure: boolean, collector = this.collectors.length - 1): void {
    if (this.dead) return;
    const multiplicity = sure ? this.certainty : 'maybe';
    this.collectors[collector]?.push({ value, multiplicity });
  }

  // ---------------------------------------------------------------- checkpoints

  /** What must be restored to run something again as if it had not been run. */
  checkpoint(): () => void {
    const state = this.state.fork();
    // A call has loops of its own, and what restores may come out of the middle of one.
    const { dead, isMuted, path, scopes, certainty, raised, loops, watch, unprovenRounds, alternatives } =
      this;
    const { repetitions } = this;
    const ended = watch?.ended ?? false;
    const undecided = this.#undecided;
    const lostPaths = this.#lostPaths;
    const lengths = {
      events: this.events.length,
      sightings: this.watch?.sightings.length ?? 0,
      frames: this.frames.length,
      loops: this.loops.length,
      handlers: this.handlers.length,
      iterated: this.iterated.length,
      callStack: this.callStack.length,
      returns: this.frames.at(-1)?.returns.length ?? 0,
      collectors: this.collectors.map((collector) => collector.length),
      caught: this.handlers.map(({ caught, doubts }) => [caught.length, doubts.length] as const),
      breaks: this.loops.at(-1)?.breaks.length ?? 0,
      continues: this.loops.at(-1)?.continues.length ?? 0,
    };
    const restoreObligations = this.obligations.checkpoint();
    return () => {
      this.state = state.fork();
      this.dead = dead;
      this.isMuted = isMuted;
      this.path = path;
      this.scopes = scopes;
      this.loops = loops;
      this.raised = raised;
      this.unprovenRounds = unprovenRounds;
      this.alternatives = alternatives;
      this.repetitions = repetitions;
      this.#undecided = undecided;
      this.#lostPaths = lostPaths;
      this.events.length = lengths.events;
      if (watch) {
        watch.sightings.length = lengths.sightings;
        watch.ended = ended;
      }
      this.frames.length = lengths.frames;
      this.loops.length = lengths.loops;
      this.handlers.length = lengths.handlers;
      this.iterated.length = lengths.iterated;
      this.callStack.length = lengths.callStack;
      const frame = this.frames.at(-1);
      if (frame) frame.returns.length = lengths.returns;
      this.certainty = certainty;
      this.collectors.length = lengths.collectors.length;
      for (const [index, collector] of this.collectors.entries()) {
        collector.length = lengths.collectors[index] ?? 0;
      }
      for (const [index, { caught, doubts }] of this.handlers.entries()) {
        [caught.length, doubts.length] = lengths.caught[index] ?? [0, 0];
      }
      const loop = this.loops.at(-1);
      if (loop) {
        loop.breaks.length = lengths.breaks;
        loop.continues.length = lengths.continues;
      }
      restoreObligations();
    };
  }

  // ----------------------------------------------------------------------- tests

  /**
   * The answer to a test on a class of an opaque module: null where it cannot be told and no running iteration
   * can be split by it. Throws `Undecided` where one can.
   */
  decide(atom: AtomId, test: NameTest): boolean | null {
    const answers = new Set(this.atoms.leaves(atom).map((leaf) => this.atoms.decide(leaf, test)));
    const [answer = null] = answers;
    if (answers.size === 1 && answer !== null) return answer;
    if (this.iterated.includes(atom)) throw new Undecided(atom, test);
    return null;
  }
}
