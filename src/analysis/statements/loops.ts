/** `for` and `while`. */
import type { For, Statement, While } from '../../python/syntax.ts';
import { children, type SyntaxNode, walk } from '../../python/walk.ts';
import { forEachYield } from '../builtins/generators.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { nameUnpacked } from '../modules/refusals.ts';
import type { ListObject } from '../state/heap.ts';
import type { State } from '../state/state.ts';
import { UNKNOWN, type Value } from '../state/values.ts';
import { bindTarget } from './assignment.ts';
import { changedConstants, forEachItem, type Sequence } from './iteration.ts';
import { narrow } from './narrowing.ts';
import { mayHaveEnded, settle } from './settling.ts';

/** A counted loop whose body does not ask for the count is run as a loop of unknown length beyond this. */
const MAX_BLIND_ROUNDS = 4;

/** A counted loop that asks for its count is run round by round up to this many. */
const MAX_COUNTED_ROUNDS = 64;

export function runFor(run: Interpreter, node: For): void {
  const iterable = run.evaluate(node.iterable);
  const leaves = containsBreak(node.body);
  run.each(iterable, (given) => {
    const option = nameUnpacked(run, given, node.target);
    loop(run, node.orelse, () => {
      const { repetitions } = run.certainty;
      const oneOf = (value: Value, index: number): void => {
        // A generator's own loop may be run once for several rounds.
        const tag = run.certainty.repetitions > repetitions ? 'later' : `l${index}`;
        const round = (): void => run.within(tag, () => oneRound(run, node, value));
        if (index > 0 && mayHaveEnded(run)) run.certainty.unproven(round);
        else round();
      };
      if (forEachYield(run, option, node.iterable, leaves, oneOf)) return;
      const sequence = shorten(
        run,
        node,
        sequenceOf(run, option, node.iterable, leaves ? 'partial' : 'full'),
      );
      const before = run.object(option);
      forEachItem(run, sequence.items, oneOf);
      if (before?.kind === 'list') forgetIfMoved(run, option, before, node);
      if (sequence.complete || run.dead) return;
      settle(run, node, !sequence.atLeastOnce, () => oneRound(run, node, UNKNOWN));
    });
    return UNKNOWN;
  });
}

/** A list that a loop changes while it goes over it: which items the loop comes to is anybody's guess. */
function forgetIfMoved(run: Interpreter, list: Value, before: ListObject, at: For): void {
  const after = run.object(list);
  if (run.dead || after?.kind !== 'list' || after.items.length === before.items.length) return;
  const items = [...before.items, ...after.items].map(({ value }) => value);
  forgetWhatIsReachable(run, [list, ...items], at);
}

/** Long counted loops (epochs) are not written out unless the body depends on the count. */
function shorten(
  run: Interpreter,
  node: For,
  sequence: Sequence,
): Sequence & { readonly atLeastOnce?: boolean } {
  const { items } = sequence;
  const counted =
    items.length > MAX_BLIND_ROUNDS &&
    items.every(({ value }) => value.kind === 'constant' && typeof value.value === 'number');
  if (!counted) return sequence;
  const asks = asksFor(node);
  if (items.length <= MAX_COUNTED_ROUNDS && (asks || isShort(node.body))) return sequence;
  if (asks) run.exhaustions.note('countedRounds', node);
  return { items: [], complete: false, atLeastOnce: true };
}

/** Nodes of the syntax tree in a body that is run round by round although it does not ask for the count: half a page. */
const SHORT_BODY = 60;

const isShort = (body: readonly Statement[]): boolean => {
  let count = 0;
  for (const statement of body) for (const _ of walk(statement)) if (++count > SHORT_BODY) return false;
  return true;
};

/** Whether the loop's variable is compared, indexed or computed with in the body. */
function asksFor(node: For): boolean {
  const names = new Set([...walk(node.target)].flatMap((part) => (part.kind === 'name' ? [part.id] : [])));
  const asks = (part: SyntaxNode): boolean => part.kind === 'name' && names.has(part.id);
  for (const statement of node.body) {
    for (const part of walk(statement)) {
      if (part.kind === 'comparison' || part.kind === 'binary' || part.kind === 'subscript') {
        for (const inner of children(part)) if (asks(inner)) return true;
      }
      if ((part.kind === 'if' || part.kind === 'conditional') && asks(part.test)) return true;
      // Handed to a function of the program that may ask.
      if (part.kind === 'call' && part.args.some(({ value }) => asks(value)) && part.callee.kind !== 'name')
        continue;
      if (part.kind === 'call' && part.args.some(({ value }) => asks(value))) return true;
    }
  }
  return false;
}

function oneRound(run: Interpreter, node: For, value: Value): void {
  bindTarget(run, node.target, value, { statement: node.target, valueNode: null });
  runBody(run, node.body);
}

/** Runs a loop body once; `continue` joins its end. */
function runBody(run: Interpreter, body: readonly Statement[]): void {
  const context = run.loops.at(-1);
  if (!context) return;
  const mark = context.continues.length;
  const round = (): void => {
    run.runBlock(body);
    for (const state of context.continues.splice(mark)) run.joinInto(state);
  };
  run.certainty.rejoining(round, () => context.breaks.length);
}

/** The frame of every loop: what breaks out skips `else` and joins the end. */
function loop(run: Interpreter, orelse: readonly Statement[], rounds: () => void): void {
  const context = { breaks: [] as State[], continues: [] as State[] };
  run.certainty.rejoining(() => {
    run.loops.push(context);
    rounds();
    run.loops.pop();
    run.runBlock(orelse);
    for (const state of context.breaks) run.joinInto(state);
  });
}

export function runWhile(run: Interpreter, node: While): void {
  loop(run, node.orelse, () => {
    let truth = truthOf(run, run.evaluate(node.test));
    const endless = node.test.kind === 'boolean' || node.test.kind === 'number';
    for (let round = 0; truth === true && round < MAX_COUNTED_ROUNDS; round++) {
      const before = run.state.fork();
      run.within(`w${round}`, () => runBody(run, node.body));
      if (run.dead) return;
      // Without a count that tells when it ends, an endless loop is run as one of unknown length.
      if (endless && (mayHaveEnded(run) || changedConstants(before, run.state).length === 0)) break;
      truth = truthOf(run, run.evaluate(node.test));
    }
    if (truth === false) return;
    if (truth && !endless) run.exhaustions.note('countedRounds', node);
    settle(run, node, truth === null, () => {
      narrow(run, node.test, true);
      runBody(run, node.body);
      if (!run.dead) run.evaluate(node.test);
    });
    // `while True` is left by break only; what never leaves it never gets to a later exception.
    if (!endless || truth !== true) return;
    if (!mayHaveEnded(run)) run.exceptions.doubt('never ends');
    run.dead = true;
  });
}

/** Whether a loop body may leave the loop early, nested loops and functions aside. */
function containsBreak(body: readonly Statement[]): boolean {
  const leaves = (node: SyntaxNode): boolean => {
    if (node.kind === 'break' || node.kind === 'return' || node.kind === 'yield') return true;
    if (node.kind === 'functionDefinition' || node.kind === 'classDefinition' || node.kind === 'lambda')
      return false;
    if (node.kind === 'for' || node.kind === 'while')
      return [...walk(node)].some(({ kind }) => kind === 'return');
    return [...children(node)].some(leaves);
  };
  return body.some(leaves);
}
