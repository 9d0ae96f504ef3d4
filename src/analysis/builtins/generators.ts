/** Generator functions of the program: asked for all items, for one after the other, or used as a context manager. */
import type { Span } from '../../python/syntax.ts';
import { children, type SyntaxNode } from '../../python/walk.ts';
import { runBody } from '../calls/functions.ts';
import type { Interpreter } from '../interpreter.ts';
import { type AtomId, UNKNOWN_FLAG } from '../state/atoms.ts';
import type { IteratorSource } from '../state/heap.ts';
import type { State } from '../state/state.ts';
import type { FunctionValue, ObjectId, ScopeId, Value } from '../state/values.ts';
import type { Sequence } from '../statements/iteration.ts';

type Generator = IteratorSource & { readonly kind: 'generator' };

/** Runs the body of a generator function and collects what it yields. */
export function runGenerator(
  run: Interpreter,
  { callee, scope }: Generator,
  id: ObjectId,
  onYield: ((value: Value) => void) | null = null,
): Sequence {
  const items = run.collectors.collecting(() => {
    run.within(`next ${id}`, () =>
      runBody(run, callee, scope, { collector: run.collectors.innermost, onYield }, null),
    );
  });
  return { items, complete: true };
}

/** Whether a generator function can be left where it yields: it has nothing to clean up, and hands on no other iterator. */
function canBeLeft({ definition }: FunctionValue): boolean {
  const isSimple = (node: SyntaxNode): boolean => {
    if (node.kind === 'try' || node.kind === 'with' || (node.kind === 'yield' && node.delegates))
      return false;
    const isOther =
      node.kind === 'functionDefinition' || node.kind === 'classDefinition' || node.kind === 'lambda';
    return isOther || [...children(node)].every(isSimple);
  };
  return definition.kind === 'functionDefinition' && definition.body.every(isSimple);
}

/**
 * Asks a generator for its next item, or for all the rest. `taken` are the states in which it was asked before: it runs
 * again from the first of them, as it did then, and each time it yields goes on in the state in which it was asked for
 * more. Null, with nothing done, where nobody can tell where it is.
 */
export function resumeGenerator(
  run: Interpreter,
  generator: Generator,
  id: ObjectId,
  taken: readonly State[],
  consumption: 'one' | 'full',
): Sequence | null {
  if (!canBeLeft(generator.callee)) return null;
  const restore = run.checkpoint();
  const forgetEvents = run.markEvents();
  const now = run.state.fork();
  const { doubts } = run.certainty;
  const stops: { readonly state: State; readonly value: Value }[] = [];
  let yields = 0;
  let isCertain = true;
  const onYield = (value: Value): void => {
    yields++;
    if (consumption === 'one' || yields <= taken.length) {
      const frame = run.frames.at(-1);
      const isReached = frame?.returns.length === 0 && !frame.lostPaths && run.certainty.doubts === doubts;
      isCertain &&= isReached && run.collectors.multiplicity === 'one';
    }
    if (yields <= taken.length) {
      // What it did until here was told when it did so.
      if (yields === taken.length) forgetEvents();
      run.state = (taken[yields] ?? now).fork();
    } else if (consumption === 'one') {
      stops.push({ state: run.state.fork(), value });
      run.dead = true;
    }
  };
  run.state = (taken[0] ?? now).fork();
  const { items } = runGenerator(run, generator, id, onYield);
  const [stop, other] = stops;
  if (!isCertain || yields < taken.length || other) {
    restore();
    return null;
  }
  if (!stop) return { items: items.slice(taken.length), complete: true };
  run.state = stop.state;
  run.state.gradients = now.gradients;
  run.dead = false;
  return { items: [{ value: stop.value, multiplicity: 'one' }], complete: true };
}

/**
 * Goes through a generator that was not asked before: `body` runs where it yields, and may end the loop there. False,
 * with nothing done, where it has to run to its end first.
 */
export function forEachYield(
  run: Interpreter,
  iterable: Value,
  at: Span,
  mayStop: boolean,
  body: (value: Value, index: number) => void,
): boolean {
  const object = run.object(iterable);
  if (iterable.kind !== 'reference' || object?.kind !== 'iterator' || object.used !== 'no') return false;
  const { source } = object;
  if (source.kind !== 'generator' || !canBeLeft(source.callee) || run.consumed.has(iterable.id)) return false;
  run.state.heap.set(iterable.id, {
    ...object,
    ...(mayStop ? { used: 'partly' } : { used: 'yes', usedAt: at }),
  });
  let index = 0;
  runAtYields(run, source.callee, source.scope, iterable.id, (value) => body(value, index++));
  return true;
}

/**
 * Runs a generator function for a `with` statement or a loop, whose `body` runs where it yields, with what it yields,
 * among the frames of that statement.
 */
export function runAtYields(
  run: Interpreter,
  callee: FunctionValue,
  scope: ScopeId,
  id: string,
  body: (value: Value) => void,
): void {
  const outside = pick(run);
  run.within(`in ${id}`, () => {
    const onYield = (value: Value): void => {
      const inside = pick(run);
      const { gradients } = run.state;
      Object.assign(run, outside);
      body(value);
      Object.assign(run, inside);
      if (!run.dead) run.state.gradients = gradients;
    };
    runBody(run, callee, scope, { onYield }, null);
  });
}

/** Where a statement runs: what names mean, and what leaves which block. */
const pick = ({ scopes, loops, frames, callStack, path }: Interpreter) => ({
  scopes,
  loops,
  frames: [...frames],
  callStack: [...callStack],
  path,
});

/** Runs a generator that is not asked for all of its items, or was asked before: it stops where it yields one of them. */
export const runPartOfGenerator = (run: Interpreter, generator: Generator, id: ObjectId): Sequence =>
  takePart(run, (stop) => runGenerator(run, generator, id, stop));

/**
 * Takes items from an iterator that is not asked for all of them, or was asked before: what it does for the later ones
 * may not be done. `take` calls what it is given wherever it may stop.
 */
export function takePart(run: Interpreter, take: (stop: () => void) => Sequence): Sequence {
  const before = run.state.fork();
  const stops: State[] = [];
  const sequence = take(() => stops.push(run.state.fork()));
  const ends = [...stops, ...(run.dead ? [] : [run.state])];
  const changed = new Set<AtomId>();
  for (const end of ends) {
    for (const atom of end.flags.differences(before.flags)) {
      if (end.flag(atom).bits !== before.flag(atom).bits) changed.add(atom);
    }
  }
  if (stops.length === 0 && changed.size === 0) return sequence;
  run.joinInto(before);
  for (const stop of stops) run.joinInto(stop);
  for (const atom of changed) run.state.setFlag(atom, { ...run.state.flag(atom), bits: UNKNOWN_FLAG });
  return sequence;
}
