/** What a test that was passed says about the variables in it. */
import type { Expression } from '../../python/syntax.ts';
import { hasAttribute } from '../expressions/attributes.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { isNone, type Value } from '../state/values.ts';

/** Keeps, in the union that a tested variable holds, only the options under which `test` has this outcome. */
export function narrow(run: Interpreter, test: Expression, outcome: boolean): void {
  if (test.kind === 'unary' && test.operator === 'not') {
    narrow(run, test.operand, !outcome);
    return;
  }
  if (test.kind === 'booleanOperation' && (test.operator === 'and') === outcome) {
    narrow(run, test.left, outcome);
    narrow(run, test.right, outcome);
    return;
  }
  if (test.kind === 'call' && test.callee.kind === 'name' && test.callee.id === 'hasattr') {
    const [object, name] = test.args.map(({ value }) => value);
    if (object?.kind !== 'name' || name?.kind !== 'string' || test.args.length !== 2) return;
    keep(run, object.id, (option) => hasAttribute(run, option, name.value) !== !outcome);
    return;
  }
  if (test.kind === 'name') {
    keep(run, test.id, (option) => truthOf(run, option) !== !outcome);
    return;
  }
  const [comparison] = test.kind === 'comparison' && test.rest.length === 1 ? test.rest : [];
  if (test.kind !== 'comparison' || test.left.kind !== 'name' || comparison?.right.kind !== 'none') return;
  const isNoneHere = (comparison.operator === 'is' || comparison.operator === '==') === outcome;
  if (!['is', 'is not', '==', '!='].includes(comparison.operator)) return;
  keep(run, test.left.id, (option) => option.kind === 'unknown' || isNone(option) === isNoneHere);
}

function keep(run: Interpreter, name: string, allowed: (option: Value) => boolean): void {
  const value = run.variables.lookup(name);
  if (value?.kind !== 'union') return;
  const options = value.options.filter(allowed);
  const [only] = options;
  if (options.length === value.options.length || !only) return;
  // Only what the present scope owns is narrowed: an outer variable may be seen by others.
  const scope = run.scopes.findLast((candidate) => run.state.variables.get(`${candidate}:${name}`));
  if (scope === undefined) return;
  run.state.variables.set(`${scope}:${name}`, options.length === 1 ? only : { kind: 'union', options });
}
