/** How the program can name modules at one place, and with them any set of parameters: fixes insert such names. */

import type { Interpreter } from '../interpreter.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import type { AtomId } from '../state/atoms.ts';
import type { ScopeId } from '../state/values.ts';
import { namesInSight } from './names.ts';

interface NamedModule {
  readonly name: string;
  /** The finest classes of its parameters. */
  readonly atoms: ReadonlySet<AtomId>;
  /** True where `atoms` is certainly everything, on every path. */
  readonly exact: boolean;
}

/** The modules that can be named where this was taken. Cheap to take; names are looked for when first asked. */
export class Sight {
  readonly #run: Interpreter;
  readonly #state: Interpreter['state'];
  readonly #scopes: readonly ScopeId[];
  #modules: readonly NamedModule[] | null = null;

  constructor(run: Interpreter, scopes: readonly ScopeId[] = run.scopes) {
    this.#run = run;
    this.#state = run.state.fork();
    this.#scopes = scopes;
  }

  /** Names of modules, at most `limit`, that together hold exactly these parameters, each once; else null. */
  cover(atoms: readonly AtomId[], limit: number): readonly string[] | null {
    const missing = new Set(this.#leaves(atoms));
    if (missing.size === 0) return null;
    const inside = this.#named()
      .filter((module) => module.exact && [...module.atoms].every((atom) => missing.has(atom)))
      .sort((a, b) => b.atoms.size - a.atoms.size);
    const names: string[] = [];
    for (const module of inside) {
      if (![...module.atoms].every((atom) => missing.has(atom))) continue;
      names.push(module.name);
      for (const atom of module.atoms) missing.delete(atom);
    }
    return missing.size === 0 && names.length <= limit ? names : null;
  }

  /** The smallest module that holds all of these parameters, with everything it holds; null where there is none. */
  enclosing(atoms: readonly AtomId[]): { readonly name: string; readonly atoms: readonly AtomId[] } | null {
    const wanted = this.#leaves(atoms);
    let best: NamedModule | null = null;
    for (const module of this.#named()) {
      if (best && module.atoms.size >= best.atoms.size) continue;
      if (module.exact && wanted.every((atom) => module.atoms.has(atom))) best = module;
    }
    return best && { name: best.name, atoms: [...best.atoms] };
  }

  /** May-bits of the flags of some parameters at this place, over all of them; 0 for none. */
  flagsOf(atoms: readonly AtomId[]): number {
    return this.#leaves(atoms).reduce((bits, atom) => bits | this.#state.flag(atom).bits, 0);
  }

  #leaves(atoms: readonly AtomId[]): readonly AtomId[] {
    return atoms.flatMap((atom) => this.#run.atoms.leaves(atom));
  }

  #named(): readonly NamedModule[] {
    this.#modules ??= this.#asItWas(() =>
      namesInSight(this.#run).flatMap(({ name, id }): NamedModule[] => {
        const object = this.#run.state.heap.get(id);
        if (object?.kind !== 'module' || object.generic) return [];
        const { must, may } = atomsBelow(this.#run, id);
        if (may.length === 0) return [];
        return [{ name, atoms: new Set(this.#leaves(may)), exact: must.length === may.length }];
      }),
    );
    return this.#modules;
  }

  /** Looks at the program as it stood when this was taken. */
  #asItWas<T>(look: () => T): T {
    const run = this.#run;
    const { state, scopes } = run;
    run.state = this.#state;
    run.scopes = [...this.#scopes];
    try {
      return look();
    } finally {
      run.state = state;
      run.scopes = scopes;
    }
  }
}
