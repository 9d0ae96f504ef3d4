import type { ModuleTree } from './module-tree.ts';

/** An argument whose value the analysis does not know. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * An argument of a call as far as it is known. `null` is Python's None, an array is a tuple or list.
 * A function is passed as its qualified name (`'torch.nn.functional.gelu'`), a module as its tree.
 */
export type ArgumentValue =
  | number
  | boolean
  | string
  | null
  | readonly ArgumentValue[]
  | ModuleTree
  | typeof UNKNOWN;

/** The arguments of a call. */
export interface CallArguments {
  readonly positional: readonly ArgumentValue[];
  readonly keywords: ReadonlyMap<string, ArgumentValue>;
  /** True if the call also has `*args` (after `positional`) or `**kwargs`: any argument may be given. */
  readonly open?: boolean;
}

/**
 * One argument of a signature: `[name, default]`, or `[name]` where it is required. `['*args']` and
 * `['**kwargs']` collect the rest and a lone `['*']` makes what follows keyword-only, as in Python.
 */
export type SignatureArgument = readonly [name: string, defaultValue?: ArgumentValue];

/** The arguments of one call, looked up by the names of the signature. */
export class BoundArguments {
  readonly #values = new Map<string, ArgumentValue>();
  readonly #open: boolean;

  /** Binds as Python would; surplus arguments, which Python would refuse, are ignored. */
  constructor(signature: readonly SignatureArgument[], call: CallArguments) {
    this.#open = call.open === true;
    const acceptsPositional = signature.findIndex(([name]) => name.startsWith('*'));
    const positionalNames = signature.slice(0, acceptsPositional < 0 ? undefined : acceptsPositional);
    positionalNames.forEach(([name], index) => {
      if (index < call.positional.length) this.#values.set(name, call.positional[index]!);
    });
    for (const [name, value] of call.keywords) this.#values.set(name, value);
    for (const argument of signature) {
      const [name, defaultValue] = argument;
      if (this.#values.has(name) || name.startsWith('*')) continue;
      const required = argument.length === 1;
      this.#values.set(name, this.#open || required ? UNKNOWN : (defaultValue as ArgumentValue));
    }
  }

  /** True if the signature has this argument. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value, the default, or unknown where neither is known. */
  value(name: string): ArgumentValue {
    return this.#values.has(name) ? this.#values.get(name)! : UNKNOWN;
  }

  /** An integer, or null where it is anything else. */
  integer(name: string): number | null {
    const value = this.value(name);
    return typeof value === 'number' && Number.isInteger(value) ? value : null;
  }

  /** Python's truth of the value, or null where it is unknown. */
  truth(name: string): boolean | null {
    return truthOf(this.value(name));
  }
}

/** Python's truth of a value; null where it is unknown (a tensor's truth included). */
export function truthOf(value: ArgumentValue): boolean | null {
  if (value === UNKNOWN) return null;
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' ? true : Boolean(value);
}

/** True if the value is a module. */
export function isModule(value: ArgumentValue): value is ModuleTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
