/** `match` */
import type { Expression, MappingEntry, Match, MatchCase } from '../../python/syntax.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { compare } from '../expressions/comparisons.ts';
import { isInstanceOf } from '../expressions/instance-tests.ts';
import { anyOf } from '../expressions/unknown-places.ts';
import type { Interpreter } from '../interpreter.ts';
import { sameValue, UNKNOWN, type Value } from '../state/values.ts';

/** Runs the first case that matches, or each that may. */
export function runMatch(run: Interpreter, node: Match): void {
  const subject = run.evaluate(node.subject);
  const arms: (() => Value)[] = [];
  for (const one of node.cases) {
    const { irrefutable, captures, guard, body } = one;
    const parts = one.mapping ? valuesOf(run, subject, one.mapping) : null;
    const matches = irrefutable ? true : parts ? parts.matches : matchesOne(run, subject, one);
    if (matches === false) continue;
    arms.push(() => {
      const isWhole = irrefutable || captures.length === 0;
      const captured = isWhole || parts?.matches ? subject : anyPartOf(run, subject);
      for (const name of captures) run.variables.assign(name, parts?.bound.get(name) ?? captured);
      if (guard) run.evaluate(guard);
      run.runBlock(body);
      return UNKNOWN;
    });
    if (matches && !guard) {
      run.branch(arms);
      return;
    }
  }
  run.branch([...arms, () => UNKNOWN]);
}

/** What a name in a pattern stands for: which part of the subject is not followed, and any may be changed through it. */
function anyPartOf(run: Interpreter, subject: Value): Value {
  forgetWhatIsReachable(run, subject, null);
  const object = run.object(subject);
  const values =
    subject.kind === 'tuple'
      ? subject.items
      : object?.kind === 'list'
        ? object.items.map(({ value }) => value)
        : object?.kind === 'dictionary'
          ? object.entries.map(({ value }) => value)
          : [];
  return values.length > 0
    ? anyOf(
        run,
        values.map((value) => ({ value, multiplicity: 'maybe' })),
      )
    : UNKNOWN;
}

/** Whether a dictionary has all the keys, and what the names are bound to then. */
function valuesOf(
  run: Interpreter,
  subject: Value,
  mapping: readonly MappingEntry[],
): { readonly matches: boolean | null; readonly bound: ReadonlyMap<string, Value> } {
  const bound = new Map<string, Value>();
  const dictionary = run.object(subject);
  if (dictionary?.kind !== 'dictionary') return { matches: null, bound };
  let matches: boolean | null = true;
  for (const { key, values, name } of mapping) {
    const wanted = run.evaluate(key);
    const entry = dictionary.entries.find((candidate) => sameValue(candidate.key, wanted));
    if (wanted.kind !== 'constant') matches &&= null;
    else if (!entry) matches &&= dictionary.complete ? false : null;
    else if (entry.multiplicity !== 'one') matches &&= null;
    if (entry && values) {
      const same = isOneOf(run, entry.value, values);
      if (same !== true && matches !== false) matches = same;
    }
    if (entry && name !== null) bound.set(name, entry.value);
  }
  return { matches, bound };
}

/** Whether the subject is one of the values, or an instance of one of the classes, that a pattern names. */
function matchesOne(run: Interpreter, subject: Value, { values, classes }: MatchCase): boolean | null {
  if (values) return isOneOf(run, subject, values);
  return classes && anyOfThem(classes.map((type) => isInstanceOf(run, subject, run.evaluate(type))));
}

const isOneOf = (run: Interpreter, value: Value, options: readonly Expression[]): boolean | null =>
  anyOfThem(options.map((option) => compare(run, '==', value, run.evaluate(option))));

const anyOfThem = (answers: readonly (boolean | null)[]): boolean | null =>
  answers.includes(true) ? true : answers.includes(null) ? null : false;
