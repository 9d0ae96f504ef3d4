/**
 * What must still happen before the model trains, or a bug is certain: an unfreeze that the optimizer must
 * hear of, an eval() that train() undid, a new head that was frozen with the rest.
 *
 * An obligation is opened at the statement that would be blamed, on the path where the fault is certain. Any
 * touch that may cure it discharges it. Where paths meet, pending survives "never opened" (the guard of the
 * blamed statement may be unknown) and discharged survives pending. What is pending at a certain training
 * event is a violation.
 */
import type { Span } from '../python/syntax.ts';
import { type AtomId, MAY_BE_FROZEN, MAY_BE_TRAINABLE } from './atoms.ts';
import { reachableFrom } from './havoc.ts';
import { MAY_BE_EVAL } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { atomsBelow, knownModulesBelow } from './module-objects.ts';
import { nameOf } from './names.ts';
import { membersOf } from './optimizer-members.ts';
import { Sight } from './sight.ts';
import type { Flag } from './state.ts';
import type { ObjectId, ScopeId } from './values.ts';

export type ObligationKind =
  /** Parameters were unfrozen and no optimizer holds them (catalogue D1). */
  | 'unfrozenOutsideOptimizer'
  /** A fresh layer was frozen by a sweep over more than itself (C1). */
  | 'headFrozen'
  /** A train() put a frozen part back into train mode for which eval() had been asked (G2). */
  | 'evalUndone';

export interface Obligation {
  readonly key: string;
  readonly kind: ObligationKind;
  /** What is blamed: the write itself, or the call of a helper that was handed what it wrote to. */
  readonly anchor: Span;
  /** How modules can be named there. */
  readonly sight: Sight;
  readonly atoms: readonly AtomId[];
  /** The head, or the part that was asked to be in eval mode. */
  readonly module: ObjectId | null;
  /** The optimizer concerned, as the program names it where the fault is, and where it was built. */
  readonly optimizer: { readonly id: ObjectId; readonly name: string | null; readonly built: Span } | null;
  /** The module as the program names it, null where it has no name there. */
  readonly moduleName: string | null;
  /** The other end: where the head was made, where eval() was asked for. */
  readonly origin: Span | null;
  /** Innermost scope of the blamed statement and its place: all writes of one loop share it. */
  readonly sweep: string;
}

export interface Violation {
  readonly obligation: Obligation;
  /** The training event at which it was still pending. */
  readonly event: Span;
  /** The parameters it still concerns then. */
  readonly atoms: readonly AtomId[];
}

/** How one optimizer's visible steps went. */
export interface StepRecord {
  /** Steps at which everything it held was certainly frozen, and all other steps. */
  frozen: number;
  other: number;
  /** Steps at which a trainable rest of the model was certainly outside every optimizer, and all other steps. */
  outside: number;
  inside: number;
  outsideAtoms: readonly AtomId[];
  moduleName: string | null;
  firstFrozen: Span | null;
}

export class ObligationTable {
  readonly #known = new Map<string, Obligation>();
  readonly violations: Violation[] = [];
  readonly steps = new Map<ObjectId, StepRecord>();
  /** Fresh layers put into a model, by their identity. */
  readonly heads = new Map<
    ObjectId,
    { readonly parent: ObjectId; readonly name: string; readonly at: Span }
  >();
  /** eval() calls on parts of a model, by the part's identity. */
  readonly evalRequests = new Map<ObjectId, Span>();
  /** Everything one loop wrote to. */
  readonly sweeps = new Map<string, Set<AtomId>>();

  get(key: string): Obligation | undefined {
    return this.#known.get(key);
  }

  open(run: Interpreter, obligation: Obligation): void {
    if (run.dead) return;
    const earlier = this.#known.get(obligation.key);
    const atoms = earlier ? [...new Set([...earlier.atoms, ...obligation.atoms])] : obligation.atoms;
    this.#known.set(obligation.key, { ...obligation, atoms });
    run.state.obligations.set(obligation.key, 'pending');
  }

  discharge(run: Interpreter, key: string): void {
    run.state.obligations.set(key, 'discharged');
  }

  pending(run: Interpreter): readonly Obligation[] {
    const found: Obligation[] = [];
    for (const [key, status] of run.state.obligations.entries()) {
      const obligation = status === 'pending' ? this.#known.get(key) : undefined;
      if (obligation) found.push(obligation);
    }
    return found;
  }

  /** Unseen code got hold of these: whatever was wrong with them may have been put right. */
  dischargeReached(run: Interpreter, objects: ReadonlySet<ObjectId>, atoms: ReadonlySet<AtomId>): void {
    for (const obligation of this.pending(run)) {
      const touched =
        overlaps(run, obligation.atoms, atoms) ||
        (obligation.module !== null && objects.has(obligation.module)) ||
        (obligation.optimizer !== null && objects.has(obligation.optimizer.id));
      if (touched) this.discharge(run, obligation.key);
    }
    for (const id of objects) if (this.heads.has(id)) run.state.obligations.set(freshKey(id), 'discharged');
  }

  report(obligation: Obligation, event: Span, atoms: readonly AtomId[]): void {
    if (this.violations.some((known) => known.obligation.key === obligation.key)) return;
    this.violations.push({ obligation, event, atoms });
  }

  checkpoint(): () => void {
    const { length } = this.violations;
    return () => {
      this.violations.length = length;
    };
  }
}

const freshKey = (head: ObjectId): string => `fresh:${head}`;

function overlaps(run: Interpreter, atoms: readonly AtomId[], others: ReadonlySet<AtomId>): boolean {
  return atoms.some((atom) => run.atoms.leaves(atom).some((leaf) => others.has(leaf)));
}

/** The optimizers that the program can still reach through a variable. */
export function liveOptimizers(run: Interpreter): readonly ObjectId[] {
  const { objects } = reachableFrom(run, run.state.variables.values());
  return [...objects].filter((id) => run.state.heap.get(id)?.kind === 'optimizer');
}

/** What all live optimizers may hold; null where one of them is not fully known, or there is none. */
function heldByOptimizers(
  run: Interpreter,
): { readonly may: ReadonlySet<AtomId>; readonly ids: readonly ObjectId[] } | null {
  const ids = liveOptimizers(run);
  if (ids.length === 0) return null;
  const may = new Set<AtomId>();
  for (const id of ids) {
    const members = membersOf(run, id);
    if (!members.complete) return null;
    for (const atom of members.may) may.add(atom);
  }
  return { may, ids };
}

/** The smallest module that holds both parameters of `some` and of `others`. */
function commonModule(run: Interpreter, some: Iterable<AtomId>, others: Iterable<AtomId>): ObjectId | null {
  const wanted = new Set(some);
  const also = new Set(others);
  let best: { id: ObjectId; size: number } | null = null;
  for (const [id, object] of run.state.heap.entries()) {
    if (object.kind !== 'module' || object.generic) continue;
    const { may } = atomsBelow(run, id);
    if (best && may.length >= best.size) continue;
    if (may.some((atom) => wanted.has(atom)) && may.some((atom) => also.has(atom)))
      best = { id, size: may.length };
  }
  return best?.id ?? null;
}

export interface FlagWrite {
  readonly atoms: readonly AtomId[];
  readonly before: ReadonlyMap<AtomId, Flag>;
  readonly value: boolean | null;
  readonly certain: boolean;
  readonly at: Span;
}

/** Opens and discharges what a write of requires_grad concerns. */
export function afterFlagWrite(run: Interpreter, write: FlagWrite): void {
  const { obligations } = run;
  const written = new Set(write.atoms);
  const sweep = `${run.scopes.findLast((scope) => !scope.endsWith(':scope'))}:${write.at.start}`;
  const swept = obligations.sweeps.get(sweep) ?? new Set();
  obligations.sweeps.set(sweep, swept);
  for (const atom of write.atoms) swept.add(atom);

  for (const obligation of obligations.pending(run)) {
    if (!overlaps(run, obligation.atoms, written)) continue;
    if (obligation.kind === 'unfrozenOutsideOptimizer') {
      if (write.value === true) continue;
      if (!write.certain || write.value === null || stillOutside(run, obligation).length === 0) {
        obligations.discharge(run, obligation.key);
      }
    } else if (write.value !== false) obligations.discharge(run, obligation.key);
  }
  if (!write.certain) return;
  if (write.value === true) openUnfrozenOutside(run, write, sweep);
  if (write.value === false) openHeadFrozen(run, write, sweep);
}

function openUnfrozenOutside(run: Interpreter, write: FlagWrite, sweep: string): void {
  const thawed = write.atoms.filter((atom) => ((write.before.get(atom)?.bits ?? 0) & MAY_BE_FROZEN) !== 0);
  if (thawed.length === 0) return;
  const held = heldByOptimizers(run);
  if (!held) return;
  const outside = thawed.filter((atom) => !held.may.has(atom) && !hasEscaped(run, atom));
  if (outside.length === 0) return;
  const id = held.ids.find((candidate) => commonModule(run, membersOf(run, candidate).may, outside) !== null);
  const optimizer = id === undefined ? undefined : run.state.heap.get(id);
  if (id === undefined || optimizer?.kind !== 'optimizer') return;
  const { anchor, scopes } = blameForUnfreezing(run, write, id);
  run.obligations.open(run, {
    key: `unfrozen:${sweep}:${id}`,
    kind: 'unfrozenOutsideOptimizer',
    anchor,
    sight: new Sight(run, scopes),
    atoms: outside,
    module: null,
    moduleName: null,
    optimizer: { id, name: nameOf(run, id, scopes), built: optimizer.built },
    origin: null,
    sweep,
  });
}

function stillOutside(run: Interpreter, obligation: Obligation): readonly AtomId[] {
  const held = heldByOptimizers(run);
  if (!held) return [];
  return obligation.atoms
    .flatMap((atom) => run.atoms.leaves(atom))
    .filter(
      (atom) =>
        (run.state.flag(atom).bits & MAY_BE_TRAINABLE) !== 0 && !held.may.has(atom) && !hasEscaped(run, atom),
    );
}

/** Whether code out of sight may have given a parameter to an optimizer of its own. */
function hasEscaped(run: Interpreter, leaf: AtomId): boolean {
  for (let atom: AtomId | null = leaf; atom !== null; atom = run.atoms.parentOf(atom)) {
    if (run.escaped.has(atom)) return true;
  }
  return false;
}

function openHeadFrozen(run: Interpreter, write: FlagWrite, sweep: string): void {
  const { obligations } = run;
  for (const [head, { parent, name, at }] of obligations.heads) {
    if (run.state.obligations.get(freshKey(head)) !== 'pending') continue;
    const { must } = atomsBelow(run, head);
    if (!must.some((atom) => write.atoms.includes(atom))) continue;
    const { anchor, scopes } = blameForFreezing(run, write, parent, at);
    const parentName = nameOf(run, parent, scopes);
    obligations.open(run, {
      key: `head:${sweep}:${head}`,
      kind: 'headFrozen',
      anchor,
      sight: new Sight(run, scopes),
      atoms: must,
      module: head,
      moduleName: parentName === null ? null : `${parentName}.${name}`,
      optimizer: null,
      origin: at,
      sweep,
    });
  }
}

interface Blame {
  readonly anchor: Span;
  /** What can be named there. */
  readonly scopes: readonly ScopeId[];
}

/**
 * Where to put a finding on a freeze: a helper that freezes whatever it is handed is right, and the call that
 * hands it a model with a new head is wrong.
 */
function blameForFreezing(run: Interpreter, write: FlagWrite, parent: ObjectId, made: Span): Blame {
  let blame: Blame = { anchor: write.at, scopes: run.scopes };
  for (const { definition, caller, self } of [...run.frames].reverse()) {
    if (!definition || !caller) break;
    if (definition.start <= made.start && made.end <= definition.end) break;
    const name = nameOf(run, parent, blame.scopes);
    const [root = '', ...rest] = name?.split(/[.[]/) ?? [];
    const handed = definition.parameters.findIndex((parameter) => parameter.name === root);
    if (name !== null && (handed < 0 || (handed === 0 && self !== null && rest.length > 0))) break;
    blame = { anchor: caller.at, scopes: caller.scopes };
  }
  return blame;
}

/** Where to put a finding on an unfreeze: where the optimizer is at hand that should hear of it. */
function blameForUnfreezing(run: Interpreter, write: FlagWrite, optimizer: ObjectId): Blame {
  const own: Blame = { anchor: write.at, scopes: run.scopes };
  let blame = own;
  for (const { definition, caller, self } of [...run.frames].reverse()) {
    const name = nameOf(run, optimizer, blame.scopes);
    const scope = blame.scopes.at(-1);
    const [root] = name?.split(/[.[]/) ?? [];
    if (root !== undefined && run.state.variables.get(`${scope}:${root}`)) return blame;
    if (!definition || !caller) break;
    const parameters = self ? definition.parameters.slice(1) : definition.parameters;
    const handed = parameters.flatMap(
      (parameter) => run.state.variables.get(`${scope}:${parameter.name}`) ?? [],
    );
    if (name !== null && !overlaps(run, write.atoms, reachableFrom(run, handed).atoms)) return blame;
    blame = { anchor: caller.at, scopes: caller.scopes };
  }
  return nameOf(run, optimizer, blame.scopes) === null ? own : blame;
}

/** `parent.name = module`: notes a fresh head, and lets go of the module that was there. */
export function afterModuleChange(
  run: Interpreter,
  parent: ObjectId,
  name: string,
  before: readonly (ObjectId | null)[],
  after: readonly (ObjectId | null)[],
  at: Span,
): void {
  const { obligations } = run;
  const gone = before.filter((id) => id !== null && !after.includes(id));
  for (const obligation of obligations.pending(run)) {
    if (obligation.module !== null && gone.includes(obligation.module))
      obligations.discharge(run, obligation.key);
  }
  const owner = run.state.heap.get(parent);
  if (owner?.kind !== 'module' || isBeingMade(run, parent)) return;
  const [head] = after;
  const object = head ? run.state.heap.get(head) : undefined;
  if (!head || after.length !== 1 || object?.kind !== 'module') return;
  if (object.origin !== 'layer' && object.origin !== 'class') return;
  const { must, may } = atomsBelow(run, head);
  if (must.length === 0 || must.length !== may.length) return;
  if (must.some((atom) => run.state.flag(atom).bits !== MAY_BE_TRAINABLE)) return;
  obligations.heads.set(head, { parent, name, at });
  run.state.obligations.set(freshKey(head), 'pending');
}

/** True inside the `__init__` that builds this very module: its own layers are no replacements. */
function isBeingMade(run: Interpreter, id: ObjectId): boolean {
  return run.frames.some(
    ({ self, name }) => name === '__init__' && self?.kind === 'reference' && self.id === id,
  );
}

/** Weights were loaded into a module: its heads are no longer fresh. */
export function afterLoad(run: Interpreter, id: ObjectId): void {
  const below = new Set(knownModulesBelow(run, id));
  for (const head of run.obligations.heads.keys()) {
    if (below.has(head)) run.state.obligations.set(freshKey(head), 'discharged');
  }
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind === 'headFrozen' && obligation.module && below.has(obligation.module)) {
      run.obligations.discharge(run, obligation.key);
    }
  }
}

/** Some optimizer's groups changed: unfrozen parameters may have found their optimizer. */
export function afterMembershipChange(run: Interpreter): void {
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind === 'unfrozenOutsideOptimizer' && stillOutside(run, obligation).length === 0) {
      run.obligations.discharge(run, obligation.key);
    }
  }
}

// ------------------------------------------------------------------- train and eval

/** `module.eval()` or `.train()` set the mode of everything below `id`. */
export function afterModeChange(run: Interpreter, id: ObjectId, training: boolean | null, at: Span): void {
  const { obligations } = run;
  const below = new Set(knownModulesBelow(run, id));
  if (training !== true) {
    for (const obligation of obligations.pending(run)) {
      if (obligation.kind === 'evalUndone' && obligation.module && below.has(obligation.module)) {
        obligations.discharge(run, obligation.key);
      }
    }
    if (training === false) {
      obligations.evalRequests.set(id, at);
      run.state.obligations.set(`eval:${id}`, 'pending');
    }
    return;
  }
  for (const part of below) {
    const request = obligations.evalRequests.get(part);
    if (!request || run.state.obligations.get(`eval:${part}`) !== 'pending') continue;
    if (part === id) {
      // train() on the very part that was in eval mode is a change of mind.
      run.state.obligations.set(`eval:${part}`, 'discharged');
      continue;
    }
    if (!isFrozenAndModeSensitive(run, part)) continue;
    obligations.open(run, {
      key: `eval:${at.start}:${part}`,
      kind: 'evalUndone',
      anchor: at,
      sight: new Sight(run),
      atoms: atomsBelow(run, part).may,
      module: part,
      moduleName: nameOf(run, part),
      optimizer: null,
      origin: request,
      sweep: '',
    });
  }
}

function isFrozenAndModeSensitive(run: Interpreter, id: ObjectId): boolean {
  const { must, may } = atomsBelow(run, id);
  if (must.length === 0 || may.some((atom) => run.state.flag(atom).bits !== MAY_BE_FROZEN)) return false;
  return knownModulesBelow(run, id).some((moduleId) => {
    const object = run.state.heap.get(moduleId);
    return object?.kind === 'module' && object.modeSensitive && object.certain;
  });
}

/** Whether every mode-sensitive part is certainly in eval mode again. */
function isInEval(run: Interpreter, id: ObjectId): boolean {
  return knownModulesBelow(run, id).every((moduleId) => {
    const object = run.state.heap.get(moduleId);
    return object?.kind !== 'module' || !object.modeSensitive || object.mode === MAY_BE_EVAL;
  });
}

// ---------------------------------------------------------------------- training events

/** An optimizer was built: a frozen head of the model that it trains, or that leaves it empty, is a certain mistake. */
export function settleAtOptimizer(run: Interpreter, id: ObjectId, empty: boolean, at: Span): void {
  if (run.dead) return;
  const { may } = membersOf(run, id);
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind !== 'headFrozen') continue;
    const head = obligation.module === null ? undefined : run.obligations.heads.get(obligation.module);
    const around = head ? atomsBelow(run, head.parent).may : [];
    const trainsModel = [...obligation.atoms, ...around].some((atom) =>
      run.atoms.leaves(atom).some((leaf) => may.has(leaf)),
    );
    if (trainsModel || empty) settleHead(run, obligation, at);
  }
}

function settleHead(run: Interpreter, obligation: Obligation, at: Span): void {
  const swept = run.obligations.sweeps.get(obligation.sweep) ?? new Set();
  const own = new Set(obligation.atoms);
  const isBlanket = [...swept].some((atom) => !own.has(atom));
  if (isBlanket && obligation.atoms.every((atom) => (run.state.flag(atom).bits & MAY_BE_FROZEN) !== 0)) {
    run.obligations.report(obligation, at, obligation.atoms);
  }
}

/** `optimizer.step()`, also through a scaler. */
export function settleStep(run: Interpreter, id: ObjectId, at: Span): void {
  if (run.dead) return;
  run.emit({ kind: 'step', span: at });
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind === 'unfrozenOutsideOptimizer') {
      const outside = stillOutside(run, obligation);
      if (outside.length > 0) run.obligations.report(obligation, at, outside);
    }
  }
  settleMode(run, at);
  recordStep(run, id, at);
}

/** A forward or backward pass in training. */
export function settleMode(run: Interpreter, at: Span): void {
  if (run.dead) return;
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind !== 'evalUndone' || obligation.module === null) continue;
    if (!isInEval(run, obligation.module)) run.obligations.report(obligation, at, obligation.atoms);
  }
}

function recordStep(run: Interpreter, id: ObjectId, at: Span): void {
  const record = run.obligations.steps.get(id) ?? {
    frozen: 0,
    other: 0,
    outside: 0,
    inside: 0,
    outsideAtoms: [],
    moduleName: null,
    firstFrozen: null,
  };
  run.obligations.steps.set(id, record);
  const { must, may, complete } = membersOf(run, id);
  const held = [...may];
  const allFrozen =
    complete &&
    held.length > 0 &&
    must.size === may.size &&
    held.every((atom) => run.state.flag(atom).bits === MAY_BE_FROZEN);
  if (allFrozen) {
    record.frozen++;
    record.firstFrozen ??= at;
  } else record.other++;

  const outside = complete && !allFrozen ? trainableOutside(run, held) : null;
  if (outside) {
    record.outside++;
    record.outsideAtoms = outside.atoms;
    record.moduleName = outside.name;
  } else record.inside++;
}

/** The certainly trainable rest of the model that ran forward, if no optimizer holds any of it. */
function trainableOutside(
  run: Interpreter,
  held: readonly AtomId[],
): { readonly atoms: readonly AtomId[]; readonly name: string | null } | null {
  const all = heldByOptimizers(run);
  if (!all || held.some((atom) => (run.state.flag(atom).bits & MAY_BE_TRAINABLE) === 0)) return null;
  for (const id of run.forwarded) {
    const object = run.state.heap.get(id);
    if (object?.kind !== 'module') continue;
    const { must, may } = atomsBelow(run, id);
    if (!held.some((atom) => may.includes(atom))) continue;
    const atoms = must.filter(
      (atom) =>
        !all.may.has(atom) && run.state.flag(atom).bits === MAY_BE_TRAINABLE && !hasEscaped(run, atom),
    );
    if (atoms.length > 0) return { atoms, name: nameOf(run, id) };
  }
  return null;
}
