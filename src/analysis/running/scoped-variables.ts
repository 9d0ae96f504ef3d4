/** Variables by name: which scope owns one here, what it holds, and what was ever bound in a scope. */

import { localNames } from '../../python/functions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ScopeId, Value } from '../state/values.ts';
import { isSettled, settleVariable, starImported } from '../statements/imports.ts';

export class ScopedVariables {
  readonly #run: Interpreter;
  /** Every name that some path has bound, by scope. */
  readonly #names = new Map<ScopeId, Set<string>>();

  constructor(run: Interpreter) {
    this.#run = run;
  }

  /** What a name means here; null where nothing has bound it. */
  lookup(name: string): Value | null {
    const { scopes, state } = this.#run;
    for (let depth = scopes.length - 1; depth >= 0; depth--) {
      const key = `${scopes[depth]}:${name}`;
      const value = state.variables.get(key);
      if (value) return isSettled(value) ? value : settleVariable(this.#run, key, value);
      if (depth === scopes.length - 1 && this.#isUnbound(name)) return null;
    }
    return starImported(this.#run, this.globals, name);
  }

  /** Whether a name is a local variable of the running function, and of no scope around it, although it has no value. */
  #isUnbound(name: string): boolean {
    const frame = this.#run.frames.at(-1);
    const isInside = frame?.scopes.at(-1) === this.#run.scopes.at(-1);
    return (
      isInside &&
      frame?.definition?.kind === 'functionDefinition' &&
      !frame.redirected.has(name) &&
      localNames(frame.definition).has(name)
    );
  }

  /** The scope of the global variables of the file that is being run. */
  get globals(): ScopeId {
    return this.#run.scopes[0] ?? 'global';
  }

  /** The key under which an assignment here binds a name. */
  keyOf(name: string): string {
    return `${this.#scopeOf(name)}:${name}`;
  }

  #scopeOf(name: string): ScopeId {
    return this.#run.frames.at(-1)?.redirected.get(name) ?? this.#run.scopes.at(-1) ?? 'global';
  }

  /** `name = value`, here. */
  assign(name: string, value: Value): void {
    this.bind(this.#scopeOf(name), name, value);
  }

  /** Binds a name in a scope that need not be the present one. */
  bind(scope: ScopeId, name: string, value: Value): void {
    const names = this.#names.get(scope);
    if (names) names.add(name);
    else this.#names.set(scope, new Set([name]));
    const { state } = this.#run;
    state.variables.set(`${scope}:${name}`, value);
    state.unbound.delete(`${scope}:${name}`);
  }

  /** `del name` */
  unbind(name: string): void {
    this.#run.state.variables.delete(this.keyOf(name));
  }

  /** Every name that some path has bound in a scope. */
  namesIn(scope: ScopeId): Iterable<string> {
    return this.#names.get(scope) ?? [];
  }

  /** A scope that nothing refers to any more: keeping its variables would keep dead optimizers alive. */
  forget(scope: ScopeId): void {
    for (const name of this.namesIn(scope)) this.#run.state.variables.delete(`${scope}:${name}`);
  }
}
