/** The product of the analysis: what happened in a program, and answers to questions about it. */
import { functionsByName, namesIn } from '../python/functions.ts';
import type { FunctionDefinition, Span } from '../python/syntax.ts';
import type { TraceEvent } from './events.ts';
import type { Interpreter } from './interpreter.ts';
import type { Pass } from './modules/passes.ts';
import type { StepRecord, Violation } from './obligations/table.ts';
import type { UngradedPart } from './obligations/ungraded-parts.ts';
import { IDENTIFIER } from './observations/names.ts';
import { type Bindings, type Snapshot, takeSnapshot } from './places/snapshot.ts';
import { joinSnapshots, sharpened } from './places/snapshot-join.ts';
import type { Place, Sighting } from './places/watch.ts';
import type { PlaceInFile } from './program.ts';
import type { Exhaustion } from './running/budgets.ts';
import type { AtomId } from './state/atoms.ts';
import { State } from './state/state.ts';
import type { ScopeId, Value } from './state/values.ts';
import { starImportedVariables } from './statements/imports.ts';
import { unfrozenByForward } from './training/fairseq.ts';
import type { OptimizerBuilt } from './training-events.ts';

/**
 * A snapshot lists every parameter: a few of them are more exact than one of the joined state, hundreds are slow. No
 * budget of the analysis, whose result stands: what the joined state no longer tells is shown as unknown.
 */
const MAX_SNAPSHOTS_OF_ONE_PLACE = 8;

/** How the visible steps of one optimizer went, with its construction. */
export interface OptimizerSteps extends StepRecord {
  readonly built: OptimizerBuilt;
}

/**
 * What happened when the program was run on paper: the product of the analysis. Rules, hovers and everything
 * else are queries on it.
 */
export class Trace {
  readonly #run: Interpreter;
  #topLevel: Snapshot | null = null;
  /** The program in each case of the undecided tests, once somebody asked for it. */
  #cases: readonly Interpreter[] | null = null;

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /** The imported file of a span and the span's place in it; null for a span of the analysed file. */
  locate(span: Span): PlaceInFile | null {
    return this.#run.program.locate(span);
  }

  /** The source of a span in whichever file it lies. */
  sourceOf(span: Span): string {
    return this.#run.sourceOf(span);
  }

  /** Everything of note in the order it happened; a statement that runs several times appears several times. */
  get events(): readonly TraceEvent[] {
    return this.#run.events;
  }

  /** The events of one kind. */
  eventsOf<K extends TraceEvent['kind']>(kind: K): readonly Extract<TraceEvent, { kind: K }>[] {
    return this.#run.events.filter((event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind);
  }

  /** Faults that were still there at a certain training event. */
  get violations(): readonly Violation[] {
    return this.#run.obligations.violations;
  }

  /** Optimizers that were stepped. */
  get steps(): readonly OptimizerSteps[] {
    const built = new Map(this.eventsOf('optimizerBuilt').map((event) => [event.optimizer, event]));
    return [...this.#run.obligations.steps].flatMap(([id, record]) => {
      const event = built.get(id);
      return event ? [{ ...record, built: event }] : [];
    });
  }

  /** Unfreezes that come too late for the optimizer of fairseq's trainer. */
  get unfrozenByForward(): readonly Span[] {
    return unfrozenByForward(this.#run);
  }

  /** Whether something may have looked at the flags that a write set, before they were written again. */
  isRead(write: Span): boolean {
    return this.#run.readWrites.has(write);
  }

  /** Parts that an optimizer is to train and that only ever ran where no gradients are recorded. */
  get ungradedParts(): readonly (UngradedPart & { readonly pass: Pass })[] {
    const { passes, obligations } = this.#run;
    return [...obligations.ungraded.values()].flatMap((part) => {
      const { module, attribute, atoms } = part;
      const pass = attribute ? passes.ofAttribute(attribute.definition, attribute.name) : passes.of(module);
      if (!pass || pass.withGradients || pass.without.size === 0) return [];
      return passes.ranWithGradients(this.#run, atoms) ? [] : [{ ...part, pass }];
    });
  }

  /** True where the program somewhere uses an unknown object as only a module can be used. */
  isUsedAsModule(identity: string | null): boolean {
    return identity !== null && this.#run.moduleEvidence.has(identity);
  }

  /** True where the program somewhere reads an attribute of this name. */
  readsAttribute(name: string): boolean {
    return this.#run.attributesRead.has(name);
  }

  /** True where the program somewhere sets an attribute of this name, so that it may be one of its own. */
  setsAttribute(name: string): boolean {
    return this.#run.attributesSet.has(name);
  }

  /** Modules and optimizers in global variables at the end of the top level; null where that was not reached. */
  get topLevel(): Snapshot | null {
    const { topLevel } = this.#run;
    if (!topLevel) return null;
    const endOf = (run: Interpreter, state: State): Snapshot =>
      show(run, state, bindingsOf(run, state, ['global'], 'own', null));
    this.#topLevel ??= this.#sharpened(endOf(this.#run, topLevel.state), (run) => {
      const { raised } = run.exceptions;
      if (topLevel.raised) return raised && endOf(run, raised.state);
      return raised || run.dead ? null : endOf(run, run.state);
    });
    return this.#topLevel;
  }

  /** A snapshot with what all cases of the undecided tests agree on; `see` looks at the same place in one of them. */
  #sharpened(snapshot: Snapshot, see: (run: Interpreter) => Snapshot | null): Snapshot {
    if (isKnown(snapshot)) return snapshot;
    this.#cases ??= this.#run.topLevel?.cases() ?? [];
    const [first, ...others] = this.#cases.flatMap((run) => see(run) ?? []);
    return first ? sharpened(snapshot, others.reduce(joinSnapshots, first)) : snapshot;
  }

  /** The exception that certainly ends the program, if there is one. */
  get raises(): { readonly at: Span; readonly error: string } | null {
    const raised = this.#run.topLevel ? this.#run.topLevel.raised : this.#run.exceptions.raised;
    return raised && { at: raised.at, error: raised.error };
  }

  /**
   * What is known at a watched place, joined over all the times it is reached; null where it is never reached.
   * `own` shows the variables of the innermost scope, `visible` also those of the scopes around it.
   */
  at(place: Place, variables: 'own' | 'visible' = 'own'): Snapshot | null {
    const snapshot = sightedAt(this.#run, place, variables);
    // Functions that are run by themselves are run in no case.
    const others = this.#run.watch?.sightings.slice(this.#run.topLevel?.sightings) ?? [];
    if (!snapshot || others.some((one) => isThere(one, place))) return snapshot;
    return this.#sharpened(snapshot, (run) => sightedAt(run, place, variables));
  }

  /** Everything visible the first or the last time that a watched place is reached; null where it is never reached. */
  atTime(place: Place, time: 'first' | 'last'): Snapshot | null {
    const sightings = (this.#run.watch?.sightings ?? []).filter((one) => isThere(one, place));
    const seen = sightings.at(time === 'first' ? 0 : -1);
    if (seen === undefined) return null;
    const { state, scopes, inside } = seen;
    return show(this.#run, state, bindingsOf(this.#run, state, scopes, 'visible', inside));
  }

  /** Every function and method of the file by its qualified name, such as `Trainer.__init__`. */
  get functions(): ReadonlyMap<string, readonly FunctionDefinition[]> {
    return functionsByName(this.#run.module);
  }

  /** What each function and method that has to do with modules or optimizers knows at its end, by qualified name. */
  get functionEnds(): ReadonlyMap<string, Snapshot> {
    const ends = new Map<string, Snapshot>();
    for (const [name, definitions] of this.functions) {
      for (const node of definitions) {
        const snapshot = this.at({ at: 'end', node });
        if (!snapshot || snapshot.modules.size + snapshot.optimizers.size === 0) continue;
        const other = ends.get(name);
        ends.set(name, other ? joinSnapshots(other, snapshot) : snapshot);
      }
    }
    return ends;
  }

  /** The budgets that ran out, and where: what lies beyond is unknown. */
  get exhaustions(): readonly Exhaustion[] {
    return this.#run.exhaustions.all;
  }

  /** True where the analysis gave up before the end of the program. */
  get isPartial(): boolean {
    return this.#run.exhausted;
  }

  /** The finest classes of some atoms now: a class that a later test split counts as its parts. */
  leaves(atoms: readonly AtomId[]): readonly AtomId[] {
    return atoms.flatMap((atom) => this.#run.atoms.leaves(atom));
  }

  /** Number of scalars in some parameters; null where one is unknown. */
  sizeOf(atoms: readonly AtomId[]): number | null {
    let total = 0;
    for (const atom of atoms) {
      const size = this.#run.atoms.sizeOf(atom);
      if (size === null) return null;
      total += size;
    }
    return total;
  }

  /** True where every atom is one real parameter, so that counting them counts tensors. */
  areCountable(atoms: readonly AtomId[]): boolean {
    return atoms.every((atom) => !this.#run.atoms.isClass(atom));
  }
}

const isThere = (sighting: Sighting, { at, node }: Place): boolean =>
  sighting.at === at && sighting.node === node;

/** What a run knows at a place, joined over all the times it gets there; null where it never does. */
function sightedAt(run: Interpreter, place: Place, variables: 'own' | 'visible'): Snapshot | null {
  const byScopes = new Map<string, Sighting[]>();
  for (const sighting of run.watch?.sightings ?? []) {
    if (!isThere(sighting, place)) continue;
    const key = sighting.scopes.join();
    byScopes.set(key, [...(byScopes.get(key) ?? []), sighting]);
  }
  let joined: Snapshot | null = null;
  for (const sightings of byScopes.values()) {
    for (const { state, scopes, inside } of summary(sightings)) {
      const snapshot = show(run, state, bindingsOf(run, state, scopes, variables, inside));
      joined = joined ? joinSnapshots(joined, snapshot) : snapshot;
    }
  }
  return joined;
}

/** Sightings within the same scopes, joined where they are many, as in an unrolled loop over all parameters. */
function summary(sightings: readonly Sighting[]): readonly Omit<Sighting, keyof Place>[] {
  const [first, ...others] = sightings;
  if (!first || sightings.length <= MAX_SNAPSHOTS_OF_ONE_PLACE) return sightings;
  // What a variable can no longer tell apart is nothing to forget: nobody goes on from here to write to it.
  const join = (a: State, b: State): State => State.join(a, b, () => undefined);
  const state = others.map((other) => other.state).reduce(join, first.state);
  return [{ ...first, state }];
}

/** Looks at the program as it stood in an earlier state. */
function show(run: Interpreter, state: State, bindings: Bindings): Snapshot {
  const present = run.state;
  run.state = state;
  try {
    return takeSnapshot(run, bindings);
  } finally {
    run.state = present;
  }
}

/** Whether no parameter and no optimizer in a snapshot is in doubt; parts out of sight aside. */
const isKnown = ({ modules, optimizers }: Snapshot): boolean =>
  [...modules.values()].every(
    ({ complete, unlisted, parameters }) =>
      (complete || unlisted.length > 0) && [...parameters.values()].every(({ flag }) => flag !== 'unknown'),
  ) && [...optimizers.values()].every(({ complete }) => complete);

function bindingsOf(
  run: Interpreter,
  state: State,
  scopes: readonly ScopeId[],
  variables: 'own' | 'visible',
  inside: Sighting['inside'],
): Bindings {
  // Of the functions around it, a function keeps the variables that it mentions.
  const kept = inside && scopes.length > 2 ? namesIn(inside) : null;
  const values = new Map<string, Value>();
  const unbound = new Set<string>();
  const enclosing = new Map<string, Value>();
  for (const [index, scope] of [...scopes].reverse().entries()) {
    const shown = index === 0 || variables === 'visible' ? values : enclosing;
    const prefix = `${scope}:`;
    const bound = new Map(starImportedVariables(run, state, scope));
    for (const [key, value] of state.variables.entries()) {
      if (key.startsWith(prefix)) bound.set(key.slice(prefix.length), value);
    }
    for (const [name, value] of bound) {
      if (!IDENTIFIER.test(name) || values.has(name) || enclosing.has(name)) continue;
      if (kept && index > 0 && index < scopes.length - 1 && !kept.has(name)) continue;
      shown.set(name, value);
      if (state.unbound.get(`${prefix}${name}`)) unbound.add(name);
    }
  }
  return { values, unbound, enclosing, everyInstance: variables === 'visible' };
}
