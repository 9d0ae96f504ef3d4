/** Variables that are reached by their names as texts: `globals()`, `locals()`, `eval("model.fc")`. */
import type { Span } from '../../python/syntax.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { getAttribute } from '../expressions/attributes.ts';
import type { Interpreter } from '../interpreter.ts';
import type { DictEntry } from '../state/heap.ts';
import { constant, isString, type ScopeId, UNKNOWN, type Value } from '../state/values.ts';

/** The variables of a scope as a dictionary; there may be others than the analysis knows. */
export function variablesOf(run: Interpreter, scope: ScopeId, at: Span): Value {
  const entries = [...run.variables.namesIn(scope)].flatMap((name): DictEntry[] => {
    const value = run.state.variables.get(`${scope}:${name}`);
    return value ? [{ key: constant(name), value, multiplicity: 'one' }] : [];
  });
  const isLive = scope === run.variables.globals;
  const owner = isLive ? { variablesOf: scope } : {};
  return run.allocate(at, { kind: 'dictionary', entries, complete: false, ...owner });
}

/** `globals()[name] = value` */
export function setVariable(run: Interpreter, scope: ScopeId, name: Value, value: Value): void {
  if (isString(name)) {
    run.variables.bind(scope, name.value, value);
    return;
  }
  // It may be any of them.
  for (const one of [...run.variables.namesIn(scope)]) {
    forgetWhatIsReachable(run, run.state.variables.get(`${scope}:${one}`) ?? UNKNOWN, null);
    run.variables.bind(scope, one, UNKNOWN);
  }
}

/** What a text such as `model.fc` evaluates to; null where it is any other code, or names nothing known. */
export function namedBy(run: Interpreter, text: string, at: Span): Value | null {
  const [variable = '', ...path] = text.trim().split('.');
  const isName = [variable, ...path].every((part) => /^[^\W\d]\w*$/u.test(part));
  const value = isName ? run.variables.lookup(variable) : null;
  return (
    value &&
    path.reduce((owner, name) => getAttribute(run, owner, name, { kind: 'none', ...spanOf(at) }), value)
  );
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
