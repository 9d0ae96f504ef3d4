/** Comprehensions and generator expressions. */
import type { Comprehension, Expression } from '../../python/syntax.ts';
import { lastOfEach, withoutDuplicates } from '../builtins/entries.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import type { Interpreter } from '../interpreter.ts';
import { nameUnpacked } from '../modules/refusals.ts';
import type { Item } from '../state/heap.ts';
import { type TupleValue, UNKNOWN, type Value } from '../state/values.ts';
import { bindTarget } from '../statements/assignment.ts';
import { forEachItem } from '../statements/iteration.ts';
import { narrow } from '../statements/narrowing.ts';
import { truthOf } from './comparisons.ts';

export function evaluateComprehension(run: Interpreter, node: Comprehension): Value {
  if (node.form === 'generator') {
    const frame = run.frames.at(-1);
    if (frame) frame.captured = true;
    const [first] = node.clauses;
    const inner = first ? run.evaluate(first.iterable) : UNKNOWN;
    return run.allocate(node, {
      kind: 'iterator',
      source: { kind: 'comprehension', node, scopes: run.scopes, inner },
      used: 'no',
      usedAt: null,
      built: node,
    });
  }
  const { items, complete } = runComprehension(run, node);
  if (node.form === 'list') return run.allocate(node, { kind: 'list', items, complete, isList: true });
  if (node.form === 'set')
    return run.allocate(node, { kind: 'list', items: withoutDuplicates(items), complete });
  const entries = items.map(({ value, multiplicity }) => {
    const [key = UNKNOWN, entry = UNKNOWN] = (value as TupleValue).items;
    return { key, value: entry, multiplicity };
  });
  return run.allocate(node, { kind: 'dictionary', ...lastOfEach(entries, complete) });
}

/** Runs a comprehension's loops in a scope of its own; `outermost` is what the first goes over, where it is known. */
export function runComprehension(
  run: Interpreter,
  node: Comprehension,
  outermost: Value | null = null,
): { readonly items: readonly Item[]; readonly complete: boolean } {
  let complete = true;
  const scope = run.identity(node, ':scope');
  const saved = run.scopes;
  const items = run.collectors.collecting(() => {
    const clause = (index: number): void => {
      const current = node.clauses[index];
      if (!current) {
        const element = run.evaluate(node.element);
        const value: Value = node.value
          ? { kind: 'tuple', items: [element, run.evaluate(node.value)] }
          : element;
        run.collectors.collect(value, true);
        return;
      }
      const iterable = index === 0 && outermost ? outermost : run.evaluate(current.iterable);
      run.each(iterable, (given) => {
        const option = nameUnpacked(run, given, current.target);
        const sequence = sequenceOf(run, option, current.iterable, 'full');
        const each = (value: Value): void => {
          bindTarget(run, current.target, value);
          conditions(current.conditions, () => clause(index + 1));
        };
        forEachItem(run, sequence.items, (value, position) => run.within(`c${position}`, () => each(value)));
        if (!sequence.complete) {
          complete = false;
          run.branch([
            () => {
              each(UNKNOWN);
              return UNKNOWN;
            },
            () => UNKNOWN,
          ]);
        }
        return UNKNOWN;
      });
    };
    const conditions = (tests: readonly Expression[], then: () => void): void => {
      const [test, ...rest] = tests;
      if (!test) {
        then();
        return;
      }
      const truth = truthOf(run, run.evaluate(test));
      if (truth === false) return;
      if (truth === true) {
        conditions(rest, then);
        return;
      }
      run.branch([
        () => {
          narrow(run, test, true);
          conditions(rest, then);
          return UNKNOWN;
        },
        () => UNKNOWN,
      ]);
    };
    run.scopes = [...saved, scope];
    clause(0);
  });
  run.scopes = saved;
  return { items, complete };
}
