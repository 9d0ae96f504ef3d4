/**
 * An optimizer built under the name of a function's own argument, and never asked for again: the caller goes on with
 * the one that it passed (catalogue D6). Reading the name in any way discharges the obligation.
 */
import type { Parameter, Span } from '../../python/syntax.ts';
import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { Sight } from '../observations/sight.ts';
import { isNone, type ScopeId, type Value } from '../state/values.ts';
import { membersOf } from '../training/optimizer-members.ts';

const keyOf = (variable: string): string => `rebound:${variable}`;

/** `name = value` in a function: what the name stood for, and where it was written. */
export interface Rebinding {
  readonly name: string;
  /** What the name was bound to in the same scope; null where it was not. */
  readonly before: Value | null;
  readonly value: Value;
  readonly at: Span;
}

export function afterRebinding(run: Interpreter, { name, before, value, at }: Rebinding): void {
  const frame = run.frames.at(-1);
  if (run.dead || frame?.definition?.kind !== 'functionDefinition' || frame.collector !== null) return;
  const parameter = frame.definition.parameters.find((one) => one.name === name);
  const optimizer = run.object(value);
  if (!parameter || !before || value.kind !== 'reference' || optimizer?.kind !== 'optimizer') return;
  const variable = run.variables.keyOf(name);
  if (!variable.startsWith(`${run.scopes.at(-1)}:`) || !isFromCaller(run, parameter, before)) return;
  const others = [...run.state.variables.entries()].flatMap(([key, other]) =>
    key === variable ? [] : [other],
  );
  if (reachableFrom(run, others).objects.has(value.id)) return;
  run.obligations.rebound.add(variable);
  run.obligations.open(run, {
    key: keyOf(variable),
    kind: 'optimizerRebound',
    anchor: at,
    sight: new Sight(run),
    atoms: [...membersOf(run, value.id).may],
    module: null,
    moduleName: null,
    optimizer: { id: value.id, name, built: optimizer.built },
    origin: null,
    sweep: '',
    scheduler: null,
  });
}

/** Whether an argument is an optimizer that the caller has: not a default, not one of settings or None. */
function isFromCaller(run: Interpreter, parameter: Parameter, before: Value): boolean {
  return (before.kind === 'union' ? before.options : [before]).every((option) => {
    const object = run.object(option);
    if (object?.kind === 'optimizer') return true;
    const isUnknown = object?.kind === 'module' && !object.certain;
    return isUnknown && !isNone(option) && parameter.defaultValue === null;
  });
}

/** A name was read, or deleted. */
export function afterNameUse(run: Interpreter, name: string): void {
  if (run.obligations.rebound.size === 0) return;
  for (const scope of run.scopes) {
    const variable = `${scope}:${name}`;
    if (run.obligations.rebound.has(variable)) run.obligations.discharge(run, keyOf(variable));
  }
}

/** A function came to its end; `caller` is the call that it returns to, null where none is known. */
export function atFunctionEnd(run: Interpreter, scope: ScopeId, caller: Span | null): void {
  if (run.obligations.rebound.size === 0) return;
  for (const obligation of run.obligations.pending(run)) {
    if (obligation.kind !== 'optimizerRebound' || !obligation.key.startsWith(keyOf(`${scope}:`))) continue;
    run.obligations.report(obligation, caller ?? obligation.anchor, obligation.atoms);
    run.obligations.discharge(run, obligation.key);
  }
}
